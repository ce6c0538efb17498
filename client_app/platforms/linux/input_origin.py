"""Where an input came from under X11: the server names the device that made it.

A program that works another's mouse (AnyDesk, xdotool) does so through the XTEST extension, and the server gives its
input to a device of its own, "Virtual core XTEST pointer". Sources: X Input Extension 2 protocol (sourceid of a device
event), X11 protocol (the high bit of an event that a client sent itself).

What X11 does not tell here: keys reach a window as core events, which name no device. They are UNKNOWN, unless
another client sent the event itself. Wayland tells nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from ctypes import c_uint8, c_uint16

from client_app.core.session import InputOrigin

EVENT_TYPE = b"xcb_generic_event_t"

_SENT_BY_CLIENT = 0x80
_CORE_INPUTS = frozenset({2, 3, 4, 5})
"""KeyPress, KeyRelease, ButtonPress, ButtonRelease."""
_GENERIC = 35
_DEVICE_INPUTS = frozenset({4, 5, 18, 20})
"""XI_ButtonPress, XI_ButtonRelease, XI_TouchBegin, XI_TouchEnd."""
_EVENT_TYPE_AT, _SOURCE_AT = 8, 56
_WORDS_OF_INJECTION = ("xtest", "anydesk")


class X11InputMessages:
    """`InputMessages` of X11."""

    event_type = EVENT_TYPE

    def __init__(self, device_name: Callable[[int], str]) -> None:
        """Prepare.

        Args:
            device_name: returns the server's name of a device by its id; "" when it is not known.
        """
        self._device_name = device_name

    def origin_of(self, message: int) -> InputOrigin | None:
        """Return where the button or key of an xcb event came from; None for every other event."""
        kind: int = c_uint8.from_address(message).value
        code = kind & ~_SENT_BY_CLIENT
        if code in _CORE_INPUTS:
            return InputOrigin.INJECTED if kind & _SENT_BY_CLIENT else InputOrigin.UNKNOWN
        if code != _GENERIC:
            return None
        # Only a device event is as long as that: others are not read so far.
        if _number(message + _EVENT_TYPE_AT) not in _DEVICE_INPUTS:
            return None
        name = self._device_name(_number(message + _SOURCE_AT)).lower()
        if not name:
            return InputOrigin.UNKNOWN
        is_injected = any(word in name for word in _WORDS_OF_INJECTION)
        return InputOrigin.INJECTED if is_injected else InputOrigin.LOCAL


def _number(address: int) -> int:
    return int(c_uint16.from_address(address).value)
