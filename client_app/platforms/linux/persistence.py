"""Services and autostart entries of Linux: unit files of systemd, init scripts, desktop entries (XDG Autostart)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from client_app.core.anydesk_system import PersistentEntry

_UNIT_FOLDERS = (
    "etc/systemd/system",
    "etc/systemd/user",
    "run/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
)
_CAP = 64 * 1024


class LinuxPersistence:
    """`Persistence` by reading files. `root` is "/" but in tests."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def services(self) -> tuple[PersistentEntry, ...] | None:
        """Return units with their start commands and the init scripts by their path."""
        folders = [self._root / folder for folder in _UNIT_FOLDERS]
        folders.append(_config_home() / "systemd" / "user")
        try:
            units = list(_entries(folders, "*.service", "Exec"))
            init = self._root / "etc" / "init.d"
            scripts = sorted(init.iterdir()) if init.is_dir() else []
        except OSError:
            return None
        return (*units, *(PersistentEntry(str(path), str(path)) for path in scripts))

    def autostarts(self) -> tuple[PersistentEntry, ...] | None:
        """Return desktop entries that start with the session."""
        try:
            return tuple(
                _entries(
                    [_config_home() / "autostart", self._root / "etc/xdg/autostart"], "*.desktop", "Exec"
                )
            )
        except OSError:
            return None


def _config_home() -> Path:
    given = os.environ.get("XDG_CONFIG_HOME", "")
    return Path(given) if given.startswith("/") else Path.home() / ".config"


def _entries(folders: list[Path], pattern: str, key: str) -> Iterator[PersistentEntry]:
    """Yield each file with all its commands; a file that cannot be read is an error, one that went away is not."""
    for folder in folders:
        if not folder.is_dir():
            continue
        for path in sorted(folder.glob(pattern)):
            try:
                with path.open("rb") as file:
                    text = file.read(_CAP).decode("utf-8", "replace")
            except (FileNotFoundError, IsADirectoryError):
                continue
            commands = [line.partition("=")[2] for line in text.splitlines() if line.strip().startswith(key)]
            yield PersistentEntry(str(path), "\n".join(commands))
