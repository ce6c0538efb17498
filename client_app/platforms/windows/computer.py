"""Rights and display on Windows: the process token's elevation and its kind (winnt.h), through ctypes."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from client_app.core.computer import Display, Rights

_TOKEN_QUERY = 0x0008
_TOKEN_ELEVATION_TYPE = 18
_TOKEN_ELEVATION = 20


class ElevationType(enum.Enum):
    """TOKEN_ELEVATION_TYPE."""

    DEFAULT = 1
    """No split token: a plain user, or User Account Control is off."""
    FULL = 2
    LIMITED = 3
    """An administrator who has not said yes yet."""
    UNEXPECTED = 0


@dataclass(frozen=True)
class TokenFacts:
    """What the token of this process says."""

    is_elevated: bool
    elevation_type: ElevationType


class TokenReader(Protocol):
    """Reads the token of this process."""

    def read(self) -> TokenFacts:
        """Return the facts.

        Raises:
            OSError: the system did not tell.
        """
        ...


class CtypesTokenReader:
    """`TokenReader` through advapi32. Only on Windows."""

    def read(self) -> TokenFacts:
        """Open the token of this process and read two numbers from it."""
        import ctypes

        kernel, security = ctypes.CDLL("kernel32"), ctypes.CDLL("advapi32")
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.CloseHandle.argtypes = [ctypes.c_void_p]
        security.OpenProcessToken.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p]
        security.GetTokenInformation.argtypes = [
            ctypes.c_void_p,
            ctypes.c_int,
            ctypes.c_void_p,
            ctypes.c_uint32,
            ctypes.c_void_p,
        ]
        token = ctypes.c_void_p()
        if not security.OpenProcessToken(kernel.GetCurrentProcess(), _TOKEN_QUERY, ctypes.byref(token)):
            raise OSError("OpenProcessToken")

        def number(information: int) -> int:
            value, size = ctypes.c_uint32(), ctypes.c_uint32()
            done = security.GetTokenInformation(
                token, information, ctypes.byref(value), ctypes.sizeof(value), ctypes.byref(size)
            )
            if not done:
                raise OSError("GetTokenInformation")
            return value.value

        try:
            kind = number(_TOKEN_ELEVATION_TYPE)
            known = {member.value: member for member in ElevationType}
            return TokenFacts(bool(number(_TOKEN_ELEVATION)), known.get(kind, ElevationType.UNEXPECTED))
        finally:
            kernel.CloseHandle(token)


class WindowsComputer:
    """`ComputerProbe` for Windows; the token's reader is handed in."""

    def __init__(self, token: TokenReader | None = None) -> None:
        self._token = token or CtypesTokenReader()

    def rights(self) -> Rights:
        """Return what the token says; a split token belongs to an administrator."""
        try:
            facts = self._token.read()
        except OSError:
            return Rights.UNKNOWN
        if facts.is_elevated:
            return Rights.ADMINISTRATOR
        if facts.elevation_type is ElevationType.LIMITED:
            return Rights.CAN_ELEVATE
        return Rights.NONE if facts.elevation_type is ElevationType.DEFAULT else Rights.UNKNOWN

    def display(self) -> Display:
        """Windows always lets AnyDesk show the screen."""
        return Display.SHAREABLE
