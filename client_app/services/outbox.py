"""The outbox: every record of this user, durable before the first try to send it, kept until a receipt is verified.

Rules: `add` returns when the record would survive a power cut; nothing is deleted; a record's bytes never change; a
refused record stays, with the reason. One process at a time; any number of threads.
"""

from __future__ import annotations

import enum
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from client_app.services.files import sync_folder
from client_app.services.outbox_file import cannot_store, open_outbox

ANSWER_TRIES = 5
CLOCK_SLACK_SECONDS = 86_400.0
"""A next try further away than a day was written under a wrong clock: the record is due."""


class RowState(enum.Enum):
    """Where a record stands."""

    UNSENT = "unsent"
    VERIFIED = "verified"
    REFUSED = "refused"


@dataclass(frozen=True)
class NewRow:
    """A record to store: its canonical bytes with what is needed to send it after a restart."""

    record_id: str
    kind: str
    case_id: str
    run_id: str
    record: bytes = field(repr=False)
    record_hash: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class Row(NewRow):
    """A stored record.

    `next_try_at` and `not_before` are seconds since 1970: our own backoff, and the server's Retry-After. `reason` is
    the code of the last failure or of the refusal. `answer` and `answer_run`: a right offline answer and its run.
    """

    state: RowState
    reason: str
    tries: int
    next_try_at: float
    not_before: float
    receipt: bytes | None = field(repr=False)
    receipt_id: str
    server_time: str
    answer_tries: int
    answer: str = field(repr=False)
    answer_run: str
    exported_to: str = field(repr=False)

    def seconds_until_due(self, now: float) -> float:
        """Return how long it is not yet to be sent; 0 when it is due."""
        return _plausible(max(self.next_try_at, self.not_before) - now)

    def server_wait_seconds(self, now: float) -> float:
        """Return how long the backend asked to be left alone; 0 when it is over."""
        return _plausible(self.not_before - now)


def _plausible(wait: float) -> float:
    return wait if 0 < wait <= CLOCK_SLACK_SECONDS else 0.0


_COLUMNS = ", ".join(Row.__dataclass_fields__)


class Outbox:
    """The outbox of one user. Opened by its first use, so that a damaged file stops nothing but storing."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """Whether it was closed for good."""
        return self._is_closed

    @property
    def is_there(self) -> bool:
        """Whether there is a database; asking makes none."""
        return not self._is_closed and self._file.exists()

    def close(self) -> None:
        """Close for good; every later use raises. Idempotent."""
        with self._lock:
            self._is_closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def add(self, row: NewRow) -> None:
        """Store a record durably: committed, synced, and its folder synced.

        Raises:
            CustomerError: CANNOT_STORE, ALREADY_RUNNING. Nothing is stored then.
        """
        with self._changing() as connection:
            connection.execute(
                "INSERT INTO records (record_id, kind, case_id, run_id, record, record_hash, token)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    row.record_id,
                    row.kind,
                    row.case_id,
                    row.run_id,
                    row.record,
                    row.record_hash,
                    row.token,
                ),
            )
        try:
            sync_folder(self._file.parent)
        except OSError as error:
            raise cannot_store(error) from error

    def get(self, record_id: str) -> Row | None:
        """Read one row anew from the database."""
        return next(iter(self._rows("WHERE record_id = ?", record_id)), None)

    def unsent(self) -> tuple[Row, ...]:
        """Return the rows that wait to be sent, oldest first."""
        return self._rows("WHERE state = 'unsent' ORDER BY sequence")

    def without_receipt(self) -> tuple[Row, ...]:
        """Return the rows without a verified receipt, refused ones included, oldest first."""
        return self._rows("WHERE state <> 'verified' ORDER BY sequence")

    def of_run(self, run_id: str) -> tuple[Row, ...]:
        """Return every record of one run of the program, oldest first."""
        return self._rows("WHERE run_id = ? ORDER BY sequence", run_id)

    def last_verified(self, case_id: str, kind: str) -> Row | None:
        """Return the newest record of a kind and case that has its receipt."""
        rows = self._rows(
            "WHERE case_id = ? AND kind = ? AND state = 'verified' ORDER BY sequence DESC LIMIT 1",
            case_id,
            kind,
        )
        return next(iter(rows), None)

    def note_failure(self, record_id: str, reason: str, *, next_try_at: float, not_before: float) -> None:
        """Count a failed try and say when the next one is due; a verified or refused row stays as it is."""
        with self._changing() as connection:
            connection.execute(
                "UPDATE records SET tries = tries + 1, reason = ?, next_try_at = ?, not_before = ?"
                " WHERE record_id = ? AND state = 'unsent'",
                (reason, next_try_at, not_before, record_id),
            )

    def note_refusal(self, record_id: str, reason: str) -> None:
        """Park a record that the backend will never take."""
        with self._changing() as connection:
            connection.execute(
                "UPDATE records SET state = 'refused', tries = tries + 1, reason = ?"
                " WHERE record_id = ? AND state = 'unsent'",
                (reason, record_id),
            )

    def note_receipt(self, record_id: str, receipt: bytes, *, receipt_id: str, server_time: str) -> None:
        """Keep a receipt that was verified. The token is no longer needed and is dropped."""
        with self._changing() as connection:
            connection.execute(
                "UPDATE records SET state = 'verified', reason = '', receipt = ?, receipt_id = ?, server_time = ?,"
                " token = '' WHERE record_id = ?",
                (receipt, receipt_id, server_time, record_id),
            )

    def take_answer_try(self, record_id: str) -> int | None:
        """Count one try of an offline answer, durably, before it is compared.

        Returns:
            The tries left after this one; None when there was none left.
        """
        with self._changing() as connection:
            changed = connection.execute(
                "UPDATE records SET answer_tries = answer_tries + 1 WHERE record_id = ? AND answer_tries < ?",
                (record_id, ANSWER_TRIES),
            )
            if changed.rowcount != 1:
                return None
            used = connection.execute("SELECT answer_tries FROM records WHERE record_id = ?", (record_id,))
            return ANSWER_TRIES - int(used.fetchone()[0])

    def note_answer(self, record_id: str, *, answer: str, run_id: str) -> None:
        """Keep a right offline answer and the run that it was given in."""
        with self._changing() as connection:
            connection.execute(
                "UPDATE records SET answer = ?, answer_run = ? WHERE record_id = ?",
                (answer, run_id, record_id),
            )

    def note_export(self, record_id: str, path: Path) -> None:
        """Note where the customer's copy of a record was saved."""
        with self._changing() as connection:
            connection.execute(
                "UPDATE records SET exported_to = ? WHERE record_id = ?", (str(path), record_id)
            )

    def _rows(self, condition: str, *values: object) -> tuple[Row, ...]:
        try:
            with self._lock:
                # The condition is one of this class's own constants; every value is bound.
                question = f"SELECT {_COLUMNS} FROM records {condition}"  # noqa: S608
                rows = self._open().execute(question, values).fetchall()
        except sqlite3.Error as error:
            raise cannot_store(error) from error
        return tuple(Row(**{**dict(row), "state": RowState(row["state"])}) for row in rows)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed and synced at the end of the block, or undone."""
        with self._lock:
            try:
                connection = self._open()
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
            except sqlite3.Error as error:
                raise cannot_store(error) from error

    def _open(self) -> sqlite3.Connection:
        if self._is_closed:
            raise sqlite3.ProgrammingError("the outbox is closed")
        if self._connection is None:
            self._connection = open_outbox(self._file)
        return self._connection
