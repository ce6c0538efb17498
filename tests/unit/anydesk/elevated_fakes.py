"""A faked Windows with accounts, sessions, a permission window and named pipes, for what wine cannot be asked."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

from client_app.platforms.windows.libraries import INVALID_HANDLE, Libraries
from tests.unit.anydesk.windows_fakes import Advapi, Kernel, User

OWN, CLIENT, STRANGER = 3, 7, 8
PROGRAM = r"C:\Program Files\Pomoc\pomoc.exe"
ANNA, ADMINISTRATOR = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-500"
_PIPE, _EVENT, _STARTED = 50, 60, 1000
BEFORE, LATER = 5, 1 << 62


class ElevatedKernel(Kernel):
    """kernel32 with one pipe. `peer` is the process at its other end, 0 when the system does not tell."""

    def __init__(self) -> None:
        super().__init__()
        self.processes = {OWN: (1, PROGRAM, BEFORE), CLIENT: (1, PROGRAM, BEFORE)}
        self.sessions = {OWN: 1, CLIENT: 1}
        self.peer = CLIENT
        self.pipe_error = 0
        self.open_errors: list[int] = []
        self.open_flags: list[tuple[int, int]] = []
        self.connect_error = 535
        self.made: list[tuple[str, int, int, int]] = []
        self.error = 0
        self.exit_code = 259
        self.real_paths: dict[str, str] = {}
        self.drive = 3

    def CreateEventW(self, *_arguments: Any) -> int:  # noqa: N802
        return _EVENT

    def SetEvent(self, _event: int) -> int:  # noqa: N802
        return 1

    def CreateNamedPipeW(self, path: str, mode: int, kind: int, most: int, *_rest: Any) -> Any:  # noqa: N802
        self.made.append((path, mode, kind, most))
        self.error = self.pipe_error
        return INVALID_HANDLE if self.pipe_error else _PIPE

    def ConnectNamedPipe(self, _pipe: int, _overlapped: Any) -> int:  # noqa: N802
        self.error = self.connect_error
        return 0

    def CancelIoEx(self, _handle: int, _overlapped: Any) -> int:  # noqa: N802
        return 1

    def GetOverlappedResult(self, *_arguments: Any) -> int:  # noqa: N802
        self.error = 995
        return 0

    def _other_end(self, pid: Any) -> int:
        pid._obj.value = self.peer
        return 1

    def GetNamedPipeClientProcessId(self, _pipe: int, pid: Any) -> int:  # noqa: N802
        return self._other_end(pid)

    def GetNamedPipeServerProcessId(self, _pipe: int, pid: Any) -> int:  # noqa: N802
        return self._other_end(pid)

    def ProcessIdToSessionId(self, pid: Any, session: Any) -> int:  # noqa: N802
        session._obj.value = self.sessions.get(pid.value, 0)
        return int(pid.value in self.sessions)

    def GetProcessId(self, handle: int) -> int:  # noqa: N802
        return handle - _STARTED

    def GetExitCodeProcess(self, _handle: int, code: Any) -> int:  # noqa: N802
        code._obj.value = self.exit_code
        return 1

    def WaitForSingleObject(self, handle: int, milliseconds: int) -> int:  # noqa: N802
        super().WaitForSingleObject(handle, milliseconds)
        is_over = handle == _STARTED + CLIENT and self.exit_code != 259
        return 0 if is_over else 258

    def CreateFileW(self, path: str, access: int, share: int, s: Any, how: int, flags: int, t: Any) -> Any:  # noqa: N802
        if path.startswith("\\\\.\\pipe\\"):
            self.open_flags.append((access, flags))
            self.error = self.open_errors.pop(0) if self.open_errors else 0
            return INVALID_HANDLE if self.error else _PIPE
        self._opened = path
        return 90 if path in self.real_paths else INVALID_HANDLE

    def GetFinalPathNameByHandleW(self, _handle: int, buffer: Any, _size: int, _flags: int) -> int:  # noqa: N802
        buffer.value = self.real_paths[self._opened]
        return len(buffer.value)

    def GetDriveTypeW(self, _root: str) -> int:  # noqa: N802
        return self.drive


class ElevatedAdvapi(Advapi):
    """advapi32 with the account and the rights of this process."""

    def __init__(self) -> None:
        super().__init__()
        self.own, self.logged_in = ANNA, ANNA
        self.is_elevated = 1
        self.asked_names: list[str] = []
        self.asked_accesses: list[str] = []
        self.accesses: Mapping[str, str] = {}
        self._lookup = False

    def OpenProcessToken(self, _process: int, _rights: int, _token: Any) -> int:  # noqa: N802
        return 1

    def GetTokenInformation(self, _token: Any, what: int, answer: Any, *_rest: Any) -> int:  # noqa: N802
        if what == 20:
            answer._obj.value = self.is_elevated
        return 1

    def LookupAccountNameW(self, _system: Any, name: str, *_rest: Any) -> int:  # noqa: N802
        self.asked_names.append(name)
        self._lookup = True
        return int(bool(self.logged_in))

    def ConvertSidToStringSidW(self, _sid: Any, text: Any) -> int:  # noqa: N802
        text._obj.value = self._keep = self.logged_in if self._lookup else self.own
        self._lookup = False
        return 1

    def ConvertStringSecurityDescriptorToSecurityDescriptorW(  # noqa: N802
        self, text: str, _revision: int, _descriptor: Any, _size: Any
    ) -> int:
        self.asked_accesses.append(text)
        return 1

    def GetNamedSecurityInfoW(self, path: str, *_arguments: Any) -> int:  # noqa: N802
        self.access = self.accesses.get(path, "")
        return self.error


class Terminal:
    """wtsapi32: who is logged in at this session."""

    def __init__(self) -> None:
        self.texts = {5: "anna", 7: "DOM"}

    def WTSQuerySessionInformationW(self, _server: Any, _id: Any, what: int, text: Any, _size: Any) -> int:  # noqa: N802
        text._obj.value = self._keep = self.texts.get(what, "")
        return int(what in self.texts)

    def WTSFreeMemory(self, _memory: Any) -> None:  # noqa: N802
        return


class Shell:
    """shell32 and ole32: the permission window, and the folder for programs."""

    def __init__(self, kernel: ElevatedKernel) -> None:
        self._kernel = kernel
        self.answer_error = 0
        self.asked: list[tuple[str, str, str, str]] = []
        self._folder = ctypes.create_unicode_buffer(r"C:\Program Files")
        self.is_known = True

    def ShellExecuteExW(self, info: Any) -> int:  # noqa: N802
        one = info._obj
        self.asked.append((one.lpVerb, one.lpFile, one.lpParameters, one.lpDirectory))
        self._kernel.error = self.answer_error
        one.hProcess = 0 if self.answer_error else _STARTED + CLIENT
        return int(not self.answer_error)

    def CoInitializeEx(self, _reserved: Any, _how: int) -> int:  # noqa: N802
        return 0

    def CoUninitialize(self) -> None:  # noqa: N802
        return

    def CoTaskMemFree(self, _memory: Any) -> None:  # noqa: N802
        return

    def SHGetKnownFolderPath(self, _folder: Any, _flags: int, _token: Any, found: Any) -> int:  # noqa: N802
        found._obj.value = ctypes.addressof(self._folder)
        return 0 if self.is_known else 0x80070002


class ElevatedWindows:
    """One faked computer on which this process is an elevated guardian, or its client."""

    def __init__(self) -> None:
        self.kernel, self.advapi, self.terminal = ElevatedKernel(), ElevatedAdvapi(), Terminal()
        self.shell = Shell(self.kernel)
        others = {"shell32": self.shell, "ole32": self.shell, "wtsapi32": self.terminal}
        self.libraries = Libraries(self.kernel, User(), self.advapi, lambda: self.kernel.error, others)
