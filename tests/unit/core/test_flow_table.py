"""The flow's table, whole: every phase meets every event, and the rows that people rely on are named."""

import inspect
from dataclasses import replace

import pytest

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.flow import advance, report_of
from client_app.core.person import Person
from client_app.core.session import (
    ANYDESK_MAY_RUN,
    BEFORE_ORDER,
    ORDERED_NOT_STARTED,
    BackupChoice,
    CheckKind,
    CheckResult,
    CheckState,
    Clock,
    Control,
    Document,
    EndedBy,
    FactView,
    PeerView,
    Phase,
    RemovalView,
    Session,
    StopReason,
)
from tests.unit.core.sessions import (
    AT,
    CODE,
    DOCUMENTS,
    FACTS,
    KNOWN,
    PERSON,
    STRANGER,
    every_event,
    in_phase,
    play,
    text,
)

OPEN = (Phase.STARTING, Phase.WAITING, Phase.CONNECTED)


def test_every_event_has_an_example() -> None:
    classes = {c for _, c in inspect.getmembers(ev, inspect.isclass) if issubclass(c, ev.Event)}
    assert classes - {ev.Event, ev.Answer} == {type(e) for e in every_event()}


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("event", every_event(), ids=lambda e: type(e).__name__)
def test_every_pair_gives_a_sane_session(phase: Phase, event: ev.Event) -> None:
    before = in_phase(phase)
    after, effects = play(before, event)
    assert isinstance(after, Session)
    assert all(isinstance(e, do.Effect) for e in effects)
    if after.phase in ANYDESK_MAY_RUN:
        assert after.consent is not None
        assert after.consent.receipt_id or after.consent.accepted_offline
    if phase in ANYDESK_MAY_RUN and phase is not Phase.CLOSING and after.phase is not phase:
        assert after.phase in ANYDESK_MAY_RUN, "a session that may run leaves only through closing"
    if after.phase is Phase.CLOSING and phase is not Phase.CLOSING:
        assert any(isinstance(e, do.CloseAnyDesk) for e in effects)
    if phase in ANYDESK_MAY_RUN:
        assert do.Leave() not in effects, "the window never goes while AnyDesk may run"


@pytest.mark.parametrize("phase", [p for p in Phase if p in BEFORE_ORDER])
def test_refusing_is_possible_on_every_page_before_the_order(phase: Phase) -> None:
    session, effects = play(in_phase(phase), ev.RefusePressed())
    assert (session.phase, session.stop_reason) == (Phase.STOPPED, StopReason.REFUSED)
    has_case = phase not in (Phase.CODE, Phase.JOINING)
    assert (do.RecordRefusal(StopReason.REFUSED) in effects) == has_case


@pytest.mark.parametrize("phase", list(Phase))
def test_not_them_stands_everywhere_and_ends_what_runs(phase: Phase) -> None:
    session, effects = play(in_phase(phase), ev.NotThemPressed())
    if phase in OPEN:
        assert effects[0] == do.CloseAnyDesk(EndedBy.CUSTOMER)
        assert session.stop_reason is StopReason.NOT_THEM
    elif phase in BEFORE_ORDER | ORDERED_NOT_STARTED:
        assert session.phase is Phase.STOPPED


@pytest.mark.parametrize("phase", [p for p in Phase if p in BEFORE_ORDER | ORDERED_NOT_STARTED])
def test_closing_the_window_is_not_an_answer(phase: Phase) -> None:
    before = in_phase(phase)
    session, effects = play(before, ev.WindowCloseConfirmed())
    assert session == before
    assert effects == (do.Leave(),)


@pytest.mark.parametrize(
    ("event", "by"),
    [
        (ev.EndPressed(), EndedBy.CUSTOMER),
        (ev.WindowCloseConfirmed(), EndedBy.WINDOW),
        (ev.ClockRanOut(Clock.SESSION, AT), EndedBy.CLOCK),
        (ev.AnyDeskGone(), EndedBy.ANYDESK),
        (ev.GuardianLost(), EndedBy.UNKNOWN),
        (ev.StatusReceived(end_requested=True), EndedBy.TECHNICIAN),
        (ev.StatusReceived(frozen=True), EndedBy.TECHNICIAN),
    ],
)
@pytest.mark.parametrize("phase", OPEN)
def test_every_end_closes_first(phase: Phase, event: ev.Event, by: EndedBy) -> None:
    session, effects = play(in_phase(phase), event)
    assert session.phase is Phase.CLOSING
    assert session.ended_by is by
    assert effects[0] == do.CloseAnyDesk(by)


