"""Another firm's AnyDesk with a service, before, during and after our session: never touched, and never mistaken."""

from __future__ import annotations

from tests.contracts.second_anydesk import SecondAnyDeskContract


class TestSecondAnyDesk(SecondAnyDeskContract):
    """With the real session, the real guardian and a service manager's stand-in."""
