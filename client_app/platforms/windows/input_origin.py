"""Where an input came from on Windows: the system marks what a program sent itself.

Source: learn.microsoft.com, GetCurrentInputMessageSource (user32, Windows 8 and newer). It answers for the message
that this thread is handling, so it is asked inside the window procedure and nowhere else.

What is known of it: SendInput, mouse_event and keybd_event are "injected", which is how AnyDesk works the mouse of a
session. In a session over Remote Desktop the far mouse and keyboard are "hardware": Windows sees them as devices.
"""

from __future__ import annotations

import ctypes
from ctypes import wintypes
from typing import Any

from client_app.core.session import InputOrigin
from client_app.platforms.windows.libraries import Libraries

EVENT_TYPE = b"windows_generic_MSG"

_ORIGINS = {0x1: InputOrigin.LOCAL, 0x2: InputOrigin.INJECTED}
"""IMO_HARDWARE and IMO_INJECTED; IMO_UNAVAILABLE (0) and IMO_SYSTEM (4) tell nothing."""

_KEYS = frozenset({0x100, 0x101, 0x104, 0x105})
"""WM_KEYDOWN, WM_KEYUP, WM_SYSKEYDOWN, WM_SYSKEYUP."""
_BUTTONS = frozenset({0x201, 0x202, 0x203, 0x204, 0x205, 0x206, 0x207, 0x208, 0x209, 0x20B, 0x20C, 0x20D})
"""WM_LBUTTONDOWN to WM_XBUTTONDBLCLK without the wheel."""
_POINTERS = frozenset({0x240, 0x246, 0x247})
"""WM_TOUCH, WM_POINTERDOWN, WM_POINTERUP."""
INPUTS = _KEYS | _BUTTONS | _POINTERS


class MessageSource(ctypes.Structure):
    """INPUT_MESSAGE_SOURCE."""

    _fields_ = (("deviceType", wintypes.DWORD), ("originId", wintypes.DWORD))


class WindowsInputMessages:
    """`InputMessages` of Windows."""

    event_type = EVENT_TYPE

    def __init__(self, libraries: Libraries | None = None) -> None:
        """Prepare; `libraries` are the system's own when left out."""
        user32: Any = (libraries or Libraries()).user32
        self._ask = getattr(user32, "GetCurrentInputMessageSource", None)

    def origin_of(self, message: int) -> InputOrigin | None:
        """Return where the button or key of a MSG came from; None for every other message."""
        if wintypes.MSG.from_address(message).message not in INPUTS:
            return None
        if self._ask is None:
            return InputOrigin.UNKNOWN
        source = MessageSource()
        if not self._ask(ctypes.byref(source)):
            return InputOrigin.UNKNOWN
        return _ORIGINS.get(source.originId, InputOrigin.UNKNOWN)
