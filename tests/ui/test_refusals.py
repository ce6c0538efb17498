"""What must not happen: Enter and Esc that act, closing that answers, ticks by the program, events from showing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.session import Control, InputOrigin, InputWay, Phase, StopReason
from client_app.ui.widgets.tick import Tick
from demo.scenes import Scene, Stories
from tests.ui.conftest import MakeTable
from tests.ui.table import Table, press_key, touch

DANGEROUS = (
    ev.OrderPressed,
    ev.RefusePressed,
    ev.PostponePressed,
    ev.EndPressed,
    ev.NotThemPressed,
    ev.WindowCloseConfirmed,
    ev.RemovalAsked,
    ev.WordPicked,
    ev.AnswerTyped,
    ev.BackupChosen,
    ev.Ticked,
)
"""Events that Enter and Esc must never cause."""


def everything_with_focus(table: Table) -> list[QWidget]:
    """Return whatever can have the focus in the window and the panel."""
    tops: list[QWidget] = [table.wizard, *([table.wizard.panel] if table.wizard.panel is not None else [])]
    return [
        child
        for top in tops
        for child in top.findChildren(QWidget)
        if child.isVisible() and child.isEnabled() and child.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
@pytest.mark.timeout(120)
def test_enter_and_esc_never_act(key: Qt.Key, table: Table, all_scenes: dict[str, dict[str, Scene]]) -> None:
    for name, scene in all_scenes["pl"].items():
        table.put(scene)
        widgets = everything_with_focus(table)
        for place in range(len(widgets)):
            # Put again only after a key that did something: showing a state is what takes long.
            if table.events or table.effects or everything_with_focus(table) != widgets:
                table.put(scene)
                widgets = everything_with_focus(table)
            if place >= len(widgets):
                break
            widget = widgets[place]
            widget.setFocus()
            press_key(widget, key)
            table.live()
            caused = [event for event in table.events if isinstance(event, DANGEROUS)]
            leaves = table.has_effect(do.Leave)
            assert not caused, f"{name}: {key.name} on {widget.objectName()} caused {caused}"
            assert not leaves or widget.objectName() == "primary", f"{name}: {widget.objectName()} leaves"


def test_showing_a_state_says_nothing(table: Table, all_scenes: dict[str, dict[str, Scene]]) -> None:
    for name, scene in all_scenes["pl"].items():
        table.wizard.close_overlay()
        table.events.clear()
        table.wizard.render(scene.session)
        table.live()
        assert not table.events, f"{name}: showing caused {table.events}"


def test_nothing_is_ticked_in_advance(table: Table, stories: Stories) -> None:
    for session in (stories.read, stories.accepted, replace(stories.ready, acts=())):
        table.put(session)
        for tick in table.wizard.current_page().findChildren(Tick):
            assert not tick.isChecked()
        for button in table.wizard.current_page().findChildren(QPushButton):
            assert not (button.objectName().startswith("backup") and button.isChecked())


def test_a_box_shows_the_session_and_not_the_click(table: Table, stories: Stories) -> None:
    """The flow does not take the tick: the box must not look ticked."""
    table.put(replace(stories.read, phase=Phase.TERMS))
    table.wizard.intent.disconnect(table.happen)
    table.click("accept_terms")

    assert not table.find("accept_terms", Tick).isChecked()


# --- closing the window -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", ["caller_code", "details_consumer", "terms", "order", "order_offline"])
def test_closing_asks_first_and_is_no_refusal(
    scene: str, table: Table, all_scenes: dict[str, dict[str, Scene]]
) -> None:
    table.put(all_scenes["pl"][scene].session)
    table.wizard.close()
    table.live()
    assert table.wizard.isVisible()
    assert not table.events

    table.click("close_no")
    assert not table.events
    table.wizard.close()
    table.live()
    table.click("close_yes")
    assert [type(event) for event in table.events if not isinstance(event, ev.DocumentRead)] == [
        ev.WindowCloseConfirmed
    ]
    assert table.has_effect(do.Leave)
    assert not table.has_effect(do.RecordRefusal)


def test_closing_during_the_session_ends_it_after_a_question(table: Table, stories: Stories) -> None:
    table.put(replace(stories.waiting, phase=Phase.CONNECTED, peer=stories.peer))
    table.wizard.close()
    table.live()
    assert table.is_in(Phase.CONNECTED)
    table.click("close_yes")

    assert table.is_in(Phase.CLOSING)
    assert table.has_effect(do.CloseAnyDesk)


def test_closing_while_anydesk_is_being_closed_has_to_wait(table: Table, stories: Stories) -> None:
    table.put(replace(stories.waiting, phase=Phase.CLOSING))
    table.wizard.close()
    table.live()

    assert not table.sees("close_yes")
    table.click("close_no")
    assert table.wizard.isVisible()


def test_closing_at_the_end_needs_no_question(table: Table, stories: Stories) -> None:
    table.put(stories.over)
    table.wizard.close()

    assert table.has_effect(do.Leave)


def test_the_panel_cannot_be_closed(table: Table, stories: Stories) -> None:
    table.put(replace(stories.waiting, phase=Phase.CONNECTED, peer=stories.peer))
    panel = table.wizard.panel
    assert panel is not None
    panel.close()

    assert panel.isVisible()


def test_a_question_goes_away_with_what_it_asks(table: Table, stories: Stories) -> None:
    """While the customer is asked about closing, the session ends by itself: the old question must not stay."""
    table.put(replace(stories.waiting, phase=Phase.CONNECTED, peer=stories.peer))
    table.wizard.close()
    table.live()
    assert table.sees("close_yes")
    table.happen(ev.EndPressed())
    table.live()

    assert not table.sees("close_yes")


# --- this is not them ---------------------------------------------------------------------------------------------


def test_this_is_not_them_on_every_page(table: Table, all_scenes: dict[str, dict[str, Scene]]) -> None:
    for name, scene in all_scenes["pl"].items():
        table.put(scene.session)
        table.click("not_them")
        assert table.sees("ask_contacts"), name
        assert not table.events, name
        view = table.wizard.view
        assert view is not None
        if not view.not_them_acts:
            assert not table.sees("not_them_yes"), name
            continue
        table.click("not_them_yes")
        assert [type(event) for event in table.events if not isinstance(event, ev.DocumentRead)] == [
            ev.NotThemPressed
        ], name
        if table.is_in(Phase.FINISHED):
            # AnyDesk was closed and proven closed before; there is no way back to it.
            assert table.session.stop_reason is StopReason.NOT_THEM, name
            assert not table.sees("reopen"), name
        else:
            assert table.is_in(Phase.STOPPED) or table.is_in(Phase.CLOSING), name


# --- layers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "scene",
    ["caller_not_them", "caller_close", "details_stop", "details_privacy", "terms_whole", "computer_later"],
)
def test_tab_stays_inside_a_layer_and_esc_goes_back(
    scene: str, table: Table, all_scenes: dict[str, dict[str, Scene]]
) -> None:
    table.put(all_scenes["pl"][scene])
    layer = table.wizard.overlay
    assert layer is not None
    seen = set()
    for _step in range(12):
        assert layer.isAncestorOf(table.focus()), table.focus().objectName()
        seen.add(table.focus().objectName())
        table.key(Qt.Key.Key_Tab)
    assert seen >= {button.objectName() for button in layer.findChildren(QPushButton) if button.isVisible()}
    table.key(Qt.Key.Key_Escape)

    assert table.wizard.overlay is None
    assert not [event for event in table.events if not isinstance(event, ev.DocumentRead)]


# --- how a control was operated -----------------------------------------------------------------------------------


def test_acts_say_how_the_control_was_operated(table: Table, stories: Stories) -> None:
    table.put(stories.read)
    box = table.find("accept_terms", Tick)
    table.click("accept_terms")
    table.click("accept_terms")
    touch(box)
    table.live()
    touch(box)
    table.live()
    # Without any input event: assistive technology, or a program.
    box.click()
    table.live()

    ways = [event.act.way for event in table.of(ev.Ticked)]
    assert ways == [InputWay.MOUSE, InputWay.TOUCH, InputWay.UNKNOWN]
    assert len(table.of(ev.Unticked)) == 2


def test_the_act_carries_the_texts_as_shown_and_a_utc_time(table: Table, stories: Stories) -> None:
    table.put(stories.read)
    table.click("accept_price")
    act = table.of(ev.Ticked)[0].act

    assert act.control is Control.ACCEPT_PRICE
    assert act.texts == ("Akceptuję cennik i cenę podaną na tej stronie.", "123,00 zł pomoc z drukarką")
    assert act.at.endswith("Z")
    assert act.origin is InputOrigin.UNKNOWN


def test_the_origin_is_what_the_platform_says(make_table: MakeTable, stories: Stories) -> None:
    table = make_table(origin_of=lambda: InputOrigin.INJECTED)
    table.put(stories.read)
    table.click("accept_terms")

    assert table.of(ev.Ticked)[0].act.origin is InputOrigin.INJECTED


def test_every_dangerous_button_ignores_enter(table: Table, stories: Stories) -> None:
    table.put(stories.ready)
    for button in table.wizard.findChildren(QAbstractButton):
        if isinstance(button, QPushButton) and button.objectName() in {"stop", "primary"}:
            assert not button.autoDefault(), button.objectName()
