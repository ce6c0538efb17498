"""Rows of steps 1 to 5: who is calling, details, terms, computer, order. Nothing here can start AnyDesk."""

from dataclasses import replace

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.flow_table import Outcome, go, row, stay
from client_app.core.person import CustomerKind, Person
from client_app.core.session import (
    BEFORE_ORDER,
    Act,
    BackupChoice,
    CheckState,
    Control,
    Document,
    Phase,
    Session,
    StopReason,
)

STOPPING_CODES = {ErrorCode.CASE_FROZEN: StopReason.FROZEN, ErrorCode.CASE_ENDED: StopReason.ENDED_BY_COMPANY}
"""Failures after which the case cannot go on at all."""


def read_code(text_untrusted: str) -> tuple[str, ErrorCode | None]:
    """Return the digits typed so far and what is wrong with them once there are nine."""
    from consent_record.codes import CASE_CODE_DIGITS, parse_case_code
    from consent_record.errors import MalformedError

    digits = "".join(c for c in text_untrusted if c.isascii() and c.isdigit())[:CASE_CODE_DIGITS]
    if len(digits) < CASE_CODE_DIGITS:
        return digits, None
    try:
        return parse_case_code(digits), None
    except MalformedError:
        return digits, ErrorCode.CODE_CHECK


def needed_ticks(session: Session) -> tuple[Control, ...]:
    """Return the boxes that must be ticked on the order page; none is ever ticked by the program."""
    if session.person.kind is CustomerKind.CONSUMER:
        return (Control.AUTHORITY, Control.EARLY_START)
    return (Control.AUTHORITY,)


def terms_complete(session: Session) -> bool:
    """Both boxes are ticked, and the binding texts are exactly the versions of the case statement."""
    return (
        session.ticked(Control.ACCEPT_TERMS)
        and session.ticked(Control.ACCEPT_PRICE)
        and not documents_differ(session)
    )


def documents_differ(session: Session) -> bool:
    """Tell whether a document that the case names is missing here or is another version."""
    if session.case is None or session.document(Document.TERMS) is None:
        return True
    have = {(d.kind, d.sha256) for d in session.documents}
    return any((kind, sha256) not in have for kind, _language, sha256 in session.case.documents)


def computer_ready(session: Session) -> bool:
    """Nothing blocks or is still running, and the backup question is answered (and agreed to, if there is none)."""
    if session.blocking_check or session.checks_running or session.backup is None:
        return False
    return session.backup is not BackupChoice.NONE or session.no_backup_agreed


def order_ready(session: Session) -> bool:
    """Everything that the order covers is there."""
    return (
        session.word_confirmed
        and not session.person.problems()
        and terms_complete(session)
        and computer_ready(session)
        and all(session.ticked(control) for control in needed_ticks(session))
    )


def stopped(
    session: Session, reason: StopReason, *effects: do.Effect, error: ErrorCode | None = None
) -> Outcome:
    """End before the order; the refusal is recorded when there is a case to record it in."""
    record = (do.RecordRefusal(reason),) if session.case is not None else ()
    changes = {"stop_reason": reason, "stopped_on": session.step, "error": error}
    return go(session, Phase.STOPPED, *record, *effects, do.PlanRemoval(), **changes)


# --- step 1: who is calling ---------------------------------------------------------------------------------------


@row(Phase.CODE, ev.CodeTyped)
def _code_typed(session: Session, event: ev.CodeTyped) -> Outcome:
    digits, problem = read_code(event.text_untrusted)
    if len(digits) == 9 and problem is None and digits != session.code:
        return go(session, Phase.JOINING, do.JoinCase(digits), code=digits, ticket=session.ticket + 1)
    if digits == session.code:
        return stay(session)
    return go(session, code=digits, error=problem)


@row(Phase.CODE, ev.NextPressed, ev.RetryPressed)
def _code_again(session: Session, _event: ev.Event) -> Outcome:
    digits, problem = read_code(session.code)
    if len(digits) < 9 or problem is not None:
        return go(session, error=problem or ErrorCode.CODE_LENGTH)
    return go(session, Phase.JOINING, do.JoinCase(digits), ticket=session.ticket + 1)


@row(Phase.JOINING, ev.CaseJoined)
def _joined(session: Session, event: ev.CaseJoined) -> Outcome:
    found = replace(session, case=event.case, online=True)
    fetch = (do.LoadDocuments(),) if documents_differ(found) else ()
    return go(found, Phase.WORD, *fetch)


