"""A new version in the middle of the way: asked again, nothing typed is lost, and never an endless loop."""

from dataclasses import replace

import pytest

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.effects import Effect
from client_app.core.errors import ErrorCode
from client_app.core.session import BackupChoice, Control, Document, Money, Phase, Session, StopReason
from tests.unit.core.sessions import CASE, DOCUMENTS, PERSON, act, in_phase, play, text

NEW = (text(Document.TERMS, "ff" * 32), *DOCUMENTS[1:])
NEW_CASE = replace(CASE, documents=tuple((d.kind, d.language, d.sha256) for d in NEW))


def joins(effects: tuple[Effect, ...]) -> int:
    """How often the statement is asked for."""
    return sum(isinstance(effect, do.JoinCase) for effect in effects)


@pytest.mark.parametrize("phase", [Phase.TERMS, Phase.COMPUTER, Phase.ORDER])
def test_new_texts_fetch_the_statement_that_names_them(phase: Phase) -> None:
    session, effects = play(in_phase(phase), ev.DocumentsLoaded(NEW))
    assert do.JoinCase("123456782") in effects
    session, effects = play(session, ev.CaseJoined(0, NEW_CASE))
    assert session.phase is Phase.TERMS
    assert not any(isinstance(effect, do.LoadDocuments) for effect in effects)
    session, _ = play(
        session, ev.Ticked(act(Control.ACCEPT_TERMS)), ev.Ticked(act(Control.ACCEPT_PRICE)), ev.NextPressed()
    )
    assert session.phase is Phase.COMPUTER
    assert session.person == PERSON


def test_an_outdated_order_can_be_ordered_again() -> None:
    session, effects = play(in_phase(Phase.SENDING), ev.SendingFailed(0, ErrorCode.DOCUMENTS_CHANGED))
    assert do.LoadDocuments() in effects
    session, _ = play(
        session,
        ev.DocumentsLoaded(NEW),
        ev.CaseJoined(0, NEW_CASE),
        ev.Ticked(act(Control.ACCEPT_TERMS)),
        ev.Ticked(act(Control.ACCEPT_PRICE)),
        ev.NextPressed(),
        ev.NextPressed(),
    )
    assert session.phase is Phase.ORDER
    assert session.backup is BackupChoice.HAVE_ONE
    session, effects = play(session, ev.OrderPressed(act(Control.ORDER)))
    assert do.StoreConsent() in effects


def test_texts_and_statement_that_never_agree_end_in_a_code() -> None:
    session: Session = in_phase(Phase.TERMS)
    asked = 0
    for _ in range(10):
        session, effects = play(session, ev.DocumentsLoaded(NEW))
        asked += joins(effects)
        session, effects = play(session, ev.CaseJoined(0, CASE))
        if not any(isinstance(effect, do.LoadDocuments) for effect in effects):
            break
    session, effects = play(session, ev.DocumentsLoaded(NEW))
    assert asked == 1
    assert session.error is ErrorCode.DOCUMENTS_MISSING
    session, effects = play(session, ev.RetryPressed())
    assert do.LoadDocuments() in effects


@pytest.mark.parametrize("phase", [Phase.COMPUTER, Phase.ORDER])
def test_another_price_is_never_taken_over_in_silence(phase: Phase) -> None:
    dearer = replace(CASE, price=Money(20000))
    session, _ = play(in_phase(phase), ev.CaseJoined(0, dearer))
    assert session.phase is Phase.TERMS
    assert session.error is ErrorCode.PRICE_CHANGED
    assert not session.ticked(Control.ACCEPT_PRICE)


def test_a_statement_of_another_case_changes_nothing() -> None:
    before = in_phase(Phase.ORDER)
    after, effects = play(before, ev.CaseJoined(0, replace(CASE, case_id="case-2", price=Money(1))))
    assert (after, effects) == (before, ())


def test_a_case_that_was_frozen_meanwhile_stops() -> None:
    session, _ = play(in_phase(Phase.TERMS), ev.TaskFailed(0, ErrorCode.CASE_FROZEN))
    assert (session.phase, session.stop_reason) == (Phase.STOPPED, StopReason.FROZEN)
