"""A named pipe between two processes of one computer: one instance, one client, both ends told who the other is.

Reads and writes are overlapped: on a synchronous handle a waiting read would hold up every write. Every wait ends when
the connection is closed from any thread.

Sources: learn.microsoft.com, CreateNamedPipeW (FILE_FLAG_FIRST_PIPE_INSTANCE, PIPE_REJECT_REMOTE_CLIENTS), Named Pipe
Security and Access Rights, Synchronous and Overlapped Input and Output, Impersonation Levels.
"""

from __future__ import annotations

import ctypes
import io
import threading
import time
from collections.abc import Callable
from ctypes import wintypes
from typing import Any, BinaryIO, cast

from client_app.platforms.windows.files import SecurityAttributes
from client_app.platforms.windows.libraries import (
    ERROR_ACCESS_DENIED,
    ERROR_FILE_NOT_FOUND,
    ERROR_IO_PENDING,
    ERROR_PIPE_BUSY,
    ERROR_PIPE_CONNECTED,
    INVALID_HANDLE,
    Libraries,
)

_DUPLEX, _FIRST_INSTANCE, _OVERLAPPED = 0x3, 0x00080000, 0x40000000
_REJECT_REMOTE = 0x8
_BUFFER = 64 * 1024
_GENERIC_READ, _WRITE_DATA, _OPEN_EXISTING = 0x80000000, 0x2, 3
# A planted server may learn who we are, and may not act as us.
_IDENTIFY_ONLY = 0x00100000 | 0x00010000
_ENDED = frozenset((6, 38, 109, 232, 233, 995))
"""Handle gone, end of file, broken pipe, no data, not connected, cancelled: there is nobody to speak with any more."""
_INFINITE, _WAIT_OBJECT_0 = 0xFFFFFFFF, 0
_LOOK_SECONDS = 0.02
_SDDL_REVISION = 1
# Read, write data and attributes, wait (0x12019b) and not FILE_CREATE_PIPE_INSTANCE: who may connect may not serve.
# Nobody from the network (NU); nothing below the usual integrity may write (ML, NW, ME).
_ACCESS = "D:P(D;;GA;;;NU)(A;;0x12019b;;;{sid})(A;;GA;;;SY)S:(ML;;NW;;;ME)"


class PipeTakenError(OSError):
    """Another process serves or uses the pipe of this name."""


class Overlapped(ctypes.Structure):
    """OVERLAPPED."""

    _fields_ = (
        ("Internal", ctypes.c_size_t),
        ("InternalHigh", ctypes.c_size_t),
        ("Offset", wintypes.DWORD),
        ("OffsetHigh", wintypes.DWORD),
        ("hEvent", wintypes.HANDLE),
    )


def pipe_path(name: str) -> str:
    """Return the path of a pipe on this computer."""
    return rf"\\.\pipe\{name}"


