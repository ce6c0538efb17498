"""Linux: restarting through systemd-logind, and one start at the next log-in by a desktop entry (XDG Autostart).

Rules: the entry is this user's own file and is deleted by the program that it started; a computer without systemd is
not restarted from here, because every other way needs rights that this program never has.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from client_app.core.returning import ReturnStart
from client_app.platforms.shared.command import run_program

_SECONDS = 10.0
_SYSTEMCTL = ("/usr/bin/systemctl", "/bin/systemctl")


class LinuxRestart:
    """`RestartSystem` for Linux.

    Args:
        package: name of the program's own files.
        name: of the program, for people.
        root: "/" but in tests.
        run: runs a program within seconds; raises OSError when it fails.
    """

    def __init__(
        self,
        package: str,
        name: str,
        root: Path = Path("/"),
        run: Callable[[Sequence[str], float], None] = run_program,
    ) -> None:
        self._package, self._name, self._root, self._run = package, name, root, run

    @property
    def entry(self) -> Path:
        """The desktop entry."""
        given = os.environ.get("XDG_CONFIG_HOME", "")
        home = Path(given) if given.startswith("/") else Path.home() / ".config"
        return home / "autostart" / f"{self._package}-return.desktop"

    @property
    def entry_name(self) -> str:
        """The entry's path."""
        return str(self.entry)

    def register(self, start: ReturnStart) -> None:
        """Write the entry as a whole (Desktop Entry Specification 1.5)."""
        entry = self.entry
        lines = [
            "[Desktop Entry]",
            "Type=Application",
            "Version=1.5",
            f"Name={_value(self._name)}",
            f"Exec={_value(' '.join(_quoted(part) for part in start.command))}",
            "Terminal=false",
            "NoDisplay=true",
        ]
        if start.folder is not None:
            lines.append(f"Path={_value(str(start.folder))}")
        entry.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = entry.with_name(f".{entry.name}.part")
        aside.unlink(missing_ok=True)
        descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
                file.flush()
                os.fsync(file.fileno())
            aside.replace(entry)
        except OSError:
            aside.unlink(missing_ok=True)
            raise

    def unregister(self) -> None:
        """Delete the entry."""
        self.entry.unlink(missing_ok=True)

    def restart(self) -> None:
        """Ask systemd-logind; whoever sits at the computer may do so without a password."""
        if not (self._root / "run/systemd/system").is_dir():
            # sd_booted(3)
            raise OSError("this system was not started by systemd")
        program = next((path for path in _SYSTEMCTL if os.access(self._root / path[1:], os.X_OK)), None)
        if program is None:
            raise FileNotFoundError("systemctl")
        self._run((program, "--no-ask-password", "reboot"), _SECONDS)


def _quoted(part: str) -> str:
    """Return an argument in quotes, as the key Exec wants it."""
    for character in '\\"`$':
        part = part.replace(character, f"\\{character}")
    return f'"{part.replace("%", "%%")}"'


def _value(text: str) -> str:
    """Return a text as the value of a key; what would end the line has no business there."""
    if any(ord(character) < 32 for character in text):
        raise OSError("a control character in a desktop entry")
    return text.replace("\\", "\\\\")
