"""Private folders and held files where permissions are modes and owners (Linux, macOS)."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import BinaryIO

FOLDER_PREFIX = "run-"
LOCK_NAME = ".in-use"


class PosixHeldFile:
    """An open regular file. The descriptor is not inherited by other programs."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self._path, self._stream = path, stream

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._path

    @property
    def stream(self) -> BinaryIO:
        """The open file."""
        return self._stream

    def close(self) -> None:
        """Closes the descriptor."""
        self._stream.close()


class PosixPrivateFiles:
    """`PrivateFiles` by mode and owner."""

    def make_folder(self, root: Path) -> Path:
        """Make a folder with mode 0700 below `root`, which gets the same mode if it is new.

        Raises:
            OSError: also when somebody else could put another folder in its place.
        """
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = root.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
            raise PermissionError(f"{root.name}: others can change it")
        return Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=root))

    def is_private(self, folder: Path) -> bool:
        """Whether it is a real folder of this user that nobody else can enter."""
        try:
            status = folder.lstat()
        except OSError:
            return False
        return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077

    def hold(self, path: Path) -> PosixHeldFile:
        """Open a regular file for reading, refusing a link in its place."""
        # O_NONBLOCK: opening a pipe that somebody put there must not wait.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(f"{path.name}: not a regular file")
        return PosixHeldFile(path, os.fdopen(descriptor, "rb"))

    def lock(self, folder: Path) -> BinaryIO | None:
        """Hold an advisory lock on a file in the folder; the system lets go of it when the process ends."""
        import fcntl

        descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return None
        return os.fdopen(descriptor, "rb")


def check_private_parents(path: Path, files: PosixPrivateFiles, depth: int = 4) -> None:
    """Check that the folder of a file, or one of its nearest parents, is private: nobody else can reach the file.

    Raises:
        PermissionError: none of them is.
    """
    for folder in list(path.parents)[:depth]:
        if files.is_private(folder):
            return
    raise PermissionError(f"{path.name}: not in a private folder")
