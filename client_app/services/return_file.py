"""The one private file between an agreed restart and the return from it.

Rules: mode 0600 and the user's own; never a link; bounded; deleted when it is read; never logged.
"""

from __future__ import annotations

import os
import stat
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from client_app.services.files import make_private_folder, sync_folder, write_atomically
from consent_record.canonical import canonical_bytes, decode_canonical
from consent_record.case import SignedCaseStatement
from consent_record.errors import RecordError
from consent_record.fields import HashHex, Identifier, Language

LIMIT_BYTES = 64 * 1024


class NoReturnError(Exception):
    """There is no file that may be used; the text says for the log why."""


class ReturnNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run needs to be itself again. When the restart was agreed to stands in the outbox, not here."""

    format: Literal[1] = 1
    run_id: Identifier
    nonce: HashHex
    token: HashHex
    case_secret: HashHex | None
    statement: SignedCaseStatement
    consent_id: Identifier
    restart_id: Identifier
    language: Language

    def __repr__(self) -> str:
        return f"ReturnNote({self.run_id})"


def write(file: Path, note: ReturnNote) -> None:
    """Write the file as a whole, for this user only.

    Raises:
        OSError: it could not be written.
    """
    make_private_folder(file.parent)
    write_atomically(file, canonical_bytes(note))


def take(file: Path) -> ReturnNote:
    """Read the file and delete it, whatever is in it.

    Raises:
        NoReturnError: it is not there, not this user's alone, too large, changed in its form, or cannot be deleted.
    """
    try:
        data = _read(file)
    except FileNotFoundError as error:
        raise NoReturnError("no file") from error
    except OSError as error:
        raise NoReturnError(f"file: {type(error).__name__}") from error
    finally:
        try:
            delete(file)
        except OSError as error:
            raise NoReturnError("the file cannot be deleted") from error
    try:
        return decode_canonical(data, ReturnNote)
    except RecordError as error:
        raise NoReturnError(f"file: {error.code}") from error


def delete(file: Path) -> None:
    """Delete the file, and what a writing that was killed left beside it; nothing happens when neither is there.

    Raises:
        OSError: it is there and stays.
    """
    for part in file.parent.glob(f".{file.name}.*.part"):
        part.unlink(missing_ok=True)
    try:
        file.unlink()
    except FileNotFoundError:
        return
    sync_folder(file.parent)


def is_older_than(file: Path, seconds: int, now: datetime) -> bool:
    """Tell whether the file is there and was written longer ago than so many seconds, or in the future."""
    try:
        written = file.lstat().st_mtime
    except OSError:
        return False
    return not 0 <= now.timestamp() - written + 300 <= seconds + 300


def _read(file: Path) -> bytes:
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    )
    with os.fdopen(os.open(file, flags), "rb") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
            raise NoReturnError("it is no plain file")
        if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o077):
            raise NoReturnError("it is not this user's alone")
        data = stream.read(LIMIT_BYTES + 1)
    if len(data) > LIMIT_BYTES:
        raise NoReturnError("it is too large")
    return data
