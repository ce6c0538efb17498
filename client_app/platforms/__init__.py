"""The one place that asks which system this is. Each system's half is a package beside it, one module a concern.

Rule: every module here can be imported on every system; what only one system has is imported inside functions.
"""

from __future__ import annotations

import enum
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from client_app.core.anydesk_system import AnyDeskSystem, Containment
    from client_app.core.elevation import ElevatedHalf, ElevatedStarter
    from client_app.core.returning import RestartSystem


class System(enum.Enum):
    """The systems that the program runs on."""

    LINUX = "linux"
    WINDOWS = "windows"
    MACOS = "macos"
    OTHER = "other"


class UnsupportedSystemError(RuntimeError):
    """There is no half for this system."""


def current_system() -> System:
    """Return which system this is."""
    name: str = sys.platform
    return {"linux": System.LINUX, "win32": System.WINDOWS, "darwin": System.MACOS}.get(name, System.OTHER)


def anydesk_system(system: System | None = None) -> AnyDeskSystem:
    """Return what AnyDesk's services need of this system.

    Raises:
        UnsupportedSystemError: there is no half for it.
    """
    match system or current_system():
        case System.LINUX:
            from client_app.platforms.linux.anydesk import LinuxAnyDeskSystem

            return LinuxAnyDeskSystem()
        case System.WINDOWS:
            from client_app.platforms.windows.anydesk import WindowsAnyDeskSystem

            return WindowsAnyDeskSystem()
        case System.MACOS:
            from client_app.platforms.macos.anydesk import MacAnyDeskSystem

            return MacAnyDeskSystem()
        case _:
            raise UnsupportedSystemError(sys.platform)


def containment(system: System | None = None) -> Containment:
    """Return the guardian's half of this system.

    Raises:
        UnsupportedSystemError: there is no half for it.
    """
    match system or current_system():
        case System.LINUX:
            from client_app.platforms.linux.containment import LinuxContainment

            return LinuxContainment()
        case System.WINDOWS:
            from client_app.platforms.windows.containment import WindowsContainment

            return WindowsContainment()
        case System.MACOS:
            from client_app.platforms.macos.containment import MacContainment

            return MacContainment()
        case _:
            raise UnsupportedSystemError(sys.platform)


def restart_system(package: str, name: str, system: System | None = None) -> RestartSystem:
    """Return what restarts this computer and starts the program once at the next log-in.

    Args:
        package: name of the program's own files.
        name: of the program, for people.
        system: another one than this, in tests.

    Raises:
        UnsupportedSystemError: there is no half for it.
    """
    match system or current_system():
        case System.LINUX:
            from client_app.platforms.linux.restart import LinuxRestart

            return LinuxRestart(package, name)
        case System.WINDOWS:
            from client_app.platforms.windows.restart import WindowsRestart

            return WindowsRestart(package)
        case System.MACOS:
            from client_app.platforms.macos.restart import MacRestart

            return MacRestart(package)
        case _:
            raise UnsupportedSystemError(sys.platform)


def elevated_starter(command: Sequence[str], system: System | None = None) -> ElevatedStarter | None:
    """Return what starts a guardian with more rights by a command; None on systems that have no such guardian."""
    if (system or current_system()) is not System.WINDOWS:
        return None
    from client_app.platforms.windows.elevation import WindowsElevatedStarter

    return WindowsElevatedStarter(command)


def elevated_half(system: System | None = None) -> ElevatedHalf | None:
    """Return what such a guardian needs of its system; None on systems that have none."""
    if (system or current_system()) is not System.WINDOWS:
        return None
    from client_app.platforms.windows.elevated import WindowsElevatedHalf

    return WindowsElevatedHalf()


def clean_environment(system: System | None = None) -> bool:
    """Rid this process of variables that a program of the same user could have set to get into it.

    Only for a guardian with more rights than its user's programs. Whether it is done: not where there is none.
    """
    if (system or current_system()) is not System.WINDOWS:
        return False
    from client_app.platforms.windows.environment import clean_own_environment

    try:
        clean_own_environment()
    except OSError:
        return False
    return True
