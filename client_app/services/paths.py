"""Where this program keeps what belongs to one user: outbox, log, settings. The one list of such files.

Rule: whatever the program writes for itself stands here by name, because removal deletes by this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

OUTBOX_NAME = "outbox.sqlite3"
RETURN_NAME = "return.json"
LOG_NAME = "client.log"
LOG_KEPT = 3
"""Older logs kept beside the current one."""

FETCHED_NAME = "anydesk-fetched"
FETCHED_FILES = 64
"""Files that can be fetched for one AnyDesk; it is one file on Windows and Linux, some dozens on macOS."""

SQLITE_SUFFIXES = ("", "-wal", "-shm", "-journal")


def fetched_names() -> tuple[str, ...]:
    """Return every name that can be in the folder of what was fetched: whole files, begun ones, notes on these."""
    numbers = range(FETCHED_FILES)
    return tuple(f"file-{number:02d}{end}" for number in numbers for end in ("", ".part", ".json"))


@dataclass(frozen=True)
class Folders:
    """The user's folders of this program, absolute. None of them needs to exist.

    Attributes:
        data: the outbox. Below the program's own folder on Linux, beside the installed files.
        state: logs, lock and crash report.
        config: settings.
    """

    data: Path
    state: Path
    config: Path

    @property
    def outbox_file(self) -> Path:
        """The database of records."""
        return self.data / OUTBOX_NAME

    @property
    def log_file(self) -> Path:
        """The current log."""
        return self.state / LOG_NAME

    @property
    def return_file(self) -> Path:
        """What coming back after a restart needs; there only between a restart and the return from it."""
        return self.data / RETURN_NAME

    @property
    def lock_file(self) -> Path:
        """Held while a window is open."""
        return self.state / "window.lock"

    @property
    def crash_file(self) -> Path:
        """Where the interpreter writes when it dies."""
        return self.state / "crash.txt"

    @property
    def settings_file(self) -> Path:
        """Language, text size and the like."""
        return self.config / "settings.ini"

    @property
    def anydesk_folder(self) -> Path:
        """Where private copies of AnyDesk lie while it runs; empty otherwise."""
        return self.data / "anydesk"

    @property
    def fetched_folder(self) -> Path:
        """Where AnyDesk lies when it had to be fetched, whole or begun."""
        return self.data / FETCHED_NAME

    @property
    def list_file(self) -> Path:
        """The newest signed list of programs that was seen."""
        return self.data / "program-list.json"

    def own_files(self) -> tuple[Path, ...]:
        """Every file that the program may have made here, whether it is there or not."""
        logs = (LOG_NAME, *(f"{LOG_NAME}.{number}" for number in range(1, LOG_KEPT + 1)))
        return (
            *(self.data / f"{OUTBOX_NAME}{suffix}" for suffix in SQLITE_SUFFIXES),
            *(self.state / name for name in logs),
            self.return_file,
            self.lock_file,
            self.crash_file,
            self.settings_file,
            self.list_file,
            *(self.fetched_folder / name for name in fetched_names()),
        )

    def own_folders(self) -> tuple[Path, ...]:
        """The folders above, the inner before the outer; each goes when it is empty."""
        return (self.anydesk_folder, self.fetched_folder, self.data, self.state, self.config)


def user_folders(package: str, base: Path | None = None) -> Folders:
    """Return this user's folders.

    Args:
        package: `Brand.product.package`, the name of the folders.
        base: put everything below this folder instead (tests, the demo).
    """
    if base is not None:
        return Folders(data=base / "data", state=base / "state", config=base / "config")
    from platformdirs import PlatformDirs

    system = PlatformDirs(appname=package, appauthor=False)
    return Folders(
        data=Path(system.user_data_dir) / "outbox",
        state=Path(system.user_state_dir),
        config=Path(system.user_config_dir),
    )
