"""A password for access without the customer that appears while AnyDesk runs.

Rule: the files are read only when they changed, and a value is never kept; what cannot be read is left to the closing.
"""

from __future__ import annotations

from pathlib import Path

from client_app.core.anydesk_system import DataPlaces
from client_app.services.anydesk.settings import UnreadableSettingsError, has_password, read_settings

_Stamp = tuple[int, int, int]


class SettingsWatch:
    """Settings of one run.

    Args:
        places: where our client keeps its settings.
        had_password: whether one was set before the start; then there is nothing new to find, and None says the same.
    """

    def __init__(self, places: DataPlaces, had_password: bool | None) -> None:
        self._places = places
        self._is_over = had_password is not False
        self._stamps: tuple[_Stamp | None, ...] = ()

    def has_new_password(self) -> bool:
        """Whether a password appeared; costs a look at a few files' times while they are as they were."""
        if self._is_over:
            return False
        files = (folder / name for folder in self._places.folders for name in self._places.settings_names)
        stamps = tuple(_stamp(path) for path in files)
        if stamps == self._stamps:
            return False
        try:
            found = has_password(read_settings(self._places) or {})
        except UnreadableSettingsError:
            # Being written just now, perhaps: looked at again at the next change of anything.
            return False
        self._stamps = stamps
        return found


def _stamp(path: Path) -> _Stamp | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino
