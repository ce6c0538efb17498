"""Presence in the flow: what never counts and never lengthens a session comes first, then question, screen, signals."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.effects import Effect
from client_app.core.errors import ErrorCode
from client_app.core.presence import EXTENSIONS, Clock, InputOrigin, PresenceAnswer, ScreenState, later
from client_app.core.session import CaseView, EndedBy, PeerView, Phase, Session
from tests.unit.core.sessions import AT, KNOWN, STRANGER, in_phase, play

OPEN = (Phase.STARTING, Phase.WAITING, Phase.CONNECTED)
PRESENCE_CLOCKS = (Clock.PRESENCE, Clock.PRESENCE_WARNING, Clock.PRESENCE_ANSWER)
ANSWERS = (ev.PresenceConfirmed, ev.PresenceExtended)
COUNTED = (InputOrigin.LOCAL, InputOrigin.UNKNOWN)


def asked() -> Session:
    """A connected session in which the question has just been put."""
    return play(in_phase(Phase.CONNECTED), ev.ClockRanOut(Clock.PRESENCE, AT))[0]


def told(effects: Iterable[Effect]) -> list[str]:
    return [e.kind for e in effects if isinstance(e, do.TellTechnician)]


def started(effects: Iterable[Effect]) -> dict[Clock, int]:
    return {e.clock: e.seconds for e in effects if isinstance(e, do.StartClock)}


def stopped(effects: Iterable[Effect]) -> set[Clock]:
    return {e.clock for e in effects if isinstance(e, do.StopClock)}


def answers(session: Session) -> list[tuple[InputOrigin, PresenceAnswer]]:
    return [(entry.origin, entry.answer) for entry in session.presence.entries]


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_injected_press_never_counts_and_is_written_down_once(answer: type) -> None:
    before = asked()
    session, effects = play(before, answer(InputOrigin.INJECTED, AT))
    assert session.presence.ends_at == before.presence.ends_at
    assert session.presence.extensions_left == before.presence.extensions_left
    assert session.presence.wants_own_press
    assert answers(session) == [(InputOrigin.INJECTED, PresenceAnswer.NOT_COUNTED)]
    assert told(effects) == ["presence_not_counted"]
    assert not started(effects)
    assert not stopped(effects)
    for _ in range(100):
        session, effects = play(session, answer(InputOrigin.INJECTED, AT))
        assert effects == ()
    assert len(answers(session)) == 1
    session, _ = play(session, ev.PresenceConfirmed(InputOrigin.LOCAL, AT))
    assert not session.presence.is_asked, "an own press still counts after it"


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("origin", list(InputOrigin))
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_without_a_question_means_nothing(phase: Phase, origin: InputOrigin, answer: type) -> None:
    before = in_phase(phase)
    assert play(before, answer(origin, AT)) == (before, ())


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("clock", list(Clock))
def test_each_clock_in_each_phase(phase: Phase, clock: Clock) -> None:
    before = in_phase(phase)
    session, effects = play(before, ev.ClockRanOut(clock, AT))
    ends = (clock is Clock.SESSION and phase in OPEN) or (
        clock is Clock.NO_CONNECTION and phase in (Phase.STARTING, Phase.WAITING)
    )
    asks = clock is Clock.PRESENCE and phase is Phase.CONNECTED
    assert (do.CloseAnyDesk in {type(e) for e in effects}) == ends
    assert session.presence.is_asked == asks
    if phase in OPEN and not ends and not asks:
        assert (session, effects) == (before, ())


def test_extending_is_possible_so_often_and_then_only_confirming() -> None:
    session = asked()
    for left in reversed(range(EXTENSIONS)):
        session, effects = play(session, ev.PresenceExtended(InputOrigin.LOCAL, later(AT, 100)))
        assert session.presence.extensions_left == left
        assert session.presence.ends_at == later(AT, 400)
        assert told(effects) == ["presence_extended"]
        assert started(effects) == {Clock.PRESENCE_WARNING: 240, Clock.PRESENCE_ANSWER: 300}
    assert play(session, ev.PresenceExtended(InputOrigin.LOCAL, AT)) == (session, ())
    session, _ = play(session, ev.PresenceConfirmed(InputOrigin.LOCAL, AT))
    assert not session.presence.is_asked


@pytest.mark.parametrize("state", [ScreenState.LOCKED, ScreenState.SWITCHED_AWAY])
def test_a_locked_screen_brings_the_question_nearer_and_never_pauses_it(state: ScreenState) -> None:
    session, effects = play(in_phase(Phase.CONNECTED), ev.ScreenChanged(state))
    assert started(effects) == {Clock.PRESENCE: 300}
    assert told(effects) == ["screen_locked"]
    session, effects = play(session, ev.ClockRanOut(Clock.PRESENCE, AT))
    assert session.presence.is_asked
    session, effects = play(session, ev.ScreenChanged(ScreenState.ACTIVE))
    assert (told(effects), started(effects)) == (["screen_unlocked"], {}), "unlocking is no answer"
    session, effects = play(session, ev.ClockRanOut(Clock.PRESENCE_ANSWER, AT))
    assert session.ended_by is EndedBy.ABSENCE


@pytest.mark.parametrize("answer", [(), (ev.PresenceConfirmed(InputOrigin.INJECTED, AT),)])
def test_without_an_answer_the_session_ends_and_says_why(answer: tuple[ev.Event, ...]) -> None:
    session, _ = play(asked(), *answer)
    session, effects = play(session, ev.ClockRanOut(Clock.PRESENCE_WARNING, AT))
    assert (session.phase, told(effects)) == (Phase.CONNECTED, ["presence_unanswered"])
    session, effects = play(session, ev.ClockRanOut(Clock.PRESENCE_ANSWER, AT))
    assert effects[0] == do.CloseAnyDesk(EndedBy.ABSENCE), "local first"
    assert (session.phase, session.error) == (Phase.CLOSING, ErrorCode.PRESENCE_MISSED)
    assert answers(session)[-1] == (InputOrigin.UNKNOWN, PresenceAnswer.UNANSWERED)
    assert stopped(effects) == set(Clock)
    assert not session.presence.is_asked


# --- the question -------------------------------------------------------------------------------------------------


def test_the_technician_is_told_before_the_time_to_answer_begins() -> None:
    session, effects = play(in_phase(Phase.CONNECTED), ev.ClockRanOut(Clock.PRESENCE, AT))
    assert effects[0] == do.TellTechnician("presence_asked")
    assert started(effects) == {Clock.PRESENCE_WARNING: 240, Clock.PRESENCE_ANSWER: 300}
    assert session.presence.ends_at == later(AT, 300)
    again, effects = play(session, ev.ClockRanOut(Clock.PRESENCE, AT))
    assert (again, effects) == (session, ()), "one question at a time"


@pytest.mark.parametrize("origin", COUNTED)
def test_one_press_is_enough_and_the_next_question_comes_after_the_whole_time(origin: InputOrigin) -> None:
    session, effects = play(asked(), ev.PresenceConfirmed(origin, AT))
    assert not session.presence.is_asked
    assert answers(session) == [(origin, PresenceAnswer.CONFIRMED)]
    assert started(effects) == {Clock.PRESENCE: 1800}
    assert stopped(effects) == {Clock.PRESENCE_WARNING, Clock.PRESENCE_ANSWER}
    assert told(effects) == ["presence_confirmed"]


def test_the_time_runs_from_each_connection_and_only_while_somebody_is_connected() -> None:
    session, effects = play(in_phase(Phase.WAITING), ev.PeerConnected(PeerView(KNOWN)))
    assert started(effects)[Clock.PRESENCE] == 1800
    session, effects = play(session, ev.PeerConnected(PeerView(KNOWN)))
    assert Clock.PRESENCE not in started(effects), "what is told twice does not push the question away"
    session, effects = play(asked(), ev.PeerLeft(EndedBy.TECHNICIAN, AT))
    assert stopped(effects) >= set(PRESENCE_CLOCKS)
    assert not session.presence.is_asked
    assert Clock.NO_CONNECTION in started(effects)


def test_the_clocks_of_the_case_count() -> None:
    case = in_phase(Phase.CONNECTED).case
    assert isinstance(case, CaseView)
    short = replace(case, presence_seconds=20, presence_answer_seconds=10)
    session = replace(in_phase(Phase.WAITING), case=short)
    session, effects = play(session, ev.PeerConnected(PeerView(KNOWN)))
    assert started(effects)[Clock.PRESENCE] == 20
    _session, effects = play(session, ev.ClockRanOut(Clock.PRESENCE, AT))
    assert started(effects) == {Clock.PRESENCE_WARNING: 5, Clock.PRESENCE_ANSWER: 10}


def test_a_flood_of_lines_keeps_the_newest() -> None:
    presence = in_phase(Phase.CONNECTED).presence
    for _ in range(1000):
        presence = presence.noted(AT, InputOrigin.LOCAL, PresenceAnswer.CONFIRMED)
    presence = presence.noted(AT, InputOrigin.UNKNOWN, PresenceAnswer.UNANSWERED)
    assert len(presence.entries) <= 256
    assert presence.entries[-1].answer is PresenceAnswer.UNANSWERED


# --- the screen ---------------------------------------------------------------------------------------------------


def test_back_at_the_screen_it_is_asked_at_once() -> None:
    session, _ = play(in_phase(Phase.CONNECTED), ev.ScreenChanged(ScreenState.LOCKED))
    session, effects = play(session, ev.ScreenChanged(ScreenState.ACTIVE))
    assert started(effects) == {Clock.PRESENCE: 0}


@pytest.mark.parametrize("state", [ScreenState.ACTIVE, ScreenState.UNKNOWN])
def test_a_first_look_at_the_screen_asks_nothing(state: ScreenState) -> None:
    session, effects = play(in_phase(Phase.CONNECTED), ev.ScreenChanged(state))
    assert (session.screen, effects) == (state, ())


def test_who_connects_behind_a_locked_screen_is_asked_after_soon() -> None:
    session, effects = play(in_phase(Phase.WAITING), ev.ScreenChanged(ScreenState.LOCKED))
    assert (told(effects), started(effects)) == (["screen_locked"], {})
    _session, effects = play(session, ev.PeerConnected(PeerView(KNOWN)))
    assert started(effects)[Clock.PRESENCE] == 300


@pytest.mark.parametrize("phase", OPEN)
def test_signing_out_ends_at_once(phase: Phase) -> None:
    session, effects = play(in_phase(phase), ev.ScreenChanged(ScreenState.LOGGED_OFF))
    assert effects[0] == do.CloseAnyDesk(EndedBy.LOGGED_OFF)
    assert told(effects) == ["ended", "logged_off"]
    assert session.ended_by is EndedBy.LOGGED_OFF


@pytest.mark.parametrize("phase", [p for p in Phase if p not in OPEN])
@pytest.mark.parametrize("state", list(ScreenState))
def test_outside_a_session_the_screen_is_only_noted(phase: Phase, state: ScreenState) -> None:
    before = in_phase(phase)
    session, effects = play(before, ev.ScreenChanged(state))
    assert session == replace(before, screen=state)
    assert effects == ()


# --- AnyDesk's signals --------------------------------------------------------------------------------------------


def test_signals_that_hide_who_is_connected_end_the_session() -> None:
    session, effects = play(in_phase(Phase.CONNECTED), ev.SignalsDisagreed(hides_peer=True))
    assert effects[0] == do.CloseAnyDesk(EndedBy.UNKNOWN)
    assert "signals_disagree" in told(effects)
    assert session.signals_disagree


@pytest.mark.parametrize("phase", OPEN)
def test_other_contradictions_are_told_once_and_taken_back(phase: Phase) -> None:
    session, effects = play(in_phase(phase), ev.SignalsDisagreed(hides_peer=False))
    assert (session.phase, told(effects)) == (phase, ["signals_disagree"])
    session, effects = play(session, ev.SignalsDisagreed(hides_peer=False))
    assert effects == ()
    session, _ = play(session, ev.SignalsAgreed())
    assert not session.signals_disagree


def test_a_lost_network_is_a_state_and_no_end() -> None:
    session, effects = play(in_phase(Phase.WAITING), ev.NetworkLost())
    assert (session.has_no_network, session.error, told(effects)) == (True, None, ["no_network"])
    session, _ = play(session, ev.AnyDeskNumbered("123123123"))
    assert not session.has_no_network
    session, _ = play(in_phase(Phase.STARTING), ev.NetworkLost())
    assert session.error is ErrorCode.ANYDESK_NO_NUMBER


def test_unread_settings_are_told_with_their_names() -> None:
    session, effects = play(in_phase(Phase.STARTING), ev.SettingsUnread(("anydesk.vpn",)))
    assert effects == (do.TellTechnician("settings_unknown", settings=("anydesk.vpn",)),)
    session, effects = play(session, ev.SettingsUnread(()))
    assert (session.unread_settings, effects) == ((), ())


@pytest.mark.parametrize("asked_only", [False, True])
def test_who_was_turned_away_is_remembered_for_the_last_page(asked_only: bool) -> None:
    cut = ev.StrangerCut(PeerView(STRANGER), was_connected=not asked_only)
    session, _ = play(in_phase(Phase.WAITING), cut)
    assert session.stranger is not None
    assert session.stranger.number == STRANGER
