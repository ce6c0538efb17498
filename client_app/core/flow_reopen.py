"""Rows of starting AnyDesk once more under one order: after an accidental end with word and button, after a restart.

Rules: AnyDesk's second start needs a record of its own with its own receipt (or, after a restart only, its own answer
by phone); the first receipt never starts it again. The hours of the session go on counting from the first connection.
"""

from dataclasses import replace
from datetime import datetime

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.flow_table import Outcome, go, row, stay
from client_app.core.presence import Presence
from client_app.core.session import (
    REOPENING,
    Clock,
    Control,
    EndedBy,
    Phase,
    RemovalView,
    ReopenReason,
    RestartStage,
    Session,
    StopReason,
)

ACCIDENTAL = frozenset(
    {
        EndedBy.CUSTOMER,
        EndedBy.WINDOW,
        EndedBy.ANYDESK,
        EndedBy.NO_CONNECTION,
        EndedBy.ABSENCE,
    }
)
"""Ends after which the session may be opened again for a while. Never after a stranger or the company's own end."""

_PHONE = frozenset({ErrorCode.NO_CONNECTION, ErrorCode.SERVER_TROUBLE, ErrorCode.CONNECTION_INSPECTED})
_OVER = frozenset(
    {
        ErrorCode.REOPEN_OVER,
        ErrorCode.CASE_ENDED,
        ErrorCode.CASE_FROZEN,
        ErrorCode.RECORD_REFUSED,
        ErrorCode.NO_PERMISSION,
        ErrorCode.WRONG_WORD,
    }
)
"""Answers after which this order opens nothing any more."""

_BEFORE_BUTTON = (Phase.REOPEN_ASKING, Phase.REOPEN_WORD, Phase.REOPEN_CHECKING, Phase.REOPEN_ORDER)


def is_accidental(session: Session) -> bool:
    """Tell whether a session that has just ended may be opened again: by accident, proven closed, nobody warned of."""
    return (
        session.ended_by in ACCIDENTAL
        and session.stop_reason is None
        and session.error in (None, ErrorCode.ANYDESK_DIED, ErrorCode.PRESENCE_MISSED)
        and bool(session.closing)
        and not session.is_known_open
        and session.case is not None
        and session.case.reopen_seconds > 0
    )


def offer(session: Session) -> tuple[do.Effect, ...]:
    """Return the effect that lets a session which has just ended be opened again, if it may be."""
    if not is_accidental(session) or session.case is None:
        return ()
    return (do.OfferReopening(session.case.reopen_seconds),)


def first_connection(session: Session) -> str:
    """Return when somebody was connected for the first time under this order, "" when nobody was."""
    peers = session.past_peers if session.peer is None else (*session.past_peers, session.peer)
    return session.connected_before or min((peer.since for peer in peers if peer.since), default="")


def seconds_left(session: Session, at: str) -> int:
    """Return what is left of the session's hours at a UTC time; they count from the first connection."""
    whole = session.case.session_seconds if session.case is not None else 0
    first = first_connection(session)
    return whole if not first else max(0, whole - int((_moment(at) - _moment(first)).total_seconds()))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z") + "+00:00")


# --- offered on the last page -------------------------------------------------------------------------------------


@row(Phase.FINISHED, ev.ReopenOffered)
def _offered(session: Session, event: ev.ReopenOffered) -> Outcome:
    return stay(session, reopen_until=event.until if is_accidental(session) else "")


@row((Phase.FINISHED, *_BEFORE_BUTTON, Phase.REMOVING), ev.ReopenOver)
def _over(session: Session, _event: ev.ReopenOver) -> Outcome:
    if session.phase in _BEFORE_BUTTON:
        return _back(session, ErrorCode.REOPEN_OVER)
    return stay(session, reopen_until="")


@row(Phase.FINISHED, ev.ReopenPressed)
def _wanted(session: Session, _event: ev.ReopenPressed) -> Outcome:
    if not session.reopen_until or not is_accidental(session):
        return stay(session)
    return go(session, Phase.REOPEN_ASKING, do.AskReopening(), ticket=session.ticket + 1, reopen_words=())


@row(Phase.REOPEN_ASKING, ev.ReopenWordsCame)
def _words(session: Session, event: ev.ReopenWordsCame) -> Outcome:
    return go(session, Phase.REOPEN_WORD, reopen_words=event.words)


