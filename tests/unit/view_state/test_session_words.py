"""What panel, help page and last page say of a session that is not as it should be: never less than was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client_app.core import events as ev
from client_app.core.anydesk import Fact, Setting
from client_app.core.brand_types import Brand
from client_app.core.errors import ErrorCode
from client_app.core.numbers import grouped
from client_app.core.presence import EXTENSIONS, Clock, InputOrigin, ScreenState, later
from client_app.core.session import EndedBy, FactView, FoundView, PeerView, Phase, RestartStage, Session
from client_app.core.view_state import view_of
from client_app.core.view_state_panel import notes_of, panel_of
from client_app.core.view_state_types import FinishView, HelpStage, HelpView, PanelQuestion, PanelView
from tests.unit.core.sessions import AT, KNOWN, STRANGER, in_phase, play

WITH_PANEL = (Phase.WAITING, Phase.CONNECTED)


def panel(session: Session) -> PanelView:
    view = panel_of(session)
    assert view is not None
    return view


def asked() -> Session:
    return play(in_phase(Phase.CONNECTED), ev.ClockRanOut(Clock.PRESENCE, AT))[0]


def finished(brand: Brand, *failing: Fact, **changes: object) -> FinishView:
    facts = tuple(FactView(fact.value, fact not in failing, fact.text) for fact in Fact)
    session, _ = play(in_phase(Phase.CLOSING), ev.AnyDeskClosed(facts))
    body = view_of(replace(session, **changes), brand).body  # type: ignore[arg-type]
    assert isinstance(body, FinishView)
    return body


# --- the panel ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", [p for p in Phase if p not in WITH_PANEL])
def test_there_is_no_panel_without_a_session(phase: Phase) -> None:
    assert panel_of(in_phase(phase)) is None


@pytest.mark.parametrize("phase", WITH_PANEL)
def test_a_calm_panel_asks_and_warns_of_nothing(phase: Phase) -> None:
    view = panel(in_phase(phase))
    assert (view.question, view.question_ends_at, view.warning, view.hint) == (
        PanelQuestion.NONE, "", None, None,
    )  # fmt: skip
    assert view.shows_bank_reminder == (phase is Phase.CONNECTED)
    assert view.can_ask_restart
    assert not view.is_screen_locked


def test_the_question_says_until_when_and_how_often_it_can_be_put_off() -> None:
    session = asked()
    view = panel(session)
    assert (view.question, view.question_ends_at) == (PanelQuestion.PRESENCE, later(AT, 300))
    assert view.can_extend
    assert not view.can_ask_restart
    for _ in range(EXTENSIONS):
        session, _effects = play(session, ev.PresenceExtended(InputOrigin.LOCAL, AT))
    assert not panel(session).can_extend


def test_a_press_of_another_program_is_answered_kindly() -> None:
    session, _ = play(asked(), ev.PresenceConfirmed(InputOrigin.INJECTED, AT))
    view = panel(session)
    assert view.wants_own_press
    assert view.hint is not None
    assert "yourself" in view.hint.msgid
    assert view.question is PanelQuestion.PRESENCE


def test_a_restart_through_an_on_screen_keyboard_has_a_way_without_that_button() -> None:
    """Such a press cannot be told from the technician's and agrees to nothing: the words say what leads on."""
    view = panel(replace(in_phase(Phase.CONNECTED), restart=RestartStage.INJECTED))
    assert (view.question, view.wants_own_press) == (PanelQuestion.RESTART, True)
    assert view.hint is not None
    for words in ("yourself", "on-screen keyboard", "End now", "new code"):
        assert words in view.hint.msgid


def test_presence_comes_before_a_restart() -> None:
    session = replace(asked(), restart=RestartStage.ASKED)
    assert panel(session).question is PanelQuestion.PRESENCE
    session, _ = play(session, ev.PresenceConfirmed(InputOrigin.LOCAL, AT))
    view = panel(session)
    assert (view.question, view.question_ends_at) == (PanelQuestion.RESTART, "")


@pytest.mark.parametrize("state", list(ScreenState))
def test_the_panel_knows_a_locked_screen(state: ScreenState) -> None:
    view = panel(replace(in_phase(Phase.CONNECTED), screen=state))
    assert view.is_screen_locked == (state in (ScreenState.LOCKED, ScreenState.SWITCHED_AWAY))


def test_somebody_asks_is_a_stage_of_the_panel() -> None:
    assert panel(replace(in_phase(Phase.WAITING), asking=PeerView(KNOWN))).stage is HelpStage.ASKING


@pytest.mark.parametrize("field", ["signals_disagree", "has_no_network"])
def test_what_is_wrong_stands_in_the_panel_and_on_the_page(field: str, brand: Brand) -> None:
    session = replace(in_phase(Phase.CONNECTED), **{field: True})  # type: ignore[arg-type]
    warning = panel(session).warning
    assert warning is not None
    body = view_of(session, brand).body
    assert isinstance(body, HelpView)
    assert body.warning == warning
    closing = view_of(replace(session, phase=Phase.CLOSING), brand).body
    assert isinstance(closing, HelpView)
    assert closing.warning is None