def test_the_wait_clock_does_not_end_a_connected_session() -> None:
    session, effects = play(in_phase(Phase.CONNECTED), ev.ClockRanOut(Clock.NO_CONNECTION, AT))
    assert session.phase is Phase.CONNECTED
    assert effects == ()


def test_a_stranger_who_only_asked_is_not_recorded_as_connected() -> None:
    session, effects = play(in_phase(Phase.WAITING), ev.PeerAsked(PeerView(STRANGER)))
    assert (session.ended_by, session.past_peers) == (EndedBy.STRANGER, ())
    assert any(isinstance(e, do.TellTechnician) and e.peer_number == STRANGER for e in effects)


@pytest.mark.parametrize(("asked_only", "numbers"), [(False, [KNOWN, STRANGER]), (True, [KNOWN])])
def test_a_stranger_does_not_wipe_out_who_was_there_before(asked_only: bool, numbers: list[str]) -> None:
    cut = ev.StrangerCut(PeerView(STRANGER), was_connected=not asked_only)
    session, _ = play(in_phase(Phase.CONNECTED), cut)
    assert [peer.number for peer in session.past_peers] == numbers


def test_the_technician_may_come_back_until_the_end() -> None:
    session, effects = play(in_phase(Phase.CONNECTED), ev.PeerLeft(EndedBy.TECHNICIAN, AT))
    assert session.phase is Phase.WAITING
    assert session.past_peers[0].until == AT
    assert do.StartClock(Clock.NO_CONNECTION, 600) in effects
    session, effects = play(session, ev.PeerConnected(PeerView(KNOWN)))
    assert session.phase is Phase.CONNECTED
    started = [e.clock for e in effects if isinstance(e, do.StartClock)]
    assert Clock.SESSION not in started, "eight hours run from the first connection"


def test_details_known_to_the_technician_never_replace_what_was_typed() -> None:
    session, _ = play(in_phase(Phase.CHECKING_WORD), ev.WordConfirmed(0, PERSON))
    assert session.person == PERSON
    typed, _ = play(session, ev.PersonEdited(Person(name="Ewa")))
    assert typed.person.name == "Ewa"


def test_a_new_version_asks_again_and_keeps_the_rest() -> None:
    session = in_phase(Phase.ORDER)
    session, _ = play(session, ev.DocumentsLoaded((text(Document.TERMS, "ff" * 32), *DOCUMENTS[1:])))
    assert session.phase is Phase.TERMS
    assert session.error is ErrorCode.DOCUMENTS_CHANGED
    assert not session.ticked(Control.ACCEPT_TERMS)
    assert session.ticked(Control.ACCEPT_PRICE)
    assert session.person == PERSON
    assert session.backup is BackupChoice.HAVE_ONE


def test_an_outdated_order_goes_back_to_the_terms() -> None:
    session, effects = play(in_phase(Phase.SENDING), ev.SendingFailed(0, ErrorCode.DOCUMENTS_CHANGED))
    assert session.phase is Phase.TERMS
    assert session.consent is None
    assert not session.ticked(Control.ACCEPT_TERMS)
    assert do.LoadDocuments() in effects


@pytest.mark.parametrize("code", [ErrorCode.NO_CONNECTION, ErrorCode.SERVER_TROUBLE])
def test_a_dead_network_leads_to_the_code_for_the_phone(code: ErrorCode) -> None:
    session, _ = play(in_phase(Phase.SENDING), ev.SendingFailed(0, code))
    assert session.phase is Phase.OFFLINE
    session, _ = play(session, ev.OfflineRejected(0, 0))
    assert session.error is ErrorCode.ANSWER_TRIES_OVER
    session, effects = play(session, ev.AnswerTyped("12345678"))
    assert not any(isinstance(e, do.CheckOfflineAnswer) for e in effects)


def test_a_wrong_receipt_stays_and_can_be_asked_for_again() -> None:
    session, _ = play(in_phase(Phase.SENDING), ev.SendingFailed(0, ErrorCode.RECEIPT_WRONG))
    assert session.phase is Phase.SENDING
    _session, effects = play(session, ev.RetryPressed())
    assert do.SendConsent("record-1") in effects


