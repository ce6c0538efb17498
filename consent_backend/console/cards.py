"""What the console shows of a case: one value, made in one read, for pages and for JSON alike."""

from dataclasses import dataclass

from sqlalchemy import Connection

from consent_backend.case_states import OVER
from consent_backend.console.wording import SOFT_ALERTS
from consent_backend.settings import OFFLINE_ANSWERS
from consent_backend.store.cases import Case, cases_for_console, offline_acceptances
from consent_backend.store.events import Alert, Event, open_alerts, open_restart_wish, timeline
from consent_backend.store.people import technician_names
from consent_backend.store.records import records_of_case
from consent_record.wire import CaseState

STEPS = ("caller", "details", "terms", "computer", "order", "help", "finish")
"""The customer's steps in order; the same numbers as in the wizard and the phone guide."""


@dataclass(frozen=True)
class RecordLine:
    """A stored record as the console lists it."""

    record_id: str
    kind: str
    stored_at: str
    late: bool


@dataclass(frozen=True)
class Card:
    """One case with everything that its page shows."""

    case: Case
    technician_name: str
    step_number: int | None
    alerts: tuple[Alert, ...]
    events: tuple[Event, ...]
    records: tuple[RecordLine, ...]
    offline_waiting: bool
    offline_tries_left: int
    restart_asked_at: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing can happen any more."""
        return self.case.state in OVER

    @property
    def shows_word(self) -> bool:
        """Whether the technician has to say the word now."""
        return self.case.state in (CaseState.OPEN, CaseState.JOINED, CaseState.POSTPONED)

    @property
    def can_agree_no_backup(self) -> bool:
        """Whether the customer waits for a yes to going on without a backup."""
        waiting = self.case.state in (CaseState.JOINED, CaseState.WORD_CONFIRMED)
        return waiting and self.case.asks_no_backup and not self.case.no_backup_agreed

    @property
    def is_reopening(self) -> bool:
        """Whether the customer wants to open a session again that had ended by accident."""
        return self.case.consent_id is not None and self.case.state is CaseState.JOINED

    @property
    def can_ask_restart(self) -> bool:
        """Whether a restart of the customer's computer can be asked for."""
        return self.case.state is CaseState.IN_SESSION and not self.case.end_requested


def step_number(step: str | None) -> int | None:
    """Return the number of a step as people count them, or None for one that has none."""
    return STEPS.index(step) + 1 if step in STEPS else None


def card_of(connection: Connection, case: Case) -> Card:
    """Read everything about a case."""
    acceptances = offline_acceptances(connection, case.id)
    records = records_of_case(connection, case.id)
    return Card(
        case=case,
        technician_name=technician_names(connection).get(case.technician_id, ""),
        step_number=step_number(case.step),
        alerts=tuple(open_alerts(connection, case.id)),
        events=tuple(timeline(connection, case.id)),
        records=tuple(RecordLine(r.record_id, r.kind, r.stored_at, r.late) for r in records),
        offline_waiting=any(acceptance.record_id is None for acceptance in acceptances),
        offline_tries_left=OFFLINE_ANSWERS - len(acceptances),
        restart_asked_at=open_restart_wish(connection, case.id),
    )


@dataclass(frozen=True)
class Line:
    """One case in the list."""

    case: Case
    technician_name: str
    step_number: int | None
    has_alert: bool


@dataclass(frozen=True)
class Board:
    """The list of cases and every open alert."""

    lines: tuple[Line, ...]
    alerts: tuple[Alert, ...]


def board(connection: Connection) -> Board:
    """Read the list of cases."""
    names = technician_names(connection)
    alerts = open_alerts(connection)
    alarmed = {alert.case_id for alert in alerts if alert.kind not in SOFT_ALERTS}
    lines = tuple(
        Line(case, names.get(case.technician_id, ""), step_number(case.step), case.id in alarmed)
        for case in cases_for_console(connection)
    )
    return Board(lines, tuple(alerts))
