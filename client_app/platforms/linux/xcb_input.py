"""A connection of our own to the X server that hears of keys through the X Input extension: time and device, no more.

libxcb-xinput is not on every desktop, so the three requests are written here. Every wait has a limit.
Source: X Input Extension 2 protocol; xcbext.h (xcb_send_request wants two free entries before its data).
"""

from __future__ import annotations

import ctypes
import select
import struct
import time
from typing import Any

from client_app.platforms.linux import xcb

_NAME = b"XInputExtension"
_SELECT_EVENTS, _QUERY_VERSION, _QUERY_DEVICE = 46, 47, 48
_WANTED_VERSION = (2, 2)
_LEAST_VERSION = (2, 1)
"""The first in which a raw event names its device."""
_ALL_DEVICES, _ALL_MASTERS = 0, 1
_RAW_KEYS = frozenset({13, 14})
"""XI_RawKeyPress, XI_RawKeyRelease."""
_MASK = sum(1 << kind for kind in _RAW_KEYS)
_GENERIC = 35
_HEADER = 4
_ANSWER_SECONDS = 0.2
_MOST_EVENTS = 4096


class _Extension(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("global_id", ctypes.c_int))


class _Request(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_size_t),
        ("extension", ctypes.POINTER(_Extension)),
        ("opcode", ctypes.c_uint8),
        ("isvoid", ctypes.c_uint8),
    )


