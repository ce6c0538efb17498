"""A connection of our own to the X server through libxcb: errors come back as answers and end nothing.

libX11 is not used: its error handler belongs to the whole process, and a window that vanishes between two questions is
an error there. Source: xcb.freedesktop.org, X11 protocol (requests GetProperty, QueryTree, GetGeometry, ...).
"""

from __future__ import annotations

import contextlib
import ctypes
import struct
from collections.abc import Iterator
from typing import Any

LIBRARY = "libxcb.so.1"
_ANY_TYPE = 0
_LONGEST_PROPERTY = 4096
"""In units of four bytes."""
_VIEWABLE = 2


class Cookie(ctypes.Structure):
    """What a request returns: its number."""

    _fields_ = (("sequence", ctypes.c_uint),)


class Screens(ctypes.Structure):
    """xcb_screen_iterator_t: `data` is the address of the first screen."""

    _fields_ = (("data", ctypes.c_void_p), ("rem", ctypes.c_int), ("index", ctypes.c_int))


class X11:
    """One open connection. Every question returns None when the server has no answer."""

    def __init__(self, library: Any, libc: Any, connection: int) -> None:
        self._xcb = library
        self._libc = libc
        self._connection = ctypes.c_void_p(connection)
        setup = library.xcb_get_setup(self._connection)
        screens = library.xcb_setup_roots_iterator(ctypes.c_void_p(setup))
        # The first field of a screen is its root window.
        self.root: int = ctypes.c_uint32.from_address(screens.data).value
        self._atoms: dict[str, int] = {}

    def atom(self, name: str) -> int:
        """Return the number of a name; 0 when nobody ever used it."""
        if name not in self._atoms:
            raw = name.encode("ascii")
            cookie = self._xcb.xcb_intern_atom(self._connection, 1, len(raw), raw)
            answer = self._reply("xcb_intern_atom_reply", cookie, 12)
            found = struct.unpack_from("<I", answer, 8)[0] if answer is not None else 0
            if not found:
                return 0
            self._atoms[name] = found
        return self._atoms[name]

    def numbers(self, window: int, name: str) -> tuple[int, ...]:
        """Return a property of 32-bit numbers; empty when there is none."""
        atom = self.atom(name)
        if not atom:
            return ()
        cookie = self._xcb.xcb_get_property(
            self._connection, 0, window, atom, _ANY_TYPE, 0, _LONGEST_PROPERTY
        )
        with self._answer("xcb_get_property_reply", cookie) as answer:
            if answer is None or ctypes.c_uint8.from_address(answer + 1).value != 32:
                return ()
            length = self._xcb.xcb_get_property_value_length(ctypes.c_void_p(answer))
            start = self._xcb.xcb_get_property_value(ctypes.c_void_p(answer))
            return struct.unpack(f"<{length // 4}I", ctypes.string_at(start, length // 4 * 4))

    def children(self, window: int) -> tuple[int, ...]:
        """Return a window's children, lowest first."""
        cookie = self._xcb.xcb_query_tree(self._connection, window)
        with self._answer("xcb_query_tree_reply", cookie) as answer:
            if answer is None:
                return ()
            count = ctypes.c_uint16.from_address(answer + 16).value
            return struct.unpack(f"<{count}I", ctypes.string_at(answer + 32, count * 4))

    def is_viewable(self, window: int) -> bool:
        """Tell whether a window is on the screen."""
        cookie = self._xcb.xcb_get_window_attributes(self._connection, window)
        answer = self._reply("xcb_get_window_attributes_reply", cookie, 28)
        # map_state follows visual, class, gravities, planes, pixel, save_under and map_is_installed.
        return answer is not None and answer[26] == _VIEWABLE

    def place(self, window: int) -> tuple[int, int, int, int] | None:
        """Return left, top, width, height on the root window."""
        cookie = self._xcb.xcb_get_geometry(self._connection, window)
        geometry = self._reply("xcb_get_geometry_reply", cookie, 20)
        cookie = self._xcb.xcb_translate_coordinates(self._connection, window, self.root, 0, 0)
        moved = self._reply("xcb_translate_coordinates_reply", cookie, 16)
        if geometry is None or moved is None:
            return None
        width, height = struct.unpack_from("<HH", geometry, 16)
        left, top = struct.unpack_from("<hh", moved, 12)
        return left, top, width, height

    def close(self) -> None:
        """Let go of the server."""
        self._xcb.xcb_disconnect(self._connection)

    def _reply(self, name: str, cookie: Cookie, size: int) -> bytes | None:
        with self._answer(name, cookie) as answer:
            return ctypes.string_at(answer, size) if answer is not None else None

    @contextlib.contextmanager
    def _answer(self, name: str, cookie: Cookie) -> Iterator[int | None]:
        error = ctypes.c_void_p()
        answer = getattr(self._xcb, name)(self._connection, cookie, ctypes.byref(error))
        try:
            yield answer
        finally:
            for pointer in (answer, error.value):
                if pointer:
                    self._libc.free(ctypes.c_void_p(pointer))


_REPLIES = (
    "xcb_intern_atom_reply",
    "xcb_get_property_reply",
    "xcb_query_tree_reply",
    "xcb_get_window_attributes_reply",
    "xcb_get_geometry_reply",
    "xcb_translate_coordinates_reply",
)
_SHORT, _WORD = ctypes.c_int16, ctypes.c_uint32
_REQUESTS: dict[str, tuple[Any, ...]] = {
    "xcb_intern_atom": (ctypes.c_uint8, ctypes.c_uint16, ctypes.c_char_p),
    "xcb_get_property": (ctypes.c_uint8, _WORD, _WORD, _WORD, _WORD, _WORD),
    "xcb_query_tree": (_WORD,),
    "xcb_get_window_attributes": (_WORD,),
    "xcb_get_geometry": (_WORD,),
    "xcb_translate_coordinates": (_WORD, _WORD, _SHORT, _SHORT),
}


def connect() -> X11 | None:
    """Connect to the display of this session; None without an X server or its library. Waits for nothing else."""
    try:
        library, libc = ctypes.CDLL(LIBRARY), ctypes.CDLL(None)
    except OSError:
        return None
    _declare(library, libc)
    connection = library.xcb_connect(None, None)
    if library.xcb_connection_has_error(ctypes.c_void_p(connection)):
        library.xcb_disconnect(ctypes.c_void_p(connection))
        return None
    return X11(library, libc, connection)


def _declare(library: Any, libc: Any) -> None:
    pointer = ctypes.c_void_p
    for name, arguments in _REQUESTS.items():
        getattr(library, name).argtypes = [pointer, *arguments]
        getattr(library, name).restype = Cookie
    for name in _REPLIES:
        getattr(library, name).argtypes = [pointer, Cookie, ctypes.POINTER(pointer)]
        getattr(library, name).restype = pointer
    library.xcb_connect.restype = library.xcb_get_setup.restype = pointer
    library.xcb_connect.argtypes = [ctypes.c_char_p, pointer]
    for name in ("xcb_get_setup", "xcb_setup_roots_iterator", "xcb_connection_has_error", "xcb_disconnect"):
        getattr(library, name).argtypes = [pointer]
    library.xcb_setup_roots_iterator.restype = Screens
    library.xcb_get_property_value.restype = pointer
    library.xcb_get_property_value.argtypes = library.xcb_get_property_value_length.argtypes = [pointer]
    libc.free.argtypes = [pointer]
    libc.free.restype = None
