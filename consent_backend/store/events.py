"""What happened in a case, in order; what needs somebody's eyes; and who at the company did what."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select, update

from consent_backend.store.tables import ALERTS, AUDIT, CASE_EVENTS
from consent_backend.store.work import Work

CLIENT = "client"
BACKEND = "backend"
CONSOLE = "console"

ALERTS_SHOWN = 50

_ADD_EVENT = insert(CASE_EVENTS)


@dataclass(frozen=True)
class Event:
    """One line of a case's timeline. `kind` is a name of ours; `detail` may hold text from outside."""

    source: str
    kind: str
    at: str
    received_at: str
    detail: str


@dataclass(frozen=True)
class Alert:
    """Something that somebody at the company must see."""

    position: int
    case_id: str
    kind: str
    at: str
    detail: str


def add_event(
    work: Work,
    case_id: str,
    kind: str,
    *,
    source: str = BACKEND,
    event_id: str | None = None,
    at: str | None = None,
    detail: str = "",
) -> None:
    """Append a line to a case's timeline."""
    work.connection.execute(
        _ADD_EVENT,
        {
            "case_id": case_id,
            "event_id": event_id or str(uuid4()),
            "source": source,
            "kind": kind,
            "at": at or work.now_text,
            "received_at": work.now_text,
            "detail": detail[:200],
        },
    )
    work.changed_cases.add(case_id)


def has_event(connection: Connection, case_id: str, event_id: str) -> bool:
    """Tell whether an event of a case is stored."""
    columns = CASE_EVENTS.c
    query = select(columns.position).where(columns.case_id == case_id, columns.event_id == event_id)
    return connection.execute(query).first() is not None


def count_events(connection: Connection, case_id: str) -> int:
    """Return how many lines a timeline has."""
    query = select(func.count()).select_from(CASE_EVENTS).where(CASE_EVENTS.c.case_id == case_id)
    return connection.execute(query).scalar_one()


RESTART_ASKED = "restart_asked"
_RESTART_ANSWERS = ("restart_agreed", "restart_declined", "restart_failed", "restarting")


def open_restart_wish(connection: Connection, case_id: str) -> str | None:
    """Return when the technician asked for a restart of the customer's computer, None once that was answered."""
    columns = CASE_EVENTS.c
    query = (
        select(columns.kind, columns.received_at)
        .where(columns.case_id == case_id, columns.kind.in_((RESTART_ASKED, *_RESTART_ANSWERS)))
        .order_by(columns.position.desc())
        .limit(1)
    )
    last = connection.execute(query).first()
    return str(last.received_at) if last is not None and last.kind == RESTART_ASKED else None


def timeline(connection: Connection, case_id: str) -> list[Event]:
    """Return a case's timeline, oldest first."""
    columns = CASE_EVENTS.c
    query = (
        select(columns.source, columns.kind, columns.at, columns.received_at, columns.detail)
        .where(columns.case_id == case_id)
        .order_by(columns.position)
    )
    return [Event(*row) for row in connection.execute(query)]


def add_alert(work: Work, case_id: str, kind: str, detail: str = "") -> None:
    """Raise an alert on the console; one of a kind and case until somebody has looked.

    A flood from one client must not bury the alerts of others, of which the console shows so many.
    """
    columns = ALERTS.c
    is_open = (columns.case_id == case_id, columns.kind == kind, columns.seen_at.is_(None))
    if work.connection.execute(select(columns.position).where(*is_open)).first() is not None:
        return
    work.connection.execute(
        insert(ALERTS).values(case_id=case_id, kind=kind, at=work.now_text, detail=detail[:200])
    )
    work.changed_cases.add(case_id)


def settle_alerts(work: Work, case_id: str, kinds: list[str]) -> None:
    """Take back alerts of a case that are not true any more; nobody has to look at them."""
    columns = ALERTS.c
    work.connection.execute(
        update(ALERTS)
        .where(columns.case_id == case_id, columns.kind.in_(kinds), columns.seen_at.is_(None))
        .values(seen_at=work.now_text)
    )
    work.changed_cases.add(case_id)


def open_alerts(connection: Connection, case_id: str | None = None) -> list[Alert]:
    """Return alerts that nobody has marked as seen, newest first; of one case or of all."""
    columns = ALERTS.c
    query = select(columns.position, columns.case_id, columns.kind, columns.at, columns.detail)
    query = query.where(columns.seen_at.is_(None))
    if case_id is not None:
        query = query.where(columns.case_id == case_id)
    query = query.order_by(columns.position.desc()).limit(ALERTS_SHOWN)
    return [Alert(*row) for row in connection.execute(query)]


def mark_alert_seen(work: Work, position: int, technician_id: str) -> str | None:
    """Mark an alert as seen; returns the id of its case, or None when there is no such open alert."""
    query = select(ALERTS.c.case_id).where(ALERTS.c.position == position, ALERTS.c.seen_at.is_(None))
    case_id = work.connection.execute(query).scalar_one_or_none()
    if case_id is None:
        return None
    work.connection.execute(
        update(ALERTS)
        .where(ALERTS.c.position == position)
        .values(seen_at=work.now_text, seen_by=technician_id)
    )
    work.changed_cases.add(case_id)
    return str(case_id)


def add_audit(
    work: Work, act: str, *, technician_id: str | None, case_id: str | None = None, detail: str = ""
) -> None:
    """Write down who did what. `detail` never holds data of a customer."""
    work.connection.execute(
        insert(AUDIT).values(
            at=work.now_text, technician_id=technician_id, act=act, case_id=case_id, detail=detail[:200]
        )
    )
