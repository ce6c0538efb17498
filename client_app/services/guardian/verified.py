"""What a guardian with more rights than its client may start: what the company's signed list names, and nothing else.

Rule: the client's word counts for nothing but where to look. The list is read from beside this program, checked
against the pinned root anew at every start; the files are copied to where only administrators can write, and what was
copied is what is hashed, whose signature is checked, and what runs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from client_app.core.anydesk import AnyDeskRefusedError, ProgramRelease
from client_app.core.anydesk_signature import SignatureChecker
from client_app.core.anydesk_system import PrivateFiles
from client_app.core.errors import CustomerError, ErrorCode
from client_app.services.anydesk.private_copy import (
    PrivateCopy,
    check_release,
    make_private_copy,
    remove_folder,
)
from client_app.services.guardian.keeper import RefusedError
from client_app.services.guardian.protocol import FileClaim, StartRequest

_COPIES = "run-*"


class VerifiedProgram:
    """`keeper.Choice` that makes its own copy of what the signed list names.

    Args:
        load: reads and checks the list; raises `CustomerError`.
        system: name of this system, as in the list.
        bundled: folder with the client that came with this program; looked at first.
        root: folder in which copies are made; only administrators can write there.
        files: makes and holds folders there.
        signatures: this system's check of code signatures.
        is_plain_source: whether a folder that the client names may be looked into at all.
    """

    def __init__(
        self,
        load: Callable[[], ProgramRelease],
        *,
        system: str,
        bundled: Path,
        root: Path,
        files: PrivateFiles,
        signatures: SignatureChecker,
        is_plain_source: Callable[[Path], bool],
    ) -> None:
        self._load, self._system = load, system
        self._bundled, self._root = bundled, root
        self._files, self._signatures = files, signatures
        self._is_plain_source = is_plain_source
        self._copy: PrivateCopy | None = None

    def __call__(self, request: StartRequest) -> StartRequest:
        """Return the request that is really obeyed: our own copy.

        Raises:
            RefusedError: `list_untrusted`, `unlisted`, `odd_source`, or the reason of the copy or the signature.
        """
        self.close()
        try:
            release = self._load()
            check_release(release, self._system)
        except CustomerError:
            raise RefusedError("list_untrusted") from None
        if request.files != _claims(release):
            raise RefusedError("unlisted")
        try:
            self._copy = self._make_copy(release, Path(request.folder))
        except AnyDeskRefusedError as error:
            raise RefusedError(error.reason.removeprefix("anydesk.")) from None
        return self._copy.start_request()

    def sweep(self) -> None:
        """Remove copies that an earlier guardian left; one that is in use is locked and stays."""
        for folder in self._root.glob(_COPIES):
            if (lock := self._files.lock(folder)) is not None:
                lock.close()
                remove_folder(folder)

    def close(self) -> None:
        """Remove the copy."""
        if self._copy is not None:
            self._copy.remove()
            self._copy = None

    def _make_copy(self, release: ProgramRelease, named: Path) -> PrivateCopy:
        with contextlib.suppress(_NotThereError):
            return self._copy_from(self._bundled, release)
        # A client that was fetched lies in the user's own folder. Its bytes are checked as they are copied; the path
        # must not lead this process to another computer or a device.
        if not self._is_plain_source(named):
            raise RefusedError("odd_source")
        return self._copy_from(named, release)

    def _copy_from(self, source: Path, release: ProgramRelease) -> PrivateCopy:
        try:
            return make_private_copy(self._files, source, release, self._root, self._signatures)
        except AnyDeskRefusedError as error:
            if source == self._bundled and error.code is ErrorCode.ANYDESK_MISSING:
                raise _NotThereError from None
            raise


class _NotThereError(Exception):
    """The client did not come with this program."""


def _claims(release: ProgramRelease) -> tuple[FileClaim, ...]:
    return tuple(FileClaim(file.name, file.sha256, file.size) for file in release.files)