class _Part(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class InputConnection:
    """One open connection. A question that the server does not answer in time has no answer."""

    def __init__(self, library: Any, libc: Any, connection: int, root: int) -> None:
        self._xcb = library
        self._libc = libc
        self._connection = connection
        self._root = root
        self._extension = _Extension(_NAME, 0)

    def is_new_enough(self) -> bool:
        """Tell whether raw events of this server name their device."""
        answer = self._ask(_QUERY_VERSION, struct.pack("=HH", *_WANTED_VERSION))
        return answer is not None and struct.unpack_from("=HH", answer, 8) >= _LEAST_VERSION

    def select_keys(self, is_wanted: bool) -> None:
        """Hear of keys, or hear of them no more."""
        mask = struct.pack("=IHHHHI", self._root, 1, 0, _ALL_MASTERS, 1, _MASK if is_wanted else 0)
        self._send(_SELECT_EVENTS, mask, has_answer=False)
        self._xcb.xcb_flush(self._connection)

    def device_names(self) -> dict[int, str]:
        """Return the server's input devices: number to name; empty without an answer."""
        answer = self._ask(_QUERY_DEVICE, struct.pack("=HH", _ALL_DEVICES, 0))
        return names_of(answer) if answer is not None else {}

    def keys(self) -> list[tuple[int, int]] | None:
        """Return time and device of the keys that were heard; None when the server is gone or does not answer.

        The server answers in order: what it answers after it handed out a key comes after that key's raw event.
        """
        if self._ask(_QUERY_VERSION, struct.pack("=HH", *_WANTED_VERSION)) is None:
            return None
        heard: list[tuple[int, int]] = []
        for _ in range(_MOST_EVENTS):
            event = self._xcb.xcb_poll_for_event(self._connection)
            if not event:
                break
            # evtype, deviceid, time; then the key, which is not read; then the device that made it.
            if ctypes.c_uint8.from_address(event).value & 0x7F == _GENERIC:
                kind = ctypes.c_uint16.from_address(event + 8).value
                if kind in _RAW_KEYS:
                    at = ctypes.c_uint32.from_address(event + 12).value
                    heard.append((at, ctypes.c_uint16.from_address(event + 20).value))
            self._libc.free(event)
        return heard

    def close(self) -> None:
        """Let go of the server."""
        self._xcb.xcb_disconnect(self._connection)

    def _send(self, opcode: int, body: bytes, *, has_answer: bool) -> int:
        data = ctypes.create_string_buffer(bytes(_HEADER) + body, _HEADER + len(body))
        parts = (_Part * 3)()
        parts[2] = _Part(ctypes.addressof(data), len(data))
        request = _Request(1, ctypes.pointer(self._extension), opcode, int(not has_answer))
        start = ctypes.byref(parts, 2 * ctypes.sizeof(_Part))
        checked = 1
        return int(
            self._xcb.xcb_send_request(self._connection, checked * has_answer, start, ctypes.byref(request))
        )

    def _ask(self, opcode: int, body: bytes) -> bytes | None:
        number = self._send(opcode, body, has_answer=True)
        if not number:
            return None
        self._xcb.xcb_flush(self._connection)
        answer, error = ctypes.c_void_p(), ctypes.c_void_p()
        until = time.monotonic() + _ANSWER_SECONDS
        socket = self._xcb.xcb_get_file_descriptor(self._connection)
        while not self._xcb.xcb_poll_for_reply(
            self._connection, number, ctypes.byref(answer), ctypes.byref(error)
        ):
            left = until - time.monotonic()
            if left <= 0 or not select.select([socket], [], [], left)[0]:
                self._xcb.xcb_discard_reply(self._connection, number)
                return None
        try:
            if not answer.value:
                return None
            length = 32 + 4 * ctypes.c_uint32.from_address(answer.value + 4).value
            return ctypes.string_at(answer.value, length)
        finally:
            for pointer in (answer.value, error.value):
                if pointer:
                    self._libc.free(pointer)


def names_of(answer: bytes) -> dict[int, str]:
    """Read an answer to XIQueryDevice: number to name; one that is cut short gives the devices before the cut."""
    names: dict[int, str] = {}
    place = 32
    for _ in range(struct.unpack_from("=H", answer, 8)[0]):
        if place + 12 > len(answer):
            break
        number, _use, _attachment, classes, length = struct.unpack_from("=5H", answer, place)
        names[number] = answer[place + 12 : place + 12 + length].decode("utf-8", "replace")
        place += 12 + (length + 3) // 4 * 4
        for _class in range(classes):
            if place + 4 > len(answer):
                return names
            place += 4 * struct.unpack_from("=2H", answer, place)[1]
    return names


def connect() -> InputConnection | None:
    """Connect to the display of this session; None without a server, its library or the extension."""
    try:
        library, libc = ctypes.CDLL(xcb.LIBRARY), ctypes.CDLL(None)
    except OSError:
        return None
    _declare(library, libc)
    connection = library.xcb_connect(None, None)
    made = None
    if not library.xcb_connection_has_error(connection):
        setup = library.xcb_get_setup(connection)
        screens = library.xcb_setup_roots_iterator(setup)
        made = InputConnection(library, libc, connection, ctypes.c_uint32.from_address(screens.data).value)
        if made.is_new_enough():
            return made
    library.xcb_disconnect(connection)
    return None


def _declare(library: Any, libc: Any) -> None:
    pointer, out = ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p)
    functions: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "xcb_connect": (pointer, (ctypes.c_char_p, pointer)),
        "xcb_connection_has_error": (ctypes.c_int, (pointer,)),
        "xcb_disconnect": (None, (pointer,)),
        "xcb_flush": (ctypes.c_int, (pointer,)),
        "xcb_get_file_descriptor": (ctypes.c_int, (pointer,)),
        "xcb_get_setup": (pointer, (pointer,)),
        "xcb_setup_roots_iterator": (xcb.Screens, (pointer,)),
        "xcb_send_request": (ctypes.c_uint, (pointer, ctypes.c_int, pointer, pointer)),
        "xcb_poll_for_reply": (ctypes.c_int, (pointer, ctypes.c_uint, out, out)),
        "xcb_discard_reply": (None, (pointer, ctypes.c_uint)),
        "xcb_poll_for_event": (pointer, (pointer,)),
    }
    for name, (result, arguments) in functions.items():
        getattr(library, name).restype = result
        getattr(library, name).argtypes = arguments
    libc.free.restype, libc.free.argtypes = None, (pointer,)
