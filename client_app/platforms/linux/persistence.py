"""Services and autostart entries of Linux: unit files of systemd, init scripts, desktop entries (XDG Autostart).

Rule: an entry is taken out only while it is exactly the one that was judged, and never from a package's own folders.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from client_app.core.anydesk_system import PersistentEntry
from client_app.platforms.linux.systemd import remove_links, run_systemctl
from client_app.platforms.shared.plain_file import read_plain

_UNIT_FOLDERS = (
    "etc/systemd/system",
    "etc/systemd/user",
    "run/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
)
_CAP = 64 * 1024


class LinuxPersistence:
    """`Persistence` by reading files.

    Args:
        root: "/" but in tests.
        systemctl: runs the system's program of that name with arguments.
    """

    def __init__(
        self, root: Path = Path("/"), systemctl: Callable[[Sequence[str]], None] = run_systemctl
    ) -> None:
        self._root, self._systemctl = root, systemctl

    def services(self) -> tuple[PersistentEntry, ...] | None:
        """Return units with their start commands and the init scripts by their path."""
        folders = [*(self._root / folder for folder in _UNIT_FOLDERS), *_user_unit_folders()]
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

    def disable(self, entry: PersistentEntry) -> bool:
        """Stop the unit and delete its file; a desktop entry's file is deleted."""
        if not self._is_there(entry):
            return False
        path = Path(entry.name)
        of_user, of_system = _user_unit_folders(), [self._root / folder for folder in _UNIT_FOLDERS]
        if path.parent in of_user:
            self._systemctl(("--user", "disable", "--now", "--", path.name))
        elif path.parent in of_system:
            self._systemctl(("disable", "--now", "--", path.name))
        packaged = (self._root / "usr", self._root / "lib")
        if not any(path.is_relative_to(folder) for folder in packaged):
            with contextlib.suppress(OSError):
                path.unlink()
                remove_links(path.parent, path.name)
        return self._is_there(entry) is False

    def _is_there(self, entry: PersistentEntry) -> bool | None:
        services, autostarts = self.services(), self.autostarts()
        return None if services is None or autostarts is None else entry in (*services, *autostarts)


def _user_unit_folders() -> list[Path]:
    """Return where units of this user lie (systemd.unit(5))."""
    folders = [_config_home(), _absolute("XDG_DATA_HOME") or Path.home() / ".local/share"]
    runtime = _absolute("XDG_RUNTIME_DIR")
    return [folder / "systemd" / "user" for folder in (*folders, *((runtime,) if runtime else ()))]


def _config_home() -> Path:
    return _absolute("XDG_CONFIG_HOME") or Path.home() / ".config"


def _absolute(variable: str) -> Path | None:
    given = os.environ.get(variable, "")
    return Path(given) if given.startswith("/") else None


def _entries(folders: list[Path], pattern: str, key: str) -> Iterator[PersistentEntry]:
    """Yield each file with all its commands; a file that cannot be read is an error, one that went away is not."""
    for folder in folders:
        if not folder.is_dir():
            continue
        for path in sorted(folder.glob(pattern)):
            try:
                # A masked unit is a link to a device: it is there and starts nothing.
                text = (read_plain(path, _CAP) or b"").decode("utf-8", "replace")
            except FileNotFoundError:
                continue
            commands = [line.partition("=")[2] for line in text.splitlines() if line.strip().startswith(key)]
            yield PersistentEntry(str(path), "\n".join(commands))