@pytest.mark.parametrize("count", range(1, len(Setting) + 1))
def test_unread_settings_are_one_line_that_hides_none(count: int) -> None:
    names = tuple(setting.value for setting in Setting)[:count]
    notes = notes_of(replace(in_phase(Phase.CONNECTED), unread_settings=names))
    assert len(notes) == 1
    assert notes[0].values.get("number", 0) == max(0, count - 2)


def test_a_setting_without_a_word_is_still_told() -> None:
    assert len(notes_of(replace(in_phase(Phase.CONNECTED), unread_settings=("brand.new",)))) == 1


def test_the_bank_is_named_once_before_somebody_connects() -> None:
    def banks(phase: Phase) -> int:
        return sum("bank" in note.msgid for note in notes_of(in_phase(phase)))

    assert [banks(phase) for phase in (Phase.STARTING, Phase.WAITING, Phase.CONNECTED)] == [0, 1, 0]


# --- the last page ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failing", list(Fact))
def test_what_failed_is_said_first_and_in_words_that_are_true(failing: Fact, brand: Brand) -> None:
    body = finished(brand, failing)
    assert not body.closed
    assert (body.facts[0].text, body.facts[0].holds) == (failing.failed_text, False)
    assert failing.text not in [line.text for line in body.facts]
    assert [line.holds for line in body.facts[1:]] == [True] * (len(Fact) - 1)
    assert failing.failed_text != failing.text


@pytest.mark.parametrize("failing", list(Fact))
def test_restarting_is_advised_only_where_it_helps(failing: Fact, brand: Brand) -> None:
    advice = [say.msgid for say in finished(brand, failing).advice]
    session, _ = play(
        in_phase(Phase.CLOSING), ev.AnyDeskClosed((FactView(failing.value, False, failing.text),))
    )
    view = view_of(session, brand)
    assert view.notice is not None
    said = [*advice, view.notice.advice.msgid, view.lead.msgid if view.lead else ""]
    restarts = [text for text in said if text.startswith(("Restart", "Save your work and restart"))]
    assert bool(restarts) is not failing.survives_restart
    assert "Call" in advice[-1]
    assert view.notice.code == "K-48"
    assert view.notice.retryable


def test_while_something_is_open_trying_again_is_what_to_press(brand: Brand) -> None:
    still_open = (FactView(Fact.NO_PROCESS.value, False, ""),)
    session, _ = play(in_phase(Phase.CLOSING), ev.AnyDeskClosed(still_open))
    view = view_of(session, brand)
    assert view.primary.is_second
    assert view.lead is not None
    assert "still connect" in view.lead.msgid
    closed, _ = play(in_phase(Phase.CLOSING), ev.AnyDeskClosed((replace(still_open[0], holds=True),)))
    assert not view_of(closed, brand).primary.is_second


def test_an_anydesk_that_did_not_start_is_not_said_to_be_starting(brand: Brand) -> None:
    starting = in_phase(Phase.STARTING)
    failed = view_of(replace(starting, error=ErrorCode.ANYDESK_NOT_STARTED, anydesk_running=False), brand)
    assert failed.title.msgid == "AnyDesk has not started"
    assert failed.primary.is_second
    assert failed.lead is not None
    assert "nobody can connect" in failed.lead.msgid
    slow = view_of(replace(starting, error=ErrorCode.ANYDESK_NO_NUMBER, anydesk_running=True), brand)
    assert slow.title == view_of(starting, brand).title
    assert not slow.primary.is_second


def test_a_measurement_that_failed_is_not_closed_and_says_what_to_do(brand: Brand) -> None:
    session, _ = play(in_phase(Phase.CLOSING), ev.AnyDeskClosed(()))
    body = view_of(session, brand).body
    assert isinstance(body, FinishView)
    assert not body.closed
    assert len(body.advice) == 3


def test_a_proven_end_needs_no_advice_and_explains_nothing(brand: Brand) -> None:
    body = finished(brand)
    assert (body.closed, body.advice, body.remarks) == (True, (), ())


@pytest.mark.parametrize("number", ["", STRANGER, KNOWN])
@pytest.mark.parametrize("was_connected", [True, False])
@pytest.mark.parametrize("accepted_by", ["user", "password", "token", "unknown"])
def test_who_was_turned_away_is_explained_with_the_number(
    number: str, was_connected: bool, accepted_by: str, brand: Brand
) -> None:
    peer = PeerView(number, accepted_by=accepted_by)
    session, _ = play(in_phase(Phase.WAITING), ev.StrangerCut(peer, was_connected=was_connected))
    session, _ = play(session, ev.AnyDeskClosed((FactView(Fact.NO_PROCESS.value, True, ""),)))
    body = view_of(session, brand).body
    assert isinstance(body, FinishView)
    assert body.remarks[0].values.get("number", "") == grouped(number)
    title = view_of(session, brand).title
    assert "technician" not in title.msgid
    assert ("not your technician" in body.remarks[0].msgid) is (number == STRANGER)


def test_what_else_was_found_is_explained_and_an_absence_is_not_told_again(brand: Brand) -> None:
    names = tuple(f"tool-{place}" for place in range(9))
    found = FoundView(ended=("svc",), remote_tools=names)
    body = finished(brand, ended_by=EndedBy.ABSENCE, error=ErrorCode.PRESENCE_MISSED, found=found)
    assert len(body.remarks) == 2
    assert str(body.remarks[-1].values["names"]).endswith("tool-4 …")