@row(Phase.REOPEN_ASKING, ev.TaskFailed)
def _not_asked(session: Session, event: ev.TaskFailed) -> Outcome:
    return _back(session, event.code)


@row(Phase.REOPEN_WORD, ev.ReopenWordPicked)
def _picked(session: Session, event: ev.ReopenWordPicked) -> Outcome:
    return go(session, Phase.REOPEN_CHECKING, do.CheckWord(event.word), ticket=session.ticket + 1)


@row(Phase.REOPEN_CHECKING, ev.WordConfirmed)
def _right(session: Session, _event: ev.WordConfirmed) -> Outcome:
    return go(session, Phase.REOPEN_ORDER)


@row(Phase.REOPEN_CHECKING, ev.WordWrong)
def _wrong(session: Session, _event: ev.WordWrong) -> Outcome:
    return _back(session, ErrorCode.WRONG_WORD)


@row(Phase.REOPEN_CHECKING, ev.TaskFailed)
def _not_checked(session: Session, event: ev.TaskFailed) -> Outcome:
    if event.code in _OVER:
        return _back(session, event.code)
    return go(session, Phase.REOPEN_WORD, error=event.code)


@row(Phase.REOPEN_ORDER, ev.ReopenOrderPressed)
def _ordered(session: Session, event: ev.ReopenOrderPressed) -> Outcome:
    if event.act.control is not Control.REOPEN:
        return stay(session)
    # An injected press counts: AnyDesk is closed, so it is the customer's own tool that pressed; the record says it.
    left = seconds_left(session, event.act.at)
    if left <= 0:
        return _back(session, ErrorCode.REOPEN_OVER)
    clock = (do.StartClock(Clock.SESSION, left),) if session.connected_once else ()
    store = do.StoreReopening(event.act, ReopenReason.ACCIDENTAL)
    return go(session, Phase.REOPEN_STORING, store, *clock, ticket=session.ticket + 1)


# --- stored, sent, started ----------------------------------------------------------------------------------------


@row(Phase.REOPEN_STORING, ev.ReopeningStored)
def _stored(session: Session, event: ev.ReopeningStored) -> Outcome:
    send = do.SendConsent(event.reopening.record_id)
    changes = {"reopening": event.reopening, "ticket": session.ticket + 1, "answer_tries_left": 5}
    return go(session, Phase.REOPEN_SENDING, send, **changes)


@row(Phase.REOPEN_STORING, ev.TaskFailed)
def _not_stored(session: Session, event: ev.TaskFailed) -> Outcome:
    before = Phase.RETURNED if session.ended_by is None else Phase.REOPEN_ORDER
    return go(session, before, error=event.code)


@row((Phase.REOPEN_SENDING, Phase.REOPEN_OFFLINE), ev.ReceiptVerified)
def _receipt(session: Session, event: ev.ReceiptVerified) -> Outcome:
    record = session.reopening
    if record is None or record.record_id != event.record_id:
        return _other_receipt(session, event)
    return _start(
        session, replace(record, receipt_id=event.receipt_id, server_time=event.server_time), online=True
    )


@row((Phase.REOPEN_SENDING, Phase.REOPEN_OFFLINE), ev.SendingFailed)
def _not_sent(session: Session, event: ev.SendingFailed) -> Outcome:
    if event.code in _OVER:
        return _back(session, event.code)
    # By phone only where the order itself was accepted so: the technician has the same trouble as then.
    by_phone = session.ended_by is None and session.consent is not None and session.consent.accepted_offline
    phase = Phase.REOPEN_OFFLINE if by_phone and event.code in _PHONE else session.phase
    return go(session, phase, error=event.code, online=False)


@row((Phase.REOPEN_SENDING, Phase.REOPEN_OFFLINE), ev.RetryPressed)
def _send_again(session: Session, _event: ev.RetryPressed) -> Outcome:
    if session.reopening is None:
        return stay(session)
    return go(session, None, do.SendConsent(session.reopening.record_id), ticket=session.ticket + 1)


@row(Phase.REOPEN_OFFLINE, ev.AnswerTyped)
def _answer_typed(session: Session, event: ev.AnswerTyped) -> Outcome:
    if session.answer_tries_left <= 0:
        return go(session, error=ErrorCode.ANSWER_TRIES_OVER)
    return go(session, None, do.CheckOfflineAnswer(event.text_untrusted), ticket=session.ticket + 1)


