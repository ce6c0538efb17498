"""What really happened, looked up where it cannot be made up: the process table, the disk, the backend's database.

Nothing here asks the program under test.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from client_app.core.anydesk_system import ProcessIdentity
from client_app.platforms.linux.processes import LinuxProcessTable
from demo.anydesk.remote import StandInRemote

NOTHING_LEFT_SECONDS = 2.0
"""Promise: so long after the client's death nothing of AnyDesk runs any more."""
_LOOK_SECONDS = 0.002

_PROCESSES = LinuxProcessTable()


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 20.0) -> float:
    """Wait for a condition and return how long that took.

    Raises:
        AssertionError: it did not come true in time.
    """
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, f"not within {seconds} s: {what}"
        time.sleep(_LOOK_SECONDS)
    return time.monotonic() - begun


def anydesk_processes(data: Path) -> tuple[ProcessIdentity, ...]:
    """Return every process whose executable lies in the private copies of a client with this data folder."""
    prefix = os.path.realpath(data / "data" / "anydesk") + os.sep
    seen = (process.identity for process in _PROCESSES.everything())
    return tuple(identity for identity in seen if identity.image.startswith(prefix))


def was_started(remote: StandInRemote) -> bool:
    """Tell whether the stand-in was ever started in this home: its first act is a line in its trace file."""
    return remote.places.trace.exists()


def assert_never_started(remote: StandInRemote, data: Path) -> None:
    """Prove that AnyDesk was not started: no process, no trace."""
    assert anydesk_processes(data) == ()
    assert not was_started(remote)


def family(pid: int) -> tuple[ProcessIdentity, ...]:
    """Return all descendants of a process that are alive."""
    below = (_PROCESSES.identify(child.pid) for child in psutil.Process(pid).children(recursive=True))
    return tuple(identity for identity in below if identity is not None)


def alive(identities: Iterable[ProcessIdentity]) -> tuple[ProcessIdentity, ...]:
    """Return those that are still there (not another process with the same number)."""
    now = ((identity, _PROCESSES.identify(identity.pid)) for identity in identities)
    return tuple(one for one, there in now if there is not None and there.created == one.created)


# --- what the backend holds ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stored:
    """One row of the backend's records."""

    record_id: str
    kind: str
    late: bool
    canonical: bytes
    receipt: bytes


def stored_records(database: Path, case_id: str) -> list[Stored]:
    """Return the records of a case in the order in which they were stored, read from the file."""
    question = (
        "SELECT record_id, kind, late, canonical, receipt FROM records WHERE case_id = ? ORDER BY position"
    )
    with closing(
        sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
    ) as connection:
        rows = connection.execute(question, (case_id,)).fetchall()
    return [Stored(row[0], row[1], bool(row[2]), row[3], row[4]) for row in rows]


def stored_kinds(database: Path, case_id: str) -> list[str]:
    """Return the kinds of a case's records, in order."""
    return [record.kind for record in stored_records(database, case_id)]


# --- what the client holds ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """One row of a client's outbox."""

    record_id: str
    kind: str
    state: str
    record: bytes
    receipt: bytes | None


def kept_records(data: Path) -> list[Kept]:
    """Return a client's outbox from a copy of its file, as it lies on the disk; the client may be alive or dead."""
    folder = data / "data"
    with TemporaryDirectory() as scratch:
        for name in ("outbox.sqlite3", "outbox.sqlite3-wal"):
            if (folder / name).exists():
                shutil.copyfile(folder / name, Path(scratch) / name)
        if not (Path(scratch) / "outbox.sqlite3").exists():
            return []
        with closing(sqlite3.connect(Path(scratch) / "outbox.sqlite3")) as connection:
            question = "SELECT record_id, kind, state, record, receipt FROM records ORDER BY sequence"
            return [Kept(*row) for row in connection.execute(question)]


def log_text(data: Path) -> str:
    """Return the client's log."""
    file = data / "state" / "client.log"
    return file.read_text("utf-8") if file.exists() else ""


def assert_no_crash(data: Path) -> None:
    """Prove that nothing in the client ended in an unforeseen error."""
    text = log_text(data)
    assert "task_crashed" not in text, text
    assert " crash" not in text, text
    assert "K-90" not in text, text
