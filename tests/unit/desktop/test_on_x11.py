"""A real X server: where windows are, and that what a program presses is told from what nobody can tell."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from client_app.core.desktop import Rect, SeenWindow
from client_app.platforms.linux import xcb
from client_app.platforms.linux.windows_on_screen import X11Windows
from tests.unit.desktop.screen import virtual_screen

ROOT = Path(__file__).resolve().parents[3]
OWN_KEYBOARD, SPACE = "Xvfb keyboard", "65"


@dataclass
class Shown:
    """A program with a window on a screen of its own."""

    process: subprocess.Popen[str]
    environment: dict[str, str]
    window: str

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def wish(self, word: str) -> None:
        """Let a session be open ("session") or not ("none"), forgetting what was pressed; or wait ("focus")."""
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        assert self.line() == word

    def focus(self) -> None:
        self.xdotool("windowfocus", "--sync", self.window)
        self.wish("focus")

    def look_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Give the keyboard to no window."""
        monkeypatch.setenv("DISPLAY", self.environment["DISPLAY"])
        server = xcb.connect()
        assert server is not None
        # Without a window that has the keyboard, keys go to the one under the pointer.
        self.xdotool("mousemove", "0", "0", "windowfocus", str(server.root))
        server.close()

    def press_by_hand(self) -> None:
        """Press the space bar of the server's own keyboard, which no program works."""
        pressed = subprocess.run(
            [sys.executable, "-m", "tests.unit.desktop.device_keys", OWN_KEYBOARD, SPACE],
            env=self.environment, cwd=ROOT, timeout=20, check=False,
        )  # fmt: skip
        assert pressed.returncode == 0

    def xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self.environment, check=True, timeout=10)


@pytest.fixture(scope="module")
def shown() -> Iterator[Shown]:
    if shutil.which("xdotool") is None:
        pytest.skip("there is no xdotool here")
    with virtual_screen() as environment:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.unit.desktop.window_program"],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        word, pid, window = process.stdout.readline().split()
        assert (word, pid) == ("stands", str(process.pid))
        try:
            yield Shown(process, environment, window)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(10)
            process.stdout.close()


def test_a_click_of_a_program_is_injected(shown: Shown) -> None:
    shown.wish("none")
    shown.xdotool("mousemove", "200", "200", "click", "1")

    assert shown.line() == "pressed injected"


def test_a_key_of_a_program_is_injected_while_a_session_is_open(shown: Shown) -> None:
    shown.focus()
    shown.wish("session")
    shown.xdotool("key", "space")

    assert shown.line() == "pressed injected"


def test_a_window_that_gets_the_keyboard_in_the_session_listens_from_then_on(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown.look_away(monkeypatch)
    shown.wish("session")
    shown.xdotool("key", "space")
    shown.focus()
    shown.xdotool("key", "space")

    assert shown.line() == "pressed injected"


def test_a_key_of_a_hand_is_local_while_a_session_is_open(shown: Shown) -> None:
    shown.focus()
    shown.wish("session")
    shown.press_by_hand()

    assert shown.line() == "pressed local"


def test_a_key_of_a_hand_beside_one_of_a_program_is_injected(shown: Shown) -> None:
    shown.focus()
    shown.wish("session")
    shown.xdotool("key", "a")
    shown.press_by_hand()

    assert shown.line() == "pressed injected"


def test_without_a_session_no_key_is_listened_to(shown: Shown) -> None:
    shown.focus()
    shown.wish("none")
    shown.xdotool("key", "space")

    assert shown.line() == "pressed unknown"


def test_a_key_that_another_program_sends_to_the_window_is_injected(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To the window that has the keyboard xdotool sends nothing itself: it uses XTEST.
    shown.look_away(monkeypatch)
    shown.wish("none")
    shown.xdotool("key", "--window", shown.window, "space")

    assert shown.line() == "pressed injected"


def test_its_window_is_seen_with_its_process(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", shown.environment["DISPLAY"])
    seen = X11Windows(shown.environment).seen()

    assert seen == (SeenWindow(shown.process.pid, Rect(100, 120, 300, 200)),)


def test_a_window_that_vanished_is_no_error(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", shown.environment["DISPLAY"])
    server = xcb.connect()
    assert server is not None
    gone = 0x7FFFFFF0

    assert server.numbers(gone, "_NET_WM_PID") == ()
    assert server.children(gone) == ()
    assert server.place(gone) is None
    assert not server.is_viewable(gone)
    server.close()


@pytest.mark.parametrize(
    "environment",
    [{}, {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}],
    ids=["no screen", "wayland"],
)
def test_where_nobody_can_tell_nothing_is_asked(environment: dict[str, str]) -> None:
    def never() -> xcb.X11 | None:
        raise AssertionError("a connection was made")

    assert X11Windows(environment, never).seen() is None


def test_without_a_server_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", "/nowhere:9")

    assert X11Windows({"DISPLAY": "/nowhere:9"}).seen() is None
