"""Reading files that others wrote into folders where anybody of this user can put something else.

Rule: a pipe or a device in a file's place is not waited for: it would hold up the proof that AnyDesk is closed.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_plain(path: Path, limit: int) -> bytes | None:
    """Return at most `limit` bytes of a regular file; None when something else stands there.

    Raises:
        OSError: it cannot be read, or is not there.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read(limit)
