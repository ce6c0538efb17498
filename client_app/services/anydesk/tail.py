"""Following log files of another program: rotation, truncation, half lines, UTF-8 and UTF-16, bounded memory.

Rule: what stood in a file before we began is not read; whatever comes out are whole lines of text from outside.
"""

from __future__ import annotations

import codecs
import os
from pathlib import Path
from typing import BinaryIO

from client_app.services.anydesk.trace_words import MAX_LINE

MAX_READ = 1024 * 1024
"""Bytes taken from one file in one pass; the rest follows in the next."""
MAX_PENDING = 16 * MAX_LINE
"""Characters kept of a line whose end has not come; longer ones are dropped up to their end."""

_KNOWN_BY = 128


class LineDecoder:
    """Turns pieces of bytes into lines; finds out the encoding from the first bytes of the file."""

    def __init__(self, head: bytes) -> None:
        self._decoder = codecs.getincrementaldecoder(guess_encoding(head))("replace")
        self._pending = ""
        self._dropping = False

    def feed(self, data: bytes) -> list[str]:
        """Return the lines that are complete now, without their ends."""
        # Only "\n" and "\r\n" end a line: a name may hold any of the other separators that Python knows.
        *lines, self._pending = (self._pending + self._decoder.decode(data)).split("\n")
        if self._dropping and lines:
            del lines[0]
            self._dropping = False
        if len(self._pending) > MAX_PENDING:
            self._pending, self._dropping = "", True
        return [line.rstrip("\r").lstrip("\ufeff") for line in lines]


def guess_encoding(head: bytes) -> str:
    """Return the codec for a file that begins with these bytes: by its mark, else by where zero bytes stand."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = head[:256]
    if len(sample) >= 4 and sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"
    return "utf-8"


class Tail:
    """One file that another program appends to, replaces or empties.

    Args:
        path: it need not exist yet.
        from_start: read what is there already; else only what comes.
    """

    def __init__(self, path: Path, *, from_start: bool = False) -> None:
        self.path = path
        self._identity: tuple[int, int] | None = None
        self._offset = 0
        # The last bytes before the offset: a file that was emptied and has grown past it again is known by them.
        self._before = b""
        self._decoder: LineDecoder | None = None
        if not from_start:
            self._skip_present()

    def read(self) -> list[str]:
        """Return the lines that came since the last call; never raises for what happens to the file."""
        try:
            with self.path.open("rb") as file:
                return self._read(file)
        except OSError:
            return []

    def _skip_present(self) -> None:
        try:
            with self.path.open("rb") as file:
                status = os.fstat(file.fileno())
                self._decoder = LineDecoder(file.read(256)) if status.st_size else None
                self._offset = status.st_size
                self._before = self._read_before(file)
        except OSError:
            return
        self._identity = (status.st_dev, status.st_ino)

    def _read(self, file: BinaryIO) -> list[str]:
        status = os.fstat(file.fileno())
        identity = (status.st_dev, status.st_ino)
        is_same = identity == self._identity and status.st_size >= self._offset
        if is_same and status.st_size == self._offset:
            return []
        if not is_same or self._read_before(file) != self._before:
            self._identity, self._offset, self._decoder = identity, 0, None
            file.seek(0)
        if self._decoder is None:
            self._decoder = LineDecoder(file.read(256))
        file.seek(self._offset)
        data = file.read(MAX_READ)
        self._offset += len(data)
        self._before = self._read_before(file)
        return self._decoder.feed(data)

    def _read_before(self, file: BinaryIO) -> bytes:
        start = max(0, self._offset - _KNOWN_BY)
        file.seek(start)
        return file.read(self._offset - start)
