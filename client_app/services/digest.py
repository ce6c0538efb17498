"""Whether an open file is the one that was named: size and SHA-256, reading no more than needed."""

from __future__ import annotations

import hashlib
from typing import BinaryIO, Protocol

BLOCK_BYTES = 1024 * 1024


class Named(Protocol):
    """A file of the signed list, or a client's claim about one."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    @property
    def sha256(self) -> str:
        """Hash of the whole, 64 hexadecimal digits in small letters."""
        ...


def fits(stream: BinaryIO, file: Named) -> bool:
    """Whether an open file has the named size and hash; reads no more than that size and a byte."""
    stream.seek(0)
    digest = hashlib.sha256()
    left = file.size + 1
    while left > 0 and (block := stream.read(min(BLOCK_BYTES, left))):
        digest.update(block)
        left -= len(block)
    return left == 1 and digest.hexdigest() == file.sha256
