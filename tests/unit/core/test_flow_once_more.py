"""Restart, return and opening again as rows of the flow: what must not happen first, then the ways that there are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.flow import report_of
from client_app.core.session import (
    REOPENING,
    Clock,
    Control,
    EndedBy,
    FactView,
    InputOrigin,
    PeerView,
    Phase,
    ReopenReason,
    RestartStage,
    Session,
    StopReason,
)
from tests.unit.core.sessions import AT, FACTS, KNOWN, LATER, RETURNED, STRANGER, act, in_phase, play

ASKED = (ev.RestartAskedHere(), ev.RestartAgreed(act(Control.RESTART)))
INJECTED = replace(act(Control.RESTART), origin=InputOrigin.INJECTED)
OPEN_FACT = (FactView("no_process_of_ours", False, "t"),)


def kinds(effects: tuple[do.Effect, ...]) -> set[type[do.Effect]]:
    return {type(effect) for effect in effects}


# --- restart ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", list(Phase))
def test_nothing_restarts_a_computer_but_a_closing_that_was_agreed_to(phase: Phase) -> None:
    for event in (ev.RestartAskedHere(), ev.RestartAgreed(act(Control.RESTART)), ev.RestartReady()):
        _session, effects = play(in_phase(phase), event)
        assert not kinds(effects) & {do.RestartComputer, do.PrepareRestart}


def test_an_injected_press_is_noted_once_and_agrees_to_nothing() -> None:
    session, effects = play(in_phase(Phase.CONNECTED), ev.RestartAskedHere(), ev.RestartAgreed(INJECTED))
    assert effects == (do.NoteRestartPress(INJECTED),)
    assert session.restart is RestartStage.INJECTED
    session, effects = play(session, ev.RestartAgreed(INJECTED))
    assert effects == ()
    session, effects = play(session, ev.RestartAgreed(act(Control.RESTART)))
    assert do.PrepareRestart in kinds(effects)


def test_a_press_on_another_control_is_no_agreement() -> None:
    _session, effects = play(
        in_phase(Phase.CONNECTED), ev.RestartAskedHere(), ev.RestartAgreed(act(Control.ORDER))
    )
    assert effects == ()


def test_declined_means_no_and_the_same_wish_is_not_shown_again() -> None:
    session, _ = play(in_phase(Phase.CONNECTED), ev.RestartRequested(AT))
    assert session.restart is RestartStage.ASKED
    session, effects = play(session, ev.RestartDeclined())
    assert effects == (do.TellTechnician("restart_declined"),)
    session, _ = play(session, ev.RestartRequested(AT))
    assert session.restart is RestartStage.NONE
    session, _ = play(session, ev.RestartRequested(LATER))
    assert session.restart is RestartStage.ASKED


def test_what_could_not_be_prepared_leaves_the_session_alone() -> None:
    session, _ = play(in_phase(Phase.CONNECTED), *ASKED, ev.RestartNotReady(ErrorCode.CANNOT_STORE))
    assert (session.phase, session.restart) == (Phase.CONNECTED, RestartStage.NONE)
    assert session.error is ErrorCode.CANNOT_STORE


def test_closing_comes_first_and_the_record_before_the_restart() -> None:
    session, effects = play(in_phase(Phase.CONNECTED), *ASKED, ev.RestartReady())
    assert effects[0] == do.CloseAnyDesk(EndedBy.RESTART)
    assert session.past_peers[-1].number == KNOWN
    session, effects = play(session, ev.AnyDeskClosed(FACTS))
    names = [type(effect) for effect in effects]
    assert names.index(do.RecordSession) < names.index(do.RestartComputer)
    assert session.phase is Phase.RESTARTING


def test_what_is_known_open_is_not_restarted_away() -> None:
    session, effects = play(in_phase(Phase.CONNECTED), *ASKED, ev.RestartReady(), ev.AnyDeskClosed(OPEN_FACT))
    assert session.phase is Phase.FINISHED
    assert session.error is ErrorCode.NOT_CLOSED
    assert do.CancelReturn in kinds(effects)
    assert do.RestartComputer not in kinds(effects)


def test_a_stranger_found_while_closing_ends_it() -> None:
    session, _ = play(
        in_phase(Phase.CONNECTED), *ASKED, ev.RestartReady(), ev.StrangerCut(PeerView(STRANGER))
    )
    session, effects = play(session, ev.AnyDeskClosed(FACTS))
    assert session.phase is Phase.FINISHED
    assert do.RestartComputer not in kinds(effects)
    assert do.CancelReturn in kinds(effects)


@pytest.mark.parametrize("phase", [Phase.CLOSING, Phase.FINISHED, Phase.REMOVING, Phase.STOPPED])
def test_prepared_too_late_is_taken_back(phase: Phase) -> None:
    _session, effects = play(in_phase(phase), ev.RestartReady())
    assert effects == (do.CancelReturn(),)


def test_a_restart_that_failed_can_be_tried_again_left_or_taken_back() -> None:
    failed, _ = play(in_phase(Phase.RESTARTING), ev.RestartFailed(ErrorCode.RESTART_FAILED))
    assert failed.error is ErrorCode.RESTART_FAILED
    assert do.RestartComputer in kinds(play(failed, ev.RetryPressed())[1])
    assert play(failed, ev.WindowCloseConfirmed())[1] == (do.Leave(),), "by hand: the return stays"
    ended, effects = play(failed, ev.EndPressed())
    assert ended.phase is Phase.FINISHED
    assert do.CancelReturn in kinds(effects)


# --- return -------------------------------------------------------------------------------------------------------


def test_a_return_begins_with_reading_and_asks_for_nothing_else() -> None:
    session, effects = play(in_phase(Phase.RETURNING), ev.Started())
    assert effects == (do.ResumeSession(),)
    session, effects = play(session, ev.ReturnFailed(ErrorCode.RETURN_FAILED))
    assert (session.phase, session.stop_reason) == (Phase.STOPPED, StopReason.NOT_RETURNED)
    assert do.StartAnyDesk not in kinds(effects)


def test_nothing_goes_on_by_itself() -> None:
    session, effects = play(in_phase(Phase.RETURNING), RETURNED)
    assert do.StartClock(Clock.SESSION, RETURNED.seconds_left) in effects
    assert not kinds(effects) & {do.StoreReopening, do.StartAnyDesk}
    assert play(session, ev.ContinuePressed(act(Control.REOPEN)))[0] == session


@pytest.mark.parametrize(
    ("phase", "event", "control"),
    [
        (Phase.RETURNED, ev.ContinuePressed, Control.CONTINUE),
        (Phase.REOPEN_ORDER, ev.ReopenOrderPressed, Control.REOPEN),
    ],
)
def test_where_nobody_is_connected_an_injected_press_counts_and_stays_written_down(
    phase: Phase, event: type[ev.ContinuePressed] | type[ev.ReopenOrderPressed], control: Control
) -> None:
    """An on-screen keyboard presses like this, and AnyDesk does not run: no technician can be behind it."""
    pressed = replace(act(control), origin=InputOrigin.INJECTED)
    session, effects = play(in_phase(phase), event(pressed))
    assert session.phase is Phase.REOPEN_STORING
    assert [effect.act for effect in effects if isinstance(effect, do.StoreReopening)] == [pressed]


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (ev.EndPressed(), None),
        (ev.ClockRanOut(Clock.SESSION, AT), ErrorCode.RETURN_FAILED),
        (ev.StatusReceived(end_requested=True), ErrorCode.CASE_ENDED),
        (ev.StatusReceived(frozen=True), ErrorCode.CASE_FROZEN),
    ],
)
def test_a_return_can_end_before_it_goes_on(event: ev.Event, code: ErrorCode | None) -> None:
    session, effects = play(in_phase(Phase.RETURNED), event)
    assert (session.phase, session.error) == (Phase.STOPPED, code)
    assert do.StoreReopening not in kinds(effects)


def test_a_return_needs_its_own_receipt() -> None:
    session, effects = play(in_phase(Phase.RETURNED), ev.ContinuePressed(act(Control.CONTINUE)))
    assert isinstance(effects[0], do.StoreReopening)
    assert effects[0].reason is ReopenReason.RESTART
    session, effects = play(session, ev.ReopeningStored(0, in_phase(Phase.REOPEN_SENDING).reopening))  # type: ignore[arg-type]
    assert do.SendConsent("record-2") in effects
    session, effects = play(session, ev.ReceiptVerified("record-1", "receipt-1", AT))
    assert session.phase is Phase.REOPEN_SENDING
    assert do.StartAnyDesk not in kinds(effects)
    session, effects = play(session, ev.ReceiptVerified("record-2", "receipt-2", AT))
    assert effects[0] == do.StartAnyDesk("record-2")
    assert session.connected_once
    again, effects = play(session, ev.AnyDeskFailed(ErrorCode.ANYDESK_NOT_STARTED), ev.RetryPressed())
    assert effects[0] == do.StartAnyDesk("record-2")
    assert again.phase is Phase.STARTING


def test_only_what_was_ordered_by_phone_goes_on_by_phone() -> None:
    failed = ev.SendingFailed(0, ErrorCode.NO_CONNECTION)
    assert play(in_phase(Phase.REOPEN_SENDING), failed)[0].phase is Phase.REOPEN_SENDING
    assert in_phase(Phase.REOPEN_OFFLINE).ended_by is None


# --- opened again -------------------------------------------------------------------------------------------------


def finished(by: EndedBy, **changes: object) -> Session:
    session = replace(in_phase(Phase.FINISHED), ended_by=by, reopen_until=LATER)
    return replace(session, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "session",
    [
        finished(EndedBy.TECHNICIAN),
        finished(EndedBy.STRANGER),
        finished(EndedBy.CLOCK),
        finished(EndedBy.RESTART),
        finished(EndedBy.UNKNOWN),
        finished(EndedBy.CUSTOMER, stop_reason=StopReason.NOT_THEM),
        finished(EndedBy.CUSTOMER, error=ErrorCode.CASE_FROZEN),
        finished(EndedBy.CUSTOMER, closing=OPEN_FACT),
        finished(EndedBy.CUSTOMER, closing=()),
        finished(EndedBy.CUSTOMER, reopen_until=""),
    ],
)
def test_what_was_no_accident_is_not_opened_again(session: Session) -> None:
    after, effects = play(session, ev.ReopenPressed())
    assert (after, effects) == (session, ())


@pytest.mark.parametrize(
    "by", [EndedBy.CUSTOMER, EndedBy.WINDOW, EndedBy.ANYDESK, EndedBy.NO_CONNECTION, EndedBy.ABSENCE]
)
def test_an_accident_is_offered_and_asked_for(by: EndedBy) -> None:
    closing = replace(in_phase(Phase.CLOSING), ended_by=by)
    session, effects = play(closing, ev.AnyDeskClosed(FACTS))
    assert do.OfferReopening(1800) in effects
    session, effects = play(session, ev.ReopenOffered(LATER), ev.ReopenPressed())
    assert do.AskReopening() in effects
    assert report_of(session) is None, "the backend would answer with the end that is being undone"


@pytest.mark.parametrize("phase", sorted(REOPENING, key=str))
def test_an_end_on_the_way_starts_nothing(phase: Phase) -> None:
    for event in (
        ev.EndPressed(),
        ev.NotThemPressed(),
        ev.StatusReceived(end_requested=True),
        ev.ReopenOver(),
        ev.ClockRanOut(Clock.SESSION, AT),
    ):
        session, effects = play(in_phase(phase), event)
        assert do.StartAnyDesk not in kinds(effects)
        assert session.phase in (*REOPENING, Phase.FINISHED, Phase.STOPPED)


def test_a_wrong_word_is_the_end_of_it() -> None:
    session, _ = play(in_phase(Phase.REOPEN_CHECKING), ev.WordWrong(0))
    assert (session.phase, session.error, session.reopen_until) == (
        Phase.FINISHED,
        ErrorCode.WRONG_WORD,
        "",
    )


def test_the_hours_go_on_counting_from_the_first_connection() -> None:
    session = in_phase(Phase.REOPEN_ORDER)
    peer = PeerView(KNOWN, since="2026-01-01T20:04:05.000000Z")
    session = replace(session, past_peers=(peer,), connected_once=True)
    after, effects = play(session, ev.ReopenOrderPressed(act(Control.REOPEN)))
    assert do.StartClock(Clock.SESSION, 3600) in effects
    late = replace(session, past_peers=(replace(peer, since="2026-01-01T19:04:05.000000Z"),))
    after, effects = play(late, ev.ReopenOrderPressed(act(Control.REOPEN)))
    assert (after.phase, after.error) == (Phase.FINISHED, ErrorCode.REOPEN_OVER)
    assert do.StoreReopening not in kinds(effects)


def test_a_press_on_another_control_opens_nothing() -> None:
    session = in_phase(Phase.REOPEN_ORDER)
    assert play(session, ev.ReopenOrderPressed(act(Control.CONTINUE))) == (session, ())


def test_opened_again_shows_nothing_of_the_session_before() -> None:
    session, effects = play(in_phase(Phase.REOPEN_SENDING), ev.ReceiptVerified("record-2", "receipt-2", AT))
    assert effects[0] == do.StartAnyDesk("record-2")
    assert (session.ended_by, session.closing, session.past_peers) == (None, (), ())
    assert session.reopen_until == ""
