"""From signals to states: who is believed, who ended it, and what forged or missing lines do."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_app.core.anydesk import AnyDeskEvent, AnyDeskState, HowAccepted
from client_app.core.errors import ErrorCode
from client_app.core.session import EndedBy
from client_app.services.anydesk.answers import Status
from client_app.services.anydesk.picture import (
    OwnNumber,
    Picture,
    ProcessSignal,
    Signal,
    StatusSignal,
    advance,
)
from client_app.services.anydesk.trace_words import ConnectionLine, TraceEvent, Word

TECHNICIAN, STRANGER = "221436813", "987654321"
READY = Picture(number="123456789", is_online=True)
ASK = [
    TraceEvent(Word.ASKED, TECHNICIAN),
    TraceEvent(Word.PEER_ID, TECHNICIAN),
    TraceEvent(Word.PEER_NAMED, TECHNICIAN, "Anna"),
]
ASK_STRANGER = [TraceEvent(Word.ASKED, STRANGER), TraceEvent(Word.PEER_ID, STRANGER)]
LET_IN = [TraceEvent(Word.AUTH_CLICK), TraceEvent(Word.RUNNING)]
LOGGED = ConnectionLine(HowAccepted.CLICK, TECHNICIAN)
END = [TraceEvent(Word.CLOSED_REMOTE), TraceEvent(Word.CLOSED), TraceEvent(Word.CLOSED)]


def play(*batches: Sequence[Signal], start: Picture = READY) -> tuple[Picture, list[AnyDeskEvent]]:
    picture, events = start, []
    for batch in batches:
        picture, more = advance(picture, batch)
        events += more
    return picture, events


def states(events: list[AnyDeskEvent]) -> list[AnyDeskState]:
    return [event.state for event in events]


def numbers_connected(events: list[AnyDeskEvent]) -> list[str]:
    return [e.peer.number for e in events if e.state is AnyDeskState.CONNECTED and e.peer is not None]


class TestForgeries:
    def test_two_numbers_for_one_request_leave_none(self) -> None:
        picture, events = play([*ASK_STRANGER, TraceEvent(Word.PEER_NAMED, TECHNICIAN)], LET_IN)
        assert picture.last.peer.number == ""
        assert events[-1].conflict
        assert numbers_connected(events) == [""]

    def test_a_forged_end_and_a_forged_request_are_found_by_the_connection_log(self) -> None:
        """The stranger's name holds lines that end the request and begin one of the technician."""
        forged = [*ASK_STRANGER, TraceEvent(Word.CLOSED_REMOTE), *ASK]
        logged = ConnectionLine(HowAccepted.CLICK, STRANGER)
        for batches in (
            ([*forged, *LET_IN, logged],),
            (forged, [*LET_IN, logged]),
            (forged, LET_IN, [logged]),
        ):
            _, events = play(*batches)
            assert events[-1].state is AnyDeskState.CONNECTED
            assert events[-1].conflict
            assert events[-1].peer is not None
            assert events[-1].peer.number == ""

    def test_a_click_in_one_file_and_a_password_in_the_other(self) -> None:
        _, events = play(ASK, LET_IN, [ConnectionLine(HowAccepted.PASSWORD, TECHNICIAN)])
        assert events[-1].conflict
        assert events[-1].peer is not None
        assert (events[-1].peer.number, events[-1].peer.how) == ("", HowAccepted.UNEXPECTED)

    def test_another_who_asks_while_one_is_connected_is_told_apart(self) -> None:
        picture, events = play(ASK, LET_IN, ASK_STRANGER)
        assert len(picture.calls) == 2
        assert events[-1].state is AnyDeskState.ASKING
        assert events[-1].peer is not None
        assert events[-1].peer.number == STRANGER
        picture, events = play(ASK, LET_IN, ASK_STRANGER, [TraceEvent(Word.CLOSED)])
        assert events[-1].left_by is None
        assert events[-1].state is AnyDeskState.CONNECTED
        assert events[-1].peer is not None
        assert events[-1].peer.number == TECHNICIAN

    def test_another_who_gets_in_shows_under_its_own_number(self) -> None:
        _, events = play(ASK, LET_IN, ASK_STRANGER, LET_IN)
        assert numbers_connected(events)[-1] == STRANGER

    def test_when_one_of_two_leaves_nobody_is_believed(self) -> None:
        _, events = play(ASK, LET_IN, ASK_STRANGER, LET_IN, END)
        assert events[-1].conflict

    def test_of_two_by_one_number_the_one_that_stays_is_never_unseen(self) -> None:
        """The technician lets a second one in by the remote mouse and ends one: that must not look like an end."""
        picture, events = play(ASK, LET_IN, ASK, LET_IN, END[:1])
        assert picture.state is AnyDeskState.CONNECTED
        assert not any(event.left_by for event in events)
        assert events[-1].conflict
        assert events[-1].peer is not None
        assert events[-1].peer.number == ""

    @pytest.mark.parametrize("again", [ASK, ASK[2:]], ids=["all lines", "its name alone"])
    def test_a_second_request_of_one_number_that_is_refused_changes_nothing(
        self, again: list[Signal]
    ) -> None:
        picture, events = play(ASK, LET_IN, again, END[1:])
        assert picture.state is AnyDeskState.CONNECTED
        assert picture.last.peer.number == TECHNICIAN
        assert not any(event.conflict or event.left_by for event in events)

    def test_coming_back_after_the_end_is_one_connection(self) -> None:
        _, events = play(ASK, LET_IN, END, ASK, LET_IN)
        assert numbers_connected(events) == [TECHNICIAN, TECHNICIAN]
        assert not any(event.conflict for event in events)

    def test_a_refusal_of_another_does_not_end_the_connection(self) -> None:
        picture, events = play(ASK, LET_IN, [ConnectionLine(HowAccepted.REFUSED, STRANGER)])
        assert picture.state is AnyDeskState.CONNECTED
        assert not any(event.left_by for event in events)


