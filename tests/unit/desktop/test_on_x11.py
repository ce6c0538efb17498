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


@dataclass
class Shown:
    """A program with a window on a screen of its own."""

    process: subprocess.Popen[str]
    environment: dict[str, str]
    window: str

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

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
    shown.xdotool("mousemove", "200", "200", "click", "1")

    assert shown.line() == "pressed injected"


def test_a_key_of_a_program_is_not_called_local(shown: Shown) -> None:
    shown.xdotool("windowfocus", shown.window)
    shown.xdotool("key", "space")

    # X11 names no device with a key: injected only if something injected stands beside it.
    assert shown.line() in ("pressed unknown", "pressed injected")


def test_a_key_that_another_program_sends_to_the_window_is_injected(shown: Shown) -> None:
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