class PipeConnection:
    """One end of a connected pipe."""

    def __init__(self, libraries: Libraries, handle: Any) -> None:
        self._libraries, self._handle = libraries, handle
        self._stop: Any = libraries.kernel32.CreateEventW(None, True, False, None)
        self._lock = threading.Lock()
        self._users = 0
        self._is_closing = False

    def read(self, size: int) -> bytes:
        """Block until something came; b"" when the other side or this one has closed."""
        buffer = ctypes.create_string_buffer(size)
        kernel = self._libraries.kernel32
        count = self._transfer(lambda one: kernel.ReadFile(self._handle, buffer, size, None, one))
        return buffer.raw[: count or 0]

    def write(self, data: bytes) -> None:
        """Write all of it.

        Raises:
            BrokenPipeError: the other side or this one has closed.
        """
        rest = memoryview(data)
        while rest:
            count = self._write_some(bytes(rest))
            if not count:
                raise BrokenPipeError("the pipe is closed")
            rest = rest[count:]

    def _write_some(self, piece: bytes) -> int | None:
        kernel = self._libraries.kernel32
        return self._transfer(lambda one: kernel.WriteFile(self._handle, piece, len(piece), None, one))

    def close(self) -> None:
        """End every wait in `read` and `write` and close; nothing happens the second time."""
        with self._lock:
            if self._is_closing:
                return
            self._is_closing = True
            self._libraries.kernel32.SetEvent(self._stop)
            is_last = self._users == 0
        if is_last:
            self._free()

    def other_process(self, *, is_server: bool) -> int:
        """Return the process at the other end, as the system recorded it when the pipe was connected.

        Raises:
            OSError: the system does not tell.
        """
        kernel = self._libraries.kernel32
        ask = kernel.GetNamedPipeClientProcessId if is_server else kernel.GetNamedPipeServerProcessId
        pid = wintypes.ULONG()
        if not ask(self._handle, ctypes.byref(pid)) or not pid.value:
            raise self._libraries.error("GetNamedPipe…ProcessId")
        return int(pid.value)

    def _transfer(self, begin: Callable[[Any], int]) -> int | None:
        """Run one overlapped operation; the count of bytes, None when there is nobody any more."""
        with self._lock:
            if self._is_closing:
                return None
            self._users += 1
        kernel = self._libraries.kernel32
        event = kernel.CreateEventW(None, True, False, None)
        try:
            return self._finish(Overlapped(hEvent=event), begin)
        finally:
            kernel.CloseHandle(event)
            if self._leave():
                self._free()

    def _leave(self) -> bool:
        """Count an operation out; whether it was the last one of a connection that is being closed."""
        with self._lock:
            self._users -= 1
            return self._is_closing and self._users == 0

    def _finish(self, one: Overlapped, begin: Callable[[Any], int]) -> int | None:
        kernel = self._libraries.kernel32
        if not begin(ctypes.byref(one)):
            error = self._libraries.last_error()
            if error in _ENDED:
                return None
            if error != ERROR_IO_PENDING:
                raise OSError(error, "a pipe")
            events = (wintypes.HANDLE * 2)(one.hEvent, self._stop)
            if kernel.WaitForMultipleObjects(2, events, False, _INFINITE) != _WAIT_OBJECT_0:
                kernel.CancelIoEx(self._handle, ctypes.byref(one))
        count = wintypes.DWORD()
        # Also after a cancel: the system may write to the buffer until the operation is over.
        if kernel.GetOverlappedResult(self._handle, ctypes.byref(one), ctypes.byref(count), True):
            return int(count.value)
        error = self._libraries.last_error()
        if error in _ENDED:
            return None
        raise OSError(error, "a pipe")

    def _free(self) -> None:
        self._libraries.kernel32.CloseHandle(self._handle)
        self._libraries.kernel32.CloseHandle(self._stop)


class _PipeStream(io.RawIOBase):
    """One direction of a connection as a file; closing it closes the connection, which is what a leash is for."""

    def __init__(self, connection: PipeConnection) -> None:
        super().__init__()
        self._connection = connection

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._connection.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def write(self, data: Any) -> int:
        content = bytes(data)
        self._connection.write(content)
        return len(content)

    def close(self) -> None:
        self._connection.close()
        super().close()


def streams_of(connection: PipeConnection) -> tuple[BinaryIO, BinaryIO]:
    """Return a connection as a file to read lines from and one to write to."""
    reader = io.BufferedReader(_PipeStream(connection))
    return cast("BinaryIO", reader), cast("BinaryIO", _PipeStream(connection))


