"""Fetching AnyDesk as the customer sees it: numbers as they come, one fetch at a time, and an end to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from client_app.core.services import Services
from client_app.core.session import CheckKind, CheckResult, CheckState, Session
from client_app.workers.controller import Controller
from tests.unit.workers.ports import Checks, World

LIMIT_MS = 5000


class SlowChecks(Checks):
    """The check of AnyDesk fetches until it is let go or stopped."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.go_on = threading.Event()

    def run(self, kind: CheckKind, on_progress: Callable[[int, int], None] | None = None) -> CheckResult:
        result = super().run(kind, on_progress)
        if kind is CheckKind.ANYDESK:
            assert self.go_on.wait(10)
        return result

    def stop(self) -> None:
        super().stop()
        self.go_on.set()


class SlowWorld(World):
    """A world whose network is slow."""

    def __init__(self) -> None:
        super().__init__()
        self.slow = SlowChecks(self)

    def services(self) -> Services:
        return replace(super().services(), checks=self.slow)


@pytest.fixture
def world() -> SlowWorld:
    made = SlowWorld()
    made.progress = ((0, 25_000_000), (12_900_000, 25_000_001))
    return made


@pytest.fixture
def controller(qtbot: QtBot, world: SlowWorld) -> Iterator[Controller]:
    made = Controller(Session(), world.services)
    made.start()
    qtbot.waitUntil(
        lambda: len(made.session.checks) == 2 and not made.session.checks_running, timeout=LIMIT_MS
    )
    yield made
    assert made.shut_down()


def of_anydesk(controller: Controller) -> CheckResult | None:
    return next((c for c in controller.session.checks if c.kind is CheckKind.ANYDESK), None)


def test_progress_is_shown_and_a_second_press_starts_no_second_fetch(
    qtbot: QtBot, controller: Controller, world: SlowWorld
) -> None:
    assert controller.services is not None
    controller._run_checks(controller.services, (CheckKind.ANYDESK,))
    wanted = CheckResult(CheckKind.ANYDESK, CheckState.RUNNING, fetched=12_900_000, to_fetch=25_000_001)
    qtbot.waitUntil(lambda: of_anydesk(controller) == wanted, timeout=LIMIT_MS)
    controller._run_checks(controller.services, (CheckKind.ANYDESK,))
    assert of_anydesk(controller) == wanted
    world.slow.go_on.set()
    qtbot.waitUntil(
        lambda: of_anydesk(controller) == CheckResult(CheckKind.ANYDESK, CheckState.GOOD), timeout=LIMIT_MS
    )
    assert world.names().count("check") == 3
    # When it is over it can be pressed again.
    controller._run_checks(controller.services, (CheckKind.ANYDESK,))
    qtbot.waitUntil(lambda: world.names().count("check") == 4, timeout=LIMIT_MS)


def test_leaving_ends_a_fetch_that_goes_on(controller: Controller, world: SlowWorld) -> None:
    assert controller.services is not None
    controller._run_checks(controller.services, (CheckKind.ANYDESK,))
    assert controller.shut_down()
    assert "stop_fetching" in world.names()
