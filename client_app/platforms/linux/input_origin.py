"""Where an input came from under X11: the server names the device that made it.

A program that works another's mouse (AnyDesk, xdotool) does so through the XTEST extension, and the server gives its
input to a device of its own, "Virtual core XTEST pointer". Sources: X Input Extension 2 protocol (sourceid of a device
event), X11 protocol (the high bit of an event that a client sent itself).

Keys reach a window as core events, which name no device: key_sources.py knows it while a session is open, else they
are UNKNOWN, unless another client sent the event itself. Wayland tells nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from ctypes import c_uint8, c_uint16

from client_app.core.session import InputOrigin
from client_app.platforms.linux.key_sources import X11Keys, time_of_key

EVENT_TYPE = b"xcb_generic_event_t"

_SENT_BY_CLIENT = 0x80
_CORE_KEYS = frozenset({2, 3})
"""KeyPress, KeyRelease."""
_CORE_BUTTONS = frozenset({4, 5})
"""ButtonPress, ButtonRelease."""
_FOCUS = {9: True, 10: False}
"""FocusIn, FocusOut: whether a window of this program has the keyboard."""
_GENERIC = 35
_DEVICE_INPUTS = frozenset({4, 5, 18, 20})
"""XI_ButtonPress, XI_ButtonRelease, XI_TouchBegin, XI_TouchEnd."""
_EVENT_TYPE_AT, _SOURCE_AT = 8, 56
_WORDS_OF_INJECTION = ("xtest", "anydesk")


class X11InputMessages:
    """`InputMessages` of X11."""

    event_type = EVENT_TYPE

    def __init__(self, device_name: Callable[[int], str], keys: X11Keys | None = None) -> None:
        """Prepare.

        Args:
            device_name: returns the server's name of a device by its id; "" when it is not known.
            keys: knows which device made a key while a session is open.
        """
        self._device_name = device_name
        self._keys = keys

    def origin_of(self, message: int) -> InputOrigin | None:
        """Return where the button or key of an xcb event came from; None for every other event."""
        kind: int = c_uint8.from_address(message).value
        code = kind & ~_SENT_BY_CLIENT
        if code in _CORE_KEYS or code in _CORE_BUTTONS:
            if kind & _SENT_BY_CLIENT:
                return InputOrigin.INJECTED
            return self._origin_of_key(message) if code in _CORE_KEYS else InputOrigin.UNKNOWN
        if code in _FOCUS and self._keys is not None:
            self._keys.keyboard(is_ours=_FOCUS[code])
        if code != _GENERIC:
            return None
        # Only a device event is as long as that: others are not read so far.
        if _number(message + _EVENT_TYPE_AT) not in _DEVICE_INPUTS:
            return None
        return _origin_by_name(self._device_name(_number(message + _SOURCE_AT)))

    def _origin_of_key(self, message: int) -> InputOrigin:
        if self._keys is None or not self._keys.is_open:
            return InputOrigin.UNKNOWN
        found = {_origin_by_name(name) for name in self._keys.devices_at(time_of_key(message))}
        # Two devices at the very same time: the weaker one is believed.
        for weaker in (InputOrigin.INJECTED, InputOrigin.UNKNOWN):
            if weaker in found:
                return weaker
        return InputOrigin.LOCAL if found else InputOrigin.UNKNOWN


def _origin_by_name(name: str) -> InputOrigin:
    if not name:
        return InputOrigin.UNKNOWN
    is_injected = any(word in name.lower() for word in _WORDS_OF_INJECTION)
    return InputOrigin.INJECTED if is_injected else InputOrigin.LOCAL


def _number(address: int) -> int:
    return int(c_uint16.from_address(address).value)
