"""Moving a case through the table of states, with what always goes along: times, timeline, removal at the end."""

import enum

from consent_backend.case_states import OVER, Trigger, next_state
from consent_backend.problems import ApiError
from consent_backend.store.cases import Case, case_by_id, change_case, wipe
from consent_backend.store.events import BACKEND, add_alert, add_event, open_restart_wish
from consent_backend.store.work import Work
from consent_record.fields import timestamp
from consent_record.wire import CaseState, CaseStatus, ProblemCode


class EndedBy(enum.Enum):
    """Who brought a case to its end."""

    CLIENT = "client"
    TECHNICIAN = "technician"
    TIME = "time"


class AlertKind(enum.Enum):
    """What must be seen by somebody."""

    WRONG_WORD = "wrong_word"
    CODE_USED = "code_used"
    NOT_THEM = "not_them"
    STRANGER = "stranger"
    NOT_CLOSED = "not_closed"
    PRESENCE_ASKED = "presence_asked"
    PRESENCE_UNANSWERED = "presence_unanswered"
    SCREEN_LOCKED = "screen_locked"
    SIGNALS_DISAGREE = "signals_disagree"
    SETTINGS_UNKNOWN = "settings_unknown"
    INJECTED_PRESS = "injected_press"


_FREEZES = {Trigger.WORD_WRONG: AlertKind.WRONG_WORD, Trigger.NOT_THEM: AlertKind.NOT_THEM}


def move(work: Work, case: Case, trigger: Trigger, *, by: EndedBy = EndedBy.CLIENT) -> bool:
    """Let `trigger` happen to a case.

    Returns:
        False when the table has no such move: nothing was changed.
    """
    state = next_state(case.state, trigger)
    if state is None:
        return False
    if trigger in _FREEZES:
        add_alert(work, case.id, _FREEZES[trigger].value)
    if state is case.state:
        return True
    add_event(work, case.id, f"state.{state.value}", source=BACKEND)
    if state in OVER:
        change_case(work, case.id, state=state.value, ended_at=work.now_text, ended_by=by.value)
        wipe(work, case.id)
    else:
        change_case(work, case.id, state=state.value)
    return True


def again(work: Work, case: Case) -> Case:
    """Return the case as it is now."""
    fresh = case_by_id(work.connection, case.id)
    if fresh is None:
        raise LookupError(f"the case {case.id} is gone")
    return fresh


def refuse_unless_running(case: Case) -> None:
    """Refuse what is possible only while a case is neither frozen nor over.

    Raises:
        ApiError: `case.frozen` or `case.ended`.
    """
    if case.state is CaseState.FROZEN:
        raise ApiError(ProblemCode.CASE_FROZEN, "the case is frozen; the company must open a new one")
    if case.state in OVER:
        raise ApiError(ProblemCode.CASE_ENDED, "the case is over")


def status_of(work: Work, case: Case) -> CaseStatus:
    """Return what the technician's side decided, for the client."""
    fresh = again(work, case)
    return CaseStatus(
        state=fresh.state,
        no_backup_agreed=fresh.no_backup_agreed,
        end_requested=fresh.end_requested,
        restart_requested=None if fresh.state in OVER else open_restart_wish(work.connection, case.id),
        server_time=timestamp(work.now),
    )
