"""An AnyDesk executable as the contracts see it, portable or installed: the same on every system."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from ctypes import wintypes
from pathlib import Path

from client_app.core.anydesk_system import DataPlaces, PersistentEntry, ProcessIdentity
from client_app.platforms import anydesk_system
from demo.anydesk.places import installed_places
from tests.contracts.waiting import wait_for

IS_WINDOWS = sys.platform == "win32"
NOT_RUNNING = "SERVICE_NOT_RUNNING"
_ASK_SECONDS = 30


def seen_code(code: int) -> int:
    """Return what of an exit code this system keeps (POSIX: eight bits)."""
    return code if IS_WINDOWS else code & 0xFF


def image_of(program: Path) -> str:
    """Return a program's path in the spelling of the process table."""
    if IS_WINDOWS:
        from client_app.platforms.windows.processes import plain_path

        return plain_path(str(program))
    return os.path.realpath(program)


def home_variables(home: Path) -> dict[str, str]:
    """Return what tells a program where its user's files are."""
    return {"HOME": str(home), "APPDATA": str(home)}


class Client:
    """A portable client with a home folder for its files."""

    def __init__(self, program: Path, home: Path, places: DataPlaces) -> None:
        self.program, self.home, self.places = program, home, places
        self.table = anydesk_system().processes
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **home_variables(self.home)}

    def start(self) -> subprocess.Popen[bytes]:
        """Start it as a double click would."""
        return self.start_with()

    def start_with(self, *switches: str) -> subprocess.Popen[bytes]:
        """Start it with switches and wait for nothing."""
        process = subprocess.Popen(
            [str(self.program), *switches],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def ask(self, *switches: str, standard_input: str = "") -> tuple[int, str]:
        """Run it with switches; return its exit code and what it printed into a pipe."""
        run = subprocess.run(
            [str(self.program), *switches],
            env=self.environment,
            input=standard_input.encode(),
            capture_output=True,
            timeout=_ASK_SECONDS,
            check=False,
        )
        return run.returncode, run.stdout.decode().strip()

    def is_running(self) -> bool:
        """Whether its service answers."""
        return self.ask("--get-status")[1] != NOT_RUNNING

    def own_processes(self) -> list[ProcessIdentity]:
        """Return the live processes of this file that work for this home folder (others may run beside it)."""
        image, home = image_of(self.program), os.path.realpath(self.home)
        seen = (process.identity for process in self.table.everything())
        return [one for one in seen if one.image == image and self._is_of(one.pid, home)]

    def _is_of(self, pid: int, home: str) -> bool:
        known = self.table.home_of(pid)
        return known is not None and os.path.realpath(known) == home

    def images(self) -> int:
        """Number of these processes."""
        return len(self.own_processes())

    def ask_to_close(self, process: subprocess.Popen[bytes]) -> None:
        """Close its window as the services do; on Windows as soon as there is one."""
        if IS_WINDOWS:
            wait_for(lambda: _close_windows(process.pid))
        else:
            self._end(process.pid, force=False)

    def kill(self, pid: int) -> None:
        """End one process by force."""
        self._end(pid, force=True)

    def kill_all(self) -> None:
        """End every process of this file and home."""
        for identity in self.own_processes():
            self.table.end(identity, force=True)

    def _end(self, pid: int, *, force: bool) -> None:
        identity = self.table.identify(pid)
        assert identity is not None
        self.table.end(identity, force=force)

    def close(self) -> None:
        """End whatever is left, by force: nothing is tested any more."""
        for process in self.processes:
            process.kill()
            process.wait(10)
        wait_for(self._is_killed)

    def _is_killed(self) -> bool:
        # Again at each look: a service manager starts a killed service anew.
        self.kill_all()
        return self.images() == 0


class InstalledClient(Client):
    """A client installed from a portable one into a folder of its own."""

    def __init__(self, portable: Client, folder: Path) -> None:
        super().__init__(folder / portable.program.name, portable.home, portable.places)
        self.portable, self.folder = portable, folder
        self.name = portable.program.name.removesuffix(".exe")

    @property
    def system_conf(self) -> Path:
        """Where its service keeps its settings."""
        return installed_places(self.name, self.environment).system_conf

    def install(self, *options: str) -> int:
        """Install it silently; return the exit code."""
        return self.portable.ask("--install", str(self.folder), *options, "--silent")[0]

    def own_processes(self) -> list[ProcessIdentity]:
        """Return the live processes of its file; no other test has a file there."""
        image = image_of(self.program)
        return [one.identity for one in self.table.everything() if one.identity.image == image]

    def entry(self, entries: tuple[PersistentEntry, ...] | None) -> PersistentEntry | None:
        """Return the first of some entries that starts this program."""
        assert entries is not None
        folder = str(self.folder).lower()
        return next((one for one in entries if folder in one.command_untrusted.lower()), None)

    def service(self) -> PersistentEntry | None:
        """Return its service's entry as the product sees it."""
        return self.entry(anydesk_system().persistence.services())

    def autostart(self) -> PersistentEntry | None:
        """Return its entry for the log-in as the product sees it."""
        return self.entry(anydesk_system().persistence.autostarts())

    def remove(self) -> None:
        """Remove it and wait for the end of that."""
        if self.program.exists():
            assert self.ask("--silent", "--remove")[0] == 0
            wait_for(lambda: not self.folder.exists() and self.images() == 0, 30)


def _close_windows(pid: int) -> int:
    """Close the windows of a process once one can be seen; before that only hidden helpers of the system are there."""
    from client_app.platforms.windows.processes import WindowsProcessTable

    return WindowsProcessTable().close_windows(pid) if _sees_window(pid) else 0


def _sees_window(pid: int) -> bool:
    user = vars(ctypes)["WinDLL"]("user32")
    found: list[int] = []

    def visit(window: int, _parameter: int) -> bool:
        owner = wintypes.DWORD()
        user.GetWindowThreadProcessId(wintypes.HWND(window), ctypes.byref(owner))
        if owner.value == pid and user.IsWindowVisible(wintypes.HWND(window)):
            found.append(window)
        return True

    user.EnumWindows(vars(ctypes)["WINFUNCTYPE"](wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)(visit), 0)
    return bool(found)
