"""A guardian with administrator's rights: how it is asked for, and every way in which that can end.

Rule: the window always runs as the logged-in user. Only the guardian may be given more, by the customer's own yes in
the system's permission window; without it everything works as before, with the guardian that has the user's rights.
"""

from __future__ import annotations

import enum
from pathlib import Path
from typing import BinaryIO, Protocol

from client_app.core.anydesk_system import Containment, PrivateFiles, SpawnedGuardian
from client_app.core.errors import ErrorCode


class ElevationOutcome(enum.Enum):
    """What came of asking for an elevated guardian."""

    STARTED = "started"
    DECLINED = "declined"
    """The customer (or a rule of the computer) said no in the system's window."""
    NOT_SUPPORTED = "not_supported"
    """This system has no such guardian, or this program runs from source."""
    NOT_PROTECTED = "not_protected"
    """The program does not lie where only administrators can write, so it is given no more rights."""
    OTHER_ACCOUNT = "other_account"
    """Another account's password was typed: AnyDesk would run as that account, with settings nobody looked at."""
    NOT_ELEVATED = "not_elevated"
    """The system started the guardian without the rights."""
    FOREIGN = "foreign"
    """Another program stands at one end of the pipe."""
    SILENT = "silent"
    """The guardian did not answer in time, or ended."""
    UNEXPECTED = "unexpected"


_CODES = {
    ElevationOutcome.STARTED: None,
    ElevationOutcome.DECLINED: ErrorCode.ELEVATION_REFUSED,
    ElevationOutcome.NOT_ELEVATED: ErrorCode.ELEVATION_REFUSED,
    ElevationOutcome.OTHER_ACCOUNT: ErrorCode.ELEVATION_REFUSED,
}


def code_of(outcome: ElevationOutcome) -> ErrorCode | None:
    """Return what the customer reads out, None when the guardian was started."""
    return _CODES.get(outcome, ErrorCode.GUARDIAN_REFUSED)


class GuardianEnd(enum.IntEnum):
    """Exit codes of the guardian; its starter reads them when there is no pipe to be told through."""

    NOTHING_LEFT = 0
    SOMETHING_LEFT = 1
    USAGE = 64
    NOT_PROTECTED = 70
    NOT_ELEVATED = 71
    OTHER_ACCOUNT = 72
    PIPE_TAKEN = 73
    NO_CLIENT = 74
    FOREIGN_CLIENT = 75
    NO_LIST = 76


_ENDS = {
    GuardianEnd.NOT_PROTECTED: ElevationOutcome.NOT_PROTECTED,
    GuardianEnd.NOT_ELEVATED: ElevationOutcome.NOT_ELEVATED,
    GuardianEnd.OTHER_ACCOUNT: ElevationOutcome.OTHER_ACCOUNT,
    GuardianEnd.PIPE_TAKEN: ElevationOutcome.FOREIGN,
    GuardianEnd.FOREIGN_CLIENT: ElevationOutcome.FOREIGN,
    GuardianEnd.NO_CLIENT: ElevationOutcome.SILENT,
}


def outcome_of_end(exit_code: int | None) -> ElevationOutcome:
    """Return why a guardian that never took its client ended; None (still running, not known) is silence."""
    if exit_code is None:
        return ElevationOutcome.SILENT
    try:
        return _ENDS.get(GuardianEnd(exit_code), ElevationOutcome.UNEXPECTED)
    except ValueError:
        return ElevationOutcome.UNEXPECTED


class ElevationError(Exception):
    """There is no elevated guardian; `outcome` says why. Never a reason to stop: the other guardian is there."""

    def __init__(self, outcome: ElevationOutcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


class ElevatedStarter(Protocol):
    """The client's half: asks the system for a guardian with more rights and takes the pipe to it."""

    def start(self) -> SpawnedGuardian:
        """Show the system's permission window and wait for the answer; then connect and check who is there.

        Raises:
            ElevationError: there is none.
        """
        ...


class GuardianEndError(Exception):
    """The elevated guardian ends before it obeyed anybody; `end` is its exit code."""

    def __init__(self, end: GuardianEnd) -> None:
        super().__init__(end.name)
        self.end = end


class AcceptedClient(Protocol):
    """The one client of an elevated guardian, checked."""

    @property
    def pid(self) -> int:
        """Its process, which is held open so that the pid stays its own."""
        ...

    @property
    def stdin(self) -> BinaryIO:
        """From it."""
        ...

    @property
    def stdout(self) -> BinaryIO:
        """To it."""
        ...

    def close(self) -> None:
        """Let go of pipe and process."""
        ...


class ElevatedLink(Protocol):
    """The guardian's half: makes the pipe and lets in our own client alone."""

    def accept(self) -> AcceptedClient:
        """Check our own rights and place, make the pipe, wait for the client and check it.

        Raises:
            GuardianEndError: something is not as it must be.
        """
        ...


class ElevationPort(Protocol):
    """What a page's button needs."""

    def ask(self) -> ElevationOutcome:
        """Ask the customer through the system and start the guardian; it is used for the next start of AnyDesk.

        Blocks until the system's window was answered. Asking again while one is ready changes nothing.
        """
        ...


class ElevatedHalf(Protocol):
    """What the elevated guardian needs of its system."""

    @property
    def files(self) -> PrivateFiles:
        """Folders that only administrators can enter."""
        ...

    def link(self, name: str) -> ElevatedLink:
        """Return the end of the pipe with a name that the starter chose."""
        ...

    def containment(self, client: int) -> Containment:
        """Return what holds AnyDesk for as long as a process lives."""
        ...

    def is_plain_local(self, folder: Path) -> bool:
        """Whether a folder lies, written out in full, on a disk of this computer and leads nowhere else."""
        ...
