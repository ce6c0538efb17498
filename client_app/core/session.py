"""The session: everything the flow knows, in one frozen value."""

import enum
from dataclasses import dataclass, field
from datetime import date

from client_app.core.errors import ErrorCode
from client_app.core.person import Person
from client_app.core.phases import ANYDESK_MAY_RUN as ANYDESK_MAY_RUN
from client_app.core.phases import BEFORE_ORDER as BEFORE_ORDER
from client_app.core.phases import ORDERED_NOT_STARTED as ORDERED_NOT_STARTED
from client_app.core.phases import REOPENING as REOPENING
from client_app.core.phases import EndedBy as EndedBy
from client_app.core.phases import Phase as Phase
from client_app.core.phases import StopReason as StopReason
from client_app.core.presence import ANSWER_SECONDS, PRESENCE_SECONDS, Presence
from client_app.core.presence import Clock as Clock
from client_app.core.presence import InputOrigin as InputOrigin
from client_app.core.presence import ScreenState as ScreenState
from client_app.core.steps import Step


class Document(enum.Enum):
    """The three documents."""

    TERMS = "terms"
    PRICE = "price"
    PRIVACY = "privacy"


@dataclass(frozen=True)
class DocumentText:
    """One version in one language, already checked against hash, signature and root.

    `markdown` is the exact text. `bundled` is True when it came with the program, because the backend could not be
    reached.
    `binding` is False for a translation.
    """

    kind: Document
    document_id: str
    version: int
    language: str
    title: str
    markdown: str
    sha256: str
    published_at: str
    binding: bool = True
    bundled: bool = False


class Control(enum.Enum):
    """Controls whose use is an act of the customer; the value is the control's name everywhere."""

    ACCEPT_TERMS = "accept_terms"
    ACCEPT_PRICE = "accept_price"
    AUTHORITY = "authority"
    EARLY_START = "early_start"
    NO_BACKUP = "no_backup"
    ORDER = "order"
    RESTART = "restart"
    CONTINUE = "continue_help"
    REOPEN = "reopen"


class RestartStage(enum.Enum):
    """Where an agreement to restart the computer stands; each restart is agreed on its own."""

    NONE = "none"
    ASKED = "asked"
    INJECTED = "injected"
    """Still asked: a press came, but not from this computer's mouse or keyboard, and does not count."""
    AGREED = "agreed"


class ReopenReason(enum.Enum):
    """Why AnyDesk is started once more under the same order; the value is the record's."""

    RESTART = "restart"
    ACCIDENTAL = "accidental"


class InputWay(enum.Enum):
    """How a control was operated."""

    MOUSE = "mouse"
    KEYBOARD = "keyboard"
    TOUCH = "touch"
    ASSISTIVE = "assistive"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Act:
    """One deliberate act and every exact text, as shown, that it covered. `at` is a UTC time in RFC 3339 form."""

    control: Control
    at: str
    way: InputWay
    origin: InputOrigin
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """How a document was on the screen."""

    kind: Document
    sha256: str
    first_shown_at: str
    seconds_shown: int = 0
    scrolled_to_end: bool = False
    saved: bool = False
    printed: bool = False


class BackupChoice(enum.Enum):
    """The customer's answer on the backup."""

    HAVE_ONE = "have_one"
    MADE_NOW = "made_now"
    NONE = "none"


class CheckKind(enum.Enum):
    """Checks of the computer."""

    BACKEND = "backend"
    RIGHTS = "rights"
    DISPLAY = "display"
    ANYDESK = "anydesk"


class CheckState(enum.Enum):
    """Outcome of a check; only BLOCKING keeps the customer from going on."""

    RUNNING = "running"
    GOOD = "good"
    WARNING = "warning"
    BLOCKING = "blocking"


@dataclass(frozen=True)
class CheckResult:
    """Outcome of one check; `code` explains a warning or a blocking result. `seconds` is how long it took.

    While AnyDesk is being fetched, `fetched` and `to_fetch` are bytes; 0 of 0 otherwise.
    """

    kind: CheckKind
    state: CheckState
    code: ErrorCode | None = None
    seconds: float = 0.0
    fetched: int = 0
    to_fetch: int = 0


@dataclass(frozen=True)
class Money:
    """An amount in the currency's smallest unit, with what it is for."""

    amount: int
    currency: str = "PLN"
    description: str = ""


@dataclass(frozen=True)
class CaseView:
    """What the signed case statement and the join answer say, for showing and deciding.

    `documents` lists (kind, language, sha256) of the versions in force. `words` are the nine words of the check.
    """

    case_id: str
    technician_name: str
    anydesk_numbers: tuple[str, ...]
    problem: str
    price: Money
    words: tuple[str, ...]
    documents: tuple[tuple[Document, str, str], ...]
    session_seconds: int = 8 * 3600
    no_connection_seconds: int = 600
    presence_seconds: int = PRESENCE_SECONDS
    presence_answer_seconds: int = ANSWER_SECONDS
    reopen_seconds: int = 1800


@dataclass(frozen=True)
class ConsentView:
    """The order as stored: ids and hash of the record, its code for an offline acceptance, the verified receipt."""

    record_id: str
    record_hash: str
    offline_code: str
    receipt_id: str | None = None
    server_time: str | None = None
    accepted_offline: bool = False


