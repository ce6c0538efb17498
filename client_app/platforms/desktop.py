"""Picks this system's half of what the session asks of the desktop."""

from __future__ import annotations

from collections.abc import Callable

from client_app.core.desktop import Desktop
from client_app.platforms import System, current_system


def desktop(device_name: Callable[[int], str], system: System | None = None) -> Desktop:
    """Return what this system can tell; an unknown system tells nothing.

    Args:
        device_name: returns the window system's name of an input device by its id (X11); "" when it is not known.
        system: this very one when left out.
    """
    match system or current_system():
        case System.LINUX:
            from client_app.platforms.linux.input_origin import X11InputMessages
            from client_app.platforms.linux.key_sources import X11Keys
            from client_app.platforms.linux.screen_lock import BUS_SIGNALS
            from client_app.platforms.linux.windows_on_screen import X11Windows

            keys = X11Keys()
            return Desktop(
                X11InputMessages(device_name, keys),
                X11Windows(),
                bus_signals=BUS_SIGNALS,
                login_service=True,
                key_sources=keys,
            )
        case System.WINDOWS:
            from client_app.platforms.windows.input_origin import WindowsInputMessages
            from client_app.platforms.windows.libraries import Libraries
            from client_app.platforms.windows.screen_lock import WindowsScreenMessages
            from client_app.platforms.windows.windows_on_screen import WindowsWindows

            libraries = Libraries()
            return Desktop(
                WindowsInputMessages(libraries), WindowsWindows(libraries), WindowsScreenMessages()
            )
        case System.MACOS:
            from client_app.platforms.macos.input_origin import MacInputMessages
            from client_app.platforms.macos.objc import Frameworks
            from client_app.platforms.macos.screen_lock import MacScreenCalls

            frameworks = Frameworks()
            return Desktop(MacInputMessages(frameworks), screen_calls=MacScreenCalls(frameworks))
        case _:
            return Desktop()
