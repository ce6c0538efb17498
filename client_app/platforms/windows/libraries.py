"""Windows' system libraries through ctypes, loaded when first used so that these modules import everywhere.

Tests give `Libraries` stand-ins with the same functions; nothing else in this package touches ctypes' loader.
"""

from __future__ import annotations

import ctypes
from ctypes import wintypes
from typing import Any

ERROR_INSUFFICIENT_BUFFER = 122
ERROR_MORE_DATA = 234
INVALID_HANDLE = ctypes.c_void_p(-1).value


class Libraries:
    """The libraries and the thread's last error.

    Args:
        kernel32, user32, advapi32: loaded libraries; the system's own when left out.
        last_error: returns the last error code of the calling thread.
    """

    def __init__(
        self, kernel32: Any = None, user32: Any = None, advapi32: Any = None, last_error: Any = None
    ) -> None:
        self.kernel32 = kernel32 if kernel32 is not None else _prepared_kernel(_load("kernel32"))
        self.user32 = user32 if user32 is not None else _prepared_user(_load("user32"))
        self.advapi32 = advapi32 if advapi32 is not None else _load("advapi32")
        self._last_error = last_error if last_error is not None else getattr(ctypes, "get_last_error", None)

    def error(self, what: str) -> OSError:
        """Return the error that the last call left, as an exception to raise."""
        return OSError(self._last_error() if self._last_error is not None else 0, what)

    def last_error(self) -> int:
        """Return the last error code of this thread."""
        return int(self._last_error()) if self._last_error is not None else 0


def _load(name: str) -> Any:
    return vars(ctypes)["WinDLL"](name, use_last_error=True)


def _prepared_kernel(library: Any) -> Any:
    """Declare what returns or takes a handle: without it ctypes cuts handles to 32 bits."""
    for name in (
        "OpenProcess",
        "GetCurrentProcess",
        "CreateToolhelp32Snapshot",
        "CreateJobObjectW",
        "CreateFileW",
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
    return library


def _prepared_user(library: Any) -> Any:
    library.PostMessageW.argtypes = [wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM]
    library.GetWindowThreadProcessId.argtypes = [wintypes.HWND, ctypes.POINTER(wintypes.DWORD)]
    return library
