"""Picks this system's half of what the field check asks: of other processes, and where AnyDesk may keep files."""

from __future__ import annotations

import os
from pathlib import Path

from client_app.platforms import System, current_system
from client_app.platforms.desktop import desktop


class ProcessEyes:
    """Looks at processes of somebody else's program; None is the answer where the system does not tell."""

    def __init__(self, system: System | None = None) -> None:
        self._system = system or current_system()

    def is_held(self, pid: int) -> bool | None:
        """Whether a job object holds the process (Windows)."""
        if self._system is not System.WINDOWS:
            return None
        from client_app.platforms.windows.libraries import Libraries
        from client_app.platforms.windows.other_process import is_in_a_job

        return is_in_a_job(Libraries(), pid)

    def is_elevated(self, pid: int) -> bool | None:
        """Whether the process has an administrator's full rights (Windows)."""
        if self._system is not System.WINDOWS:
            return None
        from client_app.platforms.windows.libraries import Libraries
        from client_app.platforms.windows.other_process import is_process_elevated

        return is_process_elevated(Libraries(), pid)

    def has_window(self, pids: tuple[int, ...]) -> bool | None:
        """Whether one of the processes shows a window."""
        windows = desktop(lambda _device: "", self._system).windows
        seen = None if windows is None else windows.seen()
        return None if seen is None else any(window.pid in pids for window in seen)


def other_places(system: System | None = None) -> tuple[Path, ...]:
    """Return folders in which some AnyDesk may keep files, besides those that the program expects."""
    if (system or current_system()) is System.WINDOWS:
        known = (os.environ.get(name) for name in ("APPDATA", "PROGRAMDATA"))
        return tuple(Path(one, "AnyDesk") for one in known if one)
    hidden = (path for path in Path.home().glob(".anydesk*") if path.is_dir())
    return (*hidden, *Path("/etc").glob("anydesk*"))
