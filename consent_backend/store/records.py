"""Records and receipts, as the exact bytes that were hashed and signed. Nothing here is ever changed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from consent_backend.store.tables import RECORDS
from consent_backend.store.work import Work


@dataclass(frozen=True)
class StoredRecord:
    """A record with its receipt, both in canonical form."""

    record_id: str
    case_id: str
    kind: str
    record_hash: str
    late: bool
    stored_at: str
    canonical: bytes
    receipt: bytes


_COLUMNS = [RECORDS.c[name] for name in StoredRecord.__dataclass_fields__]
_ALL = select(*_COLUMNS)
_BY_ID = _ALL.where(RECORDS.c.record_id == bindparam("value"))
_ADD = insert(RECORDS)


def record_by_id(connection: Connection, record_id: str) -> StoredRecord | None:
    """Return a stored record or None."""
    row = connection.execute(_BY_ID, {"value": record_id}).one_or_none()
    return None if row is None else StoredRecord(*row)


def records_of_case(connection: Connection, case_id: str) -> list[StoredRecord]:
    """Return the records of a case, in the order of storing."""
    query = _ALL.where(RECORDS.c.case_id == case_id).order_by(RECORDS.c.position)
    return [StoredRecord(*row) for row in connection.execute(query)]


def add_record(work: Work, record: StoredRecord) -> None:
    """Store a record with its receipt."""
    values: dict[str, Any] = {name: getattr(record, name) for name in StoredRecord.__dataclass_fields__}
    work.connection.execute(_ADD, values)
