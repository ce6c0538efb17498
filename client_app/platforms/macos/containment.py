"""Holding AnyDesk on macOS: there is no subreaper, so members are remembered from the moment they are seen.

What AnyDesk starts is found by its session (setsid), by its parents and by its image; a process seen once stays known
after its parents are gone. The pipe and a kqueue on the client's process tell of the client's end. A second process
above the guardian (supervisor.py) ends what is left when the guardian itself is killed.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from client_app.core.anydesk_system import HeldFile, ProcessIdentity, ProcessTable, QueryAnswer, SeenProcess
from client_app.platforms.macos.processes import MacProcessTable
from client_app.platforms.macos.supervisor import Notes, supervise
from client_app.platforms.shared.environment import child_environment
from client_app.platforms.shared.posix_files import PosixHeldFile, PosixPrivateFiles, check_private_parents
from client_app.platforms.shared.query import run_query


class MacContainment:
    """`Containment` by session, descent and image.

    Args:
        processes: the table; the system's own when left out.
        session_of: returns the session of a pid, or raises OSError.
        wait_for_exit: blocks until one of some processes is gone.
    """

    def __init__(
        self,
        processes: ProcessTable | None = None,
        session_of: Callable[[int], int] | None = None,
        wait_for_exit: Callable[[Sequence[int]], None] | None = None,
    ) -> None:
        self._files = PosixPrivateFiles()
        self._processes = processes if processes is not None else MacProcessTable()
        self._session_of = session_of if session_of is not None else lambda pid: os.getsid(pid)
        self._wait_for_exit = wait_for_exit or wait_for_any_exit
        self._client = self._supervisor = 0
        self._notes: Notes | None = None
        self._known: dict[int, ProcessIdentity] = {}
        self._sessions: set[int] = set()
        self._folder = ""
        self._main: subprocess.Popen[bytes] | None = None

    def enter(self) -> None:
        """Fork: the parent becomes the supervisor and never returns, the child is the guardian."""
        self._client, self._supervisor = os.getppid(), os.getpid()
        self._notes = Notes()
        child = os.fork()
        if child:
            supervise(child, self._notes, self._what_is_left)
        self._notes.write_only()
        os.chdir("/")

    def wait_for_client(self) -> None:
        """Block until the client or the supervisor is gone."""
        if os.getppid() == self._supervisor:
            self._wait_for_exit((self._client, self._supervisor))

    def hold(self, path: Path) -> PosixHeldFile:
        """Open a file in a private folder."""
        check_private_parents(path, self._files, depth=8)
        return self._files.hold(path)

    def start(self, program: HeldFile) -> ProcessIdentity:
        """Start the program and check that its path still leads to the file that is held."""
        self._folder = str(bundle_of(program.path)) + "/"
        self._note(self._folder)
        self._main = self._spawn(program, (), subprocess.DEVNULL)
        self._note(self._folder, self._main.pid)
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

    def _note(self, folder: str, session: int = 0) -> None:
        if self._notes is not None:
            self._notes.tell(folder, session)

    def _what_is_left(self, folder: str, sessions: frozenset[int]) -> None:
        """In the supervisor: end by force what the guardian, now dead, had said that it started."""
        self._folder, self._sessions = folder, set(sessions)
        for member in self.members():
            self._processes.end(member, force=True)

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


def wait_for_any_exit(pids: Sequence[int]) -> None:
    """Block until one of some processes is gone (kqueue(2), EVFILT_PROC)."""
    import select

    # Found by name: other systems' Python has no kqueue, and these modules import everywhere.
    names = vars(select)
    queue = names["kqueue"]()
    try:
        events = [
            names["kevent"](
                pid,
                filter=names["KQ_FILTER_PROC"],
                flags=names["KQ_EV_ADD"] | names["KQ_EV_ONESHOT"],
                fflags=names["KQ_NOTE_EXIT"],
            )
            for pid in pids
        ]
        # One that is gone already is an error here.
        with contextlib.suppress(ProcessLookupError):
            queue.control(events, 1, None)
    finally:
        queue.close()
