"""What this computer's checks can find, in closed vocabularies; each system's half answers in these words."""

import enum
from typing import Protocol


class Rights(enum.Enum):
    """Whether this user can act as administrator."""

    ADMINISTRATOR = "administrator"
    """The program already runs with the rights."""
    CAN_ELEVATE = "can_elevate"
    """The user gets them after saying yes, or with the own password."""
    NONE = "none"
    UNKNOWN = "unknown"


class Display(enum.Enum):
    """How the desktop draws, as far as it matters to AnyDesk."""

    SHAREABLE = "shareable"
    WAYLAND = "wayland"


class ComputerProbe(Protocol):
    """Questions to this computer. Each answers within 10 s; none changes anything."""

    def rights(self) -> Rights:
        """Return the user's rights; UNKNOWN when the system does not tell."""
        ...

    def display(self) -> Display:
        """Return how the desktop draws."""
        ...
