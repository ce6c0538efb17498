"""A small installation for tests of removal: real files, and a list in the form that the installer writes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client_app.core.session import RemovalView
from client_app.services.outbox import Outbox
from client_app.services.owned import LIST_NAME, find_list
from client_app.services.paths import Folders
from client_app.services.removal import RemovalService

PROGRAM = ".local/share/pomoc"
SLOT = f"{PROGRAM}/app-1"
ENTRY = ".local/share/applications/pl.example.pomoc.desktop"
COMMAND = ".local/bin/pomoc"
LIBRARY = f"{SLOT}/_internal/libs/a.so"

FILES = {
    ENTRY: b"[Desktop Entry]\n",
    ".local/share/icons/hicolor/scalable/apps/pl.example.pomoc.svg": b"<svg/>",
    f"{SLOT}/pomoc": b"program",
    LIBRARY: b"a" * 5000,
    f"{SLOT}/_internal/libs/b.so": b"b",
}
LINKS = {
    COMMAND: f"../../{PROGRAM}/app/pomoc",
    f"{PROGRAM}/app": "app-1",
    f"{SLOT}/_internal/a.so": "libs/a.so",
}


def listing(home: Path) -> set[str]:
    """Everything below a folder, relative to it; folders end with a slash, links are not entered."""
    return {
        f"{path.relative_to(home)}{'/' if path.is_dir() and not path.is_symlink() else ''}"
        for path in home.rglob("*")
    }


def file_entry(path: str, content: bytes) -> dict[str, Any]:
    """A line of the list for a file."""
    return {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


@dataclass
class Installed:
    """One installation below `home`, with the user's own files and the service that removes it."""

    home: Path
    entries: list[dict[str, Any]] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    is_there: bool = False
    log_stops: int = 0
    sends: int = 0

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.user = Folders(
            data=self.home / PROGRAM / "outbox",
            state=self.home / ".local/state/pomoc",
            config=self.home / ".config/pomoc",
        )
        self.outbox = Outbox(self.user.outbox_file)
        if not self.is_there:
            self._install()

    @classmethod
    def found(cls, home: Path) -> Installed:
        """One that was made before."""
        return cls(home, is_there=True)

    def path(self, name: str) -> Path:
        """The absolute path of a name in the list."""
        return self.home / name

    @property
    def list_file(self) -> Path:
        """The list."""
        return self.path(PROGRAM) / LIST_NAME

    def write_list(self, **changes: Any) -> None:
        """Write the list, with some of its keys changed."""
        data = {
            "format": 1,
            "package": "pomoc",
            "version": "1.0",
            "program": PROGRAM,
            "folders": self.folders,
            "files": self.entries,
            **changes,
        }
        self.list_file.write_text(json.dumps(data), encoding="utf-8")

    def make_user_files(self, names: Iterable[Path] = ()) -> None:
        """Make the log and the settings, as a run would."""
        fetched = (self.user.fetched_folder / name for name in ("file-00", "file-63.part", "file-01.json"))
        own = (self.user.log_file, self.user.settings_file, self.user.list_file, *fetched)
        for path in (*own, *names):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")

    def service(self, list_file: Path | None = None) -> RemovalService:
        """The service as the program makes it from its own executable, or for a list."""

        def stop_log() -> None:
            self.log_stops += 1

        def send_due() -> None:
            self.sends += 1

        found = list_file or find_list(self.path(COMMAND))
        return RemovalService(found, self.user, self.outbox, send_due=send_due, stop_log=stop_log)

    def remove(self) -> RemovalView:
        """Remove with a new service."""
        return self.service().remove()

    def remove_by(self, list_file: Path) -> RemovalView:
        """Remove by a list, also when the program itself is gone, with an outbox that was opened anew."""
        self.outbox = Outbox(self.user.outbox_file)
        return self.service(list_file).remove()

    def _install(self) -> None:
        before = listing(self.home)
        for name, content in FILES.items():
            self.path(name).parent.mkdir(parents=True, exist_ok=True)
            self.path(name).write_bytes(content)
            self.entries.append(file_entry(name, content))
        for name, target in LINKS.items():
            self.path(name).parent.mkdir(parents=True, exist_ok=True)
            self.path(name).symlink_to(target)
            self.entries.append({"path": name, "link": target})
        made = sorted(listing(self.home) - before)
        self.folders = [name.rstrip("/") for name in made if name.endswith("/")]
        self.folders += [".config", ".config/pomoc", ".local/state", ".local/state/pomoc"]
        self.write_list()
