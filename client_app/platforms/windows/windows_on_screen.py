"""Which windows can be seen on Windows, whose they are and where.

Source: learn.microsoft.com, EnumWindows, GetWindowThreadProcessId, GetWindowRect, DwmGetWindowAttribute (cloaked
windows of other virtual desktops are "visible" and are not seen).
"""

from __future__ import annotations

import ctypes
from ctypes import wintypes
from typing import Any

from client_app.core.desktop import Rect, SeenWindow
from client_app.platforms.windows.libraries import Libraries

_DWMWA_CLOAKED = 14


class WindowsWindows:
    """`WindowsOnScreen` of Windows. Coordinates are those of this process, which sees every screen unscaled."""

    def __init__(self, libraries: Libraries | None = None, dwmapi: Any = None) -> None:
        """Prepare; the libraries are the system's own when left out."""
        self._user = (libraries or Libraries()).user32
        self._user.GetWindowRect.argtypes = [wintypes.HWND, ctypes.POINTER(wintypes.RECT)]
        self._user.IsWindowVisible.argtypes = [wintypes.HWND]
        self._user.IsIconic.argtypes = [wintypes.HWND]
        self._dwm = dwmapi

    def seen(self) -> tuple[SeenWindow, ...] | None:
        """Return every top-level window that can be seen."""
        found: list[SeenWindow] = []

        def note(window: int, _parameter: int) -> bool:
            if self._user.IsWindowVisible(window) and not self._user.IsIconic(window):
                one = self._describe(window)
                if one is not None and not self._is_cloaked(window):
                    found.append(one)
            return True

        callback = _enum_callback(note)
        if not self._user.EnumWindows(callback, 0):
            return None
        return tuple(found)

    def _describe(self, window: int) -> SeenWindow | None:
        rect, pid = wintypes.RECT(), wintypes.DWORD()
        if not self._user.GetWindowRect(window, ctypes.byref(rect)):
            return None
        self._user.GetWindowThreadProcessId(window, ctypes.byref(pid))
        width, height = rect.right - rect.left, rect.bottom - rect.top
        if width <= 0 or height <= 0 or not pid.value:
            return None
        return SeenWindow(pid.value, Rect(rect.left, rect.top, width, height))

    def _is_cloaked(self, window: int) -> bool:
        if self._dwm is None:
            self._dwm = vars(ctypes)["WinDLL"]("dwmapi")
            self._dwm.DwmGetWindowAttribute.argtypes = [
                wintypes.HWND, wintypes.DWORD, ctypes.c_void_p, wintypes.DWORD,
            ]  # fmt: skip
        cloaked = wintypes.DWORD()
        size = ctypes.sizeof(cloaked)
        failed = self._dwm.DwmGetWindowAttribute(window, _DWMWA_CLOAKED, ctypes.byref(cloaked), size)
        return not failed and bool(cloaked.value)


def _enum_callback(note: Any) -> Any:
    """Return WNDENUMPROC; on another system the plain calling convention, which tests use."""
    factory = vars(ctypes).get("WINFUNCTYPE", ctypes.CFUNCTYPE)
    return factory(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)(note)
