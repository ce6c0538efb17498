"""Limits that no sleep makes longer: deadlines on a clock that goes on, looked at soon after waking."""

import time
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from client_app.core.presence import Clock
from client_app.workers.clocks import Clocks, seconds_with_sleep

LIMIT_MS = 5000


class Time:
    """A clock that a test moves on; a timer knows nothing of it, as it knows nothing of a computer's sleep."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def moment() -> Time:
    return Time()


@pytest.fixture
def over() -> list[Clock]:
    return []


@pytest.fixture
def clocks(qtbot: QtBot, moment: Time, over: list[Clock]) -> Iterator[Clocks]:
    made = Clocks(over.append, now=moment, look_seconds=0.02)
    yield made
    made.stop_all()


def seen(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=LIMIT_MS)


def test_a_stopped_limit_never_runs_out(
    qtbot: QtBot, clocks: Clocks, moment: Time, over: list[Clock]
) -> None:
    clocks.start(Clock.PRESENCE, 10)
    clocks.start(Clock.SESSION, 20)
    clocks.stop(Clock.PRESENCE)
    moment.now += 100
    seen(qtbot, lambda: over == [Clock.SESSION])
    assert clocks.runs() == frozenset()


def test_sleep_makes_no_limit_longer_and_keeps_their_order(
    qtbot: QtBot, clocks: Clocks, moment: Time, over: list[Clock]
) -> None:
    clocks.start(Clock.SESSION, 8 * 3600)
    clocks.start(Clock.NO_CONNECTION, 600)
    clocks.start(Clock.PRESENCE_ANSWER, 300)
    moment.now += 12 * 3600  # the lid was closed over night
    seen(qtbot, lambda: len(over) == 3)
    assert over == [Clock.PRESENCE_ANSWER, Clock.NO_CONNECTION, Clock.SESSION]


def test_what_is_not_over_yet_does_not_run_out(
    qtbot: QtBot, clocks: Clocks, moment: Time, over: list[Clock]
) -> None:
    clocks.start(Clock.PRESENCE, 60)
    clocks.start(Clock.PRESENCE_WARNING, 1)
    moment.now += 59
    seen(qtbot, lambda: over == [Clock.PRESENCE_WARNING])
    assert clocks.runs() == {Clock.PRESENCE}


def test_an_end_stops_what_would_have_run_out_beside_it(qtbot: QtBot, moment: Time) -> None:
    over: list[Clock] = []

    def end(clock: Clock) -> None:
        over.append(clock)
        made.stop_all()

    made = Clocks(end, now=moment, look_seconds=0.02)
    made.start(Clock.PRESENCE_ANSWER, 1)
    made.start(Clock.SESSION, 2)
    moment.now += 3600
    seen(qtbot, lambda: bool(over))
    assert (over, made.runs()) == ([Clock.PRESENCE_ANSWER], frozenset())


def test_a_restart_counts_anew_also_from_within(qtbot: QtBot, moment: Time) -> None:
    over: list[Clock] = []

    def again(clock: Clock) -> None:
        over.append(clock)
        if len(over) < 3:
            made.start(clock, 0)

    made = Clocks(again, now=moment, look_seconds=0.02)
    made.start(Clock.PRESENCE, 100)
    made.start(Clock.PRESENCE, 0)
    seen(qtbot, lambda: over == [Clock.PRESENCE] * 3)
    assert made.runs() == frozenset()


def test_a_real_second_is_a_second(qtbot: QtBot, over: list[Clock]) -> None:
    made = Clocks(over.append)
    begun = time.monotonic()
    made.start(Clock.PRESENCE, 0.3)
    seen(qtbot, lambda: over == [Clock.PRESENCE])
    assert time.monotonic() - begun >= 0.29


def test_the_clock_counts_sleep_where_the_system_has_such_a_clock() -> None:
    before = seconds_with_sleep()
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    read = time.clock_gettime(boottime) if boottime is not None else before
    assert before <= read <= before + 5
    assert seconds_with_sleep() >= before
