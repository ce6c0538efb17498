"""Holding AnyDesk on Windows: a job object with kill-on-close, and the file locked against exchange."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from client_app.core.anydesk_system import HeldFile, ProcessIdentity, QueryAnswer
from client_app.platforms.shared.environment import child_environment
from client_app.platforms.shared.query import run_query
from client_app.platforms.windows.files import WindowsHeldFile, WindowsPrivateFiles
from client_app.platforms.windows.job import Job
from client_app.platforms.windows.libraries import Libraries
from client_app.platforms.windows.processes import WindowsProcessTable, plain_path

_NO_WINDOW = 0x08000000
_PRIVATE_DEPTH = 4


class WindowsContainment:
    """`Containment` by a job object.

    Args:
        files: decides which folders are private enough.
        client: the process whose end ends everything; the one that started this one when 0.
    """

    def __init__(
        self,
        libraries: Libraries | None = None,
        files: WindowsPrivateFiles | None = None,
        client: int = 0,
    ) -> None:
        self._libraries = libraries
        self._files = files or WindowsPrivateFiles(libraries)
        self._processes = WindowsProcessTable(libraries)
        self._job: Job | None = None
        self._client = client
        self._folder = ""
        self._main: subprocess.Popen[bytes] | None = None

    def enter(self) -> None:
        """Join a job of our own; a guardian that cannot must not start anything."""
        self._client = self._client or os.getppid()
        self._job = Job(self._libraries or Libraries())

    def wait_for_client(self) -> None:
        """Block until the client is gone."""
        self._processes.wait(self._client)

    def hold(self, path: Path) -> WindowsHeldFile:
        """Open a file in a private folder so that it can neither be written to, renamed nor deleted."""
        if not any(self._files.is_private(folder) for folder in list(path.parents)[:_PRIVATE_DEPTH]):
            raise PermissionError(f"{path.name}: not in a private folder")
        return self._files.hold(path)

    def start(self, program: HeldFile) -> ProcessIdentity:
        """Start the held file; it stays locked, so its path means what was hashed."""
        self._folder = plain_path(str(program.path.parent)) + "\\"
        self._main = self._spawn(program, (), subprocess.DEVNULL)
        identity = self._processes.identify(self._main.pid)
        if identity is None:
            raise OSError("it ended at once")
        return identity

    def wait_for_main(self) -> int:
        """Block until the program that was started ends."""
        if self._main is None:
            raise RuntimeError("nothing was started")
        return self._main.wait()

    def ask(self, program: HeldFile, switch: str, seconds: float) -> QueryAnswer:
        """Run the held program once with a switch, without a window."""
        return run_query(self._spawn(program, (switch,), subprocess.PIPE, _NO_WINDOW), seconds)

    def members(self) -> tuple[ProcessIdentity, ...]:
        """Return the job's other processes, and what runs from the program's folder outside it (elevated, say)."""
        own = os.getpid()
        pids = [pid for pid in self._job.pids() if pid != own] if self._job is not None else []
        found = dict.fromkeys(one for pid in pids if (one := self._processes.identify(pid)) is not None)
        if self._folder:
            seen = (process.identity for process in self._processes.everything())
            found.update(dict.fromkeys(one for one in seen if one.image.startswith(self._folder)))
        return tuple(found)

    def loose(self) -> tuple[ProcessIdentity, ...]:
        """Return members outside the job: it cannot end those when this process dies.

        An AnyDesk that was elevated later, by the system's own service, may be one.
        """
        return tuple(one for one in self.members() if self._is_loose(one))

    def _is_loose(self, member: ProcessIdentity) -> bool:
        # A process of which the system does not say that it is inside counts as outside, while it is alive.
        is_inside = self._job is not None and self._job.holds(member.pid)
        return not is_inside and self._processes.identify(member.pid) == member

    def close_window(self, main: ProcessIdentity) -> None:
        """Close its windows as a person would."""
        self._processes.close_windows(main.pid)

    def end(self, member: ProcessIdentity, *, force: bool) -> None:
        """End one member."""
        self._processes.end(member, force=force)

    def _spawn(
        self, program: HeldFile, switches: tuple[str, ...], stdout: int, flags: int = 0
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [str(program.path), *switches],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            cwd=program.path.parent,
            env=child_environment(os.environ),
            creationflags=flags,
        )
