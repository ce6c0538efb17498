"""The elevated guardian's half of the pipe: who it is itself, and who may speak with it.

Rule: it obeys one process only: our own program in the same protected folder, in the same session, of the account that
is logged in there. It does not begin at all when it is not what it must be itself.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from client_app.core.elevation import GuardianEnd, GuardianEndError
from client_app.platforms.windows.account import is_elevated, logged_in_sid, own_sid, session_of
from client_app.platforms.windows.containment import WindowsContainment
from client_app.platforms.windows.files import WindowsPrivateFiles
from client_app.platforms.windows.libraries import Libraries
from client_app.platforms.windows.pipe import PipeConnection, PipeServer, PipeTakenError, streams_of
from client_app.platforms.windows.processes import WindowsProcessTable
from client_app.platforms.windows.protected import ProtectedFiles, ProtectedPlace

ACCEPT_SECONDS = 15.0
NAME = re.compile(r"[0-9a-f]{32}")
_QUERY_AND_WAIT = 0x1000 | 0x100000
# FILETIME counts 100 ns since 1601, Python seconds since 1970.
_EPOCH_SECONDS, _TICKS = 11_644_473_600, 10_000_000


class WindowsAcceptedClient:
    """The checked client; its process is held open for as long as this lives."""

    def __init__(self, libraries: Libraries, connection: PipeConnection, pid: int, handle: Any) -> None:
        self._libraries, self._connection, self._pid, self._handle = libraries, connection, pid, handle
        self._streams = streams_of(connection)

    @property
    def pid(self) -> int:
        """Its process."""
        return self._pid

    @property
    def stdin(self) -> BinaryIO:
        """From it."""
        return self._streams[0]

    @property
    def stdout(self) -> BinaryIO:
        """To it."""
        return self._streams[1]

    def close(self) -> None:
        """Let go of pipe and process."""
        self._connection.close()
        self._libraries.kernel32.CloseHandle(self._handle)


class WindowsElevatedLink:
    """`ElevatedLink` by a named pipe.

    Args:
        name: what the starter chose: 32 small hexadecimal digits.
        is_protected: whether a path is where only administrators can write.
        seconds: how long the client may take to come.
    """

    def __init__(
        self,
        name: str,
        libraries: Libraries | None = None,
        is_protected: Callable[[Path], bool] | None = None,
        seconds: float = ACCEPT_SECONDS,
    ) -> None:
        self._name, self._seconds = name, seconds
        self._libraries = libraries or Libraries()
        self._is_protected = is_protected or ProtectedPlace(self._libraries).is_protected
        self._processes = WindowsProcessTable(self._libraries)

    def accept(self) -> WindowsAcceptedClient:
        """Check ourselves, make the pipe, wait, check the client."""
        sid = self._check_ourselves()
        try:
            server = PipeServer(self._libraries, self._name, sid)
        except PipeTakenError:
            raise GuardianEndError(GuardianEnd.PIPE_TAKEN) from None
        try:
            connection = server.accept(self._seconds)
        except OSError:
            # Also when nobody came in time.
            server.close()
            raise GuardianEndError(GuardianEnd.NO_CLIENT) from None
        client = self._check(connection)
        if client is None:
            connection.close()
            raise GuardianEndError(GuardianEnd.FOREIGN_CLIENT)
        return client

    def _check_ourselves(self) -> str:
        """Return the account that may connect, which is our own: AnyDesk will run as it."""
        if not NAME.fullmatch(self._name):
            raise GuardianEndError(GuardianEnd.USAGE)
        if not self._is_protected(Path(sys.executable)):
            raise GuardianEndError(GuardianEnd.NOT_PROTECTED)
        try:
            if not is_elevated(self._libraries):
                raise GuardianEndError(GuardianEnd.NOT_ELEVATED)
            sid = own_sid(self._libraries)
            is_same = sid == logged_in_sid(self._libraries)
        except OSError:
            raise GuardianEndError(GuardianEnd.NOT_ELEVATED) from None
        if not is_same:
            raise GuardianEndError(GuardianEnd.OTHER_ACCOUNT)
        return sid

    def _check(self, connection: PipeConnection) -> WindowsAcceptedClient | None:
        connected = int((time.time() + _EPOCH_SECONDS) * _TICKS)
        try:
            pid = connection.other_process(is_server=True)
        except OSError:
            return None
        handle = self._libraries.kernel32.OpenProcess(_QUERY_AND_WAIT, False, pid)
        if not handle:
            return None
        client, ourselves = self._processes.identify(pid), self._processes.identify(os.getpid())
        is_ours = (
            client is not None
            and ourselves is not None
            and client.image == ourselves.image != ""
            # A process that is younger than the connection got its pid after the one that connected.
            and 0 < client.created <= connected
            and session_of(self._libraries, pid) == session_of(self._libraries, os.getpid()) is not None
        )
        if not is_ours:
            self._libraries.kernel32.CloseHandle(handle)
            return None
        return WindowsAcceptedClient(self._libraries, connection, pid, handle)


class WindowsElevatedHalf:
    """`ElevatedHalf` of Windows.

    Args:
        files: folders that only administrators can enter.
        is_protected: as in `WindowsElevatedLink`.
    """

    def __init__(
        self,
        libraries: Libraries | None = None,
        files: WindowsPrivateFiles | None = None,
        is_protected: Callable[[Path], bool] | None = None,
    ) -> None:
        self._libraries = libraries or Libraries()
        self._is_protected = is_protected
        self.files = files or ProtectedFiles(self._libraries)

    def link(self, name: str) -> WindowsElevatedLink:
        """Return the pipe's end."""
        return WindowsElevatedLink(name, self._libraries, self._is_protected)

    def containment(self, client: int) -> WindowsContainment:
        """Return a job for the client with this pid; programs are held in folders of administrators only."""
        return WindowsContainment(self._libraries, self.files, client)

    def is_plain_local(self, folder: Path) -> bool:
        """Whether a folder is plainly on a disk of this computer."""
        return ProtectedPlace(self._libraries).is_plain_local(folder)
