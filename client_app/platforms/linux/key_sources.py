"""Which device made a key under X11: a second connection hears when a key was pressed and by which device.

Keys reach a window as core events, which name no device. The X Input extension tells every key once more as a raw
event, with the same time of the server and the device that made it; the two are matched by that time.

Rules: only the time and the device's number are read, never which key it was. It listens only while a session is open
and this program's own window has the keyboard, so nothing is heard of what is typed elsewhere. Of the past it keeps the
last few. Without the extension (2.1 or newer) nothing is known. Source: X Input Extension 2 protocol
(XISelectEvents, XIQueryDevice, XI_RawKeyPress), xcbext.h (xcb_send_request).
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable

from client_app.platforms.linux.xcb_input import InputConnection, connect

_KEPT = 64


class X11Keys:
    """`KeySources` of X11. Everything on the window's thread; without a connection every answer is "not known"."""

    def __init__(self, connect: Callable[[], InputConnection | None] = connect) -> None:
        self._connect = connect
        self._server: InputConnection | None = None
        self._heard: deque[tuple[int, int]] = deque(maxlen=_KEPT)
        self._names: dict[int, str] = {}

    @property
    def is_open(self) -> bool:
        """Tell whether a session is open and this server tells."""
        return self._server is not None

    def open(self, *, has_keyboard: bool) -> None:
        """Begin.

        Args:
            has_keyboard: whether a window of this program has the keyboard at the moment.
        """
        if self._server is None:
            self._server = self._connect()
        if self._server is not None:
            self._names = self._server.device_names()
            self.keyboard(is_ours=has_keyboard)

    def close(self) -> None:
        """Stop listening and forget what was heard."""
        if self._server is not None:
            self._server.close()
        self._server = None
        self._heard.clear()
        self._names = {}

    def keyboard(self, *, is_ours: bool) -> None:
        """Listen while a window of this program has the keyboard, and no longer."""
        if self._server is None:
            return
        self._server.select_keys(is_ours)
        if not is_ours:
            self._heard.clear()

    def devices_at(self, time: int) -> tuple[str, ...]:
        """Return the names of the devices that pressed or let go at a time of the server; empty when not known."""
        if self._server is None:
            return ()
        heard = self._server.keys()
        if heard is None:
            self.close()
            return ()
        self._heard.extend(heard)
        numbers = {device for at, device in self._heard if at == time}
        if numbers - set(self._names):
            # A keyboard that was plugged in meanwhile.
            self._names = self._server.device_names()
        return tuple(self._names.get(number, "") for number in numbers)


def time_of_key(message: int) -> int:
    """Return the server's time of a core key event at an address, in milliseconds."""
    return int(ctypes.c_uint32.from_address(message + 4).value)
