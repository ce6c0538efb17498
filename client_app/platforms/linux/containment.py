"""Holding AnyDesk on Linux: the guardian is a child subreaper, and so is a second process that watches the guardian.

A process that detached itself from all its parents is adopted by the nearest subreaper (prctl(2)), so it is found
below the guardian, or below the supervisor when the guardian itself was killed. A parent-death signal would not do:
it follows the thread that started the child, and grandchildren do not inherit it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from client_app.core.anydesk_system import HeldFile, ProcessIdentity, QueryAnswer
from client_app.platforms.linux.processes import LinuxProcessTable, descendants, open_pid
from client_app.platforms.shared.environment import child_environment
from client_app.platforms.shared.posix_files import PosixHeldFile, PosixPrivateFiles, check_private_parents
from client_app.platforms.shared.query import run_query

_PR_SET_CHILD_SUBREAPER = 36
_SUPERVISOR_SECONDS = 5.0


class LinuxContainment:
    """`Containment` by subreaper, pidfd and execution of the open file."""

    def __init__(self) -> None:
        self._files = PosixPrivateFiles()
        self._processes = LinuxProcessTable()
        self._client = self._supervisor = 0
        self._main: subprocess.Popen[bytes] | None = None
        self._folder = ""
        # A child that nobody registered must not be reaped while it is being started.
        self._lock = threading.RLock()
        self._managed: set[int] = set()

    def enter(self) -> None:
        """Fork: the parent becomes the supervisor and never returns, the child is the guardian."""
        self._client = os.getppid()
        self._supervisor = os.getpid()
        _become_subreaper()
        child = os.fork()
        if child:
            _supervise(child)
        _become_subreaper()
        os.chdir("/")

    def wait_for_client(self) -> None:
        """Block until the client or the supervisor is gone (where there are no pidfds: for ever)."""
        poller = select.poll()
        for pid in (self._client, self._supervisor):
            try:
                handle = open_pid(pid)
            except ProcessLookupError:
                return
            if handle is not None:
                poller.register(handle, select.POLLIN)
        if os.getppid() == self._supervisor:
            poller.poll()

    def hold(self, path: Path) -> PosixHeldFile:
        """Open a file in a private folder."""
        check_private_parents(path, self._files)
        return self._files.hold(path)

    def start(self, program: HeldFile) -> ProcessIdentity:
        """Execute the open file itself, by its descriptor, so that exchanging the path changes nothing."""
        self._folder = str(program.path.parent) + "/"
        with self._lock:
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
        """Run the held program once with a switch."""
        with self._lock:
            process = self._spawn(program, (switch,), subprocess.PIPE)
        try:
            return run_query(process, seconds)
        finally:
            with self._lock:
                self._managed.discard(process.pid)

    def members(self) -> tuple[ProcessIdentity, ...]:
        """Return everything below the guardian, and everything that runs from the program's folder."""
        self._reap()
        seen = self._processes.everything()
        found = dict.fromkeys(descendants(seen, os.getpid()))
        if self._folder:
            own = (process.identity for process in seen if process.identity.image.startswith(self._folder))
            found.update(dict.fromkeys(own))
        return tuple(found)

    def loose(self) -> tuple[ProcessIdentity, ...]:
        """Return members that are not below this process, so that neither subreaper would get them."""
        below = frozenset(descendants(self._processes.everything(), os.getpid()))
        return tuple(one for one in self.members() if one not in below)

    def close_window(self, main: ProcessIdentity) -> None:
        """Ask the main process to end; it closes its window and its helpers itself."""
        self._processes.end(main, force=False)

    def end(self, member: ProcessIdentity, *, force: bool) -> None:
        """Signal one member."""
        self._processes.end(member, force=force)

    def _spawn(self, program: HeldFile, switches: tuple[str, ...], stdout: int) -> subprocess.Popen[bytes]:
        # Our descriptors are all close-on-exec, so none is inherited; closing them by hand would close the one
        # that is executed before it is used.
        process = subprocess.Popen(
            [str(program.path), *switches],
            executable=f"/proc/self/fd/{program.stream.fileno()}",
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            cwd=program.path.parent,
            env=_environment(),
            close_fds=False,
            start_new_session=True,
        )
        self._managed.add(process.pid)
        return process

    def _reap(self) -> None:
        """Collect adopted children that have ended; those that were started here are waited for elsewhere."""
        with self._lock:
            for pid in _ended_children():
                if pid not in self._managed:
                    with contextlib.suppress(ChildProcessError):
                        os.waitpid(pid, os.WNOHANG)


def _environment() -> Mapping[str, str]:
    return child_environment(os.environ)


def _ended_children() -> list[int]:
    own = str(os.getpid()).encode()
    found = []
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{name}/stat").read_bytes().rpartition(b")")[2].split()
                if fields[0] == b"Z" and fields[1] == own:
                    found.append(int(name))
    return found


def _become_subreaper() -> None:
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def _supervise(guardian: int) -> None:
    """Be the second fence: when the guardian is gone, end whatever it left, then end with its code. Never returns."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    code = 1
    with contextlib.suppress(ChildProcessError):
        while True:
            ended, status = os.waitpid(-1, 0)
            if ended == guardian:
                code = os.waitstatus_to_exitcode(status)
                break
    processes = LinuxProcessTable()
    deadline = time.monotonic() + _SUPERVISOR_SECONDS
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < deadline:
            for left in descendants(processes.everything(), os.getpid()):
                processes.end(left, force=True)
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
            time.sleep(0.005)
    os._exit(code if code >= 0 else 1)
