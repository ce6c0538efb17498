"""Whether the screen is locked: a real message bus with a log-in service of ours, and systems that tell nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QGuiApplication

from client_app.core.desktop import Desktop
from client_app.core.presence import ScreenState
from client_app.platforms import System
from client_app.platforms.desktop import desktop
from client_app.workers.screen_watch import ScreenWatch, _MessageFilter

ROOT = Path(__file__).resolve().parents[3]
NOWHERE = "unix:path=/nowhere/bus"


class Program:
    """The log-in service with its listener, in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def tell(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@pytest.fixture
def program() -> Iterator[Program]:
    daemon = shutil.which("dbus-daemon")
    if daemon is None or os.name == "nt":
        pytest.skip("there is no dbus-daemon here")
    command = [daemon, "--session", "--nofork", "--print-address=1", "--nopidfile"]
    bus = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert bus.stdout is not None
    address = bus.stdout.readline().strip()
    environment = {
        **os.environ,
        "DBUS_SYSTEM_BUS_ADDRESS": address,
        "DBUS_SESSION_BUS_ADDRESS": address,
        "QT_QPA_PLATFORM": "offscreen",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.desktop.login_program"],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield Program(process)
    assert process.stdin is not None
    process.stdin.close()
    process.wait(10)
    bus.terminate()
    bus.wait(10)
    for stream in (process.stdout, bus.stdout):
        assert stream is not None
        stream.close()


def test_what_the_buses_tell(program: Program) -> None:
    assert program.hear() == "active"
    program.tell("lock")
    assert program.hear() == "locked"
    program.tell("away")
    assert program.hear() == "switched_away"
    program.tell("back")
    assert program.hear() == "locked"
    program.tell("unlock")
    assert program.hear() == "active"
    program.tell("saver on")
    assert program.hear() == "locked"
    program.tell("saver off")
    assert program.hear() == "active"
    program.tell("shutdown")
    assert program.hear() == "logged_off"


def test_after_the_end_nothing_is_heard(program: Program) -> None:
    assert program.hear() == "active"
    program.tell("stop")
    assert program.hear() == "stopped"
    program.tell("lock")
    program.tell("saver on")
    program.tell("stop")

    assert program.hear() == "stopped"


@pytest.mark.skipif(os.name == "nt", reason="message buses are Linux's")
def test_a_missing_bus_tells_nothing_and_costs_no_time() -> None:
    code = (
        "import sys, time\n"
        "from PySide6.QtGui import QGuiApplication\n"
        "from client_app.platforms import System\n"
        "from client_app.platforms.desktop import desktop\n"
        "from client_app.workers.screen_watch import ScreenWatch\n"
        "import client_app.workers.screen_bus\n"
        "application = QGuiApplication([])\n"
        "watch = ScreenWatch(desktop(lambda device: '', System.LINUX))\n"
        "began = time.monotonic()\n"
        "watch.start(0)\n"
        "application.processEvents()\n"
        "took = time.monotonic() - began\n"
        "watch.stop()\n"
        "print(watch.state.value, took < 0.5)\n"
    )
    environment = {
        **os.environ,
        "DBUS_SYSTEM_BUS_ADDRESS": NOWHERE,
        "DBUS_SESSION_BUS_ADDRESS": NOWHERE,
        "QT_QPA_PLATFORM": "offscreen",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )

    assert done.stdout.split() == ["unknown", "True"]


# --- without a bus ------------------------------------------------------------------------------------------------


class Calls:
    """A system that calls back."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.tell: Callable[[ScreenState], None] | None = None

    def start(self, on_change: Callable[[ScreenState], None]) -> bool:
        self.tell = on_change
        return self.works

    def stop(self) -> None:
        return


class Messages:
    """A system that tells a window."""

    event_type = b"ours"

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.windows: list[int] = []

    def attach(self, window: int) -> bool:
        self.windows.append(window)
        return self.works

    def detach(self, window: int) -> None:
        self.windows.remove(window)

    def state_of(self, message: int) -> ScreenState | None:
        return {1: ScreenState.LOCKED, 2: ScreenState.ACTIVE}.get(message)


def watching(system: Desktop) -> tuple[ScreenWatch, list[ScreenState]]:
    watch, heard = ScreenWatch(system), list[ScreenState]()
    watch.changed.connect(heard.append)
    watch.start(42)
    return watch, heard


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("system", [Desktop(), Desktop(screen_calls=Calls(works=False))])
def test_a_system_that_tells_nothing_is_unknown(system: Desktop) -> None:
    watch, heard = watching(system)
    watch.stop()

    assert heard == []
    assert watch.state is ScreenState.UNKNOWN


@pytest.mark.usefixtures("qapp")
def test_the_screen_is_free_only_if_nobody_says_otherwise() -> None:
    calls, messages = Calls(), Messages()
    watch, heard = watching(Desktop(screen_calls=calls, screen_messages=messages))
    assert calls.tell is not None
    calls.tell(ScreenState.LOCKED)
    watch.heard(ScreenState.LOCKED)
    calls.tell(ScreenState.ACTIVE)
    assert watch.state is ScreenState.LOCKED
    watch.heard(ScreenState.ACTIVE)
    watch.stop()
    calls.tell(ScreenState.LOCKED)

    assert heard == [ScreenState.ACTIVE, ScreenState.LOCKED, ScreenState.ACTIVE]
    assert messages.windows == []


@pytest.mark.usefixtures("qapp")
def test_messages_pass_and_only_ours_are_read() -> None:
    watch, heard = watching(Desktop(screen_messages=Messages()))
    seen = _MessageFilter(Messages(), watch)
    for kind, message in ((b"theirs", 1), (b"ours", 9), (b"ours", 1)):
        assert seen.nativeEventFilter(QByteArray(kind), message) == (False, 0)
    watch.stop()

    assert heard == [ScreenState.ACTIVE, ScreenState.LOCKED]


@pytest.mark.usefixtures("qapp")
def test_the_end_of_the_desktop_session_is_a_log_off() -> None:
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    watch, heard = watching(Desktop())
    watch._on_log_off(None)  # type: ignore[arg-type]  # the manager is not used
    watch.stop()

    assert heard == [ScreenState.LOGGED_OFF]


def test_an_unknown_system_has_no_half() -> None:
    assert desktop(lambda _device: "", System.OTHER) == Desktop()
