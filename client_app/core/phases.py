"""Where a session can be, why it stopped and who ended it: closed vocabularies, without behaviour."""

import enum

from client_app.core.steps import Step


class Phase(enum.Enum):
    """Where the session is; finer than the steps that people count."""

    CODE = "code"
    JOINING = "joining"
    WORD = "word"
    CHECKING_WORD = "checking_word"
    DETAILS = "details"
    TERMS = "terms"
    COMPUTER = "computer"
    ORDER = "order"
    STORING = "storing"
    SENDING = "sending"
    OFFLINE = "offline"
    STARTING = "starting"
    WAITING = "waiting"
    CONNECTED = "connected"
    CLOSING = "closing"
    RESTARTING = "restarting"
    RETURNING = "returning"
    RETURNED = "returned"
    REOPEN_ASKING = "reopen_asking"
    REOPEN_WORD = "reopen_word"
    REOPEN_CHECKING = "reopen_checking"
    REOPEN_ORDER = "reopen_order"
    REOPEN_STORING = "reopen_storing"
    REOPEN_SENDING = "reopen_sending"
    REOPEN_OFFLINE = "reopen_offline"
    FINISHED = "finished"
    REMOVING = "removing"
    REMOVED = "removed"
    STOPPED = "stopped"

    @property
    def step(self) -> Step | None:
        """The numbered step that this phase belongs to; None when the case was stopped before the order."""
        return _STEP_OF[self]


_STEP_OF: dict[Phase, Step | None] = {
    Phase.CODE: Step.CALLER,
    Phase.JOINING: Step.CALLER,
    Phase.WORD: Step.CALLER,
    Phase.CHECKING_WORD: Step.CALLER,
    Phase.DETAILS: Step.DETAILS,
    Phase.TERMS: Step.TERMS,
    Phase.COMPUTER: Step.COMPUTER,
    Phase.ORDER: Step.ORDER,
    Phase.STORING: Step.ORDER,
    Phase.SENDING: Step.ORDER,
    Phase.OFFLINE: Step.ORDER,
    Phase.STARTING: Step.HELP,
    Phase.WAITING: Step.HELP,
    Phase.CONNECTED: Step.HELP,
    Phase.CLOSING: Step.HELP,
    Phase.RESTARTING: Step.HELP,
    Phase.RETURNING: Step.HELP,
    Phase.RETURNED: Step.HELP,
    Phase.REOPEN_ASKING: Step.HELP,
    Phase.REOPEN_WORD: Step.HELP,
    Phase.REOPEN_CHECKING: Step.HELP,
    Phase.REOPEN_ORDER: Step.HELP,
    Phase.REOPEN_STORING: Step.HELP,
    Phase.REOPEN_SENDING: Step.HELP,
    Phase.REOPEN_OFFLINE: Step.HELP,
    Phase.FINISHED: Step.FINISH,
    Phase.REMOVING: Step.FINISH,
    Phase.REMOVED: Step.FINISH,
    Phase.STOPPED: None,
}

BEFORE_ORDER = frozenset(
    {
        Phase.CODE,
        Phase.JOINING,
        Phase.WORD,
        Phase.CHECKING_WORD,
        Phase.DETAILS,
        Phase.TERMS,
        Phase.COMPUTER,
        Phase.ORDER,
    }
)
"""Phases in which refusing is possible and nothing was ordered."""

ORDERED_NOT_STARTED = frozenset({Phase.STORING, Phase.SENDING, Phase.OFFLINE})
"""The order button was pressed, but AnyDesk has not been started."""

ANYDESK_MAY_RUN = frozenset({Phase.STARTING, Phase.WAITING, Phase.CONNECTED, Phase.CLOSING})
"""Phases in which a process of AnyDesk may exist."""

REOPENING = frozenset(
    {
        Phase.REOPEN_ASKING,
        Phase.REOPEN_WORD,
        Phase.REOPEN_CHECKING,
        Phase.REOPEN_ORDER,
        Phase.REOPEN_STORING,
        Phase.REOPEN_SENDING,
        Phase.REOPEN_OFFLINE,
    }
)
"""AnyDesk is closed and proven closed, and the customer is on the way to start it once more."""


class StopReason(enum.Enum):
    """Why a case stopped before AnyDesk was started."""

    REFUSED = "refused"
    NOT_THEM = "not_them"
    WRONG_WORD = "wrong_word"
    POSTPONED = "postponed"
    FROZEN = "frozen"
    ENDED_BY_COMPANY = "ended_by_company"
    NOT_RETURNED = "not_returned"
    """The session could not be continued after a restart."""


class EndedBy(enum.Enum):
    """Who or what ended a session."""

    CUSTOMER = "customer"
    TECHNICIAN = "technician"
    WINDOW = "window"
    CLOCK = "clock"
    NO_CONNECTION = "no_connection"
    ABSENCE = "absence"
    """Nobody answered whether somebody is at the computer."""
    LOGGED_OFF = "logged_off"
    ANYDESK = "anydesk"
    STRANGER = "stranger"
    RESTART = "restart"
    """The customer agreed to a restart of the computer; the session goes on after it."""
    CLIENT_DIED = "client_died"
    UNKNOWN = "unknown"
