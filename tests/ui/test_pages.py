"""What single pages do: fields that format themselves, problems in time, reading, saving, removing, rating."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDateEdit, QLabel, QLineEdit, QTextBrowser

from client_app.core import events as ev
from client_app.core.person import CustomerKind, Person
from client_app.core.session import (
    BackupChoice,
    Control,
    Document,
    DocumentText,
    Phase,
)
from client_app.ui.widgets.code_field import DigitField
from demo.scenes import Scene, Stories
from tests.ui.conftest import MakeTable
from tests.ui.table import Table

# --- fields for digits --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "shown", "digits"),
    [
        ("123456789", "123 456 789", "123456789"),
        ("12-34 5", "123 45", "12345"),
        ("1234567890", "123 456 789", "123456789"),
        ("abc", "", ""),
    ],
)
def test_a_code_formats_itself(typed: str, shown: str, digits: str, table: Table) -> None:
    field = DigitField("field", 9, 3)
    table.qtbot.addWidget(field)
    field.show()
    field.setFocus()
    QTest.keyClicks(field, typed)

    assert field.text() == shown
    assert field.digits() == digits


@pytest.mark.parametrize("pasted", ["123456782", "123 456 782", " 123-456-782\n", "Kod: 123 456 782."])
def test_a_code_can_be_pasted_as_it_was_sent(pasted: str, table: Table) -> None:
    QGuiApplication.clipboard().setText(pasted)
    field = table.find("code", QLineEdit)
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert table.is_in(Phase.JOINING)
    assert table.session.code == "123456782"


def test_digits_of_another_script_are_no_digits(table: Table) -> None:
    QGuiApplication.clipboard().setText("\uff11\uff12\uff13")
    field = table.find("code", QLineEdit)
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert field.text() == ""


@pytest.mark.parametrize(
    ("place", "key", "text", "caret"),
    [
        (2, Qt.Key.Key_Backspace, "134 5", 1),
        (5, Qt.Key.Key_Backspace, "123 5", 4),
        (4, Qt.Key.Key_Delete, "123 5", 4),
        (0, Qt.Key.Key_9, "912 345", 1),
    ],
)
def test_the_caret_stays_where_it_was_put(
    place: int, key: Qt.Key, text: str, caret: int, table: Table
) -> None:
    field = table.find("code", QLineEdit)
    table.type("12345")
    field.setCursorPosition(place)
    QTest.keyClick(field, key)

    assert (field.text(), field.cursorPosition()) == (text, caret)


# --- details ------------------------------------------------------------------------------------------------------


def shown_errors(table: Table) -> set[str]:
    """Return the names of the errors on the screen."""
    labels = table.wizard.current_page().findChildren(QLabel)
    return {
        found.objectName() for found in labels if found.objectName().endswith("_error") and found.isVisible()
    }


def test_problems_wait_until_a_field_was_left(table: Table, stories: Stories) -> None:
    table.put(replace(stories.detailed, person=Person(kind=CustomerKind.CONSUMER)))
    assert table.focus().objectName() == "name"
    table.tab_to("email")
    table.type("jan@")
    assert shown_errors(table) == set()
    table.key(Qt.Key.Key_Tab)

    assert shown_errors(table) == {"email_error"}
    assert "K-72" in table.find("email_error", QLabel).text()
    assert "K-72" in table.find("email", QLineEdit).accessibleDescription()


def test_next_shows_all_problems_and_goes_to_the_first(table: Table, stories: Stories) -> None:
    table.put(replace(stories.detailed, person=Person()))
    table.click("primary")
    assert shown_errors(table) == {"kind_error", "name_error", "email_error", "address_error"}
    table.click("kind_business")
    table.click("primary")

    assert shown_errors(table) >= {"company_error", "nip_error"}
    assert table.focus().objectName() == "company"
    assert table.is_in(Phase.DETAILS)


def test_the_tax_number_is_checked_while_typing(table: Table, stories: Stories) -> None:
    table.put(replace(stories.detailed, person=replace(stories.firm, nip="")))
    table.tab_to("nip")
    table.type("5260001247")
    table.key(Qt.Key.Key_Tab)
    assert "K-75" in table.find("nip_error", QLabel).text()
    table.find("nip", QLineEdit).setFocus()
    table.key(Qt.Key.Key_Backspace)
    table.type("6")

    assert shown_errors(table) == set()


def test_an_older_answer_does_not_undo_what_was_typed(table: Table, stories: Stories) -> None:
    """The flow answers late: what was typed since stays."""
    table.put(stories.detailed)
    field = table.find("name", QLineEdit)
    table.wizard.intent.disconnect(table.happen)
    field.setFocus()
    table.type("x")
    table.wizard.render(replace(table.session, language="en"))

    assert field.text() == stories.person.name + "x"


def test_enter_in_a_field_goes_to_the_next_one(table: Table, stories: Stories) -> None:
    table.put(stories.detailed)
    table.find("name", QLineEdit).setFocus()
    table.key(Qt.Key.Key_Return)

    assert table.focus().objectName() == "email"
    assert table.is_in(Phase.DETAILS)


# --- terms --------------------------------------------------------------------------------------------------------


def test_reading_is_recorded_and_not_forced(table: Table, stories: Stories) -> None:
    table.put(stories.read)
    table.click("accept_terms")
    table.click("accept_price")
    table.click("primary")

    assert table.is_in(Phase.COMPUTER)
    reading = next(r for r in table.session.readings if r.kind is Document.TERMS)
    assert not reading.scrolled_to_end
    assert reading.first_shown_at.endswith("Z")
    assert not reading.saved
    assert not reading.printed


def test_the_end_counts_only_when_it_was_seen(table: Table, stories: Stories) -> None:
    table.put(stories.read)
    reader = table.find("document_text", QTextBrowser)
    bar = reader.verticalScrollBar()
    assert bar.value() == 0
    table.wizard.report_reading()
    assert not table.session.readings[-1].scrolled_to_end
    bar.setValue(bar.maximum())
    table.wizard.report_reading()

    assert table.session.readings[-1].scrolled_to_end


def test_both_documents_are_told_apart(table: Table, stories: Stories) -> None:
    table.put(stories.read)
    table.click("tab_price")
    table.wizard.report_reading()

    assert {reading.kind for reading in table.session.readings} == {Document.TERMS, Document.PRICE}


def test_saving_and_printing_are_asked_of_others(table: Table, stories: Stories) -> None:
    saved: list[tuple[DocumentText, str]] = []
    printed: list[DocumentText] = []
    table.wizard.save_document_requested.connect(lambda document, path: saved.append((document, path)))
    table.wizard.print_document_requested.connect(printed.append)
    table.files.answer = "/somewhere/regulamin.pdf"
    table.put(stories.read)
    table.click("document_save")
    table.click("document_print")

    terms = stories.read.document(Document.TERMS)
    assert table.files.asked == ["Regulamin usługi pomoc zdalna.pdf"]
    assert saved == [(terms, "/somewhere/regulamin.pdf")]
    assert printed == [terms]


def test_what_is_saved_is_what_is_on_the_screen(table: Table, stories: Stories) -> None:
    saved: list[DocumentText] = []
    table.wizard.save_document_requested.connect(lambda document, _path: saved.append(document))
    table.files.answer = "/somewhere/terms.pdf"
    table.put(replace(stories.read, language="en"))
    table.click("document_save")
    table.click("document_other_language")
    table.click("document_save")

    assert [document.language for document in saved] == ["en", "pl"]


def test_a_saved_and_printed_document_says_so_in_its_reading(table: Table, stories: Stories) -> None:
    table.put(stories.read)
    terms = stories.read.document(Document.TERMS)
    assert terms is not None
    table.wizard.document_saved(terms, "/somewhere/regulamin.pdf")
    table.wizard.document_printed(terms)
    table.live()

    reading = next(r for r in table.session.readings if r.sha256 == terms.sha256)
    assert reading.saved
    assert reading.printed


def test_giving_up_in_the_file_dialog_does_nothing(table: Table, stories: Stories) -> None:
    saved: list[object] = []
    table.wizard.save_document_requested.connect(lambda *given: saved.append(given))
    table.put(stories.read)
    table.click("document_save")

    assert saved == []


def test_the_binding_text_is_one_press_away(
    make_table: MakeTable, all_scenes: dict[str, dict[str, Scene]]
) -> None:
    table = make_table("en")
    table.put(all_scenes["en"]["terms"])
    assert "binding" in table.find("document_note", QLabel).text()
    table.click("document_other_language")

    assert table.find("document_text", QTextBrowser).toPlainText().startswith("Regulamin usługi")


def test_larger_text_keeps_the_place(table: Table, stories: Stories) -> None:
    table.put(stories.read)
    bar = table.find("document_text", QTextBrowser).verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    table.click("document_larger")
    table.click("document_larger")

    assert 0.4 < bar.value() / bar.maximum() < 0.6


def test_links_open_nothing(table: Table, stories: Stories) -> None:
    table.put(stories.read)
    reader = table.find("document_text", QTextBrowser)

    assert not reader.openLinks()
    assert "<a " not in reader.document().toHtml()


# --- computer -----------------------------------------------------------------------------------------------------


def test_the_day_of_the_backup_is_optional(table: Table, stories: Stories) -> None:
    table.put(stories.accepted)
    table.click("backup_have")
    assert table.of(ev.BackupChosen)[0].made_on is None
    table.put(stories.accepted)
    table.find("backup_date", QDateEdit).setDate(QDate(2026, 11, 20))
    table.click("backup_have")

    assert table.of(ev.BackupChosen)[0].made_on == date(2026, 11, 20)


def test_no_backup_needs_its_own_tick_and_the_technician(table: Table, stories: Stories) -> None:
    table.put(stories.accepted)
    table.click("backup_none")
    assert not table.of(ev.BackupChosen), "opening the declaration declares nothing"
    table.click("no_backup")
    chosen = table.of(ev.BackupChosen)[0]
    assert chosen.choice is BackupChoice.NONE
    assert chosen.act is not None
    assert chosen.act.texts[0].startswith("Nie mam kopii zapasowej.")
    assert table.is_in(Phase.COMPUTER)
    assert table.sees("backup_waiting")
    table.happen(ev.StatusReceived(no_backup_agreed=True))

    assert table.is_in(Phase.ORDER)


def test_the_tick_can_be_taken_back_for_another_answer(table: Table, stories: Stories) -> None:
    table.put(stories.accepted)
    table.click("backup_none")
    table.click("no_backup")
    table.click("backup_have")

    assert table.is_in(Phase.ORDER)
    assert not table.session.ticked(Control.NO_BACKUP)
