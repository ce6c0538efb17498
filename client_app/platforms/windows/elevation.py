"""The client's half of elevation: one permission window, then the pipe to the process that Windows started for it.

Rule: the server of the pipe must be that very process, which is known by the handle that Windows gave us; a server that
somebody planted under the same name is another process and is told nothing.

Sources: learn.microsoft.com, ShellExecuteExW (verb "runas", SEE_MASK_NOCLOSEPROCESS), GetNamedPipeServerProcessId.
"""

from __future__ import annotations

import ctypes
import secrets
import subprocess
from collections.abc import Callable, Sequence
from ctypes import wintypes
from pathlib import Path
from typing import Any, BinaryIO

from client_app.core.elevation import ElevationError, ElevationOutcome, outcome_of_end
from client_app.platforms.windows.libraries import ERROR_CANCELLED, Libraries
from client_app.platforms.windows.pipe import PipeConnection, PipeTakenError, connect, streams_of
from client_app.platforms.windows.processes import WindowsProcessTable, plain_path
from client_app.platforms.windows.protected import ProtectedPlace

NAME_BYTES = 16
CONNECT_SECONDS = 15.0
"""After the customer's yes: a cold start from a slow disk, with an antivirus looking at it."""
_NO_CLOSE_PROCESS, _NO_ASYNC, _NO_UI = 0x40, 0x100, 0x400
_HIDE = 0
_APARTMENT, _NO_OLE1 = 0x2, 0x4
_WAIT_OBJECT_0, _STILL_ACTIVE = 0, 259


class _ShellExecuteInfo(ctypes.Structure):
    _fields_ = (
        ("cbSize", wintypes.DWORD),
        ("fMask", wintypes.ULONG),
        ("hwnd", wintypes.HWND),
        ("lpVerb", wintypes.LPCWSTR),
        ("lpFile", wintypes.LPCWSTR),
        ("lpParameters", wintypes.LPCWSTR),
        ("lpDirectory", wintypes.LPCWSTR),
        ("nShow", ctypes.c_int),
        ("hInstApp", wintypes.HINSTANCE),
        ("lpIDList", ctypes.c_void_p),
        ("lpClass", wintypes.LPCWSTR),
        ("hkeyClass", wintypes.HKEY),
        ("dwHotKey", wintypes.DWORD),
        ("hIcon", wintypes.HANDLE),
        ("hProcess", wintypes.HANDLE),
    )


class ElevatedProcess:
    """`SpawnedGuardian` that Windows started with an administrator's rights; its pipe is opened by `connect_to`."""

    def __init__(self, libraries: Libraries, handle: Any) -> None:
        self._libraries, self._handle = libraries, handle
        self._pid = int(libraries.kernel32.GetProcessId(handle))
        self._streams: tuple[BinaryIO, BinaryIO] | None = None

    @property
    def pid(self) -> int:
        """Its process id; its handle is held, so the pid stays its own."""
        return self._pid

    @property
    def stdin(self) -> BinaryIO:
        """The pipe to it."""
        return self._connected()[1]

    @property
    def stdout(self) -> BinaryIO:
        """The pipe from it."""
        return self._connected()[0]

    def wait(self, seconds: float) -> bool:
        """Whether it ended within the time."""
        kernel = self._libraries.kernel32
        return bool(kernel.WaitForSingleObject(self._handle, int(seconds * 1000)) == _WAIT_OBJECT_0)

    def kill(self) -> None:
        """Close its pipe, which ends it; a process with more rights cannot be ended in another way."""
        if self._streams is not None:
            self.stdin.close()
        self._libraries.kernel32.TerminateProcess(self._handle, 1)

    def exit_code(self) -> int | None:
        """Return its exit code, None while it runs or when the system does not tell."""
        code = wintypes.DWORD()
        if not self._libraries.kernel32.GetExitCodeProcess(self._handle, ctypes.byref(code)):
            return None
        return None if code.value == _STILL_ACTIVE else int(code.value)

    def is_server_of(self, connection: PipeConnection, image: str) -> bool:
        """Whether this very process, running `image`, serves a pipe."""
        if connection.other_process(is_server=False) != self._pid:
            return False
        # Where the system does not tell the image, the process is still the one that it started from our path.
        seen = WindowsProcessTable(self._libraries).image_of(self._handle)
        return seen in ("", image)

    def take(self, connection: PipeConnection) -> None:
        """Speak with it through a checked connection."""
        self._streams = streams_of(connection)

    def _connected(self) -> tuple[BinaryIO, BinaryIO]:
        if self._streams is None:
            raise ValueError("not connected")
        return self._streams


class WindowsElevatedStarter:
    """`ElevatedStarter` by ShellExecuteExW.

    Args:
        command: program and fixed arguments; the pipe's name is added as the last one.
        is_protected: whether a path is where only administrators can write.
        new_name: makes the name of a pipe that nobody can guess.
    """

    def __init__(
        self,
        command: Sequence[str],
        libraries: Libraries | None = None,
        is_protected: Callable[[Path], bool] | None = None,
        new_name: Callable[[], str] = lambda: secrets.token_hex(NAME_BYTES),
    ) -> None:
        self._command = tuple(command)
        self._libraries = libraries or Libraries()
        self._is_protected = is_protected or ProtectedPlace(self._libraries).is_protected
        self._new_name = new_name

    def start(self) -> ElevatedProcess:
        """Ask, wait for the answer, connect, check."""
        program = Path(self._command[0])
        if not self._is_protected(program):
            raise ElevationError(ElevationOutcome.NOT_PROTECTED)
        name = self._new_name()
        process = self._ask(program, subprocess.list2cmdline([*self._command[1:], name]))
        try:
            connection = connect(self._libraries, name, CONNECT_SECONDS, lambda: not process.wait(0))
        except TimeoutError:
            raise ElevationError(outcome_of_end(process.exit_code())) from None
        except PipeTakenError:
            raise ElevationError(ElevationOutcome.FOREIGN) from None
        except OSError:
            raise ElevationError(ElevationOutcome.UNEXPECTED) from None
        try:
            is_right = process.is_server_of(connection, plain_path(str(program)))
        except OSError:
            is_right = False
        if not is_right:
            connection.close()
            raise ElevationError(ElevationOutcome.FOREIGN)
        process.take(connection)
        return process

    def _ask(self, program: Path, parameters: str) -> ElevatedProcess:
        shell, ole = self._libraries.other("shell32"), self._libraries.other("ole32")
        info = _ShellExecuteInfo()
        info.cbSize = ctypes.sizeof(info)
        info.fMask = _NO_CLOSE_PROCESS | _NO_ASYNC | _NO_UI
        info.lpVerb, info.lpFile, info.lpParameters = "runas", str(program), parameters
        info.lpDirectory, info.nShow = str(program.parent), _HIDE
        is_ready = ole.CoInitializeEx(None, _APARTMENT | _NO_OLE1) >= 0
        try:
            done = shell.ShellExecuteExW(ctypes.byref(info))
            error = self._libraries.last_error()
        finally:
            if is_ready:
                ole.CoUninitialize()
        if not done:
            is_no = error == ERROR_CANCELLED
            raise ElevationError(ElevationOutcome.DECLINED if is_no else ElevationOutcome.UNEXPECTED)
        if not info.hProcess:
            raise ElevationError(ElevationOutcome.UNEXPECTED)
        return ElevatedProcess(self._libraries, info.hProcess)