@row(Phase.JOINING, ev.TaskFailed)
def _not_joined(session: Session, event: ev.TaskFailed) -> Outcome:
    return go(session, Phase.CODE, error=event.code)


@row(Phase.WORD, ev.WordPicked)
def _word_picked(session: Session, event: ev.WordPicked) -> Outcome:
    return go(session, Phase.CHECKING_WORD, do.CheckWord(event.word), ticket=session.ticket + 1)


@row(Phase.CHECKING_WORD, ev.WordConfirmed)
def _word_right(session: Session, event: ev.WordConfirmed) -> Outcome:
    person = event.details if event.details is not None and session.person == Person() else session.person
    return go(session, Phase.DETAILS, word_confirmed=True, person=person)


@row(Phase.CHECKING_WORD, ev.WordWrong)
def _word_wrong(session: Session, _event: ev.WordWrong) -> Outcome:
    return stopped(session, StopReason.WRONG_WORD, error=ErrorCode.WRONG_WORD)


@row(Phase.CHECKING_WORD, ev.TaskFailed)
def _word_not_checked(session: Session, event: ev.TaskFailed) -> Outcome:
    if event.code in STOPPING_CODES:
        return stopped(session, STOPPING_CODES[event.code], error=event.code)
    return go(session, Phase.WORD, error=event.code)


# --- step 2: details ----------------------------------------------------------------------------------------------


@row(Phase.DETAILS, ev.PersonEdited)
def _person_edited(session: Session, event: ev.PersonEdited) -> Outcome:
    # A company has no right of withdrawal to ask about, so a tick given as a consumer must not stay behind.
    acts = session.acts
    if event.person.kind is not CustomerKind.CONSUMER:
        acts = without(acts, Control.EARLY_START)
    return go(session, person=event.person, acts=acts)


@row(Phase.DETAILS, ev.NextPressed)
def _details_done(session: Session, _event: ev.NextPressed) -> Outcome:
    problems = session.person.problems()
    if problems:
        return go(session, error=next(iter(problems.values())))
    fetch = (do.LoadDocuments(),) if documents_differ(session) else ()
    return go(session, Phase.TERMS, *fetch)


# --- step 3: terms and price --------------------------------------------------------------------------------------


@row((Phase.TERMS, Phase.ORDER), ev.Ticked)
def _ticked(session: Session, event: ev.Ticked) -> Outcome:
    allowed = (
        (Control.ACCEPT_TERMS, Control.ACCEPT_PRICE)
        if session.phase is Phase.TERMS
        else needed_ticks(session)
    )
    if event.act.control not in allowed:
        return stay(session)
    return go(session, acts=(*without(session.acts, event.act.control), event.act))


@row((Phase.TERMS, Phase.ORDER), ev.Unticked)
def _unticked(session: Session, event: ev.Unticked) -> Outcome:
    return go(session, acts=without(session.acts, event.control))


@row(Phase.TERMS, ev.NextPressed)
def _terms_done(session: Session, _event: ev.NextPressed) -> Outcome:
    if documents_differ(session):
        return go(session, None, do.LoadDocuments(), error=ErrorCode.DOCUMENTS_MISSING)
    if not terms_complete(session):
        return stay(session)
    return go(session, Phase.COMPUTER, do.StartAnyDeskChecks())


@row(Phase.TERMS, ev.BackPressed)
def _back_to_details(session: Session, _event: ev.BackPressed) -> Outcome:
    return go(session, Phase.DETAILS)


@row(BEFORE_ORDER, ev.DocumentRead)
def _document_read(session: Session, event: ev.DocumentRead) -> Outcome:
    others = tuple(r for r in session.readings if r.sha256 != event.reading.sha256)
    return stay(session, readings=(*others, event.reading))


# --- step 4: computer and backup ----------------------------------------------------------------------------------


@row(Phase.COMPUTER, ev.BackupChosen)
def _backup_chosen(session: Session, event: ev.BackupChosen) -> Outcome:
    acts = without(session.acts, Control.NO_BACKUP)
    if event.choice is BackupChoice.NONE:
        if event.act is None or event.act.control is not Control.NO_BACKUP:
            return stay(session)
        acts = (*acts, event.act)
    chosen = replace(session, backup=event.choice, backup_made_on=event.made_on, acts=acts)
    return _on_if_ready(chosen)