class PipeServer:
    """The one instance of a pipe, for one client.

    Args:
        name: without the beginning that all pipes have.
        sid: the account that may connect, beside the system itself.

    Raises:
        PipeTakenError: somebody else made a pipe of this name before.
        OSError: the system would not make it.
    """

    def __init__(self, libraries: Libraries, name: str, sid: str) -> None:
        self._libraries = libraries
        advapi, kernel = libraries.advapi32, libraries.kernel32
        descriptor = ctypes.c_void_p()
        if not advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW(
            _ACCESS.format(sid=sid), _SDDL_REVISION, ctypes.byref(descriptor), None
        ):
            raise libraries.error("ConvertStringSecurityDescriptorToSecurityDescriptorW")
        try:
            attributes = SecurityAttributes(ctypes.sizeof(SecurityAttributes), descriptor, False)
            mode = _DUPLEX | _FIRST_INSTANCE | _OVERLAPPED
            self._handle: Any = kernel.CreateNamedPipeW(
                pipe_path(name), mode, _REJECT_REMOTE, 1, _BUFFER, _BUFFER, 0, ctypes.byref(attributes)
            )
            error = libraries.last_error()
        finally:
            kernel.LocalFree(descriptor)
        if self._handle in (None, 0, INVALID_HANDLE):
            taken = error in (ERROR_ACCESS_DENIED, ERROR_PIPE_BUSY)
            raise PipeTakenError(error, name) if taken else OSError(error, "CreateNamedPipeW")

    def accept(self, seconds: float) -> PipeConnection:
        """Wait for the client; the pipe belongs to what is returned.

        Raises:
            TimeoutError: nobody came.
            OSError: the system would not.
        """
        kernel = self._libraries.kernel32
        event = kernel.CreateEventW(None, True, False, None)
        one = Overlapped(hEvent=event)
        try:
            if not kernel.ConnectNamedPipe(self._handle, ctypes.byref(one)):
                error = self._libraries.last_error()
                if error == ERROR_IO_PENDING:
                    self._wait(one, seconds)
                elif error != ERROR_PIPE_CONNECTED:
                    raise OSError(error, "ConnectNamedPipe")
        finally:
            kernel.CloseHandle(event)
        return PipeConnection(self._libraries, self._handle)

    def close(self) -> None:
        """Take the pipe away; only when `accept` gave no connection."""
        self._libraries.kernel32.CloseHandle(self._handle)

    def _wait(self, one: Overlapped, seconds: float) -> None:
        kernel = self._libraries.kernel32
        is_there = kernel.WaitForSingleObject(one.hEvent, int(seconds * 1000)) == _WAIT_OBJECT_0
        if not is_there:
            kernel.CancelIoEx(self._handle, ctypes.byref(one))
        count = wintypes.DWORD()
        if kernel.GetOverlappedResult(self._handle, ctypes.byref(one), ctypes.byref(count), True):
            # Also when the client came while the wait was being cancelled.
            return
        if not is_there:
            raise TimeoutError("no client came")
        raise self._libraries.error("ConnectNamedPipe")


def connect(
    libraries: Libraries, name: str, seconds: float, is_worth_waiting: Callable[[], bool]
) -> PipeConnection:
    """Open the pipe as its client, waiting until its server made it.

    Args:
        libraries: the system's.
        name: as the server's.
        seconds: limit of the wait.
        is_worth_waiting: whether the server can still come.

    Raises:
        PipeTakenError: it is there, and not for us.
        TimeoutError: it did not come.
        OSError: the system would not.
    """
    deadline = time.monotonic() + seconds
    while True:
        handle = libraries.kernel32.CreateFileW(
            pipe_path(name), _GENERIC_READ | _WRITE_DATA, 0, None, _OPEN_EXISTING,
            _OVERLAPPED | _IDENTIFY_ONLY, None,
        )  # fmt: skip
        if handle not in (None, 0, INVALID_HANDLE):
            return PipeConnection(libraries, handle)
        error = libraries.last_error()
        if error in (ERROR_ACCESS_DENIED, ERROR_PIPE_BUSY):
            raise PipeTakenError(error, name)
        if error != ERROR_FILE_NOT_FOUND:
            raise OSError(error, "CreateFileW")
        if time.monotonic() > deadline or not is_worth_waiting():
            raise TimeoutError("the pipe did not come")
        time.sleep(_LOOK_SECONDS)
