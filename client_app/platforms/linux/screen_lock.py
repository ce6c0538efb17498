"""Which signals tell on Linux that the screen is locked. The log-in service is asked beside these (workers).

Sources: org.freedesktop.login1(5), the ScreenSaver interfaces of freedesktop.org, GNOME and Cinnamon, MATE, Xfce.
"""

from __future__ import annotations

from client_app.core.desktop import Bus
from client_app.core.presence import ScreenState

_LOCKS = (
    ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver"),
    ("/ScreenSaver", "org.freedesktop.ScreenSaver"),
    ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver"),
    ("/org/cinnamon/ScreenSaver", "org.cinnamon.ScreenSaver"),
    ("/org/mate/ScreenSaver", "org.mate.ScreenSaver"),
    ("/org/xfce/ScreenSaver", "org.xfce.ScreenSaver"),
)

BUS_SIGNALS = (
    *(
        Bus(False, path, name, "ActiveChanged", ScreenState.LOCKED, ScreenState.ACTIVE)
        for path, name in _LOCKS
    ),
    Bus(
        True,
        "/org/freedesktop/login1",
        "org.freedesktop.login1.Manager",
        "PrepareForShutdown",
        ScreenState.LOGGED_OFF,
        None,
    ),
)
"""In these the first argument is a truth value."""
