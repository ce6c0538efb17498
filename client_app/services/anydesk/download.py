"""The company's AnyDesk fetched into a folder of ours: begun parts survive a restart, a wrong file does not survive.

Rule: only addresses of the signed list are asked, only its files are kept, and only after their hash was right. The
hash is computed again on the copy that is executed (`private_copy`).
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from client_app.core.anydesk import AnyDeskRefusedError, ProgramFile, ProgramRelease
from client_app.core.errors import ErrorCode
from client_app.services.anydesk.fetch import FetchFailedError, FetchWrongError, Web
from client_app.services.anydesk.part import Slot
from client_app.services.files import make_private_folder
from client_app.services.paths import FETCHED_FILES

_log = logging.getLogger(__name__)

TOTAL_SECONDS = 20 * 60.0
"""For all files of one try: 25 MB at 170 kbit/s. A next try continues."""

PROGRESS_SECONDS = 0.5
"""Between two reports of progress."""

OnProgress = Callable[[int, int], None]
"""Told bytes fetched and bytes in all, from the thread that fetches."""


def no_progress(_done: int, _total: int) -> None:
    """Tell nobody."""


class Downloads:
    """Fetched files in one folder. One call at a time; the caller sees to that.

    Args:
        folder: of ours; made when needed.
        web: fetches.
        total_seconds: for all files of one call.
    """

    def __init__(self, folder: Path, web: Web, total_seconds: float = TOTAL_SECONDS) -> None:
        self._folder = folder
        self._web = web
        self._total_seconds = total_seconds

    def fetch(self, release: ProgramRelease, on_progress: OnProgress = no_progress) -> ProgramRelease:
        """Return the release with where its files lie in the folder; fetch what is not there.

        Raises:
            AnyDeskRefusedError: DOWNLOAD_FAILED, DOWNLOAD_WRONG, FOLDER_NOT_WRITABLE.
        """
        deadline = time.monotonic() + self._total_seconds
        files = release.files
        if len(files) > FETCHED_FILES:
            raise AnyDeskRefusedError(ErrorCode.LIST_UNTRUSTED, "anydesk.too_many_files")
        try:
            make_private_folder(self._folder)
            slots = [Slot(self._folder, number) for number in range(len(files))]
            missing = [pair for pair in zip(files, slots, strict=True) if not pair[1].holds(pair[0])]
            self._demand_room(release, missing)
            progress = _Progress(on_progress, release, missing)
            for file, slot in missing:
                self._fetch_file(file, slot, deadline, progress)
            for number in range(len(files), FETCHED_FILES):
                Slot(self._folder, number).clear()
        except OSError as error:
            raise AnyDeskRefusedError(
                ErrorCode.FOLDER_NOT_WRITABLE, "anydesk.cannot_store", type(error).__name__
            ) from error
        stored = [replace(file, stored_as=slot.name) for file, slot in zip(files, slots, strict=True)]
        return ProgramRelease(release.system, stored[0], tuple(stored[1:]))

    def _demand_room(self, release: ProgramRelease, missing: list[tuple[ProgramFile, Slot]]) -> None:
        # Once for what is fetched and once for the copy that is executed.
        wanted = sum(file.size - slot.begun(file) for file, slot in missing) + sum(
            file.size for file in release.files
        )
        if missing and shutil.disk_usage(self._folder).free < wanted:
            raise AnyDeskRefusedError(ErrorCode.FOLDER_NOT_WRITABLE, "anydesk.no_space")

    def _fetch_file(self, file: ProgramFile, slot: Slot, deadline: float, progress: _Progress) -> None:
        is_wrong = False
        for url in file.urls:
            try:
                self._fetch_from(url, file, slot, deadline, progress)
            except FetchFailedError as error:
                _log.info("download_failed", extra={"error_type": type(error.__cause__ or error).__name__})
            except FetchWrongError:
                is_wrong = True
                _log.warning("download_wrong")
            else:
                return
        if is_wrong:
            raise AnyDeskRefusedError(ErrorCode.DOWNLOAD_WRONG, "anydesk.download_wrong", file.name)
        raise AnyDeskRefusedError(ErrorCode.DOWNLOAD_FAILED, "anydesk.download_failed", file.name)

    def _fetch_from(
        self, url: str, file: ProgramFile, slot: Slot, deadline: float, progress: _Progress
    ) -> None:
        for _attempt in range(2):
            with slot.open_part(file) as part:
                begun = part.length
                if begun < file.size:
                    self._web.fetch(url, part, file.size, deadline, progress.of(file))
                was_continued = begun > 0 and part.is_older
            if slot.finish(file):
                return
            # What was there before may have been another file's beginning: once more from nothing.
            if not was_continued:
                break
        raise FetchWrongError("the hash is not the one of the signed list")


class _Progress:
    """Bytes of all files together, told now and then and at the end of each file."""

    def __init__(
        self, on_progress: OnProgress, release: ProgramRelease, missing: list[tuple[ProgramFile, Slot]]
    ) -> None:
        self._on_progress = on_progress
        self._total = sum(file.size for file, _slot in missing)
        self._done = {file.name: slot.begun(file) for file, slot in missing}
        self._told_at = time.monotonic()
        if missing:
            on_progress(sum(self._done.values()), self._total)

    def of(self, file: ProgramFile) -> Callable[[int], None]:
        """Return what is told how many bytes of one file there are."""

        def tell(done: int) -> None:
            self._done[file.name] = done
            now = time.monotonic()
            if done == file.size or now - self._told_at >= PROGRESS_SECONDS:
                self._told_at = now
                self._on_progress(sum(self._done.values()), self._total)

        return tell
