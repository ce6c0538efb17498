"""What must NOT happen: no effect that starts, orders or sends without its condition. Refusals come first."""

from dataclasses import replace

import pytest

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.flow import advance
from client_app.core.person import CustomerKind
from client_app.core.session import (
    BackupChoice,
    CheckKind,
    CheckResult,
    CheckState,
    Control,
    Document,
    EndedBy,
    FactView,
    PeerView,
    Phase,
    Session,
    StopReason,
)
from tests.unit.core.sessions import (
    AT,
    CODE,
    CONSENT,
    DOCUMENTS,
    KNOWN,
    STRANGER,
    act,
    every_event,
    in_phase,
    play,
    text,
)

START_ROWS = {
    (Phase.REOPEN_OFFLINE, ev.OfflineAccepted),
    (Phase.SENDING, ev.ReceiptVerified),
    (Phase.OFFLINE, ev.ReceiptVerified),
    (Phase.OFFLINE, ev.OfflineAccepted),
}


@pytest.mark.parametrize("phase", list(Phase))
def test_anydesk_is_started_only_by_a_receipt_or_a_right_answer(phase: Phase) -> None:
    for event in every_event():
        session, effects = play(in_phase(phase), event)
        started = any(isinstance(e, do.StartAnyDesk) for e in effects)
        assert started == ((phase, type(event)) in START_ROWS), (phase, event)
        if started:
            assert session.phase is Phase.STARTING


@pytest.mark.parametrize("phase", list(Phase))
def test_only_the_order_button_stores_a_consent(phase: Phase) -> None:
    for event in every_event():
        _session, effects = play(in_phase(phase), event)
        assert not any(isinstance(e, do.StoreConsent) for e in effects), (phase, event)


@pytest.mark.parametrize(
    "missing", ["authority", "early_start", "terms", "price", "backup", "email", "check", "word"]
)
def test_an_order_with_anything_missing_does_nothing(missing: str) -> None:
    session, _ = play(
        in_phase(Phase.ORDER), ev.Ticked(act(Control.AUTHORITY)), ev.Ticked(act(Control.EARLY_START))
    )
    dropped = {
        "authority": Control.AUTHORITY,
        "early_start": Control.EARLY_START,
        "terms": Control.ACCEPT_TERMS,
        "price": Control.ACCEPT_PRICE,
    }
    if missing in dropped:
        session = replace(session, acts=tuple(a for a in session.acts if a.control is not dropped[missing]))
    elif missing == "backup":
        session = replace(session, backup=BackupChoice.NONE)
    elif missing == "email":
        session = replace(session, person=replace(session.person, email="jan@example"))
    elif missing == "word":
        session = replace(session, word_confirmed=False)
    else:
        blocking = CheckResult(CheckKind.ANYDESK, CheckState.BLOCKING, ErrorCode.ANYDESK_MISSING)
        session = replace(session, checks=(blocking,))
    after, effects = play(session, ev.OrderPressed(act(Control.ORDER)))
    assert after == session
    assert effects == ()


def test_the_complete_order_is_stored_first_and_sent_after_it_is_durable() -> None:
    session, _ = play(
        in_phase(Phase.ORDER), ev.Ticked(act(Control.AUTHORITY)), ev.Ticked(act(Control.EARLY_START))
    )
    session, effects = play(session, ev.OrderPressed(act(Control.ORDER, "Order and pay")))
    assert session.phase is Phase.STORING
    assert session.button_label == "Order and pay"
    assert do.StoreConsent() in effects
    assert not any(isinstance(e, do.SendConsent) for e in effects)
    session, effects = play(session, ev.ConsentStored(0, CONSENT))
    assert do.SendConsent("record-1") in effects


def test_a_business_is_not_asked_for_an_early_start_and_cannot_tick_it() -> None:
    order = in_phase(Phase.ORDER)
    business = replace(order.person, kind=CustomerKind.BUSINESS, company="Firma", nip="5260250274")
    session, _ = play(replace(order, person=business), ev.Ticked(act(Control.EARLY_START)))
    assert not session.ticked(Control.EARLY_START)
    session, _ = play(session, ev.Ticked(act(Control.AUTHORITY)), ev.OrderPressed(act(Control.ORDER)))
    assert session.phase is Phase.STORING


def test_a_receipt_of_another_record_starts_nothing() -> None:
    for phase in (Phase.SENDING, Phase.OFFLINE):
        session, effects = play(in_phase(phase), ev.ReceiptVerified("record-2", "receipt", AT))
        assert session.phase is phase
        assert effects == ()


def test_an_answer_to_an_older_question_is_ignored() -> None:
    session = in_phase(Phase.CHECKING_WORD)
    after, effects = advance(session, ev.WordConfirmed(session.ticket - 1, None))
    assert (after, effects) == (session, ())


@pytest.mark.parametrize("accepted_by", ["password", "token"])
def test_a_technician_who_did_not_wait_for_the_customers_click_is_cut_off(accepted_by: str) -> None:
    session, effects = play(
        in_phase(Phase.WAITING), ev.PeerConnected(PeerView(KNOWN, accepted_by=accepted_by))
    )
    assert session.ended_by is EndedBy.STRANGER
    assert do.CloseAnyDesk(EndedBy.STRANGER) in effects


