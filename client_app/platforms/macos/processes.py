"""Processes of macOS through psutil; creation times in microseconds since 1970."""

from __future__ import annotations

import os
import signal
from collections.abc import Collection, Mapping

from client_app.core.anydesk_system import ProcessIdentity, SeenProcess
from client_app.platforms.shared.ports import listening_of
from client_app.platforms.shared.variables import variable_of


class MacProcessTable:
    """`ProcessTable` of macOS."""

    def everything(self) -> tuple[SeenProcess, ...]:
        """Return all processes; those of other users have no image."""
        import psutil

        return tuple(seen for process in psutil.process_iter() if (seen := _look(process)) is not None)

    def identify(self, pid: int) -> ProcessIdentity | None:
        """Return the live process with this pid."""
        import psutil

        try:
            seen = _look(psutil.Process(pid))
        except psutil.NoSuchProcess:
            return None
        return None if seen is None else seen.identity

    def end(self, identity: ProcessIdentity, *, force: bool) -> None:
        """Send SIGTERM or SIGKILL right after comparing the creation time (there is no pidfd)."""
        now = self.identify(identity.pid)
        if now is None or now.created != identity.created:
            return
        try:
            os.kill(identity.pid, signal.SIGKILL if force else signal.SIGTERM)
        except (ProcessLookupError, PermissionError):
            return

    def home_of(self, pid: int) -> str | None:
        """Return HOME of a process of this user."""
        return variable_of(pid, "HOME")

    def listening(self, of: Collection[int] | None = None) -> Mapping[int, int | None] | None:
        """Return listening TCP ports, by asking each process of this user (the whole table needs root)."""
        import psutil

        return listening_of(psutil.pids() if of is None else of)


def _look(process: object) -> SeenProcess | None:
    import psutil

    assert isinstance(process, psutil.Process)
    try:
        with process.oneshot():
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            created, parent = round(process.create_time() * 1_000_000), process.ppid()
            try:
                image = process.exe()
            except psutil.AccessDenied:
                image = ""
    except psutil.Error:
        return None
    return SeenProcess(ProcessIdentity(process.pid, created, image), parent)
