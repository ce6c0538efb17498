"""A faked Windows: the system calls that the product uses, answered from dictionaries."""

from __future__ import annotations

import ctypes
from pathlib import Path
from types import TracebackType
from typing import Any

from client_app.platforms.windows.job import ExtendedLimits, ProcessIds
from client_app.platforms.windows.libraries import INVALID_HANDLE, Libraries
from client_app.platforms.windows.processes import ProcessEntry, WindowsProcessTable


class Kernel:
    """kernel32 with processes (pid -> parent, image, created) and one job. Handles are 1000 + pid."""

    def __init__(self) -> None:
        self.processes: dict[int, tuple[int, str, int]] = {}
        self.terminated: list[int] = []
        self.closed: list[Any] = []
        self.opened: list[Any] = []
        self.fails: set[str] = set()
        self.job_limits = 0
        self.job_pids: list[int] = []
        self.in_job: set[int] | None = set()
        self.files: list[tuple[str, int, int, int]] = []
        self.waited: list[tuple[int, int]] = []
        self._walk: list[int] = []

    def OpenProcess(self, rights: int, inherit: bool, pid: int) -> int:  # noqa: N802
        assert not inherit
        if pid not in self.processes:
            return 0
        self.opened.append(1000 + pid)
        return 1000 + pid

    def CloseHandle(self, handle: int) -> int:  # noqa: N802
        self.closed.append(handle)
        return 1

    def WaitForSingleObject(self, handle: int, milliseconds: int) -> int:  # noqa: N802
        self.waited.append((handle, milliseconds))
        return 258

    def TerminateProcess(self, handle: int, _code: int) -> int:  # noqa: N802
        self.terminated.append(handle - 1000)
        return 1

    def GetProcessTimes(self, handle: int, created: Any, *_others: Any) -> int:  # noqa: N802
        value = self.processes[handle - 1000][2]
        created._obj.dwHighDateTime, created._obj.dwLowDateTime = value >> 32, value & 0xFFFFFFFF
        return 1

    def QueryFullProcessImageNameW(self, handle: int, _flags: int, buffer: Any, _length: Any) -> int:  # noqa: N802
        buffer.value = self.processes[handle - 1000][1]
        return int(bool(buffer.value))

    def CreateToolhelp32Snapshot(self, _what: int, _pid: int) -> Any:  # noqa: N802
        if "snapshot" in self.fails:
            return INVALID_HANDLE
        self._walk = list(self.processes)
        return 1

    def Process32FirstW(self, _snapshot: int, entry: Any) -> int:  # noqa: N802
        assert entry._obj.dwSize == ctypes.sizeof(ProcessEntry)
        return self.Process32NextW(_snapshot, entry)

    def Process32NextW(self, _snapshot: int, entry: Any) -> int:  # noqa: N802
        if not self._walk:
            return 0
        pid = self._walk.pop(0)
        entry._obj.th32ProcessID, entry._obj.th32ParentProcessID = pid, self.processes[pid][0]
        return 1

    def CreateJobObjectW(self, _attributes: Any, _name: Any) -> int:  # noqa: N802
        return 0 if "create" in self.fails else 5

    def SetInformationJobObject(self, _job: int, kind: int, limits: Any, size: int) -> int:  # noqa: N802
        assert (kind, size) == (9, ctypes.sizeof(ExtendedLimits))
        self.job_limits = limits._obj.BasicLimitInformation.LimitFlags
        return int("limits" not in self.fails)

    def GetCurrentProcess(self) -> int:  # noqa: N802
        return -1

    def AssignProcessToJobObject(self, job: int, process: int) -> int:  # noqa: N802
        assert (job, process) == (5, -1)
        return int("assign" not in self.fails)

    def QueryInformationJobObject(self, _job: int, _kind: int, ids: Any, size: int, _length: Any) -> int:  # noqa: N802
        assert size == ctypes.sizeof(ProcessIds)
        ids._obj.NumberOfProcessIdsInList = len(self.job_pids)
        for index, pid in enumerate(self.job_pids):
            ids._obj.ProcessIdList[index] = pid
        return int("query" not in self.fails)

    def IsProcessInJob(self, process: int, job: int, answer: Any) -> int:  # noqa: N802
        assert job == 5
        answer._obj.value = process - 1000 in (self.in_job or ())
        return int(self.in_job is not None)

    def CreateFileW(self, path: str, access: int, share: int, _s: Any, how: int, flags: int, _t: Any) -> Any:  # noqa: N802
        self.files.append((path, share, how, flags))
        return INVALID_HANDLE if "file" in self.fails else 77

    def CreateDirectoryW(self, path: str, _attributes: Any) -> int:  # noqa: N802
        Path(path).mkdir()
        return int("directory" not in self.fails)

    def LocalFree(self, _memory: Any) -> None:  # noqa: N802
        return


