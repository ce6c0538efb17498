"""Where an input came from on macOS: the system notes in each event which process posted it.

Source: developer.apple.com, CGEventField (kCGEventSourceUnixProcessID, kCGEventSourceStateID) and NSEvent.cgEvent.
An event of a device has no process and the state of the devices; one that a program posted carries the program's pid.
Not tried on a real Mac: docs/anydesk-field-check.md has the row.
"""

from __future__ import annotations

import ctypes

from client_app.core.session import InputOrigin
from client_app.platforms.macos.objc import Frameworks

EVENT_TYPE = b"mac_generic_NSEvent"

_INPUTS = frozenset({1, 2, 3, 4, 10, 11, 25, 26})
"""NSEventType of the buttons' and the keys' going down and up."""
_SOURCE_STATE, _SOURCE_PROCESS = 45, 41
_STATE_OF_DEVICES = 1
"""kCGEventSourceStateHIDSystemState."""


class MacInputMessages:
    """`InputMessages` of macOS."""

    event_type = EVENT_TYPE

    def __init__(self, frameworks: Frameworks | None = None) -> None:
        """Prepare; the libraries are the system's own when left out."""
        self._libraries = frameworks or Frameworks()
        graphics = self._libraries.graphics
        graphics.CGEventGetIntegerValueField.restype = ctypes.c_int64
        graphics.CGEventGetIntegerValueField.argtypes = [ctypes.c_void_p, ctypes.c_uint32]

    def origin_of(self, message: int) -> InputOrigin | None:
        """Return where the button or key of an NSEvent came from; None for every other event."""
        if self._libraries.send(message, b"type", ctypes.c_ulong) not in _INPUTS:
            return None
        event = self._libraries.send(message, b"CGEvent")
        if not event:
            return InputOrigin.UNKNOWN
        field = self._libraries.graphics.CGEventGetIntegerValueField
        if field(event, _SOURCE_PROCESS):
            return InputOrigin.INJECTED
        is_device = field(event, _SOURCE_STATE) == _STATE_OF_DEVICES
        return InputOrigin.LOCAL if is_device else InputOrigin.UNKNOWN
