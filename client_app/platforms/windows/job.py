"""A job object that the guardian puts itself into: whatever it starts is in it, and dies with its last handle.

Source: learn.microsoft.com, Job Objects (JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE). Children join their parent's job, so no
process can be started outside it; breaking away is not allowed by the limits set here.
"""

from __future__ import annotations

import ctypes
from ctypes import wintypes
from typing import Any

from client_app.platforms.windows.libraries import ERROR_MORE_DATA, Libraries

_EXTENDED_LIMITS = 9
_PROCESS_IDS = 3
KILL_ON_JOB_CLOSE = 0x2000
_MOST_PROCESSES = 1024
_QUERY_LIMITED, _QUERY = 0x1000, 0x400


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", wintypes.LARGE_INTEGER),
        ("PerJobUserTimeLimit", wintypes.LARGE_INTEGER),
        ("LimitFlags", wintypes.DWORD),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", wintypes.DWORD),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", wintypes.DWORD),
        ("SchedulingClass", wintypes.DWORD),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_ulonglong * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class ProcessIds(ctypes.Structure):
    """JOBOBJECT_BASIC_PROCESS_ID_LIST with room for many."""

    _fields_ = (
        ("NumberOfAssignedProcesses", wintypes.DWORD),
        ("NumberOfProcessIdsInList", wintypes.DWORD),
        ("ProcessIdList", ctypes.c_size_t * _MOST_PROCESSES),
    )


class Job:
    """The job of this process, kept open until the process ends.

    Raises:
        OSError: the system would not make it or put this process into it; nothing may be started then.
    """

    def __init__(self, libraries: Libraries) -> None:
        self._libraries = libraries
        kernel = libraries.kernel32
        self._handle: Any = kernel.CreateJobObjectW(None, None)
        if not self._handle:
            raise libraries.error("CreateJobObjectW")
        limits = ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = KILL_ON_JOB_CLOSE
        size = ctypes.sizeof(limits)
        if not kernel.SetInformationJobObject(self._handle, _EXTENDED_LIMITS, ctypes.byref(limits), size):
            raise libraries.error("SetInformationJobObject")
        if not kernel.AssignProcessToJobObject(self._handle, kernel.GetCurrentProcess()):
            raise libraries.error("AssignProcessToJobObject")

    def pids(self) -> tuple[int, ...]:
        """Return the live processes in the job, this one included."""
        ids = ProcessIds()
        done = self._libraries.kernel32.QueryInformationJobObject(
            self._handle, _PROCESS_IDS, ctypes.byref(ids), ctypes.sizeof(ids), None
        )
        if not done and self._libraries.last_error() != ERROR_MORE_DATA:
            raise self._libraries.error("QueryInformationJobObject")
        return tuple(int(pid) for pid in ids.ProcessIdList[: ids.NumberOfProcessIdsInList])

    def holds(self, pid: int) -> bool | None:
        """Whether a process is in this job, as the system says; None when it may not be looked into or is gone.

        Source: learn.microsoft.com, IsProcessInJob.
        """
        # Windows is content with the smaller right; wine wants the larger one.
        for rights in (_QUERY_LIMITED, _QUERY):
            if (answer := self._ask(pid, rights)) is not None:
                return answer
        return None

    def _ask(self, pid: int, rights: int) -> bool | None:
        kernel = self._libraries.kernel32
        process = kernel.OpenProcess(rights, False, pid)
        if not process:
            return None
        try:
            answer = wintypes.BOOL()
            done = kernel.IsProcessInJob(process, self._handle, ctypes.byref(answer))
            return bool(answer.value) if done else None
        finally:
            kernel.CloseHandle(process)
