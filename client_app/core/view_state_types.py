"""What the window shows, as frozen values: one type a page. No Qt, no sentences in a language, no decisions.

Words come in two kinds. `Say` is a message id with values, translated where it is shown. `str` is text that already
has its language: the brand's, a document's, or text from outside, which is always shown as plain text.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from client_app.core.brand_types import ContactKind
from client_app.core.errors import ErrorCode
from client_app.core.person import Field, Person
from client_app.core.session import (
    BackupChoice,
    CheckKind,
    CheckState,
    Control,
    DocumentText,
    Money,
    StopReason,
)
from client_app.core.steps import Step
from client_app.core.view_state_help import HelpStage as HelpStage
from client_app.core.view_state_help import HelpView as HelpView
from client_app.core.view_state_help import PanelQuestion as PanelQuestion
from client_app.core.view_state_help import PanelView as PanelView
from client_app.core.view_state_help import Say as Say


class PageId(enum.IntEnum):
    """Pages of the wizard; the number is QWizard's page id."""

    CALLER = 0
    DETAILS = 1
    TERMS = 2
    COMPUTER = 3
    ORDER = 4
    HELP = 5
    FINISH = 6
    STOPPED = 7


class Press(enum.Enum):
    """What the primary button means."""

    NEXT = "next"
    ORDER = "order"
    ANSWER = "answer"
    END = "end"
    CONTINUE = "continue"
    """“Continue help” after a restart: `ContinuePressed` with an act."""
    REOPEN = "reopen"
    """The button that opens the session again: `ReopenOrderPressed` with an act."""


class CloseRule(enum.Enum):
    """What closing the window asks for."""

    LEAVE = "leave"
    ASK = "ask"
    WAIT = "wait"


@dataclass(frozen=True)
class Primary:
    """The one primary button. `hint` says what is missing while it is not enabled.

    With `is_second` the notice's "Try again" is what a person should press, and this one only stands there.
    """

    label: Say | str = ""
    press: Press = Press.NEXT
    enabled: bool = False
    visible: bool = True
    hint: Say | None = None
    is_second: bool = False


@dataclass(frozen=True)
class Notice:
    """A code to read out, what is wrong, what to do; `retryable` when trying again is possible here and now."""

    code: str
    title: Say
    advice: Say
    retryable: bool = False


@dataclass(frozen=True)
class Question:
    """A calm question in the window: what happens on yes, and the words of both buttons."""

    title: Say
    text: Say
    yes: Say
    no: Say


@dataclass(frozen=True)
class Contact:
    """One line of whom to call; `number` may be empty."""

    kind: ContactKind
    name: str
    number: str
    advice: str


# --- one body a page ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CallerView:
    """Step 1. The words are there once the code was right."""

    warning: Say
    digits: str = ""
    code_enabled: bool = True
    technician: str = ""
    words: tuple[str, ...] = ()
    words_enabled: bool = False


@dataclass(frozen=True)
class DetailsView:
    """Step 2. `problems` are all there are; the page shows those of fields that were left, or all if `show_all`."""

    person: Person
    problems: Mapping[Field, ErrorCode]
    show_all: bool
    privacy_short: str
    privacy: DocumentText | None


@dataclass(frozen=True)
class TickView:
    """A box: its label, every exact text that it covers (the label first), whether it is ticked."""

    control: Control
    label: str
    covers: tuple[str, ...]
    ticked: bool


@dataclass(frozen=True)
class DocumentView:
    """A document to read: in the session's language, and the binding text when that is another one."""

    text: DocumentText
    binding: DocumentText | None = None


@dataclass(frozen=True)
class TermsView:
    """Step 3. Without a price list `price_list` is None and the terms' section on payment applies."""

    scope: str
    price: Money | None
    ticks: tuple[TickView, ...]
    terms: DocumentView | None = None
    price_list: DocumentView | None = None
    bundled_as_of: str = ""


@dataclass(frozen=True)
class CheckRow:
    """One check in words. `code` is what to read out."""

    kind: CheckKind
    state: CheckState
    name: Say
    result: Say
    advice: Say | None = None
    code: str = ""


class Backup(enum.Enum):
    """Where the question about the backup stands."""

    OPEN = "open"
    ANSWERED = "answered"
    WAITING_FOR_YES = "waiting_for_yes"
    AGREED = "agreed"


@dataclass(frozen=True)
class ComputerView:
    """Step 4. `can_retry` when trying again may change a result."""

    checks: tuple[CheckRow, ...]
    can_retry: bool
    backup: Backup
    choice: BackupChoice | None
    made_on: date | None
    have_text: str
    none_tick: TickView


class OrderStage(enum.Enum):
    """What step 5 shows."""

    FORM = "form"
    SENDING = "sending"
    OFFLINE = "offline"


@dataclass(frozen=True)
class OrderLine:
    """One line of the order: what it is, and its words as shown."""

    label: Say
    lines: tuple[str | Say, ...]


@dataclass(frozen=True)
class OrderView:
    """Step 5. `early_*` and `withdrawal` are empty for a business."""

    stage: OrderStage
    price: Money | None
    lines: tuple[OrderLine, ...]
    ticks: tuple[TickView, ...]
    early_short: str = ""
    withdrawal: str = ""
    offline_code: str = ""
    tries_left: int = 0


@dataclass(frozen=True)
class FactLine:
    """One closing fact; `text` says what was found, `holds` is None where it could not be measured."""

    text: str
    holds: bool | None


class Removal(enum.Enum):
    """Where removing stands."""

    NONE = "none"
    OFFERED = "offered"
    FOLDER_NEEDED = "folder_needed"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True)
class RemovalBody:
    """What would be deleted, what was, what is left."""

    stage: Removal
    planned: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class FinishView:
    """Step 7. `receipt_ready` is False while the receipt has not come; `saved_to` names the file once saved.

    `can_reopen_until` is the UTC time (RFC 3339) until which "Open help again" stands there (`ReopenPressed`); "" when
    it does not. `advice` is what to do now when something could not be closed, in order. `remarks` explain afterwards:
    who was turned away, what else was found.
    """

    closed: bool
    facts: tuple[FactLine, ...]
    has_order: bool
    receipt_ready: bool
    saved_to: str
    removal: RemovalBody
    can_rate: bool
    rating: int | None
    contacts: tuple[Contact, ...] = ()
    can_reopen_until: str = ""
    advice: tuple[Say, ...] = ()
    remarks: tuple[Say, ...] = ()


@dataclass(frozen=True)
class StoppedView:
    """The case stopped before AnyDesk was started."""

    reason: StopReason
    contacts: tuple[Contact, ...]
    removal: RemovalBody


Body = CallerView | DetailsView | TermsView | ComputerView | OrderView | HelpView | FinishView | StoppedView


@dataclass(frozen=True)
class WizardView:
    """Everything that the window shows.

    `step` is None when the case was stopped; `reached` is the last numbered step for the rail. `busy` says what is
    being waited for. `banner` is a blocking check, shown on whatever step. `not_them_acts` tells whether "this is not
    them" ends something or only shows whom to call.
    """

    language: str
    page: PageId
    step: Step | None
    reached: int
    title: Say
    lead: Say | None
    body: Body
    primary: Primary
    can_go_back: bool = False
    can_stop: bool = False
    can_postpone: bool = False
    can_end: bool = False
    not_them_acts: bool = False
    busy: Say | None = None
    notice: Notice | None = None
    banner: Notice | None = None
    close: CloseRule = CloseRule.LEAVE
    close_question: Question | None = None
    stop_question: Question | None = None
    panel: PanelView | None = None
    contacts: tuple[Contact, ...] = ()