class TestOneSession:
    @pytest.mark.parametrize("in_one", [True, False])
    def test_request_connection_end(self, in_one: bool) -> None:
        parts = (ASK, [*LET_IN, LOGGED], END)
        batches = (list(itertools.chain(*parts)),) if in_one else parts
        _, events = play(*batches)
        assert states(events) == [AnyDeskState.ASKING, AnyDeskState.CONNECTED, AnyDeskState.READY]
        assert events[-1].left_by is EndedBy.TECHNICIAN
        for event in events:
            assert event.peer is not None
            assert (event.peer.number, event.peer.name_untrusted) == (TECHNICIAN, "Anna")
            assert not event.conflict

    @pytest.mark.parametrize(
        ("words", "side"),
        [
            ([Word.CLOSED_REMOTE], EndedBy.TECHNICIAN),
            ([Word.CLOSED_LOCAL], EndedBy.CUSTOMER),
            ([Word.CLOSED], EndedBy.UNKNOWN),
            ([Word.CLOSED, Word.CLOSED_LOCAL], EndedBy.CUSTOMER),
            ([Word.CLOSED_LOCAL, Word.CLOSED_REMOTE], EndedBy.CUSTOMER),
        ],
    )
    def test_which_side_ended_it(self, words: list[Word], side: EndedBy) -> None:
        _, events = play([*ASK, *LET_IN], [TraceEvent(word) for word in words])
        assert events[-1].left_by is side

    @pytest.mark.parametrize("order", [0, 1, 2])
    def test_refused(self, order: int) -> None:
        line, quit_ = ConnectionLine(HowAccepted.REFUSED, TECHNICIAN), TraceEvent(Word.CLOSED)
        batches: list[list[Signal]] = [[*ASK, quit_, line], [*ASK, line, quit_], [line, *ASK, quit_]]
        picture, events = play(batches[order])
        assert events[-1].left_by is EndedBy.CUSTOMER
        assert picture.state is AnyDeskState.READY

    def test_a_line_of_the_log_that_is_read_after_the_end_starts_nothing(self) -> None:
        picture, events = play([*ASK, *LET_IN, *END], [LOGGED])
        assert picture.calls == ()
        assert len(events) == 3

    def test_only_the_connection_log_is_understood(self) -> None:
        _, events = play([LOGGED])
        assert numbers_connected(events) == [TECHNICIAN]

    def test_only_that_it_runs_is_understood(self) -> None:
        _, events = play([TraceEvent(Word.RUNNING)])
        assert numbers_connected(events) == [""]

    def test_flagged_callers_are_marked(self) -> None:
        _, events = play([*ASK, TraceEvent(Word.FLAGGED)])
        assert events[-1].peer is not None
        assert events[-1].peer.is_flagged

    def test_lines_that_say_nothing_make_no_events(self) -> None:
        assert play([TraceEvent(Word.UNEXPECTED), TraceEvent(Word.EXITING), TraceEvent(Word.CLOSED)])[1] == []


