"""Looking at files and deleting them below one folder, without ever going through a symbolic link.

Rule: every step from the base to the file is opened by its own name with O_NOFOLLOW (openat(2)), so a folder that was
replaced by a link leads nowhere; what is deleted is exactly what was looked at, or a link itself.
"""

from __future__ import annotations

import contextlib
import enum
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_FILE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
PIECE_BYTES = 1024 * 1024
DEPTH_LIMIT = 40


class Kind(enum.Enum):
    """What stands at a path."""

    ABSENT = "absent"
    FILE = "file"
    LINK = "link"
    FOLDER = "folder"
    OTHER = "other"
    UNREACHABLE = "unreachable"
    """A link, or something that cannot be read, stands in the way."""


@dataclass(frozen=True)
class Seen:
    """One look at a path. `target` is set for links; size is 0 for what is no file."""

    kind: Kind
    size: int = 0
    target: str = ""


class Tree:
    """Everything below one base folder. A context manager; the base must not be a link itself."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self._fd = -1

    def __enter__(self) -> Tree:
        """Open the base.

        Raises:
            OSError: it is not there, is a link or cannot be read.
        """
        self._fd = os.open(self.base, _FOLDER)
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the base."""
        os.close(self._fd)

    def look(self, path: str) -> Seen:
        """Return what stands at a path, relative to the base."""
        try:
            with self._parent(path) as (folder, name):
                status = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    return Seen(Kind.FILE, status.st_size)
                if stat.S_ISLNK(status.st_mode):
                    return Seen(Kind.LINK, target=os.readlink(name, dir_fd=folder))
                return Seen(Kind.FOLDER if stat.S_ISDIR(status.st_mode) else Kind.OTHER)
        except FileNotFoundError:
            return Seen(Kind.ABSENT)
        except OSError:
            return Seen(Kind.UNREACHABLE)

    def sha256(self, path: str) -> str | None:
        """Return the SHA-256 of a file, None when it cannot be read as one."""
        digest = hashlib.sha256()
        try:
            with self._parent(path) as (folder, name):
                descriptor = os.open(name, _FILE, dir_fd=folder)
                try:
                    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                        return None
                    while piece := os.read(descriptor, PIECE_BYTES):
                        digest.update(piece)
                finally:
                    os.close(descriptor)
        except OSError:
            return None
        return digest.hexdigest()

    def names(self, path: str = "") -> tuple[str, ...]:
        """Return the names in a folder, none when it cannot be read or is none."""
        try:
            if not path:
                return tuple(sorted(os.listdir(self._fd)))
            with self._parent(path) as (folder, name):
                descriptor = os.open(name, _FOLDER, dir_fd=folder)
                try:
                    return tuple(sorted(os.listdir(descriptor)))
                finally:
                    os.close(descriptor)
        except OSError:
            return ()

    def everything(self, path: str, depth: int = DEPTH_LIMIT) -> Iterator[tuple[str, Kind]]:
        """Yield everything in a folder, the inner before the outer; links are named and not entered."""
        for name in self.names(path):
            inner = f"{path}/{name}" if path else name
            kind = self.look(inner).kind
            if kind is Kind.FOLDER and depth > 0:
                yield from self.everything(inner, depth - 1)
            yield inner, kind

    def delete_file(self, path: str) -> bool:
        """Delete a file or a link, never what a link points to. False when the system refuses."""
        try:
            with self._parent(path) as (folder, name):
                os.unlink(name, dir_fd=folder)
        except OSError:
            return False
        return True

    def delete_folder(self, path: str) -> bool:
        """Delete a folder if it is empty. False when it is not, or the system refuses."""
        try:
            with self._parent(path) as (folder, name):
                os.rmdir(name, dir_fd=folder)
        except OSError:
            return False
        return True

    @contextlib.contextmanager
    def _parent(self, path: str) -> Iterator[tuple[int, str]]:
        *parents, name = path.split("/")
        current = os.dup(self._fd)
        try:
            for part in parents:
                inner = os.open(part, _FOLDER, dir_fd=current)
                os.close(current)
                current = inner
            yield current, name
        finally:
            os.close(current)
