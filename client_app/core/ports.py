"""Protocols for everything outside: backend, outbox, checks, removal. Blocking; called from worker threads only.

Every method either returns or raises `CustomerError` within a bounded time. AnyDesk's port stands in `core.anydesk`.
"""

from collections.abc import Callable
from dataclasses import InitVar, dataclass
from pathlib import Path
from typing import Final, Protocol

from client_app.core.effects import ReportStep, TellTechnician
from client_app.core.person import Person
from client_app.core.session import (
    Act,
    CaseView,
    CheckKind,
    CheckResult,
    ConsentView,
    DocumentText,
    RemovalView,
    ReopenReason,
    Session,
    StopReason,
)


@dataclass(frozen=True)
class WordResult:
    """Answer to the picked word; `details` are those known so far, when it was right."""

    right: bool
    details: Person | None = None


@dataclass(frozen=True)
class StatusView:
    """What the technician's side decided."""

    no_backup_agreed: bool = False
    end_requested: bool = False
    frozen: bool = False
    restart_requested: str = ""
    """When the technician asked for a restart (RFC 3339), while that is not answered; else ""."""


@dataclass(frozen=True)
class VerifiedReceipt:
    """A receipt that was checked against the pinned root and the client's own stored bytes."""

    record_id: str
    receipt_id: str
    server_time: str


@dataclass(frozen=True)
class AnswerResult:
    """Outcome of an offline answer."""

    accepted: bool
    tries_left: int


PERMISSION_SEAL: Final = object()
"""Named in one module besides this one, `services.permission`; a test holds the whole tree to that."""


@dataclass(frozen=True)
class StartPermission:
    """Leave to start AnyDesk once. Only `ConsentPort.permission` makes one, after checking the stored evidence anew.

    Raises:
        PermissionError: it was made without the seal, that is, anywhere else (`dataclasses.replace` included).
    """

    record_id: str
    record_hash: str
    case_id: str
    offline: bool
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        if seal is not PERMISSION_SEAL:
            raise PermissionError("only the consent service gives leave to start AnyDesk")


class BackendPort(Protocol):
    """The company's backend, for one run of the client."""

    def load_documents(self) -> tuple[DocumentText, ...]:
        """Return the checked documents in force; the bundled ones when the backend cannot be reached."""
        ...

    def join(self, code: str, language: str) -> CaseView:
        """Exchange a code for a case; the statement is checked against the pinned root and our nonce."""
        ...

    def check_word(self, word: str) -> WordResult:
        """Let the backend check the word; one wrong word freezes the case."""
        ...

    def report_step(self, report: ReportStep) -> StatusView:
        """Tell the console which step is shown."""
        ...

    def tell(self, event: TellTechnician, *, rating: int | None = None) -> StatusView:
        """Tell the console of an event; the same event is stored once however often it is sent."""
        ...

    def status(self) -> StatusView:
        """Ask what the technician's side decided."""
        ...

    def ask_reopening(self, consent_id: str, ended_record: str) -> tuple[str, ...]:
        """Ask for a new round of the word after an accidental end; return the nine words.

        Args:
            consent_id: the order.
            ended_record: hash of the record of the end, which the backend has.

        Raises:
            CustomerError: REOPEN_OVER (too late, or this end may not be followed by another start), CASE_FROZEN, or
                what the way to the backend raises.
        """
        ...


class ConsentPort(Protocol):
    """Records of this run: stored durably, sent, verified."""

    def store_consent(self, session: Session) -> ConsentView:
        """Build the record of the order and store it durably. Nothing has been sent when this returns."""
        ...

    def send(self, record_id: str) -> VerifiedReceipt:
        """Send a stored record and verify its receipt; safe to repeat."""
        ...

    def check_answer(self, record_id: str, text_untrusted: str) -> AnswerResult:
        """Check the eight digits of an offline acceptance; at most five tries, counted durably."""
        ...

    def permission(self, record_id: str) -> StartPermission:
        """Read the stored evidence again and give leave to start, else raise `NO_PERMISSION`."""
        ...

    def store_refusal(self, session: Session, reason: StopReason) -> None:
        """Store a refusal, without name and e-mail."""
        ...

    def store_restart(self, session: Session, act: Act) -> tuple[str, str]:
        """Store a press on "Restart now" durably, whether it counts or not; return the record's id and hash."""
        ...

    def store_reopening(self, session: Session, act: Act, reason: ReopenReason) -> ConsentView:
        """Store durably that AnyDesk is to be started once more under the order. Nothing has been sent then."""
        ...

    def last_end(self) -> tuple[str, str]:
        """Return the id of this run's order and the hash of the record with which its last session ended.

        Raises:
            CustomerError: NO_PERMISSION: no session of this run has ended.
        """
        ...

    def store_session_start(self, session: Session, anydesk_sha256: str) -> None:
        """Store that AnyDesk was started under the consent."""
        ...

    def store_session_end(self, session: Session) -> None:
        """Store who was connected, how it ended, and the closing facts (two records)."""
        ...

    def send_due(self) -> tuple[tuple[VerifiedReceipt, ...], float | None]:
        """Send what is due; return the receipts that came and the seconds until the next try (None: nothing waits)."""
        ...

    def unsent(self) -> int:
        """Number of records without a verified receipt, whether they wait or were refused; 0 after removal."""
        ...

    def receipt_bytes(self, record_id: str) -> bytes | None:
        """Return the verified receipt file of a record, if it is there."""
        ...

    def export_unsent(self, folder: Path) -> tuple[Path, ...]:
        """Save the unsent records as files in `folder`; they stay in the outbox until removal."""
        ...


class ChecksPort(Protocol):
    """Checks of this computer and its connection."""

    def local(self) -> tuple[CheckKind, ...]:
        """Checks that need only this computer and the backend."""
        ...

    def after_terms(self) -> tuple[CheckKind, ...]:
        """Checks that concern AnyDesk."""
        ...

    def run(self, kind: CheckKind, on_progress: Callable[[int, int], None] | None = None) -> CheckResult:
        """Run one check; never raises, never longer than its limit (12 s, and what fetching AnyDesk may take).

        Args:
            kind: which.
            on_progress: told bytes fetched and bytes in all while AnyDesk is being fetched, at most twice a second
                and from the thread that runs the check.
        """
        ...

    def stop(self) -> None:
        """End what is being fetched and fetch no more; from any thread."""
        ...


class RemovalPort(Protocol):
    """Removing this program by the list of what is ours."""

    def plan(self) -> RemovalView:
        """Return what would be deleted and what would be left; an empty plan when this copy was not installed."""
        ...

    def remove(self) -> RemovalView:
        """Delete the list; files that are in use by this process go after it has ended."""
        ...