class TestRunning:
    def test_ready_needs_a_number_and_a_network(self) -> None:
        picture, events = play([OwnNumber("123456789")], start=Picture())
        assert picture.state is AnyDeskState.STARTING
        picture, events = play([StatusSignal(Status.ONLINE)], start=picture)
        assert states(events) == [AnyDeskState.READY]
        picture, events = play([TraceEvent(Word.RELAY_REACHED)], start=Picture(number="123456789"))
        assert states(events) == [AnyDeskState.READY]

    def test_no_network_is_said_when_it_is_late_and_taken_back(self) -> None:
        picture, events = play([StatusSignal(Status.OFFLINE)], start=Picture(number="1234567"))
        assert events == []
        picture, events = play([StatusSignal(Status.OFFLINE, is_late=True)], start=picture)
        assert events[0].error is ErrorCode.ANYDESK_NO_NUMBER
        _, events = play([StatusSignal(Status.ONLINE)], start=picture)
        assert states(events) == [AnyDeskState.READY]

    def test_silence_says_nothing_of_the_network(self) -> None:
        picture, events = play([StatusSignal(Status.NO_ANSWER, is_late=True)])
        assert picture.state is AnyDeskState.READY
        assert events == []

    @pytest.mark.parametrize("status", [Status.UNEXPECTED, Status.NOT_RUNNING])
    def test_signals_that_disagree_are_a_state(self, status: Status) -> None:
        picture, events = play([StatusSignal(status, is_late=True)])
        assert picture.state is AnyDeskState.UNEXPECTED
        assert events[0].conflict
        assert play([StatusSignal(Status.ONLINE)], start=picture)[0].state is AnyDeskState.READY

    def test_gone_stays_gone(self) -> None:
        picture, events = play(ASK, [ProcessSignal()], [ProcessSignal(is_guardian_lost=True)], LET_IN)
        assert picture.state is AnyDeskState.GONE
        assert next(event.error for event in events if event.error) is ErrorCode.ANYDESK_DIED

    def test_a_lost_guardian(self) -> None:
        _, events = play([ProcessSignal(is_guardian_lost=True)])
        assert (events[0].state, events[0].error) == (AnyDeskState.UNGUARDED, ErrorCode.GUARDIAN_LOST)


SIGNALS: st.SearchStrategy[Signal] = st.one_of(
    st.builds(TraceEvent, st.sampled_from(Word), st.sampled_from([TECHNICIAN, STRANGER])),
    st.builds(ConnectionLine, st.sampled_from(HowAccepted), st.sampled_from([TECHNICIAN, STRANGER])),
    st.builds(OwnNumber, st.sampled_from(["", "123456789"])),
    st.builds(StatusSignal, st.sampled_from(Status), st.booleans()),
    st.builds(ProcessSignal, st.booleans()),
)


@given(st.lists(st.lists(SIGNALS, max_size=12), max_size=6))
def test_any_signals_in_any_order(batches: list[list[Signal]]) -> None:
    """No exception, no endless growth, and a peer that is believed was named by every signal of its call."""
    picture, events = play(*batches)
    assert len(picture.calls) <= 1 + sum(len(batch) for batch in batches)
    for event in events:
        if event.peer is not None and event.conflict and event.left_by is None:
            assert event.peer.number == "" or "AnyDesk" in event.conflict


@given(st.lists(SIGNALS, max_size=15))
def test_who_is_connected_does_not_depend_on_how_the_lines_were_cut(signals: list[Signal]) -> None:
    together, _ = play(signals)
    apart, _ = play(*[[signal] for signal in signals])
    assert together.state is apart.state
