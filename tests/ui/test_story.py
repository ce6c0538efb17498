"""The whole path through real widgets: with the mouse, with the keyboard alone, and with the network down."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.session import (
    CheckKind,
    CheckResult,
    CheckState,
    ConsentView,
    Control,
    EndedBy,
    FactView,
    InputWay,
    Phase,
    RemovalView,
)
from demo.scenes import Stories
from tests.helpers.ui_watchdog import UiWatchdog
from tests.ui.table import Table

CODE = "123456782"


@pytest.fixture
def watched(table: Table, ui_watchdog: UiWatchdog) -> Table:
    """The table, with the watchdog asked for after the window was built."""
    return table


def enter_code(table: Table, stories: Stories) -> None:
    """Type the code; the world answers that it is right."""
    table.type(CODE)
    assert table.is_in(Phase.JOINING)
    documents = tuple((d.kind, d.language, d.sha256) for d in stories.documents if d.language == "pl")
    table.happen(ev.CaseJoined(table.session.ticket, replace(stories.case, documents=documents)))
    table.happen(ev.DocumentsLoaded(stories.documents))
    for kind in CheckKind:
        table.happen(ev.CheckFinished(CheckResult(kind, CheckState.GOOD)))
    table.live()


def answer_word(table: Table, stories: Stories) -> None:
    """The world answers that the word was right, with the details that the technician knows."""
    assert table.is_in(Phase.CHECKING_WORD)
    table.happen(ev.WordConfirmed(table.session.ticket, stories.person))
    table.live()


def accept_order(table: Table) -> None:
    """The world stores the order and answers with a receipt."""
    assert table.is_in(Phase.STORING)
    table.happen(ev.ConsentStored(table.session.ticket, ConsentView("r1", "0" * 64, "7ZK3Q-9M2PD-X")))
    table.happen(ev.ReceiptVerified("r1", "receipt", "2026-11-22T10:00:00Z"))
    table.live()


def test_the_path_with_the_mouse(watched: Table, stories: Stories) -> None:
    """A customer types the code, picks the word, confirms, ticks, answers, orders, is helped, ends, removes."""
    table = watched
    enter_code(table, stories)
    table.click("word_3")
    assert table.of(ev.WordPicked)[-1].word == "zegar"
    answer_word(table, stories)

    table.click("primary")
    assert table.is_in(Phase.TERMS)
    table.click("accept_terms")
    assert not table.button("primary").isEnabled()
    table.click("accept_price")
    table.click("primary")
    assert table.is_in(Phase.COMPUTER)

    table.click("backup_have")
    assert table.is_in(Phase.ORDER), "a choice goes on by itself"
    assert not table.button("primary").isEnabled()
    table.click("authority")
    table.click("early_start")
    table.click("primary")
    accept_order(table)
    assert table.has_effect(do.StartAnyDesk)

    table.happen(ev.AnyDeskStarted())
    table.happen(ev.AnyDeskNumbered("987654321"))
    table.live()
    assert table.sees("session_panel") or table.wizard.panel is not None
    table.happen(ev.PeerAsked(stories.peer))
    table.happen(ev.PeerConnected(stories.peer))
    table.live()
    assert table.is_in(Phase.CONNECTED)
    table.click("panel_end")
    assert table.is_in(Phase.CLOSING)
    assert table.has_effect(do.CloseAnyDesk)

    table.happen(ev.AnyDeskClosed((FactView("a", True, "No process of our AnyDesk is running."),)))
    table.happen(ev.RemovalPlanned(RemovalView(planned=("/home/jan/.local/opt/pomoc-zdalna",))))
    table.live()
    assert table.is_in(Phase.FINISHED)
    assert table.session.ended_by is EndedBy.CUSTOMER
    assert table.wizard.panel is not None
    assert not table.wizard.panel.isVisible()
    table.click("remove")
    table.click("remove_yes")
    assert table.is_in(Phase.REMOVING)

    orders = [act for act in table.session.acts if act.control is Control.ORDER]
    assert orders[0].texts == ("Zamawiam z obowiązkiem zapłaty",)
    assert {act.way for act in table.session.acts} == {InputWay.MOUSE}


def test_the_path_with_the_keyboard_alone(watched: Table, stories: Stories) -> None:
    """The same until the order; Tab reaches everything, Space presses, and Enter never orders."""
    table = watched
    enter_code(table, stories)
    table.tab_to("word_5")
    table.key(Qt.Key.Key_Return)
    assert not table.of(ev.WordPicked), "Enter picks no word"
    table.key(Qt.Key.Key_Space)
    answer_word(table, stories)
    table.tab_to("primary")
    table.key(Qt.Key.Key_Return)
    assert table.is_in(Phase.TERMS), "Enter may go on where one can go back"
    for box in ("accept_terms", "accept_price"):
        table.tab_to(box)
        table.key(Qt.Key.Key_Space)
    table.tab_to("primary")
    table.key(Qt.Key.Key_Space)
    table.tab_to("backup_have")
    table.key(Qt.Key.Key_Space)
    for box in ("authority", "early_start"):
        table.tab_to(box)
        table.key(Qt.Key.Key_Space)
    table.tab_to("primary")
    table.key(Qt.Key.Key_Return)
    assert table.is_in(Phase.ORDER), "Enter never orders"
    table.key(Qt.Key.Key_Space)
    accept_order(table)

    assert table.is_in(Phase.STARTING)
    assert {act.way for act in table.session.acts} == {InputWay.KEYBOARD}


def test_confirming_by_phone(table: Table, stories: Stories) -> None:
    """The server is down: the customer reads the code out and types eight digits; fewer are not sent."""
    ordered = replace(stories.ordered, phase=Phase.SENDING)
    table.put(ordered)
    table.happen(ev.SendingFailed(table.session.ticket, ErrorCode.NO_CONNECTION))
    table.live()
    assert table.is_in(Phase.OFFLINE)
    assert table.focus().objectName() == "answer"

    table.type("1234")
    table.click("primary")
    assert not table.of(ev.AnswerTyped)
    table.type("5678")
    table.click("primary")
    assert table.of(ev.AnswerTyped)[0].text_untrusted == "12345678"
    table.happen(ev.OfflineRejected(table.session.ticket, 4))
    table.live()
    assert table.sees("notice")
    table.effects.clear()
    table.click("send_again")
    assert table.has_effect(do.SendConsent)
    assert not table.has_effect(do.StartAnyDesk)
    table.happen(ev.OfflineAccepted(table.session.ticket))
    assert table.has_effect(do.StartAnyDesk)


def test_refusing_on_the_terms_page(table: Table, stories: Stories) -> None:
    """Refusing takes two presses, is recorded, and starts nothing."""
    table.put(stories.read)
    table.click("stop")
    assert table.is_in(Phase.TERMS)
    table.click("stop_refuse")

    assert table.is_in(Phase.STOPPED)
    assert table.has_effect(do.RecordRefusal)
    assert not table.has_effect(do.StartAnyDesk)


def test_finishing_later_from_the_backup_question(table: Table, stories: Stories) -> None:
    """Making a backup first is explained, then the case waits."""
    table.put(stories.accepted)
    table.click("backup_later")
    assert table.is_in(Phase.COMPUTER)
    table.click("later_yes")

    assert table.is_in(Phase.STOPPED)
    assert table.of(ev.PostponePressed)


def test_going_back_keeps_everything(table: Table, stories: Stories) -> None:
    """Back from the order to the details and forward again: ticks and words stay."""
    table.put(stories.ready)
    for expected in (Phase.COMPUTER, Phase.TERMS, Phase.DETAILS):
        table.click("back")
        assert table.is_in(expected)
    assert table.session.ticked(Control.ACCEPT_TERMS)
    assert table.find("name", QLineEdit).text() == stories.person.name


def test_the_language_changes_while_typing(table: Table) -> None:
    """Half a code is typed, the language is changed: the digits, the caret's field and the page stay."""
    table.type("1234")
    table.click("language_en")

    assert table.find("code", QLineEdit).text() == "123 4"
    assert table.wizard.current_page().heading.text() == "Who is calling you?"
    table.find("code", QLineEdit).setFocus()
    table.type("5")
    assert table.session.code == "12345"
    table.click("language_pl")
    assert table.wizard.current_page().heading.text() == "Kto do Ciebie dzwoni?"
    assert QApplication.activeWindow() is not None
