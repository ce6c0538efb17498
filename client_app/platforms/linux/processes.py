"""Processes of Linux, read from /proc with the standard library alone, because the guardian uses this too."""

from __future__ import annotations

import os
import signal
from collections.abc import Collection, Mapping
from pathlib import Path

from client_app.core.anydesk_system import ProcessIdentity, SeenProcess
from client_app.platforms.linux.ports import listening_ports

_DELETED = " (deleted)"
_PROC = Path("/proc")


class LinuxProcessTable:
    """`ProcessTable` over /proc; creation times are clock ticks since boot (proc(5), field 22 of stat)."""

    def everything(self) -> tuple[SeenProcess, ...]:
        """Return all live processes."""
        seen = (read_process(int(name)) for name in os.listdir(_PROC) if name.isdecimal())
        return tuple(process for process in seen if process is not None)

    def identify(self, pid: int) -> ProcessIdentity | None:
        """Return the live process with this pid."""
        seen = read_process(pid)
        return None if seen is None else seen.identity

    def end(self, identity: ProcessIdentity, *, force: bool) -> None:
        """Send SIGTERM or SIGKILL through a pidfd, so that a reused pid is never hit."""
        number = signal.SIGKILL if force else signal.SIGTERM
        try:
            handle = open_pid(identity.pid)
        except ProcessLookupError:
            return
        try:
            now = self.identify(identity.pid)
            if now is None or now.created != identity.created:
                return
            if handle is not None:
                signal.pidfd_send_signal(handle, number)
            else:
                os.kill(identity.pid, number)
        except (ProcessLookupError, PermissionError):
            return
        finally:
            if handle is not None:
                os.close(handle)

    def home_of(self, pid: int) -> str | None:
        """Return HOME of a process of this user."""
        try:
            variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            return None
        found = (one.removeprefix(b"HOME=") for one in variables if one.startswith(b"HOME="))
        return os.path.realpath(os.fsdecode(next(found, b"/")))

    def listening(self, of: Collection[int] | None = None) -> Mapping[int, int | None] | None:
        """Return listening TCP ports."""
        return listening_ports(of)


def open_pid(pid: int) -> int | None:
    """Return a pidfd (pidfd_open(2)); None on a system that has none or forbids them.

    Raises:
        ProcessLookupError: there is no such process.
    """
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        raise
    except OSError:
        return None


def read_process(pid: int) -> SeenProcess | None:
    """Return one process, None when it is gone or a zombie."""
    try:
        # The name in brackets may hold blanks and brackets: everything after the last one is numbers.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    if len(fields) < 20 or fields[0] in (b"Z", b"X"):
        return None
    try:
        image = os.readlink(f"/proc/{pid}/exe")
    except OSError:
        image = ""
    return SeenProcess(ProcessIdentity(pid, int(fields[19]), image.removesuffix(_DELETED)), int(fields[1]))


def descendants(seen: tuple[SeenProcess, ...], root: int) -> tuple[ProcessIdentity, ...]:
    """Return all processes below a pid, children before grandchildren."""
    children: dict[int, list[ProcessIdentity]] = {}
    for process in seen:
        children.setdefault(process.parent, []).append(process.identity)
    found: list[ProcessIdentity] = []
    waiting = [root]
    known = {root}
    while waiting:
        for child in children.get(waiting.pop(0), ()):
            if child.pid not in known:
                known.add(child.pid)
                found.append(child)
                waiting.append(child.pid)
    return tuple(found)
