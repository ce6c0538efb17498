"""Places that only administrators can write to: where our program must lie to be given more rights, and its copies.

Rule: what is not understood in an access list counts as a right to write; a path is the one that the system itself
gives for the opened file, so that junctions, short names, streams and other computers' shares fall out.

Sources: learn.microsoft.com, Security Descriptor String Format, ACE Strings, GetFinalPathNameByHandleW, Known Folders.
"""

from __future__ import annotations

import ctypes
import re
import uuid
from pathlib import Path, PureWindowsPath

from client_app.platforms.windows.files import WindowsPrivateFiles
from client_app.platforms.windows.libraries import INVALID_HANDLE, Libraries
from client_app.platforms.windows.processes import plain_path

# Owned by the administrators: an owner may always change the list, so it must not be the user.
ADMINISTRATORS_ONLY = "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
_INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
_MAY_WRITE = frozenset(("SY", "BA", "S-1-5-18", "S-1-5-32-544", _INSTALLER))
_CREATOR = frozenset(("CO", "S-1-3-0"))
_ACE = re.compile(
    r"\((?P<kind>[A-Z]+);(?P<flags>[A-Z]*);(?P<rights>[^;()]*);[^;()]*;[^;()]*;(?P<who>[^;()]+)[^()]*\)"
)
_OWNER = re.compile(r"O:(?P<who>S-[0-9-]+|[A-Z]{2})")
_READING = frozenset(("FR", "FX", "GR", "GX", "RC"))
# FILE_WRITE_DATA, APPEND_DATA, WRITE_EA, DELETE_CHILD, WRITE_ATTRIBUTES, DELETE, WRITE_DAC, WRITE_OWNER, GENERIC_ALL
# and GENERIC_WRITE.
_WRITE_BITS = 0x2 | 0x4 | 0x10 | 0x40 | 0x100 | 0x10000 | 0x40000 | 0x80000 | 0x10000000 | 0x40000000
_PROGRAM_FILES = uuid.UUID("905e63b6-c1bf-494e-b29c-65b732d3d21a")
_FIXED_DRIVE = 3
_READ_ATTRIBUTES, _SHARE_ALL, _OPEN_EXISTING, _BACKUP_SEMANTICS = 0x80, 0x7, 3, 0x02000000
_PATH_LENGTH = 32768


class ProtectedFiles(WindowsPrivateFiles):
    """Folders that not even the logged-in user can enter, only administrators; made by an elevated process."""

    access = ADMINISTRATORS_ONLY

    def is_private(self, folder: Path) -> bool:
        """Whether only the system and administrators can enter, and one of them owns it."""
        text = self.descriptor(folder)
        entries = list(_ACE.finditer(text))
        allowed = {entry["who"] for entry in entries if entry["kind"] == "A"}
        is_understood = len(entries) == text.count("(") and all(e["kind"] in ("A", "D") for e in entries)
        return is_understood and "D:P" in text and bool(allowed) and allowed <= _MAY_WRITE and _is_owned(text)


class ProtectedPlace:
    """Looks at where things lie.

    Args:
        files: reads access lists.
    """

    def __init__(self, libraries: Libraries, files: WindowsPrivateFiles | None = None) -> None:
        self._libraries = libraries
        self._files = files or WindowsPrivateFiles(libraries)

    def is_protected(self, path: Path) -> bool:
        """Whether a path lies in the system's folder for programs and none but administrators can change it."""
        top = self._program_files()
        if not top or not is_written_out(str(path)):
            return False
        whole = PureWindowsPath(path)
        inside = [one for one in (whole, *whole.parents) if _lies_below(str(one), top)]
        if not inside or self.real_path(path) != plain_path(str(path)):
            return False
        return all(is_unwritable(self._files.descriptor(one)) for one in (*inside, PureWindowsPath(top)))

    def is_plain_local(self, path: Path) -> bool:
        """Whether a path is written out in full, on a disk of this computer, and leads nowhere else."""
        text = str(path)
        if not is_written_out(text):
            return False
        if self._libraries.kernel32.GetDriveTypeW(PureWindowsPath(text).anchor) != _FIXED_DRIVE:
            return False
        return self.real_path(path) == plain_path(text)

    def real_path(self, path: Path) -> str | None:
        """Return where an existing file or folder really lies, in one spelling; None when it cannot be opened."""
        kernel = self._libraries.kernel32
        handle = kernel.CreateFileW(
            str(path), _READ_ATTRIBUTES, _SHARE_ALL, None, _OPEN_EXISTING, _BACKUP_SEMANTICS, None
        )
        if handle in (None, 0, INVALID_HANDLE):
            return None
        try:
            buffer = ctypes.create_unicode_buffer(_PATH_LENGTH)
            length = kernel.GetFinalPathNameByHandleW(handle, buffer, _PATH_LENGTH, 0)
            return plain_path(buffer.value) if 0 < length < _PATH_LENGTH else None
        finally:
            kernel.CloseHandle(handle)

    def _program_files(self) -> str:
        """Ask the system: the variable of that name belongs to the user."""
        shell = self._libraries.other("shell32")
        folder = (ctypes.c_ubyte * 16).from_buffer_copy(_PROGRAM_FILES.bytes_le)
        found = ctypes.c_void_p()
        if shell.SHGetKnownFolderPath(ctypes.byref(folder), 0, None, ctypes.byref(found)):
            return ""
        try:
            return ctypes.wstring_at(found.value) if found.value else ""
        finally:
            self._libraries.other("ole32").CoTaskMemFree(found)


def _lies_below(path: str, top: str) -> bool:
    return plain_path(path).startswith(plain_path(top) + "\\")


def is_written_out(text: str) -> bool:
    """Whether a path begins with a drive and has no part that means another place (`..`, share, device, stream)."""
    path = PureWindowsPath(text)
    rest = text[3:]
    return (
        re.match(r"[A-Za-z]:\\", text) is not None
        and str(path) == text
        and not any(character in rest for character in ':/*?"<>|\0')
        and not any(part in ("..", ".") or part != part.rstrip(" .") for part in path.parts[1:])
    )


def is_unwritable(text: str) -> bool:
    """Whether a security descriptor lets nobody write but the system, administrators and the system's installer."""
    entries = list(_ACE.finditer(text))
    # "D:" with nothing behind it lets in nobody; no list at all lets in everybody.
    if not entries or len(entries) != text.count("(") or "D:" not in text or not _is_owned(text):
        return False
    return all(
        entry["kind"] == "D"
        or (
            entry["kind"] == "A"
            and (_is_trusted(entry["who"], entry["flags"]) or _is_reading(entry["rights"]))
        )
        for entry in entries
    )


def _is_trusted(who: str, flags: str) -> bool:
    # What is inherited by whoever creates something: only those who may write can create.
    return who in _MAY_WRITE or (who in _CREATOR and "IO" in flags)


def _is_reading(rights: str) -> bool:
    if rights.startswith("0x"):
        return not int(rights, 16) & _WRITE_BITS
    tokens = re.findall("..", rights)
    return bool(tokens) and "".join(tokens) == rights and set(tokens) <= _READING


def _is_owned(text: str) -> bool:
    owner = _OWNER.match(text)
    return owner is not None and owner["who"] in _MAY_WRITE
