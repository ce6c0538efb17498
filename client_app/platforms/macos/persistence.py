"""Services and log-in agents of macOS: launchd's property lists.

Rule: a list is taken out only while it is exactly the one that was judged. Source: launchctl(1), `bootout`.
"""

from __future__ import annotations

import contextlib
import os
import plistlib
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from xml.parsers.expat import ExpatError

from client_app.core.anydesk_system import PersistentEntry
from client_app.platforms.shared.plain_file import read_plain

_LAUNCHCTL = "/bin/launchctl"
_SECONDS = 3.0
_CAP = 1024 * 1024


def run_launchctl(arguments: Sequence[str]) -> None:
    """Run launchctl with arguments; a failure shows itself in the caller's next look."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(
            [_LAUNCHCTL, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )


class MacPersistence:
    """`Persistence` by reading property lists.

    Args:
        root: "/" but in tests.
        home: this user's own folder when left out.
        launchctl: runs the system's program of that name with arguments.
    """

    def __init__(
        self,
        root: Path = Path("/"),
        home: Path | None = None,
        launchctl: Callable[[Sequence[str]], None] = run_launchctl,
    ) -> None:
        self._root, self._home, self._launchctl = root, home, launchctl

    def services(self) -> tuple[PersistentEntry, ...] | None:
        """Return daemons that run for the whole computer."""
        return self._read(
            [self._root / "Library/LaunchDaemons", self._root / "Library/PrivilegedHelperTools"]
        )

    def autostarts(self) -> tuple[PersistentEntry, ...] | None:
        """Return agents that start at log-in, for everybody and for this user."""
        home = self._home if self._home is not None else Path.home()
        return self._read([self._root / "Library/LaunchAgents", home / "Library/LaunchAgents"])

    def disable(self, entry: PersistentEntry) -> bool:
        """Boot the job out of launchd and delete its list; a helper without a list is left where it is."""
        path = Path(entry.name)
        if path.suffix != ".plist" or not self._is_there(entry):
            return False
        is_daemon = path.parent == self._root / "Library/LaunchDaemons"
        domain = "system" if is_daemon else f"gui/{getattr(os, 'getuid', int)()}"
        self._launchctl(("bootout", domain, str(path)))
        with contextlib.suppress(OSError):
            path.unlink()
        return self._is_there(entry) is False

    def _is_there(self, entry: PersistentEntry) -> bool | None:
        services, autostarts = self.services(), self.autostarts()
        return None if services is None or autostarts is None else entry in (*services, *autostarts)

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
        content = plistlib.loads(read_plain(path, _CAP) or b"")
    except FileNotFoundError:
        return ""
    except (plistlib.InvalidFileException, ExpatError, ValueError):
        return str(path)
    if not isinstance(content, dict):
        return str(path)
    arguments = content.get("ProgramArguments", [])
    words = arguments if isinstance(arguments, list) else []
    return " ".join(str(word) for word in (content.get("Program", ""), *words) if word)
