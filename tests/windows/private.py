"""Private folders for these tests: the real ones, and under wine, which keeps no access lists, a trusting stand-in."""

from __future__ import annotations

from pathlib import Path

from client_app.platforms.windows.files import WindowsPrivateFiles
from tests.helpers.wine import is_wine


class TrustingFiles(WindowsPrivateFiles):
    """Takes every folder for private (limit "access-lists" of tests/helpers/wine.py); all else is the product's."""

    def is_private(self, folder: Path) -> bool:
        """Whether it is a folder."""
        return folder.is_dir()


def private_files() -> WindowsPrivateFiles:
    """Return the product's own on a real Windows."""
    return TrustingFiles() if is_wine() else WindowsPrivateFiles()
