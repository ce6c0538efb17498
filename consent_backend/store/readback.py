"""Reading a record and its receipt straight from the database file, beside a running or a stopped server."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ReadBack:
    """The stored bytes of one record: its canonical form, its receipt, and when it was stored."""

    record_id: str
    kind: str
    canonical: bytes
    receipt: bytes
    stored_at: str
    late: bool


def read_back(database: Path, record_id: str) -> ReadBack | None:
    """Return a record from the SQLite file, or None when it is not there.

    Opens the file read-only and knows nothing of the backend's code, so that it shows what really is on the disk.

    Raises:
        sqlite3.Error: no such file, or no database of the backend.
    """
    with closing(
        sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
    ) as connection:
        row = connection.execute(
            "SELECT record_id, kind, canonical, receipt, stored_at, late FROM records WHERE record_id = ?",
            (record_id,),
        ).fetchone()
    return None if row is None else ReadBack(row[0], row[1], row[2], row[3], row[4], bool(row[5]))
