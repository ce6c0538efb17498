"""Protocols around a restart of the computer: the system's half and the service's half.

Rule: the program comes back once, only after a restart that the customer agreed to, and only as the same user.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from client_app.core.session import Act, CaseView, ConsentView, Session

RETURN_OPTION = "--return"
"""The option with which the program is started at log-in."""


@dataclass(frozen=True)
class ReturnStart:
    """What the system starts once at the next log-in.

    Attributes:
        command: absolute path of the program, then its arguments.
        folder: where it is started; None where that makes no difference.
    """

    command: Sequence[str]
    folder: Path | None = None


class RestartSystem(Protocol):
    """What only the system can do. Blocking; called from worker threads only."""

    @property
    def entry_name(self) -> str:
        """The entry for log-in by the name under which `Persistence` lists it."""
        ...

    def register(self, start: ReturnStart) -> None:
        """Have the program started once when this user signs in the next time.

        Raises:
            OSError: the system did not take it.
        """
        ...

    def unregister(self) -> None:
        """Take that back. Nothing happens when nothing was registered.

        Raises:
            OSError: the entry is there and stays there.
        """
        ...

    def restart(self) -> None:
        """Ask the system to restart the computer; within 15 s.

        Raises:
            OSError: the system did not take it.
        """
        ...


@dataclass(frozen=True)
class Resumed:
    """A session from before a restart, read and checked. `seconds_left` of the whole session's time."""

    case: CaseView
    consent: ConsentView
    language: str
    connected_before: str
    seconds_left: int


class ReturningPort(Protocol):
    """A restart, from the agreement to the return. Blocking; called from worker threads only."""

    @property
    def own_entry(self) -> str:
        """Name of this program's own entry for log-in: it is no stranger's among what came during a session."""
        ...

    def prepare(self, session: Session, act: Act) -> None:
        """Store the agreement durably, then write what the return needs and register the start at log-in.

        Raises:
            CustomerError: CANNOT_STORE, RESTART_FAILED or what storing a record raises; then nothing is registered.
        """
        ...

    def note_press(self, session: Session, act: Act) -> None:
        """Store a press that does not count."""
        ...

    def cancel(self) -> None:
        """Take back what `prepare` wrote and registered. Never raises; what stays is in the log."""
        ...

    def restart(self) -> None:
        """Restart the computer.

        Raises:
            CustomerError: RESTART_FAILED.
        """
        ...

    def resume(self) -> Resumed:
        """Read, delete and check what was written before the restart, and make this run that run.

        Raises:
            CustomerError: RETURN_FAILED: nothing may be continued.
        """
        ...
