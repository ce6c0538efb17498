"""Locking and unlocking on macOS, as notifications that every program may hear.

Source: developer.apple.com, CFNotificationCenterGetDistributedCenter; the names com.apple.screenIsLocked and
com.apple.screenIsUnlocked are what the system posts (not documented, in use since Mac OS X 10.6).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from client_app.core.presence import ScreenState
from client_app.platforms.macos.objc import Frameworks

_NAMES = {b"com.apple.screenIsLocked": ScreenState.LOCKED, b"com.apple.screenIsUnlocked": ScreenState.ACTIVE}
_UTF8 = 0x08000100
_DELIVER_IMMEDIATELY = 4
_CALLBACK = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 5)


class MacScreenCalls:
    """`ScreenCalls` of macOS; the calls come while the thread's event loop runs."""

    def __init__(self, frameworks: Frameworks | None = None) -> None:
        """Prepare; the libraries are the system's own when left out."""
        self._library = (frameworks or Frameworks()).foundation
        # The system holds only addresses: callbacks must live as long as they may be called.
        self._callbacks: list[Any] = []
        self._observer = ctypes.c_char(b"o")

    def start(self, on_change: Callable[[ScreenState], None]) -> bool:
        """Begin; False when there is no notification centre."""
        library = self._library
        library.CFNotificationCenterGetDistributedCenter.restype = ctypes.c_void_p
        library.CFStringCreateWithCString.restype = ctypes.c_void_p
        library.CFStringCreateWithCString.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
        library.CFNotificationCenterAddObserver.argtypes = [
            ctypes.c_void_p, ctypes.c_void_p, _CALLBACK, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long,
        ]  # fmt: skip
        centre = library.CFNotificationCenterGetDistributedCenter()
        if not centre:
            return False
        for name, state in _NAMES.items():
            callback = _CALLBACK(lambda *_arguments, state=state: on_change(state))
            self._callbacks.append(callback)
            text = library.CFStringCreateWithCString(None, name, _UTF8)
            library.CFNotificationCenterAddObserver(
                centre, ctypes.addressof(self._observer), callback, text, None, _DELIVER_IMMEDIATELY
            )
        return True

    def stop(self) -> None:
        """End."""
        library = self._library
        library.CFNotificationCenterRemoveEveryObserver.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        centre = library.CFNotificationCenterGetDistributedCenter()
        if centre:
            library.CFNotificationCenterRemoveEveryObserver(centre, ctypes.addressof(self._observer))
        self._callbacks.clear()
