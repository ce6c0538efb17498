"""Windows' system libraries through ctypes, loaded when first used so that these modules import everywhere.

Tests give `Libraries` stand-ins with the same functions; nothing else in this package touches ctypes' loader.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from ctypes import wintypes
from typing import Any

ERROR_FILE_NOT_FOUND, ERROR_ACCESS_DENIED = 2, 5
ERROR_PIPE_BUSY = 231
ERROR_MORE_DATA = 234
ERROR_PIPE_CONNECTED, ERROR_IO_PENDING = 535, 997
ERROR_CANCELLED = 1223
INVALID_HANDLE = ctypes.c_void_p(-1).value


class Libraries:
    """The libraries and the thread's last error.

    Args:
        kernel32, user32, advapi32: loaded libraries; the system's own when left out.
        last_error: returns the last error code of the calling thread.
        others: further loaded libraries by name.
    """

    def __init__(
        self,
        kernel32: Any = None,
        user32: Any = None,
        advapi32: Any = None,
        last_error: Any = None,
        others: Mapping[str, Any] | None = None,
    ) -> None:
        self.kernel32 = kernel32 if kernel32 is not None else _prepared_kernel(_load("kernel32"))
        self.user32 = user32 if user32 is not None else _prepared_user(_load("user32"))
        self.advapi32 = advapi32 if advapi32 is not None else _prepared_advapi(_load("advapi32"))
        self._last_error = last_error if last_error is not None else getattr(ctypes, "get_last_error", None)
        self._others = dict(others or {})

    def other(self, name: str) -> Any:
        """Return one of the libraries that few callers need (shell32, ole32, wtsapi32), loaded when first asked for."""
        if name not in self._others:
            self._others[name] = _load(name)
        return self._others[name]

    def error(self, what: str) -> OSError:
        """Return the error that the last call left, as an exception to raise."""
        return OSError(self._last_error() if self._last_error is not None else 0, what)

    def last_error(self) -> int:
        """Return the last error code of this thread."""
        return int(self._last_error()) if self._last_error is not None else 0


def _load(name: str) -> Any:
    loader = vars(ctypes).get("WinDLL")
    if loader is None:
        raise OSError(f"there is no {name} on this system")
    return loader(name, use_last_error=True)


def _prepared_kernel(library: Any) -> Any:
    """Declare what returns or takes a handle: without it ctypes cuts handles to 32 bits."""
    for name in (
        "OpenProcess",
        "GetCurrentProcess",
        "CreateToolhelp32Snapshot",
        "CreateJobObjectW",
        "CreateFileW",
        "CreateNamedPipeW",
        "CreateEventW",
        "FindFirstChangeNotificationW",
    ):
        getattr(library, name).restype = wintypes.HANDLE
    library.CloseHandle.argtypes = [wintypes.HANDLE]
    library.LocalFree.argtypes = [ctypes.c_void_p]
    library.WaitForSingleObject.argtypes = [wintypes.HANDLE, wintypes.DWORD]
    library.TerminateProcess.argtypes = [wintypes.HANDLE, wintypes.UINT]
    library.AssignProcessToJobObject.argtypes = [wintypes.HANDLE, wintypes.HANDLE]
    library.Process32FirstW.argtypes = [wintypes.HANDLE, ctypes.c_void_p]
    library.Process32NextW.argtypes = [wintypes.HANDLE, ctypes.c_void_p]
    library.GetProcessTimes.argtypes = [wintypes.HANDLE, *[ctypes.c_void_p] * 4]
    library.QueryFullProcessImageNameW.argtypes = [
        wintypes.HANDLE, wintypes.DWORD, wintypes.LPWSTR, ctypes.POINTER(wintypes.DWORD),
    ]  # fmt: skip
    library.SetInformationJobObject.argtypes = [
        wintypes.HANDLE,
        ctypes.c_int,
        ctypes.c_void_p,
        wintypes.DWORD,
    ]
    library.QueryInformationJobObject.argtypes = [
        wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD, ctypes.c_void_p,
    ]  # fmt: skip
    library.CreateFileW.argtypes = [
        wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p, wintypes.DWORD, wintypes.DWORD,
        wintypes.HANDLE,
    ]  # fmt: skip
    library.CreateNamedPipeW.argtypes = [wintypes.LPCWSTR, *[wintypes.DWORD] * 6, ctypes.c_void_p]
    for name, arguments in _KERNEL_ARGUMENTS.items():
        getattr(library, name).argtypes = [wintypes.HANDLE, *arguments]
    library.FindFirstChangeNotificationW.argtypes = [wintypes.LPCWSTR, wintypes.BOOL, wintypes.DWORD]
    library.WaitForMultipleObjects.argtypes = [wintypes.DWORD, ctypes.c_void_p, wintypes.BOOL, wintypes.DWORD]
    return library


# What follows the handle.
_POINTER = ctypes.c_void_p
_KERNEL_ARGUMENTS: dict[str, list[Any]] = {
    "ConnectNamedPipe": [_POINTER],
    "ReadFile": [_POINTER, wintypes.DWORD, _POINTER, _POINTER],
    "WriteFile": [_POINTER, wintypes.DWORD, _POINTER, _POINTER],
    "GetOverlappedResult": [_POINTER, _POINTER, wintypes.BOOL],
    "CancelIoEx": [_POINTER],
    "GetNamedPipeClientProcessId": [_POINTER],
    "GetNamedPipeServerProcessId": [_POINTER],
    "SetEvent": [],
    "FindNextChangeNotification": [],
    "FindCloseChangeNotification": [],
    "IsProcessInJob": [wintypes.HANDLE, _POINTER],
    "GetExitCodeProcess": [_POINTER],
    "GetProcessId": [],
    "GetFinalPathNameByHandleW": [wintypes.LPWSTR, wintypes.DWORD, wintypes.DWORD],
}


def _prepared_advapi(library: Any) -> Any:
    library.OpenProcessToken.argtypes = [wintypes.HANDLE, wintypes.DWORD, _POINTER]
    library.GetTokenInformation.argtypes = [wintypes.HANDLE, ctypes.c_int, _POINTER, wintypes.DWORD, _POINTER]
    library.ConvertSidToStringSidW.argtypes = [_POINTER, _POINTER]
    return library


def _prepared_user(library: Any) -> Any:
    library.PostMessageW.argtypes = [wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM]
    library.GetWindowThreadProcessId.argtypes = [wintypes.HWND, ctypes.POINTER(wintypes.DWORD)]
    return library
