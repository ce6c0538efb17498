"""Variables that a program of the same user sets do not reach a guardian with more rights, nor its AnyDesk."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from client_app import guardian_entry
from client_app.core.elevation import GuardianEnd
from client_app.platforms import System, clean_environment
from client_app.platforms.windows.environment import (
    clean_own_environment,
    keep_known_variables,
    windows_folder,
)
from client_app.platforms.windows.libraries import Libraries

PLANTED = {
    "OPENSSL_CONF": "C:\\Users\\jan\\evil.cnf",
    "OPENSSL_MODULES": "C:\\Users\\jan",
    "OPENSSL_ENGINES": "C:\\Users\\jan",
    "COR_ENABLE_PROFILING": "1",
    "COR_PROFILER_PATH": "C:\\Users\\jan\\evil.dll",
    "PYTHONPATH": "C:\\Users\\jan",
    "_PYI_APPLICATION_HOME_DIR": "C:\\Users\\jan",
    "QT_PLUGIN_PATH": "C:\\Users\\jan",
    "__COMPAT_LAYER": "RunAsInvoker",
    "Path": "C:\\Users\\jan;C:\\Windows\\System32",
    "windir": "C:\\Users\\jan",
    "SystemRoot": "C:\\Users\\jan",
    "SYSTEMDRIVE": "D:",
    "ComSpec": "C:\\Users\\jan\\evil.exe",
    "PATHEXT": ".EVIL",
}


def libraries(answer: str) -> Libraries:
    def folder(buffer: Any, size: int) -> int:
        assert size == ctypes.sizeof(buffer) // ctypes.sizeof(ctypes.c_wchar)
        buffer.value = answer
        return len(answer)

    kernel = SimpleNamespace(GetSystemWindowsDirectoryW=folder)
    return Libraries(kernel, SimpleNamespace(), SimpleNamespace(), lambda: 5)


def test_what_could_load_a_library_is_gone_and_the_systems_folders_are_the_systems() -> None:
    environment = {**PLANTED, "AppData": "C:\\Users\\jan\\AppData\\Roaming", "TEMP": "C:\\T"}
    keep_known_variables(environment, "C:\\Windows")
    assert environment == {
        "AppData": "C:\\Users\\jan\\AppData\\Roaming",
        "TEMP": "C:\\T",
        "SYSTEMROOT": "C:\\Windows",
        "WINDIR": "C:\\Windows",
        "SYSTEMDRIVE": "C:",
        "PATH": "C:\\Windows\\System32;C:\\Windows;C:\\Windows\\System32\\Wbem",
        "PATHEXT": ".COM;.EXE;.BAT;.CMD",
        "COMSPEC": "C:\\Windows\\System32\\cmd.exe",
    }


def test_the_systems_folder_is_asked_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    own = dict(PLANTED)
    monkeypatch.setattr("os.environ", own)
    with pytest.raises(OSError, match="GetSystemWindowsDirectoryW"):
        clean_own_environment(libraries(""))
    assert own == PLANTED
    clean_own_environment(libraries("E:\\WINNT"))
    assert own["SYSTEMROOT"] == "E:\\WINNT"
    assert not own.keys() & {"OPENSSL_CONF", "PYTHONPATH", "__COMPAT_LAYER"}
    assert windows_folder(libraries("E:\\WINNT")) == "E:\\WINNT"


def test_without_a_clean_environment_nothing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(guardian_entry, "clean_environment", lambda: False)
    monkeypatch.setattr(guardian_entry, "elevated_half", SimpleNamespace)
    assert guardian_entry.main(["--elevated", "0" * 32]) == GuardianEnd.NOT_PROTECTED
    assert clean_environment(System.LINUX) is False


_ORDER = """
import sys
import client_app.__main__
import client_app.guardian_entry as entry
def look():
    print(sorted({"_hashlib", "_ssl", "hashlib", "random", "msgspec", "nacl"} & set(sys.modules)))
    return False
entry.clean_environment = look
sys.frozen = True
print(entry.main(["--elevated", "0" * 32]))
"""


def test_it_is_cleaned_before_anything_reads_it(project_root: Path) -> None:
    command = [sys.executable, "-S", "-c", _ORDER]
    run = subprocess.run(command, cwd=project_root, capture_output=True, text=True, timeout=60, check=False)
    assert run.stdout.split("\n")[:2] == ["[]", str(int(GuardianEnd.NOT_PROTECTED))], run.stderr
