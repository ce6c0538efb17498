"""Events: what the customer did (events_customer) and what the world answered. Past tense, frozen, no behaviour."""

from dataclasses import dataclass, field

from client_app.core.errors import ErrorCode
from client_app.core.events_customer import AnswerTyped as AnswerTyped
from client_app.core.events_customer import BackPressed as BackPressed
from client_app.core.events_customer import BackupChosen as BackupChosen
from client_app.core.events_customer import CodeTyped as CodeTyped
from client_app.core.events_customer import ContinuePressed as ContinuePressed
from client_app.core.events_customer import DocumentRead as DocumentRead
from client_app.core.events_customer import EndPressed as EndPressed
from client_app.core.events_customer import Event as Event
from client_app.core.events_customer import LanguageChosen as LanguageChosen
from client_app.core.events_customer import NextPressed as NextPressed
from client_app.core.events_customer import NotThemPressed as NotThemPressed
from client_app.core.events_customer import OrderPressed as OrderPressed
from client_app.core.events_customer import PersonEdited as PersonEdited
from client_app.core.events_customer import PostponePressed as PostponePressed
from client_app.core.events_customer import PresenceConfirmed as PresenceConfirmed
from client_app.core.events_customer import PresenceExtended as PresenceExtended
from client_app.core.events_customer import Rated as Rated
from client_app.core.events_customer import RefusePressed as RefusePressed
from client_app.core.events_customer import RemovalAsked as RemovalAsked
from client_app.core.events_customer import ReopenOrderPressed as ReopenOrderPressed
from client_app.core.events_customer import ReopenPressed as ReopenPressed
from client_app.core.events_customer import ReopenWordPicked as ReopenWordPicked
from client_app.core.events_customer import RestartAgreed as RestartAgreed
from client_app.core.events_customer import RestartAskedHere as RestartAskedHere
from client_app.core.events_customer import RestartDeclined as RestartDeclined
from client_app.core.events_customer import RetryPressed as RetryPressed
from client_app.core.events_customer import Started as Started
from client_app.core.events_customer import Ticked as Ticked
from client_app.core.events_customer import Unticked as Unticked
from client_app.core.events_customer import WindowCloseConfirmed as WindowCloseConfirmed
from client_app.core.events_customer import WordPicked as WordPicked
from client_app.core.person import Person
from client_app.core.session import (
    CaseView,
    CheckResult,
    Clock,
    ConsentView,
    DocumentText,
    EndedBy,
    FactView,
    FoundView,
    PeerView,
    RemovalView,
    ScreenState,
)

# --- what the world answers -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer(Event):
    """Base of answers to a slow task; `ticket` is the session's ticket when it was started."""

    ticket: int


@dataclass(frozen=True)
class CaseJoined(Answer):
    """The code was right."""

    case: CaseView


@dataclass(frozen=True)
class TaskFailed(Answer):
    """A slow task ended with a code."""

    code: ErrorCode


@dataclass(frozen=True)
class WordConfirmed(Answer):
    """The word was right; details known so far, if any."""

    details: Person | None


@dataclass(frozen=True)
class WordWrong(Answer):
    """The word was wrong: the case is frozen."""


@dataclass(frozen=True)
class DocumentsLoaded(Event):
    """Checked documents arrived (from the backend, or bundled)."""

    documents: tuple[DocumentText, ...]


@dataclass(frozen=True)
class DocumentsFailed(Event):
    """No usable documents."""

    code: ErrorCode


@dataclass(frozen=True)
class CheckFinished(Event):
    """A check has a result (or is running again)."""

    result: CheckResult


@dataclass(frozen=True)
class StatusReceived(Event):
    """What the technician's side decided; it can only end or agree, never tick or skip."""

    no_backup_agreed: bool = False
    end_requested: bool = False
    frozen: bool = False


@dataclass(frozen=True)
class RestartRequested(Event):
    """The technician asks on the console for a restart; `at` is when, so that one request is shown once."""

    at: str


@dataclass(frozen=True)
class RestartReady(Event):
    """The agreement is durable and the program will come back after log-in; now AnyDesk may be closed."""


@dataclass(frozen=True)
class RestartNotReady(Event):
    """The agreement could not be stored or the return not be prepared; nothing was registered."""

    code: ErrorCode


@dataclass(frozen=True)
class RestartFailed(Event):
    """The system did not take the restart; the customer can restart by hand."""

    code: ErrorCode


