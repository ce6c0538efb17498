"""Cases: reading, changing, and the removal of what is known of the customer."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, Update, and_, bindparam, insert, null, or_, select, update

from consent_backend.store.tables import CASE_EVENTS, CASE_STATEMENTS, CASES, OFFLINE_ACCEPTANCES
from consent_backend.store.work import Work
from consent_record.case import Price
from consent_record.wire import CaseState, PersonDraft, StepState

LIST_LIMIT = 200


@dataclass(frozen=True)
class Case:
    """One row of `cases`, with its structures read."""

    id: str
    technician_id: str
    state: CaseState
    code: str | None
    language: str
    problem: str
    phone: str
    planned_at: str
    price: Price
    draft: PersonDraft | None
    word: str
    words: tuple[str, ...]
    nonce: str | None
    token_hash: str | None
    former_token_hash: str | None
    case_secret: str | None
    created_at: str
    expires_at: str
    updated_at: str
    ended_at: str | None
    ended_by: str | None
    step: str | None
    step_state: StepState | None
    step_at: str | None
    step_code: str
    step_missing: tuple[str, ...]
    asks_no_backup: bool
    no_backup_agreed: bool
    end_requested: bool
    anydesk_number: str | None
    peer_number: str | None
    consent_id: str | None
    consent_hash: str | None
    record_count: int


def case_of(row: Row[Any]) -> Case:
    """Read a row of `cases`."""
    values = dict(row._mapping)
    values["state"] = CaseState(values["state"])
    values["price"] = msgspec.json.decode(values["price"], type=Price)
    draft = values["draft"]
    values["draft"] = None if draft is None else msgspec.json.decode(draft, type=PersonDraft)
    values["words"] = msgspec.json.decode(values["words"], type=tuple[str, ...])
    values["step_missing"] = msgspec.json.decode(values["step_missing"], type=tuple[str, ...])
    step_state = values["step_state"]
    values["step_state"] = None if step_state is None else StepState(step_state)
    return Case(**values)


# Statements are made once: building one costs more than running it.
_BY_ID = select(CASES).where(CASES.c.id == bindparam("value"))
_BY_CODE = select(CASES).where(CASES.c.code == bindparam("value"))
_BY_FORMER_TOKEN = select(CASES).where(CASES.c.former_token_hash == bindparam("value"))
_BY_TOKEN = select(CASES).where(CASES.c.token_hash == bindparam("value"))


def _one(connection: Connection, query: Select[Any], value: str) -> Case | None:
    row = connection.execute(query, {"value": value}).one_or_none()
    return None if row is None else case_of(row)


def case_by_id(connection: Connection, case_id: str) -> Case | None:
    """Return a case or None."""
    return _one(connection, _BY_ID, case_id)


def case_by_code(connection: Connection, code: str) -> Case | None:
    """Return the case with a dictated code or None."""
    return _one(connection, _BY_CODE, code)


def case_by_token(connection: Connection, token_hash: str) -> Case | None:
    """Return the case that a token belongs to or None."""
    return _one(connection, _BY_TOKEN, token_hash)


def case_by_former_token(connection: Connection, token_hash: str) -> Case | None:
    """Return the case that a token belonged to before its customer came back as a new run, or None."""
    return _one(connection, _BY_FORMER_TOKEN, token_hash)


def cases_for_console(connection: Connection) -> list[Case]:
    """Return the newest cases, those still open first."""
    is_over = CASES.c.state.in_([CaseState.ENDED.value, CaseState.REFUSED.value])
    query = select(CASES).order_by(is_over, CASES.c.updated_at.desc()).limit(LIST_LIMIT)
    return [case_of(row) for row in connection.execute(query)]


def add_case(work: Work, values: dict[str, Any]) -> None:
    """Store a new case; `values` are plain column values."""
    work.connection.execute(insert(CASES).values(updated_at=work.now_text, **values))
    work.changed_cases.add(values["id"])


def change_case(work: Work, case_id: str, **values: Any) -> None:
    """Change columns of a case and let the consoles know."""
    values["updated_at"] = work.now_text
    work.connection.execute(_change(tuple(sorted(values))), {**values, "which": case_id})
    work.changed_cases.add(case_id)


@cache
def _change(columns: tuple[str, ...]) -> Update:
    statement = update(CASES).where(CASES.c.id == bindparam("which"))
    return statement.values({column: bindparam(column) for column in columns})


WIPED: dict[str, Any] = {
    "draft": None,
    "phone": "",
    "case_secret": None,
    "step_code": "",
    "step_missing": "[]",
    "anydesk_number": None,
    "peer_number": None,
}
"""What a case knows of a customer and of his computer, and how it looks once removed."""


def wipe(work: Work, case_id: str) -> None:
    """Remove what is known of the customer; only the stored records keep what they need."""
    change_case(work, case_id, **WIPED)
    statement = update(CASE_EVENTS).where(CASE_EVENTS.c.case_id == case_id, CASE_EVENTS.c.source == "client")
    work.connection.execute(statement.values(detail=""))


def forget_codes(work: Work, *, expired_before: str) -> None:
    """Set free the codes of cases that are over or expired since before `expired_before`."""
    statement = update(CASES).where(CASES.c.code.is_not(None), CASES.c.expires_at < expired_before)
    work.connection.execute(statement.values(code=null()))


def expired_cases(connection: Connection, *, now: str, abandoned_before: str) -> list[Case]:
    """Return cases whose time is over: not ordered and expired, or ordered and long silent."""
    waiting = [s.value for s in (CaseState.OPEN, CaseState.JOINED, CaseState.WORD_CONFIRMED)]
    waiting += [CaseState.POSTPONED.value, CaseState.FROZEN.value]
    ordered = [CaseState.ORDERED.value, CaseState.IN_SESSION.value]
    query = select(CASES).where(
        or_(
            and_(CASES.c.state.in_(waiting), CASES.c.expires_at < now),
            and_(
                CASES.c.state.in_(ordered),
                CASES.c.expires_at < abandoned_before,
                CASES.c.updated_at < abandoned_before,
            ),
        )
    )
    return [case_of(row) for row in connection.execute(query)]


@dataclass(frozen=True)
class StoredStatement:
    """A signed case statement as it was issued; `basis` tells whether a new one would say the same."""

    hash: str
    case_id: str
    basis: str
    signed: bytes


def add_statement(work: Work, statement: StoredStatement) -> None:
    """Keep an issued statement."""
    work.connection.execute(
        insert(CASE_STATEMENTS).values(
            hash=statement.hash,
            case_id=statement.case_id,
            issued_at=work.now_text,
            basis=statement.basis,
            signed=statement.signed,
        )
    )


def statement_by_hash(connection: Connection, hash_hex: str) -> StoredStatement | None:
    """Return the statement with a hash, of whatever case."""
    return _statement(connection, _STATEMENT_BY_HASH, hash_hex)


def latest_statement(connection: Connection, case_id: str) -> StoredStatement | None:
    """Return the statement that was issued last for a case."""
    return _statement(connection, _LATEST_STATEMENT, case_id)


_STATEMENTS = select(*(CASE_STATEMENTS.c[name] for name in ("hash", "case_id", "basis", "signed")))
_STATEMENT_BY_HASH = _STATEMENTS.where(CASE_STATEMENTS.c.hash == bindparam("value"))
_LATEST_STATEMENT = (
    _STATEMENTS.where(CASE_STATEMENTS.c.case_id == bindparam("value"))
    .order_by(CASE_STATEMENTS.c.issued_at.desc())
    .limit(1)
)


def _statement(connection: Connection, query: Select[Any], value: str) -> StoredStatement | None:
    row = connection.execute(query, {"value": value}).one_or_none()
    return None if row is None else StoredStatement(row.hash, row.case_id, row.basis, row.signed)


@dataclass(frozen=True)
class OfflineAcceptance:
    """A code that the console answered, and the record that came in for it later."""

    code: str
    answered_at: str
    record_id: str | None


def offline_acceptances(connection: Connection, case_id: str) -> list[OfflineAcceptance]:
    """Return the answered offline codes of a case."""
    rows = connection.execute(_ACCEPTANCES, {"value": case_id})
    return [OfflineAcceptance(row.code, row.answered_at, row.record_id) for row in rows]


_ACCEPTANCES = select(*(OFFLINE_ACCEPTANCES.c[name] for name in ("code", "answered_at", "record_id"))).where(
    OFFLINE_ACCEPTANCES.c.case_id == bindparam("value")
)


def add_offline_acceptance(work: Work, case_id: str, code: str) -> None:
    """Note that the console answered a code."""
    work.connection.execute(
        insert(OFFLINE_ACCEPTANCES).values(case_id=case_id, code=code, answered_at=work.now_text)
    )


def fulfil_offline_acceptance(work: Work, case_id: str, code: str, record_id: str) -> None:
    """Note that the record behind an answered code has come in."""
    columns = OFFLINE_ACCEPTANCES.c
    statement = update(OFFLINE_ACCEPTANCES).where(columns.case_id == case_id, columns.code == code)
    work.connection.execute(statement.values(record_id=record_id))
