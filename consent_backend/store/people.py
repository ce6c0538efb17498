"""Technicians and their console sessions."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, or_, select, update

from consent_backend.settings import SESSION_HOURS, SESSION_IDLE_HOURS
from consent_backend.store.tables import CONSOLE_SESSIONS, TECHNICIANS
from consent_backend.store.work import Work
from consent_record.fields import timestamp


@dataclass(frozen=True)
class Technician:
    """One person who may use the console."""

    id: str
    sign_in_name: str
    display_name: str
    password_hash: str
    must_change_password: bool
    anydesk_numbers: tuple[str, ...]


@dataclass(frozen=True)
class ConsoleSession:
    """A signed-in technician."""

    token_hash: str
    csrf: str
    seen_at: str
    technician: Technician


def _technician(row: Any) -> Technician:
    return Technician(
        row.id,
        row.sign_in_name,
        row.display_name,
        row.password_hash,
        row.must_change_password,
        msgspec.json.decode(row.anydesk_numbers, type=tuple[str, ...]),
    )


def technician_by_name(connection: Connection, sign_in_name: str) -> Technician | None:
    """Return the technician with a sign-in name or None."""
    query = select(TECHNICIANS).where(TECHNICIANS.c.sign_in_name == sign_in_name)
    row = connection.execute(query).one_or_none()
    return None if row is None else _technician(row)


def technician_by_id(connection: Connection, technician_id: str) -> Technician | None:
    """Return a technician or None."""
    row = connection.execute(select(TECHNICIANS).where(TECHNICIANS.c.id == technician_id)).one_or_none()
    return None if row is None else _technician(row)


def technician_names(connection: Connection) -> dict[str, str]:
    """Return the display name of each technician's id."""
    rows = connection.execute(select(TECHNICIANS.c.id, TECHNICIANS.c.display_name))
    return {row.id: row.display_name for row in rows}


def count_technicians(connection: Connection) -> int:
    """Return how many technicians there are."""
    return connection.execute(select(func.count()).select_from(TECHNICIANS)).scalar_one()


def add_technician(work: Work, technician: Technician) -> None:
    """Store a new technician."""
    work.connection.execute(
        insert(TECHNICIANS).values(
            id=technician.id,
            sign_in_name=technician.sign_in_name,
            display_name=technician.display_name,
            password_hash=technician.password_hash,
            must_change_password=technician.must_change_password,
            anydesk_numbers=msgspec.json.encode(technician.anydesk_numbers).decode(),
            created_at=work.now_text,
        )
    )


def set_password(work: Work, technician_id: str, password_hash: str, *, must_change: bool) -> None:
    """Store a new password's hash and end every session of the technician."""
    statement = update(TECHNICIANS).where(TECHNICIANS.c.id == technician_id)
    work.connection.execute(statement.values(password_hash=password_hash, must_change_password=must_change))
    work.connection.execute(delete(CONSOLE_SESSIONS).where(CONSOLE_SESSIONS.c.technician_id == technician_id))


def set_numbers(work: Work, technician_id: str, numbers: tuple[str, ...]) -> None:
    """Store the AnyDesk numbers from which a technician connects."""
    statement = update(TECHNICIANS).where(TECHNICIANS.c.id == technician_id)
    work.connection.execute(statement.values(anydesk_numbers=msgspec.json.encode(numbers).decode()))


def add_session(work: Work, token_hash: str, technician_id: str, csrf: str) -> str:
    """Store a console session and return the moment at which it ends."""
    expires_at = timestamp(work.now + timedelta(hours=SESSION_HOURS))
    work.connection.execute(
        insert(CONSOLE_SESSIONS).values(
            token_hash=token_hash,
            technician_id=technician_id,
            csrf=csrf,
            created_at=work.now_text,
            seen_at=work.now_text,
            expires_at=expires_at,
        )
    )
    return expires_at


def session_by_token(work: Work, token_hash: str) -> ConsoleSession | None:
    """Return a session that has neither ended nor been left idle; None otherwise."""
    idle_before = timestamp(work.now - timedelta(hours=SESSION_IDLE_HOURS))
    columns = CONSOLE_SESSIONS.c
    query = (
        select(columns.csrf, columns.seen_at, TECHNICIANS)
        .join(TECHNICIANS, TECHNICIANS.c.id == columns.technician_id)
        .where(
            columns.token_hash == token_hash,
            columns.expires_at > work.now_text,
            columns.seen_at > idle_before,
        )
    )
    row = work.connection.execute(query).one_or_none()
    return None if row is None else ConsoleSession(token_hash, row.csrf, row.seen_at, _technician(row))


def touch_session(work: Work, token_hash: str) -> None:
    """Note that a session was used."""
    statement = update(CONSOLE_SESSIONS).where(CONSOLE_SESSIONS.c.token_hash == token_hash)
    work.connection.execute(statement.values(seen_at=work.now_text))


def end_session(work: Work, token_hash: str) -> None:
    """Delete a session."""
    work.connection.execute(delete(CONSOLE_SESSIONS).where(CONSOLE_SESSIONS.c.token_hash == token_hash))


def drop_dead_sessions(work: Work) -> None:
    """Delete sessions that have ended or were left idle."""
    idle_before = timestamp(work.now - timedelta(hours=SESSION_IDLE_HOURS))
    columns = CONSOLE_SESSIONS.c
    work.connection.execute(
        delete(CONSOLE_SESSIONS).where(
            or_(columns.expires_at <= work.now_text, columns.seen_at <= idle_before)
        )
    )
