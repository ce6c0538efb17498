"""Following log files of another program: rotation, truncation, half lines, UTF-8 and UTF-16, bounded memory.

Rule: what stood in a file before we began is not read; whatever comes out are whole lines of text from outside.
"""

from __future__ import annotations

import codecs
import os
from pathlib import Path
from typing import BinaryIO

from client_app.services.anydesk.trace_words import MAX_LINE
from client_app.services.files import open_plain

MAX_READ = 1024 * 1024
"""Bytes taken from one file in one pass; the rest follows in the next."""
MAX_PENDING = 16 * MAX_LINE
"""Characters kept of a line whose end has not come; longer ones are dropped up to their end."""

HEAD = 256
"""Bytes from the beginning of a file that tell its encoding."""

_KNOWN_BY = 128
_LEAST_HEAD = 4
_MAX_SIBLINGS = 100


class LineDecoder:
    """Turns pieces of bytes into lines; finds out the encoding from the first bytes of the file."""

    def __init__(self, head: bytes) -> None:
        self._decoder = codecs.getincrementaldecoder(guess_encoding(head))("replace")
        self._pending = ""
        self._dropping = False

    def feed(self, data: bytes) -> list[str]:
        """Return the lines that are complete now, without their ends."""
        # A file that was emptied under a writer with an offset of its own begins with zeros; no line needs them.
        text = self._pending + self._decoder.decode(data).replace("\0", "")
        # Only "\n" and "\r\n" end a line: a name may hold any of the other separators that Python knows. Each writer
        # that opens the file may begin with a byte order mark.
        text = text.replace("\r\n", "\n").replace("\n\ufeff", "\n")
        *lines, self._pending = text.lstrip("\ufeff").split("\n")
        if self._dropping and lines:
            del lines[0]
            self._dropping = False
        if len(self._pending) > MAX_PENDING:
            self._pending, self._dropping = "", True
        return lines


def guess_encoding(head: bytes) -> str:
    """Return the codec for a file that begins with these bytes: by its mark, else by where zero bytes stand."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = head[:HEAD]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    # Zeros in one half only: the halves of Latin letters. Zeros in both are no text at all.
    if odd > len(sample) // 4 > even:
        return "utf-16-le"
    return "utf-16-be" if even > len(sample) // 4 > odd else "utf-8"


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
        self._has_more = False
        if not from_start:
            self._skip_present()

    @property
    def has_more(self) -> bool:
        """Whether the last call left something unread: nothing else may tell that it is there."""
        return self._has_more

    def read(self) -> list[str]:
        """Return the lines that came since the last call; never raises for what happens to the file."""
        self._has_more = False
        try:
            with open_plain(self.path) as file:
                return self._read(file)
        except OSError:
            return []

    def _skip_present(self) -> None:
        try:
            with open_plain(self.path) as file:
                status = os.fstat(file.fileno())
                head = file.read(HEAD)
                self._decoder = LineDecoder(head) if len(head) >= _LEAST_HEAD else None
                # Not into the middle of a letter of two bytes.
                is_wide = guess_encoding(head) != "utf-8"
                self._offset = status.st_size - status.st_size % 2 if is_wide else status.st_size
                self._offset = self._offset if self._decoder is not None else 0
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
        last: list[str] = []
        if not is_same or self._read_before(file) != self._before:
            last = self._rest_of_renamed(identity)
            self._identity, self._offset, self._decoder = identity, 0, None
        return last + self._go_on(file, status.st_size)

    def _go_on(self, file: BinaryIO, size: int) -> list[str]:
        """Read on at the offset, at most `MAX_READ` bytes."""
        if self._decoder is None:
            file.seek(0)
            head = file.read(HEAD)
            if len(head) < _LEAST_HEAD and not head.endswith(b"\n"):
                return []
            self._decoder = LineDecoder(head)
        file.seek(self._offset)
        data = file.read(MAX_READ)
        self._offset += len(data)
        self._before = self._read_before(file)
        self._has_more = self._offset < size
        return self._decoder.feed(data)

    def _rest_of_renamed(self, new: tuple[int, int]) -> list[str]:
        """Return the lines that were written between the last look and the file's renaming (a log that was rotated)."""
        if self._identity in (None, new) or self._decoder is None:
            return []
        names = sorted(name for name in os.listdir(self.path.parent) if name.startswith(self.path.stem))
        for name in names[:_MAX_SIBLINGS]:
            try:
                with open_plain(self.path.parent / name) as file:
                    status = os.fstat(file.fileno())
                    is_old = (status.st_dev, status.st_ino) == self._identity
                    if is_old and self._read_before(file) == self._before:
                        file.seek(self._offset)
                        return self._decoder.feed(file.read(MAX_READ))
            except OSError:
                continue
        return []

    def _read_before(self, file: BinaryIO) -> bytes:
        start = max(0, self._offset - _KNOWN_BY)
        file.seek(start)
        return file.read(self._offset - start)
