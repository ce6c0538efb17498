"""Which windows can be seen under X11, whose they are and where; Wayland tells no program of another's windows.

Source: Extended Window Manager Hints (_NET_CLIENT_LIST_STACKING, _NET_WM_PID, _NET_FRAME_EXTENTS,
_NET_CURRENT_DESKTOP).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from client_app.core.desktop import Rect, SeenWindow
from client_app.platforms.linux.xcb import X11, connect

_ALL_DESKTOPS = 0xFFFFFFFF


class X11Windows:
    """`WindowsOnScreen` of X11. Connects for one look and lets go again: looks are rare."""

    def __init__(
        self, environment: Mapping[str, str] | None = None, connect_to: Callable[[], X11 | None] = connect
    ) -> None:
        """Prepare; environment and connection are the session's own when left out."""
        self._environment = os.environ if environment is None else environment
        self._connect = connect_to

    def seen(self) -> tuple[SeenWindow, ...] | None:
        """Return managed windows with their frames, and those that no window manager manages."""
        if self._environment.get("WAYLAND_DISPLAY") or not self._environment.get("DISPLAY"):
            return None
        server = self._connect()
        if server is None:
            return None
        try:
            return _look(server)
        finally:
            server.close()


def _look(server: X11) -> tuple[SeenWindow, ...]:
    desktop = server.numbers(server.root, "_NET_CURRENT_DESKTOP")[:1]
    managed = server.numbers(server.root, "_NET_CLIENT_LIST_STACKING") or server.numbers(
        server.root, "_NET_CLIENT_LIST"
    )
    found = []
    # A question of AnyDesk may be a window that the window manager does not know.
    for window in dict.fromkeys((*managed, *server.children(server.root))):
        pids = server.numbers(window, "_NET_WM_PID")
        if not pids or not server.is_viewable(window):
            continue
        on = server.numbers(window, "_NET_WM_DESKTOP")[:1]
        if desktop and on and on[0] not in (desktop[0], _ALL_DESKTOPS):
            continue
        place = server.place(window)
        if place is not None and place[2] > 0 and place[3] > 0:
            found.append(SeenWindow(pids[0], _framed(Rect(*place), server, window)))
    return tuple(found)


def _framed(place: Rect, server: X11, window: int) -> Rect:
    frame = server.numbers(window, "_NET_FRAME_EXTENTS")
    if len(frame) != 4:
        return place
    left, right, top, bottom = frame
    return Rect(place.left - left, place.top - top, place.width + left + right, place.height + top + bottom)
