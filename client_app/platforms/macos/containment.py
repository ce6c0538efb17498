"""Holding AnyDesk on macOS: there is no subreaper, so members are remembered from the moment they are seen.

What AnyDesk starts is found by its session (setsid), by its parents and by its image; a process seen once stays known
after its parents are gone. The pipe and a kqueue on the client's process tell of the client's end.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from client_app.core.anydesk_system import HeldFile, ProcessIdentity, ProcessTable, QueryAnswer, SeenProcess
from client_app.platforms.macos.processes import MacProcessTable
from client_app.platforms.shared.environment import child_environment
from client_app.platforms.shared.posix_files import PosixHeldFile, PosixPrivateFiles, check_private_parents
from client_app.platforms.shared.query import run_query


class MacContainment:
    """`Containment` by session, descent and image.

    Args:
        processes: the table; the system's own when left out.
        session_of: returns the session of a pid, or raises OSError.
    """

    def __init__(
        self, processes: ProcessTable | None = None, session_of: Callable[[int], int] | None = None
    ) -> None:
        self._files = PosixPrivateFiles()
        self._processes = processes if processes is not None else MacProcessTable()
        self._session_of = session_of if session_of is not None else lambda pid: os.getsid(pid)
        self._client = 0
        self._known: dict[int, ProcessIdentity] = {}
        self._sessions: set[int] = set()
        self._folder = ""
        self._main: subprocess.Popen[bytes] | None = None

    def enter(self) -> None:
        """Remember who started us."""
        self._client = os.getppid()
        os.chdir("/")

    def wait_for_client(self) -> None:
        """Block until the client is gone."""
        wait_for_exit(self._client)

    def hold(self, path: Path) -> PosixHeldFile:
        """Open a file in a private folder."""
        check_private_parents(path, self._files, depth=8)
        return self._files.hold(path)

    def start(self, program: HeldFile) -> ProcessIdentity:
        """Start the program and check that its path still leads to the file that is held."""
        self._folder = str(bundle_of(program.path)) + "/"
        self._main = self._spawn(program, (), subprocess.DEVNULL)
        held, now = os.fstat(program.stream.fileno()), os.stat(program.path)
        identity = self._processes.identify(self._main.pid)
        if identity is None or (held.st_dev, held.st_ino) != (now.st_dev, now.st_ino):
            self._main.kill()
            raise OSError("it ended at once or was exchanged")
        self._known[identity.pid] = identity
        return identity

    def wait_for_main(self) -> int:
        """Block until the program that was started ends."""
        if self._main is None:
            raise RuntimeError("nothing was started")
        return self._main.wait()

    def ask(self, program: HeldFile, switch: str, seconds: float) -> QueryAnswer:
        """Run the held program once with a switch."""
        return run_query(self._spawn(program, (switch,), subprocess.PIPE), seconds)

    def members(self) -> tuple[ProcessIdentity, ...]:
        """Return everything that was ever seen to belong to the program and still lives."""
        seen = self._processes.everything()
        alive = {process.identity.pid: process.identity for process in seen}
        self._known = {pid: known for pid, known in self._known.items() if alive.get(pid) == known}
        grown = -1
        while grown != len(self._known):
            grown = len(self._known)
            for process in seen:
                if self._belongs(process):
                    self._known.setdefault(process.identity.pid, process.identity)
        return tuple(self._known.values())

    def loose(self) -> tuple[ProcessIdentity, ...]:
        """Return all members: nothing of this system ends them when this process is killed."""
        return self.members()

    def close_window(self, main: ProcessIdentity) -> None:
        """Ask the main process to end (an Apple event would need a permission of its own)."""
        self._processes.end(main, force=False)

    def end(self, member: ProcessIdentity, *, force: bool) -> None:
        """Signal one member."""
        self._processes.end(member, force=force)

    def _belongs(self, process: SeenProcess) -> bool:
        identity = process.identity
        if identity.pid == os.getpid():
            return False
        if process.parent in self._known or (self._folder and identity.image.startswith(self._folder)):
            return True
        with contextlib.suppress(OSError):
            return self._session_of(identity.pid) in self._sessions
        return False

    def _spawn(self, program: HeldFile, switches: tuple[str, ...], stdout: int) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [str(program.path), *switches],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            cwd=program.path.parent,
            env=child_environment(os.environ),
            start_new_session=True,
        )
        self._sessions.add(process.pid)
        return process


def bundle_of(program: Path) -> Path:
    """Return the .app folder that an executable lies in, else its own folder."""
    return next((parent for parent in program.parents if parent.suffix == ".app"), program.parent)


def wait_for_exit(pid: int) -> None:
    """Block until a process is gone (kqueue(2), EVFILT_PROC)."""
    import select

    # Found by name: other systems' Python has no kqueue, and these modules import everywhere.
    names = vars(select)
    queue = names["kqueue"]()
    try:
        event = names["kevent"](
            pid,
            filter=names["KQ_FILTER_PROC"],
            flags=names["KQ_EV_ADD"] | names["KQ_EV_ONESHOT"],
            fflags=names["KQ_NOTE_EXIT"],
        )
        with contextlib.suppress(ProcessLookupError):
            queue.control([event], 1, None)
    finally:
        queue.close()
