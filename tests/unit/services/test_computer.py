"""Rights and display on three systems, each through faked system calls, on whatever system this runs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from client_app.core.computer import ComputerProbe, Display, Rights
from client_app.platforms import System, UnsupportedSystemError
from client_app.platforms.computer import computer_probe
from client_app.platforms.linux.computer import LinuxComputer, ask_polkit
from client_app.platforms.macos.computer import MacComputer
from client_app.platforms.shared.groups import own_groups
from client_app.platforms.windows.computer import ElevationType, TokenFacts, WindowsComputer


def linux(user: int, groups: set[str] | None, polkit: int | None) -> LinuxComputer:
    def ask_groups() -> frozenset[str]:
        if groups is None:
            raise OSError("no groups")
        return frozenset(groups)

    return LinuxComputer(user_id=lambda: user, groups=ask_groups, polkit=lambda _pid: polkit, environment={})


@pytest.mark.parametrize(
    ("user", "groups", "polkit", "rights"),
    [
        (0, set(), None, Rights.ADMINISTRATOR),
        (0, None, None, Rights.ADMINISTRATOR),
        (1000, {"sudo", "users"}, None, Rights.CAN_ELEVATE),
        (1000, {"wheel"}, 1, Rights.CAN_ELEVATE),
        (1000, {"admin"}, 2, Rights.CAN_ELEVATE),
        (1000, {"users"}, None, Rights.NONE),
        (1000, {"users"}, 0, Rights.CAN_ELEVATE),
        (1000, {"users"}, 1, Rights.NONE),
        # Somebody would have to give an administrator's password: that is somebody else's.
        (1000, {"users"}, 2, Rights.NONE),
        (1000, {"users"}, 127, Rights.NONE),
        (1000, None, None, Rights.UNKNOWN),
        (1000, None, 2, Rights.UNKNOWN),
        (1000, None, 1, Rights.NONE),
        (1000, None, 0, Rights.CAN_ELEVATE),
    ],
)
def test_rights_on_linux(user: int, groups: set[str] | None, polkit: int | None, rights: Rights) -> None:
    assert linux(user, groups, polkit).rights() is rights


@pytest.mark.parametrize(
    ("environment", "display"),
    [
        ({"XDG_SESSION_TYPE": "wayland", "DISPLAY": ":0"}, Display.WAYLAND),
        ({"XDG_SESSION_TYPE": " Wayland "}, Display.WAYLAND),
        ({"XDG_SESSION_TYPE": "x11", "WAYLAND_DISPLAY": "wayland-0"}, Display.SHAREABLE),
        ({"WAYLAND_DISPLAY": "wayland-0"}, Display.WAYLAND),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, Display.SHAREABLE),
        ({"XDG_SESSION_TYPE": "tty"}, Display.SHAREABLE),
        ({}, Display.SHAREABLE),
    ],
)
def test_display_on_linux(environment: dict[str, str], display: Display) -> None:
    assert LinuxComputer(environment=environment).display() is display


class Token:
    """A token that says what a test wants."""

    def __init__(self, facts: TokenFacts | None) -> None:
        self._facts = facts

    def read(self) -> TokenFacts:
        if self._facts is None:
            raise OSError("OpenProcessToken")
        return self._facts


@pytest.mark.parametrize(
    ("facts", "rights"),
    [
        (TokenFacts(True, ElevationType.FULL), Rights.ADMINISTRATOR),
        (TokenFacts(True, ElevationType.DEFAULT), Rights.ADMINISTRATOR),
        (TokenFacts(False, ElevationType.LIMITED), Rights.CAN_ELEVATE),
        (TokenFacts(False, ElevationType.DEFAULT), Rights.NONE),
        (TokenFacts(False, ElevationType.FULL), Rights.UNKNOWN),
        (TokenFacts(False, ElevationType.UNEXPECTED), Rights.UNKNOWN),
        (None, Rights.UNKNOWN),
    ],
    ids=["elevated", "uac off", "split", "plain", "odd", "unexpected", "no answer"],
)
def test_rights_on_windows(facts: TokenFacts | None, rights: Rights) -> None:
    computer = WindowsComputer(Token(facts))
    assert computer.rights() is rights
    assert computer.display() is Display.SHAREABLE


@pytest.mark.parametrize(
    ("user", "groups", "rights"),
    [
        (0, set(), Rights.ADMINISTRATOR),
        (501, {"staff", "admin"}, Rights.CAN_ELEVATE),
        (501, {"staff"}, Rights.NONE),
        (501, None, Rights.UNKNOWN),
    ],
)
def test_rights_on_macos(user: int, groups: set[str] | None, rights: Rights) -> None:
    def ask() -> frozenset[str]:
        if groups is None:
            raise OSError("no groups")
        return frozenset(groups)

    computer = MacComputer(user_id=lambda: user, groups=ask)
    assert computer.rights() is rights
    assert computer.display() is Display.SHAREABLE


@pytest.mark.parametrize("system", [System.LINUX, System.WINDOWS, System.MACOS])
def test_each_system_has_its_half(system: System) -> None:
    probe: ComputerProbe = computer_probe(system)
    assert type(probe).__module__ == f"client_app.platforms.{system.value}.computer"


def test_no_half_for_an_unknown_system() -> None:
    with pytest.raises(UnsupportedSystemError):
        computer_probe(System.OTHER)


# --- this very computer -------------------------------------------------------------------------------------------

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks a real Linux")


@linux_only
def test_this_computer_answers() -> None:
    probe = computer_probe()
    assert probe.rights() in Rights
    assert probe.display() in Display
    if os.geteuid() == 0:
        assert probe.rights() is Rights.ADMINISTRATOR


@linux_only
def test_groups_are_those_of_the_system() -> None:
    run = subprocess.run(["/usr/bin/id", "-Gn"], capture_output=True, text=True, timeout=10, check=True)
    assert own_groups() == set(run.stdout.split())


@linux_only
def test_a_polkit_that_does_not_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ask_polkit(os.getpid())
    assert answer is None or 0 <= answer < 256
    monkeypatch.setattr("client_app.platforms.linux.computer.PKCHECK_PLACES", ())
    assert ask_polkit(os.getpid()) is None
