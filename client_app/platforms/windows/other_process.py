"""What the system tells of another process: whether a job object holds it, whether it is elevated.

Source: learn.microsoft.com, IsProcessInJob (without a job: in any), GetTokenInformation (TokenElevation).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes
from typing import Any

from client_app.platforms.windows.libraries import Libraries

_QUERY_LIMITED, _QUERY = 0x1000, 0x400
_TOKEN_QUERY = 0x8
_TOKEN_ELEVATION = 20


def is_in_a_job(libraries: Libraries, pid: int) -> bool | None:
    """Whether any job object holds a process; None when the system does not tell."""

    def look(process: Any) -> bool | None:
        answer = wintypes.BOOL()
        done = libraries.kernel32.IsProcessInJob(process, None, ctypes.byref(answer))
        return bool(answer.value) if done else None

    return _with_process(libraries, pid, look)


def is_process_elevated(libraries: Libraries, pid: int) -> bool | None:
    """Whether a process has an administrator's full rights; None when the system does not tell."""

    def look(process: Any) -> bool | None:
        token = wintypes.HANDLE()
        if not libraries.advapi32.OpenProcessToken(process, _TOKEN_QUERY, ctypes.byref(token)):
            return None
        try:
            answer, size = wintypes.DWORD(), wintypes.DWORD()
            done = libraries.advapi32.GetTokenInformation(
                token, _TOKEN_ELEVATION, ctypes.byref(answer), ctypes.sizeof(answer), ctypes.byref(size)
            )
            return bool(answer.value) if done else None
        finally:
            libraries.kernel32.CloseHandle(token)

    return _with_process(libraries, pid, look)


def _with_process(libraries: Libraries, pid: int, look: Callable[[Any], bool | None]) -> bool | None:
    # Windows is content with the smaller right; wine wants the larger one for the question about a job.
    for rights in (_QUERY_LIMITED, _QUERY):
        process = libraries.kernel32.OpenProcess(rights, False, pid)
        if not process:
            continue
        try:
            if (answer := look(process)) is not None:
                return answer
        finally:
            libraries.kernel32.CloseHandle(process)
    return None
