"""Processes of Windows by Toolhelp32 and handles; a pid with its creation time is one process for good.

Sources: learn.microsoft.com, CreateToolhelp32Snapshot, GetProcessTimes, QueryFullProcessImageNameW. psutil is not used
for names and images here (it asks in a way that not every Windows answers).
"""

from __future__ import annotations

import contextlib
import ctypes
import ntpath
from collections.abc import Callable, Collection, Iterator, Mapping
from ctypes import wintypes
from typing import Any

from client_app.core.anydesk_system import ProcessIdentity, SeenProcess
from client_app.platforms.shared.variables import variable_of
from client_app.platforms.windows.libraries import INVALID_HANDLE, Libraries

_SNAPSHOT_PROCESSES = 0x2
_QUERY_LIMITED, _TERMINATE, _SYNCHRONIZE = 0x1000, 0x1, 0x100000
_WAIT_OBJECT_0 = 0
_WM_CLOSE = 0x10
_PATH_LENGTH = 32768
INFINITE = 0xFFFFFFFF


class ProcessEntry(ctypes.Structure):
    """PROCESSENTRY32W."""

    _fields_ = (
        ("dwSize", wintypes.DWORD),
        ("cntUsage", wintypes.DWORD),
        ("th32ProcessID", wintypes.DWORD),
        ("th32DefaultHeapID", ctypes.c_size_t),
        ("th32ModuleID", wintypes.DWORD),
        ("cntThreads", wintypes.DWORD),
        ("th32ParentProcessID", wintypes.DWORD),
        ("pcPriClassBase", wintypes.LONG),
        ("dwFlags", wintypes.DWORD),
        ("szExeFile", wintypes.WCHAR * 260),
    )


class WindowsProcessTable:
    """`ProcessTable` of Windows; creation times are FILETIMEs (100 ns since 1601)."""

    def __init__(self, libraries: Libraries | None = None) -> None:
        self._given = libraries

    @property
    def _libraries(self) -> Libraries:
        if self._given is None:
            self._given = Libraries()
        return self._given

    def everything(self) -> tuple[SeenProcess, ...]:
        """Return all processes; those that this user may not look into have no image and no creation time."""
        found = []
        for pid, parent in self._entries():
            found.append(SeenProcess(self.identify(pid) or ProcessIdentity(pid, 0), parent))
        return tuple(found)

    def identify(self, pid: int) -> ProcessIdentity | None:
        """Return the live process with this pid, None also when it may not be looked into."""
        with self._opened(pid, _QUERY_LIMITED | _SYNCHRONIZE) as handle:
            if handle is None or self._has_ended(handle):
                return None
            return ProcessIdentity(pid, self._created(handle), self.image_of(handle))

    def end(self, identity: ProcessIdentity, *, force: bool) -> None:
        """Ask its windows to close, or terminate it; through one handle, so that a reused pid is never hit."""
        with self._opened(identity.pid, _QUERY_LIMITED | _SYNCHRONIZE | _TERMINATE) as handle:
            if handle is None or self._created(handle) != identity.created:
                return
            if force:
                self._libraries.kernel32.TerminateProcess(handle, 1)
            else:
                self.close_windows(identity.pid)

    def close_windows(self, pid: int) -> int:
        """Send WM_CLOSE to every top-level window of a process; return to how many."""
        user = self._libraries.user32
        closed = 0

        def visit(window: int, _parameter: int) -> bool:
            nonlocal closed
            owner = wintypes.DWORD()
            user.GetWindowThreadProcessId(window, ctypes.byref(owner))
            if owner.value == pid and user.PostMessageW(window, _WM_CLOSE, 0, 0):
                closed += 1
            return True

        user.EnumWindows(_window_callback(visit), 0)
        return closed

    def wait(self, pid: int) -> None:
        """Block until a process is gone."""
        with self._opened(pid, _SYNCHRONIZE) as handle:
            if handle is not None:
                self._libraries.kernel32.WaitForSingleObject(handle, INFINITE)

    def home_of(self, pid: int) -> str | None:
        """Return APPDATA of a process of this user."""
        return variable_of(pid, "APPDATA")

    def listening(self, of: Collection[int] | None = None) -> Mapping[int, int | None] | None:
        """Return listening TCP ports through psutil."""
        from client_app.platforms.shared.ports import listening_of, listening_ports

        return listening_ports() if of is None else listening_of(of)

    def _entries(self) -> Iterator[tuple[int, int]]:
        kernel = self._libraries.kernel32
        snapshot = kernel.CreateToolhelp32Snapshot(_SNAPSHOT_PROCESSES, 0)
        if snapshot in (None, 0, INVALID_HANDLE):
            raise self._libraries.error("CreateToolhelp32Snapshot")
        try:
            entry = ProcessEntry()
            entry.dwSize = ctypes.sizeof(ProcessEntry)
            more = kernel.Process32FirstW(snapshot, ctypes.byref(entry))
            while more:
                yield int(entry.th32ProcessID), int(entry.th32ParentProcessID)
                more = kernel.Process32NextW(snapshot, ctypes.byref(entry))
        finally:
            kernel.CloseHandle(snapshot)

    @contextlib.contextmanager
    def _opened(self, pid: int, rights: int) -> Iterator[Any]:
        kernel = self._libraries.kernel32
        handle = kernel.OpenProcess(rights, False, pid)
        try:
            yield handle or None
        finally:
            if handle:
                kernel.CloseHandle(handle)

    def _has_ended(self, handle: Any) -> bool:
        return bool(self._libraries.kernel32.WaitForSingleObject(handle, 0) == _WAIT_OBJECT_0)

    def _created(self, handle: Any) -> int:
        times = [wintypes.FILETIME() for _ in range(4)]
        if not self._libraries.kernel32.GetProcessTimes(handle, *map(ctypes.byref, times)):
            return 0
        return int(times[0].dwHighDateTime) << 32 | int(times[0].dwLowDateTime)

    def image_of(self, handle: Any) -> str:
        """Return the image of an open process in the spelling that is compared, "" when the system does not tell."""
        buffer = ctypes.create_unicode_buffer(_PATH_LENGTH)
        length = wintypes.DWORD(_PATH_LENGTH)
        done = self._libraries.kernel32.QueryFullProcessImageNameW(handle, 0, buffer, ctypes.byref(length))
        return plain_path(buffer.value) if done else ""


def plain_path(path: str) -> str:
    """Return a path in the one spelling that is compared: no long-path mark, small letters, single backslashes."""
    return ntpath.normcase(ntpath.normpath(path.removeprefix("\\\\?\\")))


def _window_callback(visit: Callable[[int, int], bool]) -> Any:
    make = vars(ctypes).get("WINFUNCTYPE", ctypes.CFUNCTYPE)
    return make(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)(visit)