@row(Phase.REOPEN_OFFLINE, ev.OfflineAccepted)
def _answer_right(session: Session, _event: ev.OfflineAccepted) -> Outcome:
    if session.reopening is None:
        return stay(session)
    return _start(session, replace(session.reopening, accepted_offline=True), online=session.online)


@row(Phase.REOPEN_OFFLINE, ev.OfflineRejected)
def _answer_wrong(session: Session, event: ev.OfflineRejected) -> Outcome:
    code = ErrorCode.ANSWER_WRONG if event.tries_left > 0 else ErrorCode.ANSWER_TRIES_OVER
    return go(session, error=code, answer_tries_left=event.tries_left)


# --- given up -----------------------------------------------------------------------------------------------------


@row(tuple(REOPENING), ev.EndPressed, ev.RefusePressed)
def _given_up(session: Session, _event: ev.Event) -> Outcome:
    if session.phase in (Phase.REOPEN_STORING, Phase.REOPEN_CHECKING, Phase.REOPEN_ASKING):
        return stay(session)
    return _back(session, None)


@row(tuple(REOPENING), ev.NotThemPressed)
def _not_them(session: Session, _event: ev.NotThemPressed) -> Outcome:
    after, effects = _back(session, None)
    told = do.TellTechnician("not_them")
    return replace(after, stop_reason=StopReason.NOT_THEM, reopen_until=""), (told, *effects)


@row(tuple(REOPENING), ev.WindowCloseConfirmed)
def _window_closed(session: Session, _event: ev.WindowCloseConfirmed) -> Outcome:
    return stay(session, do.TellTechnician("reopen_given_up"), do.Leave())


@row(tuple(REOPENING - {Phase.REOPEN_ASKING}), ev.StatusReceived)
def _status(session: Session, event: ev.StatusReceived) -> Outcome:
    if event.frozen and session.phase is Phase.REOPEN_CHECKING:
        # A wrong word freezes the case, and the console may say so before the word's own answer is here.
        return stay(session)
    if event.frozen:
        return _back(session, ErrorCode.CASE_FROZEN)
    return _back(session, ErrorCode.CASE_ENDED) if event.end_requested else stay(session)


@row(tuple(REOPENING), ev.ClockRanOut)
def _time_over(session: Session, event: ev.ClockRanOut) -> Outcome:
    return _back(session, ErrorCode.REOPEN_OVER) if event.clock is Clock.SESSION else stay(session)


@row((*_BEFORE_BUTTON, Phase.REOPEN_STORING, Phase.RESTARTING, Phase.RETURNED), ev.ReceiptVerified)
def _other_receipt(session: Session, event: ev.ReceiptVerified) -> Outcome:
    """A receipt that was still on its way: the order's own belongs on its page."""
    if session.consent is None or session.consent.record_id != event.record_id:
        return stay(session)
    consent = replace(session.consent, receipt_id=event.receipt_id, server_time=event.server_time)
    return stay(session, consent=consent, online=True)


def _start(session: Session, reopening: object, *, online: bool | None) -> Outcome:
    """AnyDesk starts once more; what the last session left behind is on record and no longer on the pages."""
    record_id = getattr(reopening, "record_id", "")
    return go(
        session,
        Phase.STARTING,
        do.StartAnyDesk(record_id),
        reopening=reopening,
        online=online,
        connected_before=first_connection(session),
        ended_by=None,
        closing=(),
        peer=None,
        asking=None,
        past_peers=(),
        presence=Presence(),
        signals_disagree=False,
        has_no_network=False,
        anydesk_running=False,
        anydesk_number="",
        reopen_until="",
        reopen_words=(),
        restart=RestartStage.NONE,
        removal=RemovalView(),
        rating=None,
    )


def _back(session: Session, code: ErrorCode | None) -> Outcome:
    """Return to the end that was: the last page, or after a restart the page that says that help does not go on."""
    clock = do.StopClock(Clock.SESSION)
    told = do.TellTechnician("reopen_given_up")
    if session.ended_by is None:
        changes = {"stop_reason": StopReason.NOT_RETURNED, "error": code, "reopening": None}
        return go(session, Phase.STOPPED, clock, told, do.PlanRemoval(), **changes)
    # Once the record is under way the order of things is the backend's; here the page only stops waiting for it.
    until = "" if code in _OVER or session.reopening is not None else session.reopen_until
    return go(
        session,
        Phase.FINISHED,
        clock,
        told,
        error=code,
        reopening=None,
        reopen_until=until,
        reopen_words=(),
    )