@pytest.mark.parametrize("phase", [Phase.STARTING, Phase.WAITING, Phase.CONNECTED])
def test_a_stranger_is_cut_off_before_anybody_is_told(phase: Phase) -> None:
    session, effects = play(in_phase(phase), ev.PeerConnected(PeerView(STRANGER)))
    assert session.phase is Phase.CLOSING
    assert session.error is ErrorCode.STRANGER_CONNECTED
    assert effects[0] == do.CloseAnyDesk(EndedBy.STRANGER)


def test_one_wrong_word_stops_the_case() -> None:
    session, effects = play(in_phase(Phase.CHECKING_WORD), ev.WordWrong(0))
    assert (session.phase, session.stop_reason) == (Phase.STOPPED, StopReason.WRONG_WORD)
    assert do.RecordRefusal(StopReason.WRONG_WORD) in effects
    session, effects = play(session, ev.RetryPressed(), ev.WordPicked("a"), ev.CodeTyped(CODE))
    assert session.phase is Phase.STOPPED


@pytest.mark.parametrize("number", ["123456789", "111111111"])
def test_a_code_that_was_misheard_is_not_sent(number: str) -> None:
    session, effects = play(Session(), ev.CodeTyped(number))
    assert session.phase is Phase.CODE
    assert session.error is ErrorCode.CODE_CHECK
    assert effects == ()


def test_terms_of_another_version_than_the_case_names_cannot_be_accepted() -> None:
    session = in_phase(Phase.TERMS)
    session, _ = play(session, ev.DocumentsLoaded((text(Document.TERMS, "ff" * 32), *DOCUMENTS[1:])))
    session, _ = play(
        session, ev.Ticked(act(Control.ACCEPT_TERMS)), ev.Ticked(act(Control.ACCEPT_PRICE)), ev.NextPressed()
    )
    assert session.phase is Phase.TERMS
    assert session.error is ErrorCode.DOCUMENTS_MISSING


def test_no_backup_needs_the_declaration_and_the_technicians_yes() -> None:
    session, _ = play(in_phase(Phase.COMPUTER), ev.BackupChosen(BackupChoice.NONE))
    assert session.backup is None
    session, effects = play(session, ev.BackupChosen(BackupChoice.NONE, act=act(Control.NO_BACKUP)))
    assert session.phase is Phase.COMPUTER
    assert any(isinstance(e, do.ReportStep) and e.asks_no_backup for e in effects)
    session, _ = play(session, ev.NextPressed())
    assert session.phase is Phase.COMPUTER
    session, _ = play(session, ev.StatusReceived(no_backup_agreed=True))
    assert session.phase is Phase.ORDER


def test_anydesk_is_not_looked_at_before_the_terms_are_accepted() -> None:
    for phase in (Phase.CODE, Phase.JOINING, Phase.WORD, Phase.CHECKING_WORD, Phase.DETAILS):
        for event in every_event():
            _session, effects = play(in_phase(phase), event)
            assert not any(isinstance(e, do.StartAnyDeskChecks) for e in effects), (phase, event)


def test_an_unproven_end_is_said_and_the_program_is_not_removed() -> None:
    facts = (FactView("no_process", False, "text"),)
    session, effects = play(in_phase(Phase.CLOSING), ev.AnyDeskClosed(facts))
    assert session.error is ErrorCode.NOT_CLOSED
    assert any(isinstance(e, do.TellTechnician) and e.kind == "not_closed" for e in effects)
    session, effects = play(session, ev.RemovalAsked())
    assert session.phase is Phase.FINISHED
    assert effects == ()


def test_no_facts_prove_nothing() -> None:
    session, _ = play(in_phase(Phase.CLOSING), ev.AnyDeskClosed(()))
    assert session.error is ErrorCode.NOT_CLOSED


def test_a_failed_save_does_not_hide_that_anydesk_may_run() -> None:
    session, _ = play(in_phase(Phase.CLOSING), ev.AnyDeskClosed((FactView("no_process", False, "text"),)))
    session, _ = play(session, ev.ActionFailed(ErrorCode.CANNOT_SAVE))
    assert session.error is ErrorCode.NOT_CLOSED
    _session, effects = play(session, ev.RetryPressed())
    assert do.CloseAnyDesk(EndedBy.CUSTOMER) in effects


def test_nothing_is_removed_while_a_fact_does_not_hold_whatever_else_is_shown() -> None:
    facts = (FactView("no_process", False, "text"),)
    session = replace(in_phase(Phase.FINISHED), closing=facts, error=None)
    _session, effects = play(session, ev.RemovalAsked())
    assert effects == ()


def test_a_failed_removal_after_giving_up_an_order_stays_on_the_stopped_page() -> None:
    session, _ = play(in_phase(Phase.OFFLINE), ev.RefusePressed(), ev.RemovalAsked())
    session, _ = play(session, ev.TaskFailed(0, ErrorCode.REMOVED_PARTLY))
    assert session.phase is Phase.STOPPED
