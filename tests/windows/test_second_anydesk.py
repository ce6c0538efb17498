"""Another firm's AnyDesk with a real service of Windows beside our session: never touched, and never mistaken."""

from __future__ import annotations

from tests.contracts.second_anydesk import SecondAnyDeskContract


class TestSecondAnyDesk(SecondAnyDeskContract):
    """With the real session, the guardian's job object and the system's own service manager."""
