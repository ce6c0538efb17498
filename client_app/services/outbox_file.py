"""The outbox's database file: made private, opened alone, checked, durable.

Rules: write-ahead log with `synchronous=FULL`, so a commit is on the disk when it returns (sqlite.org/pragma.html);
exclusive locking, so a second program is refused and the system lets go of the lock however the first one dies; a
file that does not check out is left as it is.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from client_app.core.errors import CustomerError, ErrorCode
from client_app.services.files import create_private_file, make_private_folder, sync_folder

APPLICATION_ID = 0x505A4F42
SCHEMA_VERSION = 1
LOCK_WAIT_SECONDS = 1.0

_SCHEMA = (
    """
    CREATE TABLE records (
        sequence INTEGER PRIMARY KEY,
        record_id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        case_id TEXT NOT NULL,
        run_id TEXT NOT NULL,
        record BLOB NOT NULL,
        record_hash TEXT NOT NULL,
        token TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'unsent' CHECK (state IN ('unsent', 'verified', 'refused')),
        reason TEXT NOT NULL DEFAULT '',
        tries INTEGER NOT NULL DEFAULT 0,
        next_try_at REAL NOT NULL DEFAULT 0,
        not_before REAL NOT NULL DEFAULT 0,
        receipt BLOB,
        receipt_id TEXT NOT NULL DEFAULT '',
        server_time TEXT NOT NULL DEFAULT '',
        answer_tries INTEGER NOT NULL DEFAULT 0,
        answer TEXT NOT NULL DEFAULT '',
        answer_run TEXT NOT NULL DEFAULT '',
        exported_to TEXT NOT NULL DEFAULT '',
        CHECK (state <> 'verified' OR receipt IS NOT NULL)
    ) STRICT
    """,
    # What was stored is what was agreed: neither we nor a later version of us may change or drop it.
    """
    CREATE TRIGGER record_stays BEFORE UPDATE OF record_id, kind, case_id, run_id, record, record_hash ON records
    BEGIN SELECT RAISE(ABORT, 'a stored record is never changed'); END
    """,
    """
    CREATE TRIGGER unproven_stays BEFORE DELETE ON records WHEN old.state <> 'verified'
    BEGIN SELECT RAISE(ABORT, 'a record without a verified receipt is never deleted'); END
    """,
)


def open_outbox(file: Path) -> sqlite3.Connection:
    """Open the outbox, making it when it is not there.

    Args:
        file: the database; its folder is made for this user only.

    Returns:
        A connection in autocommit mode that holds the only lock on the file.

    Raises:
        CustomerError: ALREADY_RUNNING (another process has it), CANNOT_STORE (damaged, made by a newer program, or
            the disk refuses).
    """
    try:
        make_private_folder(file.parent)
        create_private_file(file)
        sync_folder(file.parent)
        connection = sqlite3.connect(
            file, timeout=LOCK_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as error:
        raise cannot_store(error) from error
    try:
        _prepare(connection)
        sync_folder(file.parent)
    except (sqlite3.Error, OSError) as error:
        connection.close()
        raise cannot_store(error) from error
    except CustomerError:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    # macOS: fsync alone leaves the data in the disk's cache; elsewhere this does nothing.
    connection.execute("PRAGMA fullfsync=ON")
    connection.execute("PRAGMA trusted_schema=OFF")
    # A token that is no longer needed is overwritten, not only forgotten; not every build of SQLite does so unasked.
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("BEGIN EXCLUSIVE")
    try:
        if _number(connection, "PRAGMA user_version") == 0 and not _number(
            connection, "SELECT count(*) FROM sqlite_schema"
        ):
            for statement in _SCHEMA:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        _check(connection)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _check(connection: sqlite3.Connection) -> None:
    if _number(connection, "PRAGMA application_id") != APPLICATION_ID:
        raise CustomerError(ErrorCode.CANNOT_STORE, "the outbox is another program's file")
    version = _number(connection, "PRAGMA user_version")
    if version != SCHEMA_VERSION:
        raise CustomerError(ErrorCode.CANNOT_STORE, f"the outbox has format {version}, not {SCHEMA_VERSION}")
    found = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found is None or found[0] != "ok":
        raise CustomerError(ErrorCode.CANNOT_STORE, "the outbox is damaged; it was left as it is")


def _number(connection: sqlite3.Connection, question: str) -> int:
    return int(connection.execute(question).fetchone()[0])


def cannot_store(error: Exception) -> CustomerError:
    """Return the coded error for what SQLite or the file system raised."""
    code = getattr(error, "sqlite_errorname", type(error).__name__)
    if code in ("SQLITE_BUSY", "SQLITE_LOCKED"):
        return CustomerError(ErrorCode.ALREADY_RUNNING, "another process has the outbox")
    if code in ("SQLITE_CORRUPT", "SQLITE_NOTADB") or str(code).startswith("SQLITE_CORRUPT_"):
        return CustomerError(ErrorCode.CANNOT_STORE, f"the outbox is damaged ({code}); it was left as it is")
    return CustomerError(ErrorCode.CANNOT_STORE, f"outbox: {code}")
