"""Who a process is: its account, its session, whether it is elevated.

Sources: learn.microsoft.com, GetTokenInformation (TokenUser, TokenElevation), WTSQuerySessionInformationW,
ProcessIdToSessionId.
"""

from __future__ import annotations

import ctypes
from ctypes import wintypes
from typing import Any

from client_app.platforms.windows.libraries import Libraries

_TOKEN_QUERY = 0x8
_TOKEN_USER, _TOKEN_ELEVATION = 1, 20
_CURRENT_SESSION = 0xFFFFFFFF
_USER_NAME, _DOMAIN_NAME = 5, 7
_SID_BYTES, _NAME_LENGTH = 256, 512


def own_sid(libraries: Libraries) -> str:
    """Return the account of this process as a string ("S-1-5-21-…").

    Raises:
        OSError: the system does not tell.
    """
    buffer = ctypes.create_string_buffer(_SID_BYTES)
    _token_information(libraries, _TOKEN_USER, buffer)
    # TOKEN_USER begins with a pointer to the SID.
    return _text_of(libraries, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_void_p))[0])


def is_elevated(libraries: Libraries) -> bool:
    """Whether this process has an administrator's full rights.

    Raises:
        OSError: the system does not tell.
    """
    answer = wintypes.DWORD()
    _token_information(libraries, _TOKEN_ELEVATION, answer)
    return bool(answer.value)


def session_of(libraries: Libraries, pid: int) -> int | None:
    """Return the session that a process belongs to, None when the system does not tell."""
    answer = wintypes.DWORD()
    done = libraries.kernel32.ProcessIdToSessionId(wintypes.DWORD(pid), ctypes.byref(answer))
    return int(answer.value) if done else None


def logged_in_sid(libraries: Libraries) -> str | None:
    """Return the account that is logged in at this session, None when the system does not tell.

    That is not the account of this process when somebody else's password was typed into the permission window.
    """
    name = _session_text(libraries, _USER_NAME)
    if not name:
        return None
    domain = _session_text(libraries, _DOMAIN_NAME)
    return _sid_of_name(libraries, f"{domain}\\{name}" if domain else name)


def _session_text(libraries: Libraries, what: int) -> str:
    terminal = libraries.other("wtsapi32")
    text, size = wintypes.LPWSTR(), wintypes.DWORD()
    if not terminal.WTSQuerySessionInformationW(
        None, wintypes.DWORD(_CURRENT_SESSION), what, ctypes.byref(text), ctypes.byref(size)
    ):
        return ""
    try:
        return text.value or ""
    finally:
        terminal.WTSFreeMemory(text)


def _sid_of_name(libraries: Libraries, name: str) -> str | None:
    sid, domain = ctypes.create_string_buffer(_SID_BYTES), ctypes.create_unicode_buffer(_NAME_LENGTH)
    sizes = wintypes.DWORD(_SID_BYTES), wintypes.DWORD(_NAME_LENGTH)
    kind = wintypes.DWORD()
    if not libraries.advapi32.LookupAccountNameW(
        None, name, sid, ctypes.byref(sizes[0]), domain, ctypes.byref(sizes[1]), ctypes.byref(kind)
    ):
        return None
    return _text_of(libraries, ctypes.addressof(sid))


def _token_information(libraries: Libraries, what: int, answer: Any) -> None:
    kernel, advapi = libraries.kernel32, libraries.advapi32
    token, size = wintypes.HANDLE(), wintypes.DWORD()
    if not advapi.OpenProcessToken(kernel.GetCurrentProcess(), _TOKEN_QUERY, ctypes.byref(token)):
        raise libraries.error("OpenProcessToken")
    try:
        if not advapi.GetTokenInformation(
            token, what, ctypes.byref(answer), ctypes.sizeof(answer), ctypes.byref(size)
        ):
            raise libraries.error("GetTokenInformation")
    finally:
        kernel.CloseHandle(token)


def _text_of(libraries: Libraries, sid: Any) -> str:
    text = wintypes.LPWSTR()
    if not libraries.advapi32.ConvertSidToStringSidW(sid, ctypes.byref(text)):
        raise libraries.error("ConvertSidToStringSidW")
    try:
        return text.value or ""
    finally:
        libraries.kernel32.LocalFree(ctypes.cast(text, ctypes.c_void_p))
