"""Another firm's AnyDesk with a real service of Windows beside our session: never touched, and never mistaken."""

from __future__ import annotations

import pytest

from tests.contracts.second_anydesk import OTHER_FIRM, STANDARD, BesideContract, SecondAnyDeskContract


class TestSecondAnyDesk(SecondAnyDeskContract):
    """With the real session, the guardian's job object and the system's own service manager."""

    @pytest.fixture
    def name(self) -> str:
        """One name for all: starting so many programs takes long here."""
        return OTHER_FIRM


class TestStandardAnyDesk(BesideContract):
    """The customer's own standard client, whose data folder holds ours: only what the name could change."""

    @pytest.fixture
    def name(self) -> str:
        """The standard client's name."""
        return STANDARD
