"""Whether an open file is the one that the signed list names: size and SHA-256, reading no more than needed."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from client_app.core.anydesk import ProgramFile

BLOCK_BYTES = 1024 * 1024


def fits(stream: BinaryIO, file: ProgramFile) -> bool:
    """Whether an open file has the released size and hash; reads no more than that size and a byte."""
    stream.seek(0)
    digest = hashlib.sha256()
    left = file.size + 1
    while left > 0 and (block := stream.read(min(BLOCK_BYTES, left))):
        digest.update(block)
        left -= len(block)
    return left == 1 and digest.hexdigest() == file.sha256
