"""Small file work that must survive a power cut or a kill: private folders, atomic writing, syncing a folder.

Rule: a reader sees the old file or the whole new one, never a part (write aside, sync, rename, sync the folder).
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import BinaryIO

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


def make_private_folder(folder: Path) -> None:
    """Make `folder` and its missing parents, for this user only. An existing folder keeps its mode.

    Raises:
        OSError: it cannot be made, or a file stands in its place.
    """
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)


def create_private_file(path: Path) -> None:
    """Create an empty file with mode 0600 unless it exists; its content and mode are then left alone.

    Raises:
        OSError: it cannot be made.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE_FILE))


def open_plain(path: Path) -> BinaryIO:
    """Open a file of another program for reading, only if it is one: a pipe put in its place would never open.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path.name}: not a regular file")
    return os.fdopen(descriptor, "rb")


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable (a new file's name is part of its folder, POSIX fsync(2)).

    Where folders cannot be opened (Windows) the system's journal does this, and nothing happens here.

    Raises:
        OSError: the system says that it could not.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, data: bytes, mode: int = PRIVATE_FILE) -> None:
    """Write `data` to `path` as a whole and durably, replacing what was there.

    Args:
        path: the file; its folder must exist.
        data: the whole content.
        mode: permissions of the new file.

    Raises:
        OSError: it could not be written; `path` is then as it was.
    """
    aside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    # O_BINARY: otherwise Windows' C runtime writes every line end as two bytes.
    descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
