"""Private folders and held files of Windows: access lists instead of modes, share modes instead of links.

Sources: learn.microsoft.com, CreateFileW (share modes), Security Descriptor String Format.
"""

from __future__ import annotations

import ctypes
import os
import re
import uuid
from collections.abc import Callable
from ctypes import wintypes
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from client_app.platforms.windows.libraries import INVALID_HANDLE, Libraries

FOLDER_PREFIX = "run-"
LOCK_NAME = ".in-use"
# Full access for the system, administrators and the owner alone; nothing inherited (P), inherited below (OICI).
PRIVATE_ACCESS = "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;OW)"
_TRUSTED = frozenset(("SY", "BA", "OW", "S-1-5-18", "S-1-5-32-544", "S-1-3-4"))
_ACE = re.compile(r"\((?P<kind>[A-Z]+);[^;()]*;[^;()]*;[^;()]*;[^;()]*;(?P<who>[^;()]+)[^()]*\)")
_GENERIC_READ, _SHARE_READ, _OPEN_EXISTING = 0x80000000, 0x1, 3
_OPEN_ALWAYS = 4
_OPEN_REPARSE_POINT = 0x00200000
_ATTRIBUTE_REPARSE_POINT, _ATTRIBUTE_DIRECTORY = 0x400, 0x10
_OWNER_AND_DACL, _FILE_OBJECT, _SDDL_REVISION = 0x1 | 0x4, 1, 1


class WindowsHeldFile:
    """An open file that nobody can write to, rename or delete until it is closed."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self._path, self._stream = path, stream

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._path

    @property
    def stream(self) -> BinaryIO:
        """The open file."""
        return self._stream

    def close(self) -> None:
        """Close the handle."""
        self._stream.close()


class WindowsPrivateFiles:
    """`PrivateFiles` by access lists. `to_stream` makes a Python file of a handle (another one in tests).

    Attributes:
        access: what a new folder gets, as a security descriptor's text.
    """

    access = PRIVATE_ACCESS

    def __init__(
        self, libraries: Libraries | None = None, to_stream: Callable[[Any], BinaryIO] | None = None
    ) -> None:
        self._given = libraries
        self._to_stream = to_stream or _stream_of

    @property
    def _libraries(self) -> Libraries:
        if self._given is None:
            self._given = Libraries()
        return self._given

    def make_folder(self, root: Path) -> Path:
        """Make a folder with an access list of its own."""
        root.mkdir(parents=True, exist_ok=True)
        folder = root / f"{FOLDER_PREFIX}{uuid.uuid4().hex[:12]}"
        advapi, kernel = self._libraries.advapi32, self._libraries.kernel32
        descriptor = ctypes.c_void_p()
        made = advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW(
            self.access, _SDDL_REVISION, ctypes.byref(descriptor), None
        )
        if not made:
            raise self._libraries.error("ConvertStringSecurityDescriptorToSecurityDescriptorW")
        try:
            attributes = SecurityAttributes(ctypes.sizeof(SecurityAttributes), descriptor, False)
            if not kernel.CreateDirectoryW(str(folder), ctypes.byref(attributes)):
                raise self._libraries.error("CreateDirectoryW")
        finally:
            kernel.LocalFree(descriptor)
        return folder

    def is_private(self, folder: Path) -> bool:
        """Whether only the system, administrators and the owner are let in."""
        return is_private_access(self.descriptor(folder))

    def descriptor(self, path: PurePath) -> str:
        """Return owner and access list of a file or folder as text; "" when they cannot be read."""
        advapi, kernel = self._libraries.advapi32, self._libraries.kernel32
        descriptor, text = ctypes.c_void_p(), wintypes.LPWSTR()
        if advapi.GetNamedSecurityInfoW(
            str(path), _FILE_OBJECT, _OWNER_AND_DACL, None, None, None, None, ctypes.byref(descriptor)
        ):
            return ""
        try:
            if not advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW(
                descriptor, _SDDL_REVISION, _OWNER_AND_DACL, ctypes.byref(text), None
            ):
                return ""
            return text.value or ""
        finally:
            kernel.LocalFree(ctypes.cast(text, ctypes.c_void_p))
            kernel.LocalFree(descriptor)

    def hold(self, path: Path) -> WindowsHeldFile:
        """Open an existing file, not what a link points to, and let others only read it."""
        attributes = os.lstat(path)
        flags = getattr(attributes, "st_file_attributes", 0)
        if flags & (_ATTRIBUTE_REPARSE_POINT | _ATTRIBUTE_DIRECTORY):
            raise OSError(f"{path.name}: not a regular file")
        return WindowsHeldFile(path, self._to_stream(self._open(path, _SHARE_READ, _OPEN_EXISTING)))

    def lock(self, folder: Path) -> BinaryIO | None:
        """Open a file in the folder for nobody else; the system lets go of it when the process ends."""
        try:
            return self._to_stream(self._open(folder / LOCK_NAME, 0, _OPEN_ALWAYS))
        except OSError:
            return None

    def _open(self, path: Path, share: int, disposition: int) -> Any:
        handle = self._libraries.kernel32.CreateFileW(
            str(path), _GENERIC_READ, share, None, disposition, _OPEN_REPARSE_POINT, None
        )
        if handle in (None, 0, INVALID_HANDLE):
            raise self._libraries.error("CreateFileW")
        return handle


class SecurityAttributes(ctypes.Structure):
    """SECURITY_ATTRIBUTES."""

    _fields_ = (
        ("nLength", wintypes.DWORD),
        ("lpSecurityDescriptor", ctypes.c_void_p),
        ("bInheritHandle", wintypes.BOOL),
    )


def is_private_access(text: str) -> bool:
    """Whether a security descriptor's text lets in nobody but the system, administrators and the owner."""
    # The owner before the list may be anybody: the list names him only as the owner (OW).
    text = text[max(text.find("D:"), 0) :]
    entries = list(_ACE.finditer(text))
    allowed = [entry["who"] for entry in entries if entry["kind"] == "A"]
    # Any kind of entry that is not understood counts against it.
    understood = all(entry["kind"] in ("A", "D") for entry in entries)
    return text.startswith("D:P") and bool(allowed) and understood and set(allowed) <= _TRUSTED


def _stream_of(handle: Any) -> BinaryIO:
    import msvcrt

    descriptor = vars(msvcrt)["open_osfhandle"](handle, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    return os.fdopen(descriptor, "rb")
