"""Where the company's AnyDesk comes from: the folder beside the program, else the addresses of the signed list.

Rule: there is no third place. An AnyDesk that is installed on this computer is never used and never looked for.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from client_app.core.anydesk import AnyDeskRefusedError, ProgramRelease
from client_app.core.errors import ErrorCode
from client_app.services.anydesk.download import Downloads, OnProgress, no_progress
from client_app.services.anydesk.private_copy import check_release


@dataclass(frozen=True)
class Located:
    """A folder and what lies in it: nothing of it has been trusted yet but for the list."""

    folder: Path
    release: ProgramRelease


class ClientSource:
    """Finds or fetches.

    Args:
        bundled: folder with the client that came with this program; need not exist.
        fetched: folder for what is fetched.
        downloads: fetches into it.
    """

    def __init__(self, bundled: Path, fetched: Path, downloads: Downloads) -> None:
        self._bundled = bundled
        self._fetched = fetched
        self._downloads = downloads

    def locate(self, release: ProgramRelease, on_progress: OnProgress = no_progress) -> Located:
        """Return where the files of a release lie.

        What came with this program is taken if the program file is there at all: a wrong one is refused later, and
        never quietly replaced by another.

        Raises:
            AnyDeskRefusedError: ANYDESK_MISSING (neither here nor to be fetched), LIST_UNTRUSTED, or as
                `Downloads.fetch`.
        """
        check_release(release, release.system)
        if os.path.lexists(self._bundled / release.program.name):
            return Located(self._bundled, release)
        if not all(file.urls for file in release.files):
            raise AnyDeskRefusedError(ErrorCode.ANYDESK_MISSING, "anydesk.file_missing", release.program.name)
        return Located(self._fetched, self._downloads.fetch(release, on_progress))
