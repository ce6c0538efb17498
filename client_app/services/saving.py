"""Saves what the customer wants to keep where the customer chose.

Rules: a file is there as a whole or not at all; a file that was there already is never touched, the new one gets
" (2)" instead; whatever the system refuses is one error with a code.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from client_app.core.errors import CustomerError, ErrorCode
from client_app.services.files import sync_folder

_log = logging.getLogger(__name__)

NAMES_TRIED = 1000
"""A folder with this many files of one name is no place to find the next one in."""

_USUAL_MODE = 0o666
"""The customer's own file: what the user's umask takes away is the user's business, as with any other program."""


class Files:
    """`FilesPort` over the file system."""

    def save(self, path: Path, data: bytes) -> Path:
        """Write a file as a whole or not at all; see `FilesPort.save`."""
        return save(path, data)


def save(path: Path, data: bytes) -> Path:
    """Write `data` to `path`, or to the next free name beside it, and return where it is.

    Args:
        path: absolute, in a folder that exists.
        data: the whole content.

    Raises:
        CustomerError: CANNOT_SAVE: the disk is full, the folder is not there or not writable, the name is not
            possible there, or all names are taken. Nothing new is left behind then.
    """
    try:
        aside = _write_aside(path, data)
        try:
            saved = _give_name(aside, path)
        finally:
            aside.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        # ValueError: a NUL in the name. The path itself may hold a person's name and is not logged.
        raise CustomerError(ErrorCode.CANNOT_SAVE, type(error).__name__) from error
    try:
        sync_folder(saved.parent)
    except OSError as error:
        # Some network folders cannot be synced; the file itself was, and it is in its place.
        _log.info("folder_not_synced", extra={"error_type": type(error).__name__})
    return saved


def _write_aside(path: Path, data: bytes) -> Path:
    aside = path.with_name(f".{secrets.token_hex(8)}.part")
    descriptor = os.open(
        aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), _USUAL_MODE
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    return aside


def _give_name(aside: Path, path: Path) -> Path:
    for candidate in _names(path):
        try:
            _rename_without_replacing(aside, candidate)
        except FileExistsError:
            continue
        return candidate
    raise FileExistsError


def _names(path: Path) -> Iterator[Path]:
    yield path
    for number in range(2, NAMES_TRIED + 1):
        yield path.with_name(f"{path.stem} ({number}){path.suffix}")


def _rename_without_replacing(aside: Path, target: Path) -> None:
    """Give `aside` its name, in one step where the file system can.

    A hard link fails when the name is taken (link(2), CreateHardLink). Where there are none (FAT on a USB stick, some
    network folders) the name is reserved by an empty file, which is then replaced.

    Raises:
        FileExistsError: the name is taken.
        OSError: anything else.
    """
    try:
        os.link(aside, target)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _USUAL_MODE))
        try:
            aside.replace(target)
        except OSError:
            target.unlink(missing_ok=True)
            raise
