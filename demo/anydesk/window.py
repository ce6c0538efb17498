"""The stand-in's window on Windows: a real top-level window, so that WM_CLOSE closes it as with any program.

Only ctypes; the other systems have no window here and take SIGTERM for closing it.
"""

from __future__ import annotations

import ctypes
from ctypes import wintypes
from typing import Any

TITLE = "AnyDesk"
_CLASS = "ad_win#1"
_WM_CLOSE, _WM_QUIT_BY_ORDER = 0x10, 0x8000 + 1
_OVERLAPPED_VISIBLE = 0x10CF0000


class _WindowClass(ctypes.Structure):
    _fields_ = (
        ("style", wintypes.UINT),
        ("procedure", ctypes.c_void_p),
        ("class_extra", ctypes.c_int),
        ("window_extra", ctypes.c_int),
        ("instance", wintypes.HINSTANCE),
        ("icon", wintypes.HANDLE),
        ("cursor", wintypes.HANDLE),
        ("background", wintypes.HANDLE),
        ("menu", wintypes.LPCWSTR),
        ("name", wintypes.LPCWSTR),
    )


class Window:
    """One window. `live` blocks the thread that made it until somebody closes it.

    Attributes:
        is_stubborn: it takes no notice of WM_CLOSE.
    """

    def __init__(self, title: str = TITLE, *, is_stubborn: bool = False) -> None:
        self.is_stubborn = is_stubborn
        user = self._user = _prepared(vars(ctypes)["WinDLL"]("user32"))
        # Kept: Windows calls it for as long as the window lives.
        kind = vars(ctypes)["WINFUNCTYPE"](
            ctypes.c_ssize_t, wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM
        )
        self._procedure = kind(self._on_message)
        made = _WindowClass(procedure=ctypes.cast(self._procedure, ctypes.c_void_p), name=_CLASS)
        user.RegisterClassW(ctypes.byref(made))
        self._handle = user.CreateWindowExW(
            0, _CLASS, title, _OVERLAPPED_VISIBLE, 40, 40, 320, 200, None, None, None, None
        )
        if not self._handle:
            raise OSError("CreateWindowExW")

    def live(self) -> None:
        """Handles messages until the window is closed."""
        message = wintypes.MSG()
        while self._user.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            self._user.DispatchMessageW(ctypes.byref(message))

    def close(self) -> None:
        """Closes it, from any thread, even a stubborn one."""
        self._user.PostMessageW(self._handle, _WM_QUIT_BY_ORDER, 0, 0)

    def _on_message(self, window: int, message: int, wide: int, low: int) -> int:
        if message == _WM_QUIT_BY_ORDER or (message == _WM_CLOSE and not self.is_stubborn):
            self._user.PostQuitMessage(0)
            return 0
        if message == _WM_CLOSE:
            return 0
        return int(self._user.DefWindowProcW(window, message, wide, low))


def _prepared(user: Any) -> Any:
    user.CreateWindowExW.restype = wintypes.HWND
    user.DefWindowProcW.restype = ctypes.c_ssize_t
    message = [wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM]
    user.DefWindowProcW.argtypes = user.PostMessageW.argtypes = message
    user.CreateWindowExW.argtypes = [
        *(wintypes.DWORD, wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.DWORD, *[ctypes.c_int] * 4),
        *(wintypes.HWND, wintypes.HANDLE, wintypes.HINSTANCE, ctypes.c_void_p),
    ]
    return user
