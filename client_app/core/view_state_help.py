"""What step 6 and the small panel show, as frozen values, and the message that all views are made of."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Say:
    """A message id and what stands in its `{placeholders}`. A value that is a `Say` is translated as well."""

    msgid: str
    values: Mapping[str, "str | int | Say"] = field(default_factory=dict)


class HelpStage(enum.Enum):
    """What step 6 shows."""

    STARTING = "starting"
    WAITING = "waiting"
    ASKING = "asking"
    CONNECTED = "connected"
    CLOSING = "closing"
    RESTARTING = "restarting"
    """AnyDesk is closed; the computer restarts now, or by hand when that failed (then the page has a notice)."""
    RETURNING = "returning"
    """After log-in: what was written before the restart is being checked."""
    RETURNED = "returned"
    """After log-in: `sentences` and the one button "Continue help"."""
    REOPEN_WORD = "reopen_word"
    """The word for opening again: nine `words`, as on the first page; `ReopenWordPicked`."""
    REOPEN_ORDER = "reopen_order"
    """Technician, number and `sentences` above the one button that opens the session again."""
    REOPEN_WAITING = "reopen_waiting"
    """Asked, stored or being sent; the page shows what is being waited for."""
    REOPEN_OFFLINE = "reopen_offline"
    """After a restart without a connection: `offline_code` to read out and eight digits to type (`AnswerTyped`)."""


@dataclass(frozen=True)
class HelpView:
    """Step 6. Numbers are digits only; `peer` is the name as AnyDesk gives it (text from outside).

    `sentences` are what the page says above its button, in order; the act of the button covers exactly them and the
    button's label. `words` are there for the word of a reopening only. `notes` are calm lines under everything else:
    the reminder of the bank's pages before somebody connects, what could not be read. `warning` is what is wrong now.
    """

    stage: HelpStage
    own_number: str
    technician: str
    technician_numbers: tuple[str, ...]
    peer: str = ""
    peer_number: str = ""
    since: str = ""
    words: tuple[str, ...] = ()
    words_enabled: bool = False
    sentences: tuple[Say, ...] = ()
    offline_code: str = ""
    tries_left: int = 0
    notes: tuple[Say, ...] = ()
    warning: Say | None = None


class PanelQuestion(enum.Enum):
    """What the panel asks. Only one at a time; Enter and Esc answer none."""

    NONE = "none"
    PRESENCE = "presence"
    """“Are you at the computer?”: `PresenceConfirmed` or, while `can_extend`, `PresenceExtended`."""
    RESTART = "restart"
    """“Restart now” (`RestartAgreed`) or "Not now" (`RestartDeclined`)."""


@dataclass(frozen=True)
class PanelView:
    """The small panel that stays on top; nobody is connected while `peer_number` is empty.

    Attributes:
        stage: as on the help page.
        own_number: this computer's AnyDesk number, digits; "" while unknown.
        question: what is asked now.
        question_ends_at: UTC time (RFC 3339) at which the session ends without an answer; "" where nothing ends.
        can_extend: "More time" may be pressed once more.
        wants_own_press: the last press was not made at this computer: `hint` says kindly what to do.
        hint: a sentence under the question, or None.
        can_ask_restart: the button "The technician asks to restart the computer" stands there.
        is_screen_locked: the screen is locked, or somebody else uses the computer.
        shows_bank_reminder: "Do not open your bank's pages while the technician is connected."
        warning: a calm sentence on something that is not as it should be, or None.
    """

    technician: str
    peer: str
    peer_number: str
    since: str
    stage: HelpStage = HelpStage.WAITING
    own_number: str = ""
    question: PanelQuestion = PanelQuestion.NONE
    question_ends_at: str = ""
    can_extend: bool = False
    wants_own_press: bool = False
    hint: Say | None = None
    can_ask_restart: bool = False
    is_screen_locked: bool = False
    shows_bank_reminder: bool = False
    warning: Say | None = None
