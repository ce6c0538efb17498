"""Services and log-in agents of macOS: launchd's property lists."""

from __future__ import annotations

import plistlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers.expat import ExpatError

from client_app.core.anydesk_system import PersistentEntry


class MacPersistence:
    """`Persistence` by reading property lists. `root` is "/" but in tests."""

    def __init__(self, root: Path = Path("/"), home: Path | None = None) -> None:
        self._root, self._home = root, home

    def services(self) -> tuple[PersistentEntry, ...] | None:
        """Return daemons that run for the whole computer."""
        return self._read(
            [self._root / "Library/LaunchDaemons", self._root / "Library/PrivilegedHelperTools"]
        )

    def autostarts(self) -> tuple[PersistentEntry, ...] | None:
        """Return agents that start at log-in, for everybody and for this user."""
        home = self._home if self._home is not None else Path.home()
        return self._read([self._root / "Library/LaunchAgents", home / "Library/LaunchAgents"])

    def _read(self, folders: list[Path]) -> tuple[PersistentEntry, ...] | None:
        try:
            return tuple(entry for folder in folders if folder.is_dir() for entry in _entries(folder))
        except OSError:
            return None


def _entries(folder: Path) -> Iterator[PersistentEntry]:
    for path in sorted(folder.iterdir()):
        if path.suffix == ".plist":
            yield PersistentEntry(str(path), _command(path))
        elif path.is_file():
            yield PersistentEntry(str(path), str(path))


def _command(path: Path) -> str:
    """Return what a list starts; a list that cannot be understood stands for itself by its name."""
    try:
        with path.open("rb") as file:
            content = plistlib.load(file)
    except FileNotFoundError:
        return ""
    except (plistlib.InvalidFileException, ExpatError, ValueError):
        return str(path)
    if not isinstance(content, dict):
        return str(path)
    arguments = content.get("ProgramArguments", [])
    words = arguments if isinstance(arguments, list) else []
    return " ".join(str(word) for word in (content.get("Program", ""), *words) if word)
