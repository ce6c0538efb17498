"""Stopping and deleting one service through Windows' service manager.

Source: learn.microsoft.com, OpenServiceW, ChangeServiceConfigW, ControlService, DeleteService. Nothing here decides
whose service it is. Without administrator's rights nothing happens, and the caller's next look says so.
"""

from __future__ import annotations

import ctypes
import time
from ctypes import wintypes
from typing import Any

_CONNECT = 0x1
_CHANGE_CONFIG, _QUERY_STATUS, _STOP, _DELETE = 0x2, 0x4, 0x20, 0x10000
_CONTROL_STOP, _STOPPED = 1, 1
_DISABLED, _NO_CHANGE = 4, 0xFFFFFFFF
_STOP_SECONDS = 3.0
_LOOK_SECONDS = 0.05


class ServiceStatus(ctypes.Structure):
    """SERVICE_STATUS."""

    _fields_ = tuple(
        (name, wintypes.DWORD)
        for name in (
            "dwServiceType",
            "dwCurrentState",
            "dwControlsAccepted",
            "dwWin32ExitCode",
            "dwServiceSpecificExitCode",
            "dwCheckPoint",
            "dwWaitHint",
        )
    )


class ServiceManager:
    """The service manager of this computer. `library` is advapi32, or what stands in for it."""

    def __init__(self, library: Any = None) -> None:
        self._given = library

    @property
    def _library(self) -> Any:
        if self._given is None:
            self._given = _prepared(vars(ctypes)["WinDLL"]("advapi32", use_last_error=True))
        return self._given

    def remove(self, name: str) -> None:
        """Disable, stop and delete a service, each as far as this user may. Bounded by 3 s."""
        library = self._library
        manager = library.OpenSCManagerW(None, None, _CONNECT)
        if not manager:
            return
        try:
            # All rights at once, or one by one: whoever may only stop it stops it.
            for rights in (_CHANGE_CONFIG | _STOP | _QUERY_STATUS | _DELETE, _STOP | _QUERY_STATUS):
                service = library.OpenServiceW(manager, name, rights)
                if service:
                    self._remove(service, is_whole=bool(rights & _DELETE))
                    library.CloseServiceHandle(service)
                    return
        finally:
            library.CloseServiceHandle(manager)

    def _remove(self, service: Any, *, is_whole: bool) -> None:
        library = self._library
        if is_whole:
            # Disabled first: what restarts it must not win the race against stopping.
            library.ChangeServiceConfigW(
                service, _NO_CHANGE, _DISABLED, _NO_CHANGE, None, None, None, None, None, None, None
            )
        status = ServiceStatus()
        if library.ControlService(service, _CONTROL_STOP, ctypes.byref(status)):
            deadline = time.monotonic() + _STOP_SECONDS
            while status.dwCurrentState != _STOPPED and time.monotonic() < deadline:
                time.sleep(_LOOK_SECONDS)
                if not library.QueryServiceStatus(service, ctypes.byref(status)):
                    break
        if is_whole:
            library.DeleteService(service)


def _prepared(library: Any) -> Any:
    """Declare what returns or takes a handle: without it ctypes cuts handles to 32 bits."""
    handle, text, word = wintypes.HANDLE, wintypes.LPCWSTR, wintypes.DWORD
    library.OpenSCManagerW.restype = library.OpenServiceW.restype = handle
    library.OpenSCManagerW.argtypes = [text, text, word]
    library.OpenServiceW.argtypes = [handle, text, word]
    library.CloseServiceHandle.argtypes = library.DeleteService.argtypes = [handle]
    library.ControlService.argtypes = [handle, word, ctypes.c_void_p]
    library.QueryServiceStatus.argtypes = [handle, ctypes.c_void_p]
    library.ChangeServiceConfigW.argtypes = [
        handle, word, word, word, text, text, ctypes.c_void_p, text, text, text, text,
    ]  # fmt: skip
    return library
