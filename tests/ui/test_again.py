"""Between two sessions: after a restart, and opening again. Each button covers exactly what stands there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.session import Control, InputOrigin, Phase
from demo.scenes import Scene
from tests.ui.conftest import MakeTable
from tests.ui.table import Table

Scenes = dict[str, dict[str, Scene]]
BUTTONS = {
    "help_returned": (ev.ContinuePressed, Control.CONTINUE),
    "help_reopen_order": (ev.ReopenOrderPressed, Control.REOPEN),
}


def shown_sentences(table: Table) -> tuple[str, ...]:
    lines = [f"again_{place}" for place in range(3)]
    return tuple(table.find(name, QLabel).text() for name in lines if table.sees(name))


@pytest.mark.parametrize("name", BUTTONS)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_enter_and_esc_open_nothing(name: str, key: Qt.Key, table: Table, all_scenes: Scenes) -> None:
    table.put(all_scenes["pl"][name])
    QTest.keyClick(table.focus(), key)
    QTest.keyClick(table.wizard.buttons.primary, key)

    assert not table.of(BUTTONS[name][0])


@pytest.mark.parametrize("origin", InputOrigin)
@pytest.mark.parametrize("name", BUTTONS)
def test_the_act_covers_what_stands_above_the_button(
    name: str, origin: InputOrigin, make_table: MakeTable, all_scenes: Scenes
) -> None:
    table = make_table(origin_of=lambda: origin)
    table.put(all_scenes["pl"][name])
    wanted = (*shown_sentences(table), table.wizard.buttons.shown_label())
    kind, control = BUTTONS[name]
    QTest.mouseClick(table.wizard.buttons.primary, Qt.MouseButton.LeftButton)
    (pressed,) = table.of(kind)
    act = getattr(pressed, "act", None)

    assert act is not None
    assert (act.control, act.origin, act.texts) == (control, origin, wanted)
    assert len(wanted) > 2


def test_after_a_restart_one_can_do_without(table: Table, all_scenes: Scenes) -> None:
    table.put(all_scenes["pl"]["help_returned"])
    table.click("again_decline")

    assert table.events == [ev.EndPressed()]


@pytest.mark.parametrize("name", ["help_reopen_word", "help_reopen_order", "help_reopen_offline"])
def test_opening_again_can_be_given_up(name: str, table: Table, all_scenes: Scenes) -> None:
    table.put(all_scenes["pl"][name])
    table.click("stop")
    table.click("stop_no")
    assert table.events == []
    table.click("stop")
    table.click("stop_refuse")

    assert table.events == [ev.RefusePressed()]
    assert table.session.phase is Phase.FINISHED
    assert not table.has_effect(do.StartAnyDesk)


@pytest.mark.parametrize("name", ["help_returned", "help_reopen_order"])
def test_a_number_is_shown_as_anydesk_shows_it(name: str, table: Table, all_scenes: Scenes) -> None:
    table.put(all_scenes["pl"][name])
    said = " ".join(shown_sentences(table))

    assert "123\N{NO-BREAK SPACE}456\N{NO-BREAK SPACE}789" in said
    assert "123456789" not in said


def test_the_last_page_offers_to_open_again_and_opens_nothing_itself(
    table: Table, all_scenes: Scenes
) -> None:
    table.put(all_scenes["pl"]["finish"])
    assert not table.sees("reopen")
    table.put(all_scenes["pl"]["finish_reopen"])
    table.click("reopen")

    assert table.of(ev.ReopenPressed)
    assert not table.has_effect(do.StartAnyDesk)


def test_the_word_is_picked_and_nothing_is_chosen_in_advance(table: Table, all_scenes: Scenes) -> None:
    scene = all_scenes["pl"]["help_reopen_word"]
    table.put(scene)
    assert not table.focus().objectName().startswith("word_")
    table.click("word_2")

    assert table.of(ev.ReopenWordPicked) == [ev.ReopenWordPicked(scene.session.reopen_words[1])]


def test_while_a_word_is_checked_none_can_be_picked(table: Table, all_scenes: Scenes) -> None:
    table.put(all_scenes["pl"]["help_reopen_checking"])

    assert not table.button("word_1").isEnabled()


def test_eight_digits_are_sent_and_fewer_are_not(table: Table, all_scenes: Scenes) -> None:
    table.put(all_scenes["pl"]["help_reopen_offline"])
    table.type("1234567")
    QTest.mouseClick(table.wizard.buttons.primary, Qt.MouseButton.LeftButton)
    assert not table.of(ev.AnswerTyped)
    table.type("8")
    QTest.mouseClick(table.wizard.buttons.primary, Qt.MouseButton.LeftButton)

    assert table.of(ev.AnswerTyped) == [ev.AnswerTyped("12345678")]


def test_what_did_not_close_says_what_to_do_now(table: Table, all_scenes: Scenes) -> None:
    table.put(all_scenes["pl"]["finish"])
    assert not table.sees("advice_card")
    table.put(all_scenes["pl"]["finish_not_closed"])

    assert table.find("advice", QLabel).text().startswith("1. ")
    assert not table.sees("remove")
