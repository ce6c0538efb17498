"""Where a case may go: one explicit table of states and triggers. A pair that is not in it does not change the case."""

import enum

from consent_record.wire import CaseState

S = CaseState


class Trigger(enum.Enum):
    """What happened to a case."""

    JOINED = "joined"
    REOPENED = "reopened"
    WORD_RIGHT = "word_right"
    WORD_WRONG = "word_wrong"
    ORDERED = "ordered"
    ACCEPTED_OFFLINE = "accepted_offline"
    SESSION_STARTED = "session_started"
    SESSION_ENDED = "session_ended"
    RESTARTING = "restarting"
    REOPEN_GIVEN_UP = "reopen_given_up"
    REFUSED = "refused"
    POSTPONED = "postponed"
    NOT_THEM = "not_them"
    END_REQUESTED = "end_requested"
    CLOSED = "closed"
    EXPIRED = "expired"


T = Trigger

TABLE: dict[CaseState, dict[Trigger, CaseState]] = {
    S.OPEN: {
        T.JOINED: S.JOINED,
        T.END_REQUESTED: S.ENDED,
        T.CLOSED: S.ENDED,
        T.EXPIRED: S.ENDED,
    },
    S.JOINED: {
        T.JOINED: S.JOINED,
        T.WORD_RIGHT: S.WORD_CONFIRMED,
        T.WORD_WRONG: S.FROZEN,
        T.REOPEN_GIVEN_UP: S.ENDED,
        T.REFUSED: S.REFUSED,
        T.POSTPONED: S.POSTPONED,
        T.NOT_THEM: S.FROZEN,
        T.END_REQUESTED: S.ENDED,
        T.CLOSED: S.ENDED,
        T.EXPIRED: S.ENDED,
    },
    S.WORD_CONFIRMED: {
        T.JOINED: S.WORD_CONFIRMED,
        T.WORD_RIGHT: S.WORD_CONFIRMED,
        T.WORD_WRONG: S.FROZEN,
        T.ORDERED: S.ORDERED,
        T.ACCEPTED_OFFLINE: S.ORDERED,
        T.REOPEN_GIVEN_UP: S.ENDED,
        T.REFUSED: S.REFUSED,
        T.POSTPONED: S.POSTPONED,
        T.NOT_THEM: S.FROZEN,
        T.END_REQUESTED: S.ENDED,
        T.CLOSED: S.ENDED,
        T.EXPIRED: S.ENDED,
    },
    S.ORDERED: {
        T.JOINED: S.ORDERED,
        T.WORD_RIGHT: S.ORDERED,
        T.WORD_WRONG: S.FROZEN,
        T.ORDERED: S.ORDERED,
        T.ACCEPTED_OFFLINE: S.ORDERED,
        T.SESSION_STARTED: S.IN_SESSION,
        T.SESSION_ENDED: S.ENDED,
        T.RESTARTING: S.ORDERED,
        T.REOPEN_GIVEN_UP: S.ENDED,
        T.NOT_THEM: S.FROZEN,
        # Something may be running at the customer's: the client closes it and says so.
        T.END_REQUESTED: S.ORDERED,
        T.CLOSED: S.ENDED,
        T.EXPIRED: S.ENDED,
    },
    S.IN_SESSION: {
        T.JOINED: S.IN_SESSION,
        T.WORD_RIGHT: S.IN_SESSION,
        T.WORD_WRONG: S.FROZEN,
        T.ORDERED: S.IN_SESSION,
        T.SESSION_STARTED: S.IN_SESSION,
        T.SESSION_ENDED: S.ENDED,
        # The computer restarts: AnyDesk is closed, and the consent stands for one more start.
        T.RESTARTING: S.ORDERED,
        T.NOT_THEM: S.FROZEN,
        T.END_REQUESTED: S.IN_SESSION,
        T.CLOSED: S.ENDED,
        T.EXPIRED: S.ENDED,
    },
    # "Finish later with the same code": the word is asked again on the day.
    S.POSTPONED: {
        T.JOINED: S.JOINED,
        T.REFUSED: S.REFUSED,
        T.POSTPONED: S.POSTPONED,
        T.NOT_THEM: S.FROZEN,
        T.END_REQUESTED: S.ENDED,
        T.CLOSED: S.ENDED,
        T.EXPIRED: S.ENDED,
    },
    S.FROZEN: {
        T.WORD_WRONG: S.FROZEN,
        T.NOT_THEM: S.FROZEN,
        T.END_REQUESTED: S.ENDED,
        T.CLOSED: S.ENDED,
        T.EXPIRED: S.ENDED,
    },
    S.REFUSED: {},
    # An accidental end: the same client may come back for a while, with word and button.
    S.ENDED: {
        T.REOPENED: S.JOINED,
        T.NOT_THEM: S.FROZEN,
    },
}

OVER = frozenset({S.REFUSED, S.ENDED})
"""Nothing is running and nothing can start; what was known of the customer is removed on the way in."""


def next_state(state: CaseState, trigger: Trigger) -> CaseState | None:
    """Return the state after `trigger`, or None where it changes nothing and is not allowed."""
    return TABLE.get(state, {}).get(trigger)
