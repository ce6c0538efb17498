"""Rows around the documents: loaded, not to be had, or published anew while the customer is on the way.

The case statement names the versions in force, and the texts must be exactly those. When they differ, both are fetched
again, the statement once for each set of texts, so that two that never agree end in a code and not in a loop.
"""

from dataclasses import replace

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.flow_consent import STOPPING_CODES, documents_differ, stopped, without
from client_app.core.flow_table import Outcome, go, row, stay
from client_app.core.session import BEFORE_ORDER, CaseView, Control, Document, Phase, Session

AFTER_WORD = (Phase.DETAILS, Phase.TERMS, Phase.COMPUTER, Phase.ORDER)
"""Phases in which the case is known for good, so that its statement may be asked for again."""

PAST_TERMS = (Phase.COMPUTER, Phase.ORDER)


@row(BEFORE_ORDER, ev.DocumentsLoaded)
def _documents_loaded(session: Session, event: ev.DocumentsLoaded) -> Outcome:
    loaded = replace(session, documents=event.documents)
    affected = {Control.ACCEPT_TERMS: Document.TERMS, Control.ACCEPT_PRICE: Document.PRICE}
    lost = [
        control
        for control, kind in affected.items()
        if session.ticked(control) and _versions(loaded, kind) != _versions(session, kind)
    ]
    if lost:
        acts = without(session.acts, *lost, Control.ORDER)
        phase = Phase.TERMS if session.phase in PAST_TERMS else session.phase
        loaded = replace(loaded, acts=acts, phase=phase, error=ErrorCode.DOCUMENTS_CHANGED)
    elif session.error is ErrorCode.DOCUMENTS_MISSING:
        loaded = replace(loaded, error=None)
    return _ask_for_statement(loaded)


@row(BEFORE_ORDER, ev.DocumentsFailed)
def _documents_failed(session: Session, event: ev.DocumentsFailed) -> Outcome:
    # Before the terms are reached there is still time to load them again; the customer is not bothered.
    return go(session, error=event.code) if session.phase is Phase.TERMS else stay(session)


@row(Phase.TERMS, ev.RetryPressed)
def _terms_again(session: Session, _event: ev.RetryPressed) -> Outcome:
    return go(session, None, do.LoadDocuments(), stated_for=())


@row(AFTER_WORD, ev.CaseJoined)
def _stated_again(session: Session, event: ev.CaseJoined) -> Outcome:
    if session.case is None or event.case.case_id != session.case.case_id:
        return stay(session)
    if _agreed(event.case) != _agreed(session.case):
        # What was agreed on the phone is not what the statement says now: nothing that was accepted stands.
        acts = without(
            session.acts, Control.ACCEPT_PRICE, Control.AUTHORITY, Control.EARLY_START, Control.ORDER
        )
        phase = Phase.TERMS if session.phase in PAST_TERMS else session.phase
        return go(session, phase, case=event.case, acts=acts, error=ErrorCode.PRICE_CHANGED)
    stated = replace(session, case=event.case)
    if documents_differ(stated) and session.phase is not Phase.DETAILS:
        return stay(stated, do.LoadDocuments())
    return stay(stated)


@row(AFTER_WORD, ev.TaskFailed)
def _not_stated(session: Session, event: ev.TaskFailed) -> Outcome:
    if event.code in STOPPING_CODES:
        return stopped(session, STOPPING_CODES[event.code], error=event.code)
    return stay(session, error=event.code)


def _ask_for_statement(session: Session) -> Outcome:
    texts = tuple(sorted(d.sha256 for d in session.documents))
    if session.phase not in AFTER_WORD or not documents_differ(session):
        return stay(session)
    if session.stated_for == texts:
        return stay(session, error=session.error or ErrorCode.DOCUMENTS_MISSING)
    again = replace(session, stated_for=texts, ticket=session.ticket + 1)
    return stay(again, do.JoinCase(session.code))


def _agreed(case: CaseView) -> tuple[object, ...]:
    return case.price, case.problem


def _versions(session: Session, kind: Document) -> frozenset[str]:
    return frozenset(d.sha256 for d in session.documents if d.kind is kind)
