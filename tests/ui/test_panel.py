"""The session panel: nothing in it is answered by accident, nothing is cut off, and it covers nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from client_app.core import events as ev
from client_app.core.desktop import Rect
from client_app.core.presence import Presence
from client_app.core.session import Control, InputOrigin, Phase
from client_app.ui.session_panel import SessionPanel
from client_app.ui.theme import Scheme
from demo.pictures import contrast_palette
from demo.scenes import Scene
from tests.ui.conftest import MakeTable
from tests.ui.findings import findings, focus_ring
from tests.ui.table import Table

Scenes = dict[str, dict[str, Scene]]
QUESTIONS = ("panel_presence", "panel_restart")
STATES = (
    "panel_waiting",
    "panel_no_network",
    "panel_asking",
    "panel_connected",
    "panel_long_name",
    "panel_presence",
    "panel_presence_last",
    "panel_presence_own_press",
    "panel_restart",
    "panel_restart_own_press",
    "panel_locked",
    "panel_disagree",
)


def show(table: Table, scene: Scene, *, alive: bool = True) -> SessionPanel:
    """Show a scene and return its panel, with a question that can be answered."""
    table.put(scene)
    panel = table.wizard.panel
    assert panel is not None
    if alive:
        table.qtbot.waitUntil(lambda: panel.question.is_alive, timeout=3000)
    table.live()
    return panel


def rect_of(widget: QWidget) -> Rect:
    return Rect(widget.x(), widget.y(), widget.width(), widget.height())


# --- nothing by accident ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_enter_and_esc_never_answer(name: str, key: Qt.Key, table: Table, all_scenes: Scenes) -> None:
    panel = show(table, all_scenes["pl"][name])
    panel.take_keyboard()
    for target in (panel, panel.question.yes, panel.question.no, panel.end, panel.restart):
        target.setFocus()
        QTest.keyClick(target, key)
    table.live()

    assert table.events == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_takes_neither_focus_nor_keystroke(name: str, table: Table, all_scenes: Scenes) -> None:
    show(table, all_scenes["pl"]["panel_connected"])
    table.wizard.activateWindow()
    table.qtbot.waitUntil(table.wizard.isActiveWindow, timeout=3000)
    table.wizard.current_page().first_focus().setFocus()
    before = table.focus()
    assert table.wizard.isAncestorOf(before)
    show(table, all_scenes["pl"][name], alive=False)
    QTest.keyClick(table.focus(), Qt.Key.Key_Space)

    assert table.focus() is before
    assert not table.of(ev.PresenceConfirmed)
    assert not table.of(ev.RestartAgreed)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_key_on_its_way_to_the_panel_does_not_answer(name: str, table: Table, all_scenes: Scenes) -> None:
    panel = show(table, all_scenes["pl"]["panel_connected"])
    panel.take_keyboard()
    panel.restart.setFocus()
    show(table, all_scenes["pl"][name], alive=False)
    table.qtbot.waitUntil(lambda: panel.question.is_alive, timeout=3000)
    for _press in range(2):
        QTest.keyClick(table.focus(), Qt.Key.Key_Space)
    table.live()

    assert table.events == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_click_that_was_meant_for_something_else_does_not_answer(
    name: str, table: Table, all_scenes: Scenes
) -> None:
    panel = show(table, all_scenes["pl"][name], alive=False)
    assert not panel.question.is_alive
    for button in (panel.question.yes, panel.question.no):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    assert table.events == []


def test_showing_the_same_question_again_does_not_deaden_it(table: Table, all_scenes: Scenes) -> None:
    scene = all_scenes["pl"]["panel_presence"]
    panel = show(table, scene)
    table.wizard.render(replace(scene.session, language="en"))

    assert panel.question.is_alive
    assert panel.question.yes.isEnabled()


# --- what a press says --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", InputOrigin)
@pytest.mark.parametrize(
    ("button", "kind"), [("panel_yes", ev.PresenceConfirmed), ("panel_no", ev.PresenceExtended)]
)
def test_an_answer_says_where_the_press_came_from(
    origin: InputOrigin, button: str, kind: type[ev.Event], make_table: MakeTable, all_scenes: Scenes
) -> None:
    table = make_table(origin_of=lambda: origin)
    show(table, all_scenes["pl"]["panel_presence"])
    table.click(button)
    (answer,) = table.of(kind)

    assert getattr(answer, "origin", None) is origin
    assert str(getattr(answer, "at", "")).endswith("Z")


def test_agreeing_to_a_restart_covers_exactly_what_stands_there(table: Table, all_scenes: Scenes) -> None:
    panel = show(table, all_scenes["pl"]["panel_restart"])
    shown = (*panel.question.text.text().split("\n"), panel.question.yes.text())
    table.click("panel_yes")
    (agreed,) = table.of(ev.RestartAgreed)

    assert agreed.act.control is Control.RESTART
    assert agreed.act.texts == shown
    assert len(shown) == 3


def test_not_now_agrees_to_nothing(table: Table, all_scenes: Scenes) -> None:
    show(table, all_scenes["pl"]["panel_restart"])
    table.click("panel_no")

    assert table.events == [ev.RestartDeclined()]


def test_the_customer_can_say_that_the_technician_asks_for_a_restart(
    table: Table, all_scenes: Scenes
) -> None:
    show(table, all_scenes["pl"]["panel_connected"])
    table.click("panel_restart")

    assert table.of(ev.RestartAskedHere)
    assert table.sees("panel_question")


def test_a_press_of_another_program_is_answered_kindly(table: Table, all_scenes: Scenes) -> None:
    show(table, all_scenes["en"]["panel_presence_own_press"])

    assert "press it yourself" in table.find("panel_question_hint", QLabel).text()


def test_without_more_time_there_is_one_answer(table: Table, all_scenes: Scenes) -> None:
    show(table, all_scenes["pl"]["panel_presence_last"])

    assert table.sees("panel_yes")
    assert not table.sees("panel_no")


# --- how it looks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1.0, 1.3])
@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.timeout(120)
def test_nothing_is_cut_off_and_everything_has_a_name(
    language: str, scale: float, make_table: MakeTable, all_scenes: Scenes
) -> None:
    table = make_table(language)
    table.wizard.apply_look(Scheme.CONTRAST, scale, contrast_palette())
    problems = []
    for name in STATES:
        panel = show(table, all_scenes[language][name])
        problems += [f"{name}: {finding}" for finding in findings(panel)]

    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("name", STATES)
def test_it_fits_on_a_screen_at_200_percent(
    name: str, make_table: MakeTable, all_scenes: Scenes, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = make_table("pl")
    room = QSize(632, 352)
    monkeypatch.setattr("client_app.ui.panel_place.PanelPlacer.room", lambda _placer: room)
    panel = show(table, all_scenes["pl"][name])

    assert not findings(panel)
    assert panel.width() <= room.width()
    assert panel.height() <= room.height()


def test_tab_goes_through_it_from_top_to_bottom(table: Table, all_scenes: Scenes) -> None:
    panel = show(table, all_scenes["pl"]["panel_presence"])
    names = [widget.objectName() for widget in focus_ring(panel)]

    assert names == ["panel_yes", "panel_no", "panel_end"]


@pytest.mark.parametrize(
    ("seconds", "words"), [(299, "5 minutes"), (241, "5 minutes"), (61, "2 minutes"), (39, "40 seconds")]
)
def test_the_time_left_is_told_in_minutes_and_then_in_tens(
    seconds: int, words: str, table: Table, all_scenes: Scenes
) -> None:
    ends = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    session = replace(all_scenes["en"]["panel_connected"].session, presence=Presence(ends_at=ends))
    panel = show(table, Scene(session), alive=False)
    wakes = panel.wakes_in_ms()

    assert words in table.find("panel_question_left", QLabel).text()
    assert wakes is not None
    assert wakes <= (60_500 if seconds > 60 else 10_500)


@pytest.mark.parametrize(("seconds", "told"), [(20, ""), (61, "1 minute"), (125, "2 minutes")])
def test_since_when_is_told_with_whole_minutes_only(
    seconds: int, told: str, table: Table, all_scenes: Scenes
) -> None:
    session = all_scenes["en"]["panel_connected"].session
    assert session.peer is not None
    since = (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()
    show(table, Scene(replace(session, peer=replace(session.peer, since=since))))
    _started, _dot, minutes = table.find("panel_since", QLabel).text().partition(" · ")

    assert minutes == told


# --- where it stands ----------------------------------------------------------------------------------------------


def test_it_never_covers_anydesk(make_table: MakeTable, all_scenes: Scenes) -> None:
    table = make_table()
    asked = Rect(300, 0, 500, 420)
    table.wizard.anydesk_windows = lambda: (asked,)
    panel = show(table, all_scenes["pl"]["panel_asking"])

    assert not rect_of(panel).covers(asked)
    assert not table.sees("panel_question")


def test_it_goes_back_where_the_customer_put_it(make_table: MakeTable, all_scenes: Scenes) -> None:
    table = make_table()
    windows: list[Rect] = []
    table.wizard.anydesk_windows = lambda: tuple(windows)
    panel = show(table, all_scenes["pl"]["panel_waiting"])
    panel.placer.hold()
    panel.move(200, 300)
    windows.append(Rect(150, 250, 400, 300))
    show(table, all_scenes["pl"]["panel_asking"])
    assert not rect_of(panel).covers(windows[0])
    windows.clear()
    show(table, all_scenes["pl"]["panel_connected"])

    assert panel.pos() == QPoint(200, 300)


def test_where_nobody_can_tell_it_becomes_one_line(table: Table, all_scenes: Scenes) -> None:
    panel = show(table, all_scenes["pl"]["panel_connected"])
    usual = panel.height()
    show(table, all_scenes["pl"]["panel_asking"])

    assert panel.height() < usual / 2
    assert table.sees("panel_end")


def test_it_looks_for_windows_only_while_somebody_asks(make_table: MakeTable, all_scenes: Scenes) -> None:
    table = make_table()
    looks: list[int] = []

    def look() -> tuple[Rect, ...]:
        looks.append(1)
        return ()

    table.wizard.anydesk_windows = look
    show(table, all_scenes["pl"]["panel_asking"])
    seen = len(looks)
    table.qtbot.waitUntil(lambda: len(looks) > seen, timeout=3000)
    panel = show(table, all_scenes["pl"]["panel_connected"])
    timers = panel.placer.findChildren(type(panel.placer._timer))

    assert not any(timer.isActive() for timer in timers)


def test_the_arrow_keys_move_it(table: Table, all_scenes: Scenes) -> None:
    panel = show(table, all_scenes["pl"]["panel_connected"])
    before = panel.pos()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down):
        QApplication.sendEvent(panel, QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))

    assert panel.x() < before.x()
    assert panel.y() > before.y()


def test_f6_leads_to_it(table: Table, all_scenes: Scenes) -> None:
    panel = show(table, all_scenes["pl"]["panel_connected"])
    table.wizard.activateWindow()
    QTest.keyClick(table.wizard, Qt.Key.Key_F6)

    table.qtbot.waitUntil(lambda: QApplication.focusWidget() is panel, timeout=3000)


def test_it_goes_when_the_session_closes(table: Table, all_scenes: Scenes) -> None:
    scene = all_scenes["pl"]["panel_presence"]
    panel = show(table, scene)
    table.wizard.render(replace(scene.session, phase=Phase.CLOSING))

    assert not panel.isVisible()
    assert panel.wakes_in_ms() is None
