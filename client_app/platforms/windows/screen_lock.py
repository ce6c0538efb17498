"""Locking, unlocking, switching and logging off on Windows, as messages to a window.

Source: learn.microsoft.com, WTSRegisterSessionNotification, WM_WTSSESSION_CHANGE, WM_ENDSESSION.
"""

from __future__ import annotations

import ctypes
from ctypes import wintypes
from typing import Any

from client_app.core.presence import ScreenState

EVENT_TYPE = b"windows_generic_MSG"
WM_ENDSESSION = 0x16
WM_WTSSESSION_CHANGE = 0x2B1
_THIS_SESSION = 0

_MEANING = {
    0x1: ScreenState.ACTIVE,  # WTS_CONSOLE_CONNECT
    0x2: ScreenState.SWITCHED_AWAY,  # WTS_CONSOLE_DISCONNECT
    0x3: ScreenState.ACTIVE,  # WTS_REMOTE_CONNECT
    0x4: ScreenState.SWITCHED_AWAY,  # WTS_REMOTE_DISCONNECT
    0x6: ScreenState.LOGGED_OFF,  # WTS_SESSION_LOGOFF
    0x7: ScreenState.LOCKED,  # WTS_SESSION_LOCK
    0x8: ScreenState.ACTIVE,  # WTS_SESSION_UNLOCK
}


class WindowsScreenMessages:
    """`ScreenMessages` of Windows."""

    event_type = EVENT_TYPE

    def __init__(self, wtsapi32: Any = None) -> None:
        """Prepare; `wtsapi32` is the system's own when left out."""
        self._library = wtsapi32 if wtsapi32 is not None else vars(ctypes)["WinDLL"]("wtsapi32")
        self._library.WTSRegisterSessionNotification.argtypes = [wintypes.HWND, wintypes.DWORD]
        self._library.WTSUnRegisterSessionNotification.argtypes = [wintypes.HWND]

    def attach(self, window: int) -> bool:
        """Let a window be told of this session's changes; False when the system would not."""
        return bool(self._library.WTSRegisterSessionNotification(window, _THIS_SESSION))

    def detach(self, window: int) -> None:
        """Let it be told no more."""
        self._library.WTSUnRegisterSessionNotification(window)

    def state_of(self, message: int) -> ScreenState | None:
        """Return what a MSG says of the screen; None for every other message."""
        read = wintypes.MSG.from_address(message)
        if read.message == WM_ENDSESSION and read.wParam:
            return ScreenState.LOGGED_OFF
        if read.message != WM_WTSSESSION_CHANGE:
            return None
        return _MEANING.get(read.wParam)
