"""Where fetched files lie: a fixed number of places with fixed names (`services.paths`), so that removal knows each.

A place holds a whole file whose hash was right, or the beginning of one with a note on what it is the beginning of.
Whatever does not fit its note is dropped, never repaired.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Annotated, BinaryIO

import msgspec

from client_app.core.anydesk import ProgramFile
from client_app.services.digest import fits
from client_app.services.files import PRIVATE_FILE, sync_folder, write_atomically
from client_app.services.paths import fetched_names
from consent_record.canonical import canonical_bytes, decode
from consent_record.errors import MalformedError
from consent_record.fields import HashHex

_NOTE_LIMIT_BYTES = 4096


class _Note(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a part is the beginning of, and where its bytes came from."""

    sha256: HashHex
    size: int
    url: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    tag: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Slot:
    """One place."""

    def __init__(self, folder: Path, number: int) -> None:
        self.name = fetched_names()[3 * number]
        self._folder = folder
        self._whole = folder / self.name
        self._part = folder / f"{self.name}.part"
        self._note = folder / f"{self.name}.json"

    def holds(self, file: ProgramFile) -> bool:
        """Whether the whole file lies here; something else in its place is dropped.

        Raises:
            OSError: it cannot be read.
        """
        if not self._whole.is_symlink() and self._whole.is_file() and _fits(self._whole, file):
            return True
        self._whole.unlink(missing_ok=True)
        return False

    def begun(self, file: ProgramFile) -> int:
        """Return how many bytes of a file are here."""
        note = self._read_note()
        if note is None or (note.sha256, note.size) != (file.sha256, file.size) or self._part.is_symlink():
            return 0
        try:
            length = self._part.stat().st_size
        except FileNotFoundError:
            return 0
        return length if length <= file.size else 0

    def open_part(self, file: ProgramFile) -> OpenPart:
        """Open the beginning of a file, an empty one when there is none of this very file."""
        note, begun = self._read_note(), self.begun(file)
        if note is None or begun == 0:
            self.clear()
            note = _Note(sha256=file.sha256, size=file.size)
        return OpenPart(self._part, self._note, note)

    def finish(self, file: ProgramFile) -> bool:
        """Make the part the whole file if it is; otherwise drop it. Whether it was."""
        if not _fits(self._part, file):
            self.clear()
            return False
        self._part.replace(self._whole)
        self._note.unlink(missing_ok=True)
        sync_folder(self._folder)
        return True

    def clear(self) -> None:
        """Drop whatever is here."""
        for path in (self._part, self._note, self._whole):
            path.unlink(missing_ok=True)

    def _read_note(self) -> _Note | None:
        try:
            with self._note.open("rb") as stream:
                return decode(stream.read(_NOTE_LIMIT_BYTES), _Note)
        except (FileNotFoundError, MalformedError):
            return None


class OpenPart:
    """`fetch.Part` on disk; a context that closes and syncs it.

    Attributes:
        length: bytes that are there.
        is_older: whether some of them were there before it was opened.
    """

    def __init__(self, path: Path, note_path: Path, note: _Note) -> None:
        # Not through a link that somebody put there; O_BINARY for Windows.
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        self._stream: BinaryIO = os.fdopen(os.open(path, flags, PRIVATE_FILE), "r+b")
        self.length = self._stream.seek(0, os.SEEK_END)
        self.is_older = self.length > 0
        self._note_path, self._note = note_path, note

    def __enter__(self) -> OpenPart:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._stream:
            self._stream.flush()
            os.fsync(self._stream.fileno())

    def tag_of(self, url: str) -> str:
        """Return the tag that an address gave."""
        return self._note.tag if self._note.url == url else ""

    def begin(self, url: str, tag: str) -> None:
        """Note address and tag, durably, before the bytes that belong to them."""
        note = msgspec.structs.replace(self._note, url=url[:1000], tag=tag)
        if note != self._note or not self._note_path.exists():
            write_atomically(self._note_path, canonical_bytes(note))
            self._note = note

    def append(self, data: bytes) -> None:
        """Write at the end."""
        self._stream.write(data)
        self.length += len(data)

    def clear(self) -> None:
        """Empty it."""
        self._stream.seek(0)
        self._stream.truncate()
        self.length, self.is_older = 0, False


def _fits(path: Path, file: ProgramFile) -> bool:
    with path.open("rb") as stream:
        return fits(stream, file)