class User:
    """user32 with windows (handle -> pid)."""

    def __init__(self) -> None:
        self.windows: dict[int, int] = {}
        self.posted: list[tuple[int, int]] = []

    def EnumWindows(self, visit: Any, parameter: int) -> int:  # noqa: N802
        for window in self.windows:
            assert visit(window, parameter)
        return 1

    def GetWindowThreadProcessId(self, window: int, pid: Any) -> int:  # noqa: N802
        pid._obj.value = self.windows[window]
        return 1

    def PostMessageW(self, window: int, message: int, _w: int, _l: int) -> int:  # noqa: N802
        self.posted.append((window, message))
        return 1


class Advapi:
    """advapi32 that converts access lists; `access` is what a folder has."""

    def __init__(self) -> None:
        self.access = ""
        self.asked_for = ""
        self.error = 0
        self._keep: Any = None

    def ConvertStringSecurityDescriptorToSecurityDescriptorW(  # noqa: N802
        self, text: str, _revision: int, _descriptor: Any, _size: Any
    ) -> int:
        self.asked_for = text
        return int(not self.error)

    def GetNamedSecurityInfoW(self, *_arguments: Any) -> int:  # noqa: N802
        return self.error

    def ConvertSecurityDescriptorToStringSecurityDescriptorW(  # noqa: N802
        self, _descriptor: Any, _revision: int, _what: int, text: Any, _length: Any
    ) -> int:
        text._obj.value = self._keep = self.access
        return 1


class Windows:
    """One faked computer."""

    def __init__(self) -> None:
        self.kernel, self.user, self.advapi = Kernel(), User(), Advapi()
        self.error = 0
        self.libraries = Libraries(self.kernel, self.user, self.advapi, lambda: self.error)
        self.table = WindowsProcessTable(self.libraries)


class Key:
    """An open registry key."""

    def __init__(self, values: dict[str, str], keys: dict[str, dict[str, str]]) -> None:
        self.values, self.keys = values, keys

    def __enter__(self) -> Key:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return


class Registry:
    """winreg with services and Run keys."""

    HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER = "machine", "user"

    def __init__(self, services: dict[str, dict[str, str]] | None, run: dict[str, str]) -> None:
        self.services, self.run = services, run

    def OpenKey(self, parent: Any, path: str) -> Key:  # noqa: N802
        if isinstance(parent, Key):
            return Key(parent.keys[path], {})
        if path.endswith("Services"):
            if self.services is None:
                raise PermissionError(path)
            return Key({}, self.services)
        if parent == "user" and path.endswith(r"CurrentVersion\Run") and "WOW" not in path:
            return Key(self.run, {})
        raise FileNotFoundError(path)

    def QueryInfoKey(self, key: Key) -> tuple[int, int, int]:  # noqa: N802
        return len(key.keys), len(key.values), 0

    def EnumKey(self, key: Key, index: int) -> str:  # noqa: N802
        return list(key.keys)[index]

    def EnumValue(self, key: Key, index: int) -> tuple[str, str, int]:  # noqa: N802
        name = list(key.values)[index]
        return name, key.values[name], 1

    def QueryValueEx(self, key: Key, name: str) -> tuple[str, int]:  # noqa: N802
        if name not in key.values:
            raise FileNotFoundError(name)
        return key.values[name], 1
