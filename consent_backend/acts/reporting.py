"""What a client reports while its customer works: the step on the screen and the events of a session."""

import re

import msgspec
from msgspec import UnsetType

from consent_backend.acts.moving import AlertKind, move, status_of
from consent_backend.case_states import OVER, Trigger
from consent_backend.problems import ApiError, too_many
from consent_backend.settings import EVENTS_PER_CASE
from consent_backend.store.cases import Case, change_case
from consent_backend.store.events import CLIENT, add_alert, add_event, count_events, has_event, settle_alerts
from consent_backend.store.work import Work
from consent_record.wire import (
    AnyDeskSetting,
    CaseState,
    CaseStatus,
    EventKind,
    ProblemCode,
    SessionEvent,
    StepReport,
)

RATINGS = range(1, 6)
_CODE = re.compile(r"K-[0-9]{2}")

_TRIGGERS = {
    EventKind.ANYDESK_STARTED: Trigger.SESSION_STARTED,
    EventKind.CONNECTED: Trigger.SESSION_STARTED,
    EventKind.ENDED: Trigger.SESSION_ENDED,
    EventKind.NOT_THEM: Trigger.NOT_THEM,
    EventKind.POSTPONED: Trigger.POSTPONED,
    EventKind.RESTARTING: Trigger.RESTARTING,
    EventKind.REOPEN_GIVEN_UP: Trigger.REOPEN_GIVEN_UP,
}
_ALERTS = {
    EventKind.STRANGER: AlertKind.STRANGER,
    EventKind.NOT_CLOSED: AlertKind.NOT_CLOSED,
    EventKind.PRESENCE_ASKED: AlertKind.PRESENCE_ASKED,
    EventKind.PRESENCE_UNANSWERED: AlertKind.PRESENCE_UNANSWERED,
    EventKind.SCREEN_LOCKED: AlertKind.SCREEN_LOCKED,
    EventKind.SIGNALS_DISAGREE: AlertKind.SIGNALS_DISAGREE,
    EventKind.SETTINGS_UNKNOWN: AlertKind.SETTINGS_UNKNOWN,
}
_QUESTION = (AlertKind.PRESENCE_ASKED, AlertKind.PRESENCE_UNANSWERED)
_SETTLES: dict[EventKind, tuple[AlertKind, ...]] = {
    EventKind.PRESENCE_CONFIRMED: _QUESTION,
    EventKind.PRESENCE_EXTENDED: (AlertKind.PRESENCE_UNANSWERED,),
    EventKind.DISCONNECTED: _QUESTION,
    EventKind.SCREEN_UNLOCKED: (AlertKind.SCREEN_LOCKED,),
    EventKind.ENDED: (AlertKind.PRESENCE_ASKED, AlertKind.SCREEN_LOCKED),
}
"""Alerts that an event makes untrue: they go by themselves. Every other one stays until somebody has looked."""


def report_step(work: Work, case: Case, report: StepReport) -> CaseStatus:
    """Note the customer's step; an older report that arrives late changes nothing."""
    if case.step_at is not None and report.at < case.step_at:
        return status_of(work, case)
    is_over = case.state in OVER
    asks = report.asks_no_backup and case.state in (CaseState.JOINED, CaseState.WORD_CONFIRMED)
    change_case(
        work,
        case.id,
        step=report.step,
        step_state=report.state.value,
        step_at=report.at,
        step_code="" if is_over else report.code,
        step_missing="[]" if is_over else msgspec.json.encode(report.missing).decode(),
        asks_no_backup=asks,
    )
    if count_events(work.connection, case.id) < EVENTS_PER_CASE:
        if report.step != case.step:
            add_event(work, case.id, "step", at=report.at, detail=report.step)
        if report.code and report.code != case.step_code and not is_over:
            add_event(work, case.id, "code", source=CLIENT, at=report.at, detail=report.code)
        if asks and not case.asks_no_backup:
            add_event(work, case.id, "no_backup_asked", at=report.at)
    return status_of(work, case)


def add_session_event(work: Work, case: Case, event: SessionEvent) -> CaseStatus:
    """Store an event once and let it move the case.

    Raises:
        ApiError: `request.shape` for a rating that is none or settings that belong to another kind,
            `request.rate_limited` for too many events.
    """
    if (event.kind is EventKind.SETTINGS_UNKNOWN) != bool(_settings(event)):
        raise ApiError(ProblemCode.SHAPE, "settings belong to an event of the kind settings_unknown")
    if (event.kind is EventKind.RATING) != (event.rating is not None) or (
        event.rating is not None and event.rating not in RATINGS
    ):
        raise ApiError(ProblemCode.SHAPE, "a rating is a number from 1 to 5 in an event of the kind rating")
    if has_event(work.connection, case.id, event.event_id):
        return status_of(work, case)
    if count_events(work.connection, case.id) >= EVENTS_PER_CASE:
        raise too_many("this case has reported all the events that it may", 3600)
    is_over = case.state in OVER
    add_event(
        work,
        case.id,
        event.kind.value,
        source=CLIENT,
        event_id=event.event_id,
        at=event.at,
        detail="" if is_over and event.kind is not EventKind.RATING else _detail(event),
    )
    if not is_over:
        _note_numbers(work, case, event)
    if event.kind in _ALERTS:
        add_alert(work, case.id, _ALERTS[event.kind].value, _code(event))
    if event.kind in _SETTLES:
        settle_alerts(work, case.id, [kind.value for kind in _SETTLES[event.kind]])
    trigger = _TRIGGERS.get(event.kind)
    if trigger is Trigger.REOPEN_GIVEN_UP and case.consent_id is None:
        # Nothing was ordered yet, so nothing can be given up again.
        trigger = None
    if trigger is not None:
        move(work, case, trigger)
    return status_of(work, case)


def _detail(event: SessionEvent) -> str:
    if event.rating is not None:
        return str(event.rating)
    if event.kind is EventKind.SETTINGS_UNKNOWN:
        return " ".join(sorted({setting.value for setting in _settings(event)}))
    return " ".join(part for part in (event.peer_number or event.anydesk_number, event.code) if part)


def _settings(event: SessionEvent) -> tuple[AnyDeskSetting, ...]:
    return () if isinstance(event.settings, UnsetType) else event.settings


def _code(event: SessionEvent) -> str:
    """Return the event's code for an alert, which stays when the case is over: no other text gets in this way."""
    return event.code if _CODE.fullmatch(event.code) else ""


def _note_numbers(work: Work, case: Case, event: SessionEvent) -> None:
    if event.anydesk_number is not None:
        change_case(work, case.id, anydesk_number=event.anydesk_number)
    if event.kind is EventKind.CONNECTED:
        change_case(work, case.id, peer_number=event.peer_number)
    elif event.kind in (EventKind.DISCONNECTED, EventKind.ENDED):
        change_case(work, case.id, peer_number=None)
