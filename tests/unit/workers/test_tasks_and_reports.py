"""Tasks answer once and on the window's thread; the console hears events in order and only the newest step."""

import functools
import operator
import threading

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from client_app.core.effects import ReportStep, TellTechnician
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.ports import StatusView
from client_app.core.presence import Clock
from client_app.workers.clocks import Clocks
from client_app.workers.reporter import QUEUE_LIMIT, Reporter
from client_app.workers.tasks import Lane, TaskRunner
from tests.unit.workers.ports import World, offline

LIMIT_MS = 5000


@pytest.mark.expect_log("client_app.workers.tasks", "task_crashed")
def test_a_crash_in_a_task_becomes_a_code(qtbot: QtBot) -> None:
    runner = TaskRunner()
    errors: list[CustomerError] = []

    def crash() -> None:
        raise ZeroDivisionError("secret words")

    runner.submit(Lane.GENERAL, crash, failed=errors.append)
    qtbot.waitUntil(lambda: bool(errors), timeout=LIMIT_MS)
    assert errors[0].code is ErrorCode.INTERNAL
    assert "secret" not in str(errors[0])
    assert runner.shut_down(1.0)


def test_answers_come_on_the_windows_thread_in_the_order_of_the_lane(qtbot: QtBot) -> None:
    runner = TaskRunner()
    seen: list[tuple[int, bool]] = []
    here = QThread.currentThread()
    for i in range(20):
        answer = functools.partial(operator.index, i)
        runner.submit(Lane.RECORDS, answer, lambda got: seen.append((got, QThread.currentThread() is here)))
    qtbot.waitUntil(lambda: len(seen) == 20, timeout=LIMIT_MS)
    assert seen == [(i, True) for i in range(20)]
    assert runner.shut_down(1.0)


def test_after_shutting_down_nothing_is_taken_or_answered(qtbot: QtBot) -> None:
    runner = TaskRunner()
    answered: list[object] = []
    hold = threading.Event()
    runner.submit(Lane.GENERAL, lambda: hold.wait(5), answered.append)
    assert not runner.shut_down(0.05)
    hold.set()
    runner.submit(Lane.GENERAL, lambda: 1, answered.append)
    qtbot.wait(50)
    assert answered == []


def test_a_step_that_was_overtaken_is_not_sent_and_events_keep_their_order(qtbot: QtBot) -> None:
    runner, world = TaskRunner(), World()
    reporter = Reporter(runner, lambda _status: None)
    for step in ("details", "terms", "order"):
        reporter.report(ReportStep(step, "shown"))
    for kind in ("connected", "disconnected", "ended"):
        reporter.tell(TellTechnician(kind))
    reporter.connect_backend(world)
    qtbot.waitUntil(lambda: reporter.is_idle, timeout=LIMIT_MS)
    assert world.calls == [
        ("tell", "connected"),
        ("tell", "disconnected"),
        ("tell", "ended"),
        ("report_step", ReportStep("order", "shown")),
    ]
    assert runner.shut_down(1.0)


def test_an_event_is_told_again_until_it_is_heard(qtbot: QtBot) -> None:
    runner, world = TaskRunner(), World()
    reporter = Reporter(runner, lambda _status: None)
    world.fail["tell"] = offline()
    reporter.connect_backend(world)
    reporter.tell(TellTechnician("connected"))
    qtbot.waitUntil(lambda: "tell" in world.names(), timeout=LIMIT_MS)
    world.fail.clear()
    qtbot.waitUntil(lambda: reporter.is_idle, timeout=LIMIT_MS)
    assert world.names() == ["tell", "tell"]
    assert runner.shut_down(1.0)


def test_what_the_backend_will_never_take_does_not_hold_up_the_rest(qtbot: QtBot) -> None:
    runner, world = TaskRunner(), World()
    heard: list[StatusView] = []
    reporter = Reporter(runner, heard.append)
    world.fail["tell"] = CustomerError(ErrorCode.CASE_ENDED)
    reporter.connect_backend(world)
    reporter.tell(TellTechnician("connected"))
    reporter.report(ReportStep("help", "shown"))
    qtbot.waitUntil(lambda: bool(heard), timeout=LIMIT_MS)
    assert world.names() == ["tell", "report_step"]
    assert runner.shut_down(1.0)


@pytest.mark.expect_log("client_app.workers.reporter", "event_queue_full")
def test_the_queue_of_events_is_bounded(qtbot: QtBot) -> None:
    runner = TaskRunner()
    reporter = Reporter(runner, lambda _status: None)
    for _ in range(QUEUE_LIMIT + 1):
        reporter.tell(TellTechnician("connected"))
    assert not reporter.is_idle
    assert runner.shut_down(1.0)


def test_a_clock_runs_out_once_and_a_stopped_one_never(qtbot: QtBot) -> None:
    out: list[Clock] = []
    clocks = Clocks(out.append)
    clocks.start(Clock.NO_CONNECTION, 0.01)
    clocks.start(Clock.SESSION, 0.02)
    clocks.stop(Clock.NO_CONNECTION)
    qtbot.waitUntil(lambda: bool(out), timeout=LIMIT_MS)
    qtbot.wait(40)
    assert out == [Clock.SESSION]
    clocks.stop_all()
