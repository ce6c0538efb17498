"""The desktop joined to window and flow: acts know where they came from, and the screen is heard while it matters."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from client_app.core import events as ev
from client_app.core.desktop import Desktop, Rect, SeenWindow
from client_app.core.presence import ScreenState
from client_app.core.session import Phase, Session
from client_app.desk import Desk, windows_of_anydesk
from client_app.workers.tasks import TaskRunner
from demo.scenes import Stories
from tests.ui.table import Table


class Calls:
    """A system that calls back when the screen changes."""

    def __init__(self) -> None:
        self.tell: Callable[[ScreenState], None] | None = None

    @property
    def is_running(self) -> bool:
        return self.tell is not None

    def say(self, state: ScreenState) -> None:
        assert self.tell is not None
        self.tell(state)

    def start(self, on_change: Callable[[ScreenState], None]) -> bool:
        self.tell = on_change
        return True

    def stop(self) -> None:
        self.tell = None


class Controller(QObject):
    """As much of the controller as the desk touches."""

    session_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.runner = TaskRunner(self)
        self.events: list[ev.Event] = []
        self.dispatch = self.events.append

    def show(self, session: Session) -> None:
        self.session = session
        self.session_changed.emit(session)


def test_the_screen_is_heard_only_while_anydesk_may_run(
    table: Table, stories: Stories, tmp_path: Path
) -> None:
    calls, controller = Calls(), Controller()
    desk = Desk(table.wizard, controller, tmp_path, controller, Desktop(screen_calls=calls))  # type: ignore[arg-type]
    controller.show(stories.ready)
    assert not calls.is_running
    controller.show(stories.waiting)
    calls.say(ScreenState.LOCKED)
    controller.show(replace(stories.waiting, phase=Phase.FINISHED))

    assert not calls.is_running
    assert controller.events == [ev.ScreenChanged(ScreenState.ACTIVE), ev.ScreenChanged(ScreenState.LOCKED)]
    desk.leave()
    assert table.wizard.origin_of is None
    assert controller.runner.shut_down(5)


class Keys:
    """Listens to keys as X11 does."""

    def __init__(self) -> None:
        self.did: list[str] = []

    def open(self, *, has_keyboard: bool) -> None:
        self.did.append("open")

    def close(self) -> None:
        self.did.append("close")


@pytest.mark.parametrize(("is_x11", "listened"), [(False, []), (True, ["open"])])
def test_keys_are_listened_to_on_x11_while_anydesk_may_run_and_never_else(
    table: Table,
    stories: Stories,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_x11: bool,
    listened: list[str],
) -> None:
    monkeypatch.setattr("client_app.desk.is_on_x11", lambda: is_x11)
    keys, controller = Keys(), Controller()
    desk = Desk(table.wizard, controller, tmp_path, controller, Desktop(key_sources=keys))  # type: ignore[arg-type]
    controller.show(stories.ready)
    assert keys.did == []
    controller.show(stories.waiting)
    controller.show(replace(stories.waiting, phase=Phase.CONNECTED))
    assert keys.did == listened
    controller.show(replace(stories.waiting, phase=Phase.FINISHED))
    assert keys.did == [*listened, "close"]
    desk.leave()
    assert controller.runner.shut_down(5)


class Windows:
    """What stands on the screen."""

    def __init__(self, seen: tuple[SeenWindow, ...] | None) -> None:
        self._seen = seen

    def seen(self) -> tuple[SeenWindow, ...] | None:
        return self._seen


def test_only_windows_of_anydesk_are_kept_clear(tmp_path: Path) -> None:
    place = Rect(1, 2, 30, 40)
    windows = Windows((SeenWindow(os.getpid(), place), SeenWindow(2**22 - 1, Rect(0, 0, 5, 5))))

    assert windows_of_anydesk(windows, tmp_path)() == ()
    assert windows_of_anydesk(windows, Path(os.path.realpath(sys.executable)).parent)() == (place,)


def test_a_system_that_does_not_tell_is_not_taken_for_an_empty_screen(tmp_path: Path) -> None:
    assert windows_of_anydesk(Windows(None), tmp_path)() is None
