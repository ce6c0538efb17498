"""Pages of the session and the end: who is connected, the receipt, removing, whom to call."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.anydesk import Fact
from client_app.core.errors import ErrorCode
from client_app.core.session import (
    BackupChoice,
    CaseView,
    EndedBy,
    FactView,
    PeerView,
    Phase,
)
from client_app.ui.props import ZERO_WIDTH_SPACE
from client_app.ui.widgets.choice import ChoiceButton
from client_app.ui.widgets.tick import Tick
from demo.scenes import Scene, Stories
from tests.ui.table import Table

# --- session ------------------------------------------------------------------------------------------------------


def test_names_from_outside_are_plain_text(table: Table, stories: Stories) -> None:
    evil = "<b>Bank</b> & <img src='file:///etc/passwd'>"
    case: CaseView = replace(stories.case, technician_name=evil, problem=evil)
    peer = PeerView(stories.peer.number, evil, stories.peer.since)
    table.put(replace(stories.waiting, case=case, phase=Phase.CONNECTED, peer=peer))
    for name in ("peer_name", "panel_peer"):
        shown = table.find(name, QLabel)
        assert shown.text().replace(ZERO_WIDTH_SPACE, "") == evil
        assert shown.textFormat() == Qt.TextFormat.PlainText


def test_the_panel_says_who_and_since_when(table: Table, stories: Stories) -> None:
    table.put(stories.waiting)
    panel = table.wizard.panel
    assert panel is not None
    assert table.find("panel_state", QLabel).text() == "Nikt nie jest połączony."
    # The stories are made once for all tests; the minutes are counted from now.
    since = (datetime.now(UTC) - timedelta(minutes=12, seconds=20)).isoformat()
    table.happen(ev.PeerConnected(replace(stories.peer, since=since)))
    table.live()

    assert table.find("panel_peer", QLabel).text() == stories.peer.name_untrusted
    assert "12 minut" in table.find("panel_since", QLabel).text()
    table.click("language_en")
    assert "12 minutes" in table.find("panel_since", QLabel).text()


def test_the_panel_sleeps_while_nobody_is_connected(table: Table, stories: Stories) -> None:
    table.put(stories.waiting)
    panel = table.wizard.panel
    assert panel is not None
    assert panel.wakes_in_ms() is None
    table.happen(ev.PeerConnected(stories.peer))
    wakes = panel.wakes_in_ms()
    assert wakes is not None
    assert wakes <= 63_000, "once a minute; a coarse timer takes up to 5 % more"
    panel.hide()

    assert panel.wakes_in_ms() is None


# --- finish -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["pdf", "json"])
def test_the_receipt_goes_where_the_customer_wants(form: str, table: Table, stories: Stories) -> None:
    wanted: list[tuple[str, str]] = []
    table.wizard.save_receipt_requested.connect(lambda path, kind: wanted.append((path, kind)))
    table.files.answer = f"/kept/here.{form}"
    table.put(stories.over)
    table.click(f"receipt_{form}")

    assert wanted == [(f"/kept/here.{form}", form)]
    assert table.files.asked == [f"Potwierdzenie pomocy zdalnej.{form}"]


def test_without_a_receipt_there_is_nothing_to_save(table: Table, stories: Stories) -> None:
    table.put(replace(stories.over, consent=stories.consent))

    assert not table.button("receipt_pdf").isEnabled()


def test_the_list_comes_before_removing(table: Table, stories: Stories) -> None:
    table.put(stories.over)
    table.click("remove")
    listed = table.find("ask_remove_list", QPlainTextEdit).toPlainText().splitlines()
    assert tuple(listed) == stories.over.removal.planned
    assert not table.of(ev.RemovalAsked)
    table.click("remove_no")
    assert not table.of(ev.RemovalAsked)
    table.click("remove")
    table.click("remove_yes")

    assert table.of(ev.RemovalAsked)[0].export_folder == ""
    assert table.has_effect(do.Remove)


def test_unsent_records_need_a_folder_first(table: Table, stories: Stories) -> None:
    table.files.answer = "/kept"
    table.put(replace(stories.over, error=ErrorCode.UNSENT_RECORDS))
    table.click("remove")

    assert table.of(ev.RemovalAsked)[0].export_folder == "/kept"


def test_removing_is_not_offered_while_anydesk_may_run(table: Table, stories: Stories) -> None:
    open_fact = (FactView(Fact.NO_PROCESS.value, False, Fact.NO_PROCESS.text),)
    table.put(replace(stories.over, closing=open_fact, error=ErrorCode.NOT_CLOSED))

    assert not table.sees("remove")
    assert table.find("fact_1", QLabel).text() == table.wizard.translator("Our AnyDesk is still running.")
    table.click("notice_retry")
    assert table.has_effect(do.CloseAnyDesk)


def test_a_rating_is_sent_once_it_is_given(table: Table, stories: Stories) -> None:
    table.put(stories.over)
    table.click("rating_4")

    assert table.of(ev.Rated)[0].stars == 4
    assert table.button("rating_4").isChecked()
    assert table.has_effect(do.SendRating)


def test_whose_number_it_was_stands_above_whom_to_call(
    table: Table, all_scenes: dict[str, dict[str, Scene]]
) -> None:
    table.put(all_scenes["pl"]["finish_stranger"])
    warned = table.find("finish_warned", QLabel)

    assert "999\N{NO-BREAK SPACE}888\N{NO-BREAK SPACE}777" in warned.text()
    assert warned.y() < table.find("contacts_card", QWidget).y()
    assert not table.sees("finish_remarks")


def test_whom_to_call_after_a_stranger(table: Table, stories: Stories) -> None:
    table.put(replace(stories.over, ended_by=EndedBy.STRANGER))
    numbers = " ".join(found.text() for found in table.find("contacts", QWidget).findChildren(QLabel))

    assert "112" in numbers
    assert "8080" in numbers


def test_choices_are_marked_by_more_than_colour(table: Table, stories: Stories) -> None:
    table.put(replace(stories.accepted, backup=BackupChoice.HAVE_ONE))
    for button in table.wizard.current_page().findChildren(ChoiceButton):
        assert button.isCheckable(), "a ring shows what is chosen"
    assert table.find("backup_have", ChoiceButton).isChecked()


def test_boxes_and_buttons_are_what_they_look_like(table: Table, stories: Stories) -> None:
    """Screen readers are told the role by the class: a box is a QCheckBox, a button a QPushButton."""
    table.put(stories.ready)
    assert table.find("authority", Tick).inherits("QCheckBox")
    assert table.find("primary", QPushButton).inherits("QPushButton")
