"""Services of Windows by its service control manager: making, starting, stopping, removing, and being one.

Source: learn.microsoft.com, CreateServiceW, StartServiceCtrlDispatcherW, SetServiceStatus. Only ctypes.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
import time
from collections.abc import Callable, Iterator
from ctypes import wintypes
from typing import Any

_ALL, _MANAGER_ALL = 0xF01FF, 0xF003F
_OWN_PROCESS, _AUTO_START, _ERROR_NORMAL = 0x10, 2, 1
_CONTROL_STOP, _CONTROL_SHUTDOWN = 1, 5
_STOPPED, _STOP_PENDING, _RUNNING = 1, 3, 4
_ACCEPT_STOP_SHUTDOWN = 5
_FAILURE_ACTIONS, _RESTART = 2, 1
_STOP_SECONDS = 15.0


class ManagerError(Exception):
    """The service manager refused; the text says what, with the system's error number."""


class _Status(ctypes.Structure):
    _fields_ = tuple(
        (name, wintypes.DWORD)
        for name in ("kind", "state", "accepted", "exit_code", "own_code", "check_point", "wait_hint")
    )


class _Action(ctypes.Structure):
    _fields_ = (("kind", ctypes.c_int), ("delay", wintypes.DWORD))


class _Actions(ctypes.Structure):
    _fields_ = (
        ("reset_seconds", wintypes.DWORD),
        ("message", wintypes.LPWSTR),
        ("command", wintypes.LPWSTR),
        ("count", wintypes.DWORD),
        ("actions", ctypes.POINTER(_Action)),
    )


def _library() -> Any:
    library = vars(ctypes)["WinDLL"]("advapi32", use_last_error=True)
    handle, text, word, pointer = wintypes.HANDLE, wintypes.LPCWSTR, wintypes.DWORD, ctypes.c_void_p
    for name in ("OpenSCManagerW", "OpenServiceW", "CreateServiceW", "RegisterServiceCtrlHandlerW"):
        getattr(library, name).restype = handle
    library.OpenServiceW.argtypes = [handle, text, word]
    library.CreateServiceW.argtypes = [
        *(handle, text, text, word, word, word, word, text, text, pointer, text, text, text)
    ]
    library.StartServiceW.argtypes = [handle, word, pointer]
    library.ControlService.argtypes = [handle, word, pointer]
    library.QueryServiceStatus.argtypes = library.SetServiceStatus.argtypes = [handle, pointer]
    library.ChangeServiceConfig2W.argtypes = [handle, word, pointer]
    library.DeleteService.argtypes = library.CloseServiceHandle.argtypes = [handle]
    return library


def _failed(what: str) -> ManagerError:
    return ManagerError(f"{what}: error {vars(ctypes)['get_last_error']()}")


@contextlib.contextmanager
def _manager(library: Any) -> Iterator[Any]:
    manager = library.OpenSCManagerW(None, None, _MANAGER_ALL)
    if not manager:
        raise _failed("OpenSCManager")
    try:
        yield manager
    finally:
        library.CloseServiceHandle(manager)


@contextlib.contextmanager
def _service(name: str) -> Iterator[tuple[Any, Any]]:
    library = _library()
    with _manager(library) as manager:
        service = library.OpenServiceW(manager, name, _ALL)
        if not service:
            raise _failed("OpenService")
        try:
            yield library, service
        finally:
            library.CloseServiceHandle(service)


def create(name: str, title: str, command: str) -> None:
    """Make a service that starts with the system and is started again when it dies.

    Raises:
        ManagerError: it could not be made (there is one of this name, say).
    """
    library = _library()
    with _manager(library) as manager:
        service = library.CreateServiceW(
            *(manager, name, title, _ALL, _OWN_PROCESS, _AUTO_START, _ERROR_NORMAL, command),
            *(None, None, None, None, None),
        )
        if not service:
            raise _failed("CreateService")
        actions = (_Action * 1)(_Action(_RESTART, 200))
        wanted = _Actions(86400, None, None, 1, actions)
        # Not every manager keeps failure actions; the service is there all the same.
        library.ChangeServiceConfig2W(service, _FAILURE_ACTIONS, ctypes.byref(wanted))
        library.CloseServiceHandle(service)


def start(name: str) -> None:
    """Start a service.

    Raises:
        ManagerError: it is not there, or did not start.
    """
    with _service(name) as (library, service):
        if not library.StartServiceW(service, 0, None):
            raise _failed("StartService")


def stop(name: str) -> bool:
    """Stop a service and wait for that; False when it was not running.

    Raises:
        ManagerError: it is not there, or does not stop in time.
    """
    with _service(name) as (library, service):
        status = _Status()
        if not library.ControlService(service, _CONTROL_STOP, ctypes.byref(status)):
            return False
        deadline = time.monotonic() + _STOP_SECONDS
        while library.QueryServiceStatus(service, ctypes.byref(status)) and status.state != _STOPPED:
            if time.monotonic() > deadline:
                raise ManagerError(f"{name} does not stop")
            time.sleep(0.05)
        return True


def delete(name: str) -> None:
    """Remove a service's entry; one that is not there is no error."""
    with contextlib.suppress(ManagerError), _service(name) as (library, service):
        library.DeleteService(service)


def run_under_manager(name: str, run: Callable[[], None], wind_down: Callable[[], None]) -> int:
    """Be the service: tell the manager that it runs, then do so.

    Args:
        name: of the service.
        run: blocks for as long as it runs.
        wind_down: ends all that belongs to it but this process, which ends then.
    """
    library = _library()
    kind = vars(ctypes)["WINFUNCTYPE"]
    handles: list[Any] = []

    def say(state: int) -> None:
        status = _Status(_OWN_PROCESS, state, _ACCEPT_STOP_SHUTDOWN if state == _RUNNING else 0, 0, 0, 0, 0)
        library.SetServiceStatus(handles[0], ctypes.byref(status))

    def stop_now() -> None:
        wind_down()
        # Said last: the manager's dispatcher returns at once, and the process with it.
        say(_STOPPED)
        os._exit(0)

    def on_control(control: int) -> None:
        if control in (_CONTROL_STOP, _CONTROL_SHUTDOWN):
            say(_STOP_PENDING)
            threading.Thread(target=stop_now, daemon=True).start()

    handler = kind(None, wintypes.DWORD)(on_control)

    def main(_count: int, _arguments: Any) -> None:
        handles.append(library.RegisterServiceCtrlHandlerW(name, handler))
        say(_RUNNING)
        run()

    entry = kind(None, wintypes.DWORD, ctypes.c_void_p)(main)

    class Row(ctypes.Structure):
        _fields_ = (("name", wintypes.LPWSTR), ("main", ctypes.c_void_p))

    table = (Row * 2)(Row(name, ctypes.cast(entry, ctypes.c_void_p)), Row(None, None))
    library.StartServiceCtrlDispatcherW.argtypes = [ctypes.c_void_p]
    return 0 if library.StartServiceCtrlDispatcherW(ctypes.byref(table)) else 9010