@dataclass(frozen=True)
class PeerView:
    """Who is connected: AnyDesk number and name as AnyDesk gives it (text from outside), when, how accepted."""

    number: str
    name_untrusted: str = ""
    since: str = ""
    accepted_by: str = "unknown"
    until: str = ""


@dataclass(frozen=True)
class FactView:
    """One measured closing fact; `holds` is None where it could not be measured."""

    fact: str
    holds: bool | None
    text: str
    measured_at: str = ""


@dataclass(frozen=True)
class FoundView:
    """What else was found when AnyDesk was closed, as names; for the customer's eyes only, no record holds it.

    Attributes:
        ended: services and autostarts of ours that had come during the session and were taken out.
        new_entries: services and autostarts of other programs that came during the session.
        remote_tools: other programs for remote access that run now; they were left alone.
    """

    ended: tuple[str, ...] = ()
    new_entries: tuple[str, ...] = ()
    remote_tools: tuple[str, ...] = ()


@dataclass(frozen=True)
class RemovalView:
    """What removing will delete or has deleted, and what is left; paths as text."""

    planned: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Session:
    """Everything the flow knows. Replaced as a whole by each event, never changed in place."""

    language: str = "pl"
    phase: Phase = Phase.CODE
    error: ErrorCode | None = None
    code: str = ""
    case: CaseView | None = None
    word_confirmed: bool = False
    person: Person = field(default_factory=Person)
    documents: tuple[DocumentText, ...] = ()
    stated_for: tuple[str, ...] = ()
    """Hashes of the texts for which the case statement was asked for again."""
    readings: tuple[Reading, ...] = ()
    acts: tuple[Act, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    backup: BackupChoice | None = None
    backup_made_on: date | None = None
    no_backup_agreed: bool = False
    online: bool | None = None
    consent: ConsentView | None = None
    reopening: ConsentView | None = None
    """The record under which AnyDesk is started once more; None for the first start."""
    restart: RestartStage = RestartStage.NONE
    restart_answered: str = ""
    """Time of the console's last request that was answered here."""
    restart_requested: str = ""
    """Time of the console's request that is shown now; "" when the customer asked himself."""
    reopen_until: str = ""
    """UTC time until which the session may be opened again; "" when it may not."""
    reopen_words: tuple[str, ...] = ()
    connected_before: str = ""
    """When somebody was connected for the first time, once that lies before a restart or a reopening."""
    button_label: str = ""
    answer_tries_left: int = 5
    anydesk_running: bool = False
    anydesk_number: str = ""
    peer: PeerView | None = None
    past_peers: tuple[PeerView, ...] = ()
    asking: PeerView | None = None
    connected_once: bool = False
    presence: Presence = field(default_factory=Presence)
    screen: ScreenState = ScreenState.UNKNOWN
    signals_disagree: bool = False
    """AnyDesk's signals contradict each other at the moment; who is connected is still known."""
    has_no_network: bool = False
    """AnyDesk has lost its network at the moment."""
    unread_settings: tuple[str, ...] = ()
    """Names of AnyDesk's settings that could not be read (`Setting` values)."""
    ended_by: EndedBy | None = None
    stranger: PeerView | None = None
    """Who had to be cut off or turned away."""
    closing: tuple[FactView, ...] = ()
    found: FoundView = field(default_factory=FoundView)
    stop_reason: StopReason | None = None
    stopped_on: Step | None = None
    removal: RemovalView = field(default_factory=RemovalView)
    receipt_path: str = ""
    rating: int | None = None
    ticket: int = 0
    """Counts the slow tasks that were started; an answer to an older one is ignored."""

    @property
    def step(self) -> Step | None:
        """The numbered step, or None when stopped."""
        return self.phase.step

    def document(self, kind: Document) -> DocumentText | None:
        """The text to show: in the session's language, else the binding one, else any."""
        texts = [d for d in self.documents if d.kind is kind]
        for text in texts:
            if text.language == self.language:
                return text
        return next((d for d in texts if d.binding), texts[0] if texts else None)

    def binding_document(self, kind: Document) -> DocumentText | None:
        """The version that is legally agreed (the Polish text), whatever language is shown."""
        texts = [d for d in self.documents if d.kind is kind]
        return next((d for d in texts if d.binding), texts[0] if texts else None)

    def act(self, control: Control) -> Act | None:
        """The act on a control, if it stands ticked."""
        return next((a for a in self.acts if a.control is control), None)

    def ticked(self, control: Control) -> bool:
        """Tell whether a control is ticked."""
        return self.act(control) is not None

    @property
    def is_known_open(self) -> bool:
        """Tell whether closing was measured and did not hold: nobody may be told otherwise, and nothing is removed."""
        return any(fact.holds is False for fact in self.closing)

    @property
    def blocking_check(self) -> CheckResult | None:
        """The first check that keeps the customer from going on."""
        return next((c for c in self.checks if c.state is CheckState.BLOCKING), None)

    @property
    def checks_running(self) -> bool:
        """Tell whether a check has no result yet."""
        return any(c.state is CheckState.RUNNING for c in self.checks)
