"""Opening the database: SQLite in WAL mode with synchronous=FULL, so that what was answered survives a power cut."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from consent_backend.settings import BUSY_TIMEOUT_MS

WRITES = "pomoc_writes"
"""Execution option of a connection whose transactions write."""

READERS = 4


def open_engine(database: Path) -> Engine:
    """Return the engine on a SQLite file; the file is made on first use, readable by its owner only.

    Statements' parameters never appear in error messages, because they hold personal data.
    """
    engine = create_engine(
        f"sqlite:///{database}", pool_size=READERS + 1, max_overflow=2, pool_timeout=5, hide_parameters=True
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _entry: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):
        raise TypeError("only SQLite is supported by this version")
    # The driver must not begin and commit by its own rules; _on_begin and SQLAlchemy do.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "wal_autocheckpoint=4000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    # A writer takes the lock at once: upgrading a read lock later may fail without waiting.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