@row(Phase.COMPUTER, ev.NextPressed)
def _computer_done(session: Session, _event: ev.NextPressed) -> Outcome:
    return _on_if_ready(session)


@row(Phase.COMPUTER, ev.RetryPressed)
def _checks_again(session: Session, _event: ev.RetryPressed) -> Outcome:
    return go(session, None, do.StartLocalChecks(), do.StartAnyDeskChecks())


@row(Phase.COMPUTER, ev.BackPressed)
def _back_to_terms(session: Session, _event: ev.BackPressed) -> Outcome:
    return go(session, Phase.TERMS)


def _on_if_ready(session: Session) -> Outcome:
    return go(session, Phase.ORDER) if computer_ready(session) else go(session)


# --- step 5: order ------------------------------------------------------------------------------------------------


@row(Phase.ORDER, ev.BackPressed)
def _back_to_computer(session: Session, _event: ev.BackPressed) -> Outcome:
    return go(session, Phase.COMPUTER)


@row(Phase.ORDER, ev.OrderPressed)
def _ordered(session: Session, event: ev.OrderPressed) -> Outcome:
    if event.act.control is not Control.ORDER or not order_ready(session):
        return stay(session)
    return go(
        session,
        Phase.STORING,
        do.StoreConsent(),
        acts=(*without(session.acts, Control.ORDER), event.act),
        button_label=event.act.texts[0] if event.act.texts else "",
        ticket=session.ticket + 1,
    )


# --- on every step before the order -------------------------------------------------------------------------------


@row(BEFORE_ORDER, ev.RefusePressed)
def _refused(session: Session, _event: ev.RefusePressed) -> Outcome:
    return stopped(session, StopReason.REFUSED)


@row(BEFORE_ORDER, ev.PostponePressed)
def _postponed(session: Session, _event: ev.PostponePressed) -> Outcome:
    if not session.word_confirmed:
        return stay(session, do.Leave())
    return go(
        session,
        Phase.STOPPED,
        do.TellTechnician("postponed"),
        do.PlanRemoval(),
        stop_reason=StopReason.POSTPONED,
    )


@row(BEFORE_ORDER, ev.WindowCloseConfirmed)
def _closed_before_order(session: Session, _event: ev.WindowCloseConfirmed) -> Outcome:
    # Closing a window is not an answer: nothing is recorded as refused, and the code still works.
    return stay(session, do.Leave())


@row(BEFORE_ORDER, ev.StatusReceived)
def _status_before_order(session: Session, event: ev.StatusReceived) -> Outcome:
    if event.frozen and session.phase is Phase.CHECKING_WORD:
        # A wrong word freezes the case, and the console may say so before the word's own answer is here.
        return stay(session)
    if event.frozen:
        return stopped(session, StopReason.FROZEN, error=ErrorCode.CASE_FROZEN)
    if event.end_requested:
        return stopped(session, StopReason.ENDED_BY_COMPANY, error=ErrorCode.CASE_ENDED)
    agreed = replace(session, no_backup_agreed=event.no_backup_agreed)
    waiting = (
        session.phase is Phase.COMPUTER
        and session.backup is BackupChoice.NONE
        and not session.no_backup_agreed
    )
    if waiting and event.no_backup_agreed:
        return _on_if_ready(agreed)
    return stay(agreed)


@row(BEFORE_ORDER, ev.CheckFinished)
def _check_finished(session: Session, event: ev.CheckFinished) -> Outcome:
    others = tuple(c for c in session.checks if c.kind is not event.result.kind)
    checked = replace(session, checks=tuple(sorted((*others, event.result), key=lambda c: c.kind.value)))
    was_waiting = (
        session.phase is Phase.COMPUTER and session.backup is not None and not computer_ready(session)
    )
    if was_waiting and event.result.state is not CheckState.RUNNING:
        return _on_if_ready(checked)
    return stay(checked)


@row(BEFORE_ORDER, ev.NotThemPressed)
def _not_them(session: Session, _event: ev.NotThemPressed) -> Outcome:
    told = (do.TellTechnician("not_them"),) if session.case is not None else ()
    return stopped(session, StopReason.NOT_THEM, *told)


def without(acts: tuple[Act, ...], *controls: Control) -> tuple[Act, ...]:
    """Return the acts but for those on some controls."""
    return tuple(a for a in acts if a.control not in controls)