@dataclass(frozen=True)
class Returned(Event):
    """The session before the restart was found and checked; `seconds_left` of the whole session's time."""

    case: CaseView
    consent: ConsentView
    language: str
    connected_before: str
    seconds_left: int


@dataclass(frozen=True)
class ReturnFailed(Event):
    """There is nothing that may be continued."""

    code: ErrorCode


@dataclass(frozen=True)
class ReopenOffered(Event):
    """The session may be opened again until this UTC time."""

    until: str


@dataclass(frozen=True)
class ReopenOver(Event):
    """The time for opening the session again is over."""


@dataclass(frozen=True)
class ReopenWordsCame(Answer):
    """Nine new words; the technician sees the right one."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class ReopeningStored(Answer):
    """The record of opening the session once more is durable on this computer."""

    reopening: ConsentView


@dataclass(frozen=True)
class ConsentStored(Answer):
    """The order is durable on this computer."""

    consent: ConsentView


@dataclass(frozen=True)
class ReceiptVerified(Event):
    """The receipt was checked against the pinned root and the client's own bytes."""

    record_id: str
    receipt_id: str
    server_time: str


@dataclass(frozen=True)
class SendingFailed(Answer):
    """The order could not be delivered now; it stays in the outbox."""

    code: ErrorCode


@dataclass(frozen=True)
class OfflineAccepted(Answer):
    """The eight digits were right."""


@dataclass(frozen=True)
class OfflineRejected(Answer):
    """The eight digits were wrong."""

    tries_left: int


@dataclass(frozen=True)
class AnyDeskStarted(Event):
    """A process of ours runs."""


@dataclass(frozen=True)
class AnyDeskNumbered(Event):
    """AnyDesk has its number."""

    number: str


@dataclass(frozen=True)
class AnyDeskFailed(Event):
    """AnyDesk was refused or did not start."""

    code: ErrorCode


@dataclass(frozen=True)
class PeerAsked(Event):
    """Somebody asks to connect; AnyDesk shows its question."""

    peer: PeerView


@dataclass(frozen=True)
class PeerConnected(Event):
    """Somebody is connected."""

    peer: PeerView


@dataclass(frozen=True)
class StrangerCut(Event):
    """Somebody who must not be here was found: one who was let in has been cut off by the watcher itself."""

    peer: PeerView
    was_connected: bool = True


@dataclass(frozen=True)
class PeerLeft(Event):
    """The connection ended; `by` is the side that ended it."""

    by: EndedBy
    at: str


@dataclass(frozen=True)
class AnyDeskGone(Event):
    """AnyDesk's process ended without the customer; `error` says why when that is known (a password was set, say)."""

    error: ErrorCode = ErrorCode.ANYDESK_DIED


@dataclass(frozen=True)
class GuardianLost(Event):
    """The guardian died."""


@dataclass(frozen=True)
class ClockRanOut(Event):
    """A limit of the session was reached; `at` is the UTC time (RFC 3339) now."""

    clock: Clock
    at: str


@dataclass(frozen=True)
class ScreenChanged(Event):
    """The customer's screen was locked, unlocked, given to somebody else, or the customer is being logged off."""

    state: ScreenState


@dataclass(frozen=True)
class SignalsDisagreed(Event):
    """AnyDesk's signals contradict each other; `hides_peer` when it cannot be known any more who is connected."""

    hides_peer: bool


@dataclass(frozen=True)
class SignalsAgreed(Event):
    """They fit together again."""


@dataclass(frozen=True)
class NetworkLost(Event):
    """AnyDesk says that it has no network."""


@dataclass(frozen=True)
class SettingsUnread(Event):
    """Some of AnyDesk's settings could not be read before the start (`Setting` values)."""

    settings: tuple[str, ...]


@dataclass(frozen=True)
class AnyDeskClosed(Event):
    """Closing was measured; every fact is there, whether it holds or not.

    `gone_at`: the UTC time (RFC 3339) at which the first look saw nothing of AnyDesk, "" when none did.
    """

    facts: tuple[FactView, ...]
    found: FoundView = field(default_factory=FoundView)
    gone_at: str = ""


@dataclass(frozen=True)
class ReceiptSaved(Event):
    """The receipt was written where the customer wanted it."""

    path: str


@dataclass(frozen=True)
class ActionFailed(Event):
    """Saving, printing or the like failed; the page stays."""

    code: ErrorCode


@dataclass(frozen=True)
class RemovalPlanned(Event):
    """The list of what removing will delete."""

    removal: RemovalView


@dataclass(frozen=True)
class Removed(Event):
    """Removing is done."""

    removal: RemovalView
