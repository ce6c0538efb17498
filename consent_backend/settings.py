"""Where things are kept and how much of anything is allowed; numbers that a reader may want to find in one place."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8410

DOCUMENT_LIMIT_BYTES = 128 * 1024
"""Largest text of one document; all in force together must fit one answer (`wire.ANSWER_LIMIT_BYTES`)."""

REQUEST_SECONDS = 15.0
"""A request's head and its body must each be here within this time (`serve --request-seconds`)."""

WRITE_SECONDS = 20.0
READ_SECONDS = 10.0
"""How long a request waits for the database before it is told to come again."""

BUSY_TIMEOUT_MS = 5000
"""How long SQLite waits for a lock that another process (a command) holds."""

QUEUE_LIMIT = 2048
BATCH_LIMIT = 256
"""Units of work that may wait for the writer, and that one commit holds at most."""

STOP_SECONDS = 8
"""A graceful stop waits this long for requests under way."""

CASE_LIFE_HOURS = 24
"""A code lives until the planned time and this much longer."""

PLAN_AHEAD_DAYS = 60
ABANDONED_HOURS = 12
"""An ordered case whose client fell silent is ended this long after its code expired."""

EVENTS_PER_CASE = 2000
RECORDS_PER_CASE = 1000

OFFLINE_ANSWERS = 5
"""Different offline codes that the console answers for one case."""

SESSION_HOURS = 12
"""A console session ends after this time, or after `SESSION_IDLE_HOURS` without use."""
SESSION_IDLE_HOURS = 3


@dataclass(frozen=True)
class DataFolder:
    """The folder that holds everything the backend keeps."""

    path: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "backend.sqlite3"

    @property
    def keys(self) -> Path:
        """The folder with private keys and certificates."""
        return self.path / "keys"

    @property
    def root_public(self) -> Path:
        """The root's public half: what a client pins and a verifier is given."""
        return self.keys / "root.pub"

    def make(self) -> None:
        """Create the folders, closed to other users; close them when they were open.

        Raises:
            OSError: not possible; the message names the path.
        """
        for folder in (self.path, self.keys):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if stat.S_IMODE(folder.stat().st_mode) & 0o077:
                folder.chmod(0o700)


def write_private(path: Path, data: bytes) -> None:
    """Create `path` with mode 0600 and `data`, synced; an existing file is never overwritten.

    Raises:
        FileExistsError: the file is there already.
        OSError: it cannot be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