def test_a_failed_start_can_be_tried_again_with_the_same_receipt() -> None:
    session, _ = play(in_phase(Phase.STARTING), ev.AnyDeskFailed(ErrorCode.ANYDESK_NOT_STARTED))
    _session, effects = play(session, ev.RetryPressed())
    assert do.StartAnyDesk("record-1") in effects


@pytest.mark.parametrize("phase", [Phase.WAITING, Phase.CONNECTED])
def test_a_start_that_failed_after_anydesk_was_up_is_an_end_like_any_other(phase: Phase) -> None:
    session, effects = play(in_phase(phase), ev.AnyDeskFailed(ErrorCode.CANNOT_STORE))
    assert (session.phase, session.error) == (Phase.CLOSING, ErrorCode.CANNOT_STORE)
    assert do.CloseAnyDesk(EndedBy.UNKNOWN) in effects


def test_choices_go_on_by_themselves_when_the_checks_are_done() -> None:
    running = ev.CheckFinished(CheckResult(CheckKind.RIGHTS, CheckState.RUNNING))
    session, _ = play(in_phase(Phase.COMPUTER), running, ev.BackupChosen(BackupChoice.HAVE_ONE))
    assert session.phase is Phase.COMPUTER
    session, _ = play(session, ev.CheckFinished(CheckResult(CheckKind.RIGHTS, CheckState.GOOD)))
    assert session.phase is Phase.ORDER


def test_an_unproven_end_can_be_tried_again_until_it_is_proven() -> None:
    session, _ = play(in_phase(Phase.CLOSING), ev.AnyDeskClosed((FactView("x", False, "t"),)))
    session, effects = play(session, ev.RetryPressed())
    assert do.CloseAnyDesk(EndedBy.CUSTOMER) in effects
    session, _ = play(session, ev.AnyDeskClosed(FACTS))
    assert session.error is None


def test_removing_names_what_is_left() -> None:
    session, effects = play(in_phase(Phase.FINISHED), ev.RemovalAsked("/somewhere"))
    assert do.Remove("/somewhere") in effects
    session, _ = play(session, ev.Removed(RemovalView(left=("/x",))))
    assert session.error is ErrorCode.REMOVED_PARTLY


def test_unsent_records_bring_the_customer_back_to_choose_a_folder() -> None:
    session, _ = play(in_phase(Phase.REMOVING), ev.TaskFailed(0, ErrorCode.UNSENT_RECORDS))
    assert session.phase is Phase.FINISHED
    assert session.error is ErrorCode.UNSENT_RECORDS


def test_the_language_changes_nothing_else() -> None:
    for phase in Phase:
        before = in_phase(phase)
        after, effects = advance(before, ev.LanguageChosen("en"))
        assert effects == ()
        assert after.language == "en"
        assert after.phase is before.phase
        assert after.acts == before.acts


def test_the_console_hears_of_a_page_once() -> None:
    session, effects = play(in_phase(Phase.DETAILS), ev.PersonEdited(PERSON), ev.NextPressed())
    assert do.ReportStep("terms", "shown", "", ("accept_terms", "accept_price")) in effects
    _, effects = play(session, ev.StatusReceived())
    assert effects == ()
    assert report_of(Session()) is None


def test_the_ninth_digit_goes_on_by_itself() -> None:
    session, effects = play(Session(), ev.CodeTyped("123 456 78"))
    assert session.phase is Phase.CODE
    session, effects = play(session, ev.CodeTyped(CODE))
    assert session.phase is Phase.JOINING
    assert do.JoinCase("123456782") in effects
    session, _ = play(session, ev.TaskFailed(0, ErrorCode.NO_CONNECTION))
    session, effects = play(session, ev.RetryPressed())
    assert do.JoinCase("123456782") in effects


def test_who_was_connected_at_our_own_end_was_until_nothing_of_anydesk_was_seen() -> None:
    peers = (PeerView("1", until="2026-11-22T12:00:00Z"), PeerView("2"))
    closed = ev.AnyDeskClosed(FACTS, gone_at="2026-11-22T12:30:00Z")
    session, _ = play(replace(in_phase(Phase.CLOSING), past_peers=peers), closed)
    assert [peer.until for peer in session.past_peers] == ["2026-11-22T12:00:00Z", "2026-11-22T12:30:00Z"]
