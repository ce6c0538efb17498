"""The halves of a restart: what is written for one log-in, what is asked of the system. Nothing restarts here."""

from __future__ import annotations

import ctypes
import plistlib
import shlex
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from client_app.core.returning import ReturnStart
from client_app.platforms import System, UnsupportedSystemError, restart_system
from client_app.platforms.linux.restart import LinuxRestart
from client_app.platforms.macos.restart import MacRestart
from client_app.platforms.windows.libraries import Libraries
from client_app.platforms.windows.restart import COMMAND_LIMIT, RUN_ONCE, WindowsRestart

START = ReturnStart(("/opt/po moc/po$moc 100%", "--return", 'a"b\\c`d'), Path("/tmp"))


class Runs:
    """Remembers what was to be run."""

    def __init__(self, error: OSError | None = None) -> None:
        self.commands: list[tuple[str, ...]] = []
        self._error = error

    def __call__(self, command: Sequence[str], seconds: float) -> None:
        assert 0 < seconds <= 15
        self.commands.append(tuple(command))
        if self._error is not None:
            raise self._error


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home of the test's own."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    return tmp_path


# --- Linux --------------------------------------------------------------------------------------------------------


def test_linux_without_systemd_runs_nothing(tmp_path: Path) -> None:
    runs = Runs()
    with pytest.raises(OSError, match="systemd"):
        LinuxRestart("pomoc", "Pomoc", tmp_path, runs).restart()
    assert runs.commands == []


def test_linux_asks_systemd_without_a_password(tmp_path: Path) -> None:
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    runs = Runs()
    with pytest.raises(FileNotFoundError):
        LinuxRestart("pomoc", "Pomoc", tmp_path, runs).restart()
    program = tmp_path / "usr/bin/systemctl"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    LinuxRestart("pomoc", "Pomoc", tmp_path, runs).restart()
    assert runs.commands == [("/usr/bin/systemctl", "--no-ask-password", "reboot")]


def test_linux_entry_is_private_whole_and_taken_back(home: Path) -> None:
    half = LinuxRestart("pomoc", "Pomoc zdalna")
    half.unregister()
    half.register(START)
    half.register(START)
    assert half.entry == home / ".config/autostart/pomoc-return.desktop"
    assert half.entry_name == str(half.entry)
    assert list(half.entry.parent.iterdir()) == [half.entry]
    lines = dict(
        line.split("=", 1) for line in half.entry.read_text("utf-8").splitlines() if not line.startswith("[")
    )
    # Read as a desktop does: first the key's escapes, then the quotes, then the field codes.
    command = lines["Exec"].replace("\\\\", "\\")
    for escaped in ("\\$", "\\`"):
        command = command.replace(escaped, escaped[1])
    assert [part.replace("%%", "%") for part in shlex.split(command)] == list(START.command)
    assert lines["Path"].replace("\\\\", "\\") == str(START.folder)
    assert (lines["Type"], lines["Name"]) == ("Application", "Pomoc zdalna")
    half.unregister()
    assert not half.entry.exists()


def test_linux_refuses_a_command_of_two_lines(home: Path) -> None:
    half = LinuxRestart("pomoc", "Pomoc")
    with pytest.raises(OSError, match="control character"):
        half.register(ReturnStart(("/opt/pomoc\nExec=/bin/sh",)))
    assert not half.entry.exists()


# --- macOS --------------------------------------------------------------------------------------------------------


def test_macos_agent_and_restart(home: Path) -> None:
    runs = Runs()
    half = MacRestart("pomoc", runs)
    half.register(START)
    found = plistlib.loads(half.agent.read_bytes())
    assert found["ProgramArguments"] == list(START.command)
    assert found["RunAtLoad"] is True
    assert "KeepAlive" not in found
    half.unregister()
    half.unregister()
    assert not half.agent.exists()
    half.restart()
    assert runs.commands[0][:2] == ("/usr/bin/osascript", "-e")
    with pytest.raises(PermissionError):
        MacRestart("pomoc", Runs(PermissionError())).restart()


# --- Windows ------------------------------------------------------------------------------------------------------


class Registry:
    """winreg with one key."""

    HKEY_CURRENT_USER, KEY_SET_VALUE, REG_SZ = 1, 2, 1

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def CreateKeyEx(self, root: int, path: str, _zero: int, _rights: int) -> Registry:  # noqa: N802
        assert (root, path) == (self.HKEY_CURRENT_USER, RUN_ONCE)
        return self

    OpenKey = CreateKeyEx

    def SetValueEx(self, _key: object, name: str, _zero: int, kind: int, value: str) -> None:  # noqa: N802
        assert kind == self.REG_SZ
        self.values[name] = value

    def DeleteValue(self, _key: object, name: str) -> None:  # noqa: N802
        if name not in self.values:
            raise FileNotFoundError(name)
        del self.values[name]

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *_error: object) -> None:
        return


def test_windows_runs_once_and_takes_it_back() -> None:
    registry = Registry()
    half = WindowsRestart("pomoc", registry=registry)
    half.register(ReturnStart((r"C:\Program Files\Pomoc\pomoc.exe", "--return")))
    assert registry.values == {half.entry_name: r'"C:\Program Files\Pomoc\pomoc.exe" --return'}
    half.unregister()
    half.unregister()
    assert registry.values == {}


def test_windows_refuses_what_run_once_would_cut() -> None:
    registry = Registry()
    with pytest.raises(OSError, match="too long"):
        WindowsRestart("pomoc", registry=registry).register(ReturnStart(("C:\\" + "x" * COMMAND_LIMIT,)))
    assert registry.values == {}


class Call:
    """A foreign function that remembers its arguments."""

    def __init__(self, answer: int) -> None:
        self.answer, self.asked = answer, []  # type: ignore[var-annotated]

    def __call__(self, *arguments: Any) -> int:
        self.asked.append(arguments)
        return self.answer


@pytest.mark.parametrize(
    ("fails", "error"),
    [("OpenProcessToken", 5), ("LookupPrivilegeValueW", 5), ("AdjustTokenPrivileges", 5), ("", 1300)],
)
def test_windows_without_the_right_shuts_nothing_down(fails: str, error: int) -> None:
    system, calls = _windows(fails, error)
    with pytest.raises(OSError, match=fails or "AdjustTokenPrivileges"):
        WindowsRestart("pomoc", system).restart()
    assert calls["InitiateSystemShutdownExW"].asked == []


def test_windows_restarts_without_force() -> None:
    system, calls = _windows("", 0)
    WindowsRestart("pomoc", system).restart()
    ((machine, message, seconds, force, reboot, _reason),) = calls["InitiateSystemShutdownExW"].asked
    assert (machine, message, seconds, force, reboot) == (None, None, 0, False, True)


def _windows(fails: str, error: int) -> tuple[Libraries, dict[str, Call]]:
    names = (
        "OpenProcessToken",
        "LookupPrivilegeValueW",
        "AdjustTokenPrivileges",
        "InitiateSystemShutdownExW",
    )
    calls = {name: Call(0 if name == fails else 1) for name in names}
    kernel = SimpleNamespace(GetCurrentProcess=lambda: ctypes.c_void_p(1), CloseHandle=lambda _handle: 1)
    return Libraries(kernel, SimpleNamespace(), SimpleNamespace(**calls), lambda: error), calls


def test_every_system_has_its_half_and_another_has_none() -> None:
    for system in (System.LINUX, System.WINDOWS, System.MACOS):
        assert "pomoc" in restart_system("pomoc", "Pomoc", system).entry_name
    with pytest.raises(UnsupportedSystemError):
        restart_system("pomoc", "Pomoc", System.OTHER)
