"""The watchdog sees what holds up the UI thread, and only that."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.helpers.ui_watchdog import UiWatchdog

HERE = Path(__file__).resolve().parent
ELSEWHERE = HERE / "no-such-folder"


def _hold_up(seconds: float = 0.3) -> None:
    """Sleeps on purpose: this is the fault that the watchdog must find."""
    time.sleep(seconds)


def _spin(seconds: float = 0.3) -> None:
    """Is busy for this much CPU time of its own thread."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(200))


def _run_in_loop(qtbot: QtBot, work: object) -> None:
    done: list[bool] = []

    def _once() -> None:
        assert callable(work)
        work()
        done.append(True)

    QTimer.singleShot(20, _once)
    qtbot.waitUntil(lambda: bool(done), timeout=5000)
    ended = threading.Event()
    QTimer.singleShot(30, ended.set)
    qtbot.waitUntil(ended.is_set, timeout=5000)


@pytest.mark.parametrize("work", [_hold_up, _spin], ids=["sleeps", "computes"])
@pytest.mark.parametrize("watched", [None, (HERE,)], ids=["all", "folder"])
def test_block_is_found_once_with_its_stack(
    qtbot: QtBot, work: object, watched: tuple[Path, ...] | None
) -> None:
    with UiWatchdog(watched) as watchdog:
        _run_in_loop(qtbot, work)
    blocks = [block for block in watchdog.blocks if block.seconds > 0.09]
    assert len(blocks) == 1, watchdog.blocks
    assert getattr(work, "__name__", "?") in blocks[0].stack
    assert blocks[0].seconds < 1.0
    with pytest.raises(AssertionError, match="UI thread blocked"):
        watchdog.check()


def test_synchronous_call_outside_the_loop_is_found(qtbot: QtBot) -> None:
    with UiWatchdog((HERE,)) as watchdog:
        _hold_up()
    assert watchdog.longest_seconds > 0.09


def test_quiet_loop_is_not_accused(qtbot: QtBot) -> None:
    with UiWatchdog((ELSEWHERE,)) as watchdog:
        ended = threading.Event()
        QTimer.singleShot(200, ended.set)
        qtbot.waitUntil(ended.is_set, timeout=5000)
    watchdog.check()


def test_code_of_the_test_is_not_accused(qtbot: QtBot) -> None:
    with UiWatchdog((ELSEWHERE,)) as watchdog:
        _hold_up()
        _run_in_loop(qtbot, _hold_up)
    watchdog.check()


def test_pause_is_not_counted(qtbot: QtBot) -> None:
    with UiWatchdog((HERE,)) as watchdog, watchdog.paused():
        _hold_up()
    watchdog.check()


def test_needs_the_ui_thread(qtbot: QtBot) -> None:
    errors: list[BaseException] = []

    def _elsewhere() -> None:
        try:
            with UiWatchdog():
                pass
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=_elsewhere)
    thread.start()
    thread.join(timeout=5)
    assert len(errors) == 1
