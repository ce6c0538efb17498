"""Services and autostart entries, made for real and found."""

from __future__ import annotations

import ctypes
import importlib
import os
from collections.abc import Iterator
from ctypes import wintypes
from pathlib import Path
from typing import Any

import pytest

from client_app.core.anydesk_system import PersistentEntry
from client_app.platforms.windows.persistence import WindowsPersistence

NAME = "AnyDesk-ad_0f1e2d3c-test"
COMMAND = r'"C:\Program Files\AnyDesk-ad_0f1e2d3c\AnyDesk.exe" --service'


@pytest.fixture
def service() -> Iterator[None]:
    """A service that the service manager itself has made."""
    library = vars(ctypes)["WinDLL"]("advapi32", use_last_error=True)
    for name in ("OpenSCManagerW", "CreateServiceW"):
        getattr(library, name).restype = wintypes.HANDLE
    manager = library.OpenSCManagerW(None, None, 0x0002)
    assert manager
    text, handle = wintypes.LPCWSTR, wintypes.HANDLE
    library.CreateServiceW.argtypes = [
        *(handle, text, text, *[wintypes.DWORD] * 4, text, text, ctypes.c_void_p, text, text, text)
    ]
    # All rights, a process of its own, started by hand, errors are logged.
    made = library.CreateServiceW(
        manager, NAME, NAME, 0xF01FF, 0x10, 3, 1, COMMAND, None, None, None, None, None
    )
    assert made
    library.DeleteService.argtypes = library.CloseServiceHandle.argtypes = [handle]
    yield
    library.DeleteService(made)
    library.CloseServiceHandle(made)
    library.CloseServiceHandle(manager)


@pytest.mark.usefixtures("service")
def test_a_service_is_found_with_its_program() -> None:
    services = WindowsPersistence().services()
    assert services is not None
    assert PersistentEntry(NAME, COMMAND) in services


@pytest.mark.usefixtures("service")
def test_a_service_is_disabled_and_deleted_and_one_that_changed_is_not() -> None:
    assert not WindowsPersistence().disable(PersistentEntry(NAME, COMMAND + " --other"))
    WindowsPersistence().disable(PersistentEntry(NAME, COMMAND))
    winreg: Any = importlib.import_module("winreg")
    path = rf"SYSTEM\CurrentControlSet\Services\{NAME}"
    # The fixture still holds it, so the system deletes it later; until then it is disabled (4).
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
            assert winreg.QueryValueEx(key, "Start")[0] == 4
    except FileNotFoundError:
        assert NAME not in {one.name for one in WindowsPersistence().services() or ()}


def test_a_service_that_is_not_there_is_not_found() -> None:
    services = WindowsPersistence().services()
    assert services
    assert NAME not in {one.name for one in services}


@pytest.mark.parametrize("key", ["Run", "RunOnce"])
def test_an_autostart_of_the_registry_is_found(key: str) -> None:
    winreg: Any = importlib.import_module("winreg")
    path = rf"Software\Microsoft\Windows\CurrentVersion\{key}"
    with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_SET_VALUE) as opened:
        winreg.SetValueEx(opened, NAME, 0, winreg.REG_SZ, COMMAND)
        try:
            entry = PersistentEntry(NAME, COMMAND, rf"HKCU\{path}")
            assert entry in (WindowsPersistence().autostarts() or ())
            other = PersistentEntry(NAME, COMMAND + " --other", entry.place)
            assert not WindowsPersistence().disable(other)
        finally:
            assert WindowsPersistence().disable(entry)
    assert NAME not in {one.name for one in WindowsPersistence().autostarts() or ()}


def test_a_file_in_the_startup_folder_is_found() -> None:
    folder = Path(os.environ["APPDATA"]) / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup"
    folder.mkdir(parents=True)
    (folder / "AnyDesk.cmd").write_text("start AnyDesk")
    found = {one.name: one for one in WindowsPersistence().autostarts() or ()}
    assert WindowsPersistence().disable(found[str(folder / "AnyDesk.cmd")])
    assert not (folder / "AnyDesk.cmd").exists()
