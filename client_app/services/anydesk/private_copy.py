"""Locate and verify: the bundled client is copied into a private folder, and the copy is what is hashed and executed.

Rule: no path but the configured one is ever looked at (no search path, no installed AnyDesk); nothing is kept of a file
whose hash or size is not the one of the signed list. What is hashed and asked for its signature is the copy, open and
held, not what was read on the way. The files stay open from here to the end, and the guardian hashes them again on
the file that it executes, so exchanging a file in between is noticed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path
from typing import BinaryIO

from client_app.core.anydesk import AnyDeskRefusedError, ProgramFile, ProgramRelease
from client_app.core.anydesk_signature import SignatureChecker
from client_app.core.anydesk_system import HeldFile, PrivateFiles
from client_app.core.errors import ErrorCode
from client_app.services.anydesk.signatures import check_signature
from client_app.services.digest import BLOCK_BYTES, fits
from client_app.services.guardian.protocol import MAX_FILES, FileClaim, StartRequest, is_plain_name

MAX_BYTES = 500 * 1024 * 1024


class PrivateCopy:
    """A verified copy in a folder that only this user can enter, held open until `remove`."""

    def __init__(self, folder: Path, release: ProgramRelease, held: list[HeldFile], lock: BinaryIO) -> None:
        self.folder = folder
        self.release = release
        self._held = held
        self._lock = lock

    @property
    def program(self) -> Path:
        """The executable."""
        return self.folder / self.release.program.name

    @property
    def image_prefix(self) -> str:
        """What the image path of every process of ours begins with."""
        return image_prefix(self.folder)

    def start_request(self) -> StartRequest:
        """Return what the guardian is asked to check and start."""
        claims = (FileClaim(file.name, file.sha256, file.size) for file in self.release.files)
        return StartRequest(str(self.folder), tuple(claims))

    def remove(self) -> bool:
        """Let go of the files and delete the folder, with whatever AnyDesk wrote beside itself. Whether it is gone."""
        for held in self._held:
            held.close()
        self._held = []
        self._lock.close()
        return remove_folder(self.folder)


def check_release(release: ProgramRelease, system: str) -> None:
    """Check that an entry of the signed list can be used here.

    Raises:
        AnyDeskRefusedError: it is for another system, or names and sizes make no sense.
    """
    if release.system != system:
        raise AnyDeskRefusedError(ErrorCode.ANYDESK_MISSING, "anydesk.wrong_system", release.system)
    names = [file.name for file in release.files]
    if (
        len(names) > MAX_FILES
        or len(set(names)) != len(names)
        or not all(map(is_plain_name, names))
        or sum(file.size for file in release.files) > MAX_BYTES
    ):
        raise AnyDeskRefusedError(ErrorCode.LIST_UNTRUSTED, "anydesk.list_malformed")


def make_private_copy(
    files: PrivateFiles,
    source: Path,
    release: ProgramRelease,
    root: Path,
    signatures: SignatureChecker | None = None,
) -> PrivateCopy:
    """Copy the client and check every byte and the signature of the copy.

    Args:
        files: makes and holds private files.
        source: folder with the bundled or fetched client.
        release: what the signed list says of it.
        root: folder of ours in which the copy is made.
        signatures: this system's check; None checks hashes alone.

    Raises:
        AnyDeskRefusedError: a file is missing, not the released one or wrongly signed, or the copy cannot be written.
    """
    with contextlib.ExitStack() as undo:
        try:
            folder = files.make_folder(root)
            undo.callback(remove_folder, folder)
            lock = files.lock(folder)
        except OSError as error:
            raise AnyDeskRefusedError(
                ErrorCode.FOLDER_NOT_WRITABLE, "anydesk.no_folder", str(error)
            ) from error
        if lock is not None:
            undo.callback(lock.close)
        if lock is None or not files.is_private(folder):
            raise AnyDeskRefusedError(ErrorCode.FOLDER_NOT_WRITABLE, "anydesk.folder_not_private")
        held: list[HeldFile] = []
        for file in release.files:
            copied = _copy_file(files, source, folder, file, is_program=file is release.program)
            undo.callback(copied.close)
            held.append(copied)
            if not _is_where_we_put_it(copied.path, folder) or not fits(copied.stream, file):
                raise _exchanged(file)
        if signatures is not None:
            # Parts may be needed for the answer (a bundle is signed as a whole), so all of them lie there by now.
            for file, copied in zip(release.files, held, strict=True):
                check_signature(signatures, release, file, copied)
        undo.pop_all()
    return PrivateCopy(folder, release, held, lock)


def _copy_file(
    files: PrivateFiles, source: Path, folder: Path, file: ProgramFile, *, is_program: bool
) -> HeldFile:
    origin = source / (file.stored_as or file.name)
    try:
        original = files.hold(origin)
    except FileNotFoundError as error:
        raise AnyDeskRefusedError(ErrorCode.ANYDESK_MISSING, "anydesk.file_missing", file.name) from error
    except OSError as error:
        # A link, a folder or something unreadable stands where the program should be.
        raise AnyDeskRefusedError(ErrorCode.ANYDESK_CHANGED, "anydesk.unreadable", file.name) from error
    target = folder / file.name
    try:
        with contextlib.closing(original):
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_where_we_put_it(target, folder):
                raise _exchanged(file)
            if not _copy_checked(original.stream, target, file):
                raise AnyDeskRefusedError(ErrorCode.ANYDESK_CHANGED, "anydesk.wrong_hash", file.name)
        target.chmod(0o500 if is_program or _is_executable(origin) else 0o400)
    except (FileExistsError, FileNotFoundError) as error:
        # In a folder that was empty and is entered by nobody else, something was put or taken away.
        raise _exchanged(file) from error
    except OSError as error:
        raise AnyDeskRefusedError(ErrorCode.FOLDER_NOT_WRITABLE, "anydesk.cannot_copy", str(error)) from error
    try:
        return files.hold(target)
    except OSError as error:
        raise _exchanged(file) from error


def _exchanged(file: ProgramFile) -> AnyDeskRefusedError:
    return AnyDeskRefusedError(ErrorCode.ANYDESK_CHANGED, "anydesk.exchanged", file.name)


def _copy_checked(original: BinaryIO, target: Path, file: ProgramFile) -> bool:
    """Copy at most the released size and one byte; whether what was written is what was released."""
    digest = hashlib.sha256()
    left = file.size + 1
    with target.open("xb") as copy:
        while left > 0 and (block := original.read(min(BLOCK_BYTES, left))):
            digest.update(block)
            copy.write(block)
            left -= len(block)
    return left == 1 and digest.hexdigest() == file.sha256


def _is_where_we_put_it(path: Path, folder: Path) -> bool:
    """Whether no folder on the way from our private one is a link."""
    between = path.relative_to(folder).parents
    return not any((folder / step).is_symlink() for step in between)


def _is_executable(path: Path) -> bool:
    return os.access(path, os.X_OK)


def remove_folder(folder: Path) -> bool:
    """Delete a private folder that this program made; whether it is gone."""
    with contextlib.suppress(OSError):
        for path in (folder, *folder.rglob("*")):
            # What is read-only cannot be deleted on every system; links are not followed.
            if not path.is_symlink():
                path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def image_prefix(folder: Path) -> str:
    """Return what the image path of a program in a folder begins with, in the spelling of the process table."""
    return os.path.normcase(str(folder)) + os.sep
