"""Picks this system's half of the computer's checks."""

from __future__ import annotations

from client_app.core.computer import ComputerProbe
from client_app.platforms import System, UnsupportedSystemError, current_system


def computer_probe(system: System | None = None) -> ComputerProbe:
    """Return what answers questions about rights and display on this system.

    Raises:
        UnsupportedSystemError: there is no half for it.
    """
    match system or current_system():
        case System.LINUX:
            from client_app.platforms.linux.computer import LinuxComputer

            return LinuxComputer()
        case System.WINDOWS:
            from client_app.platforms.windows.computer import WindowsComputer

            return WindowsComputer()
        case System.MACOS:
            from client_app.platforms.macos.computer import MacComputer

            return MacComputer()
        case other:
            raise UnsupportedSystemError(other.value)
