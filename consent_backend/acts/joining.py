"""A client joins with the code and proves with the right word that its customer talks to the technician."""

import hmac
import secrets
from datetime import timedelta

import msgspec

from consent_backend.acts.limits import (
    JOIN_IN_A_FLOOD,
    JOIN_OVERALL,
    JOIN_PER_ADDRESS,
    JOIN_PER_CODE,
    Guard,
)
from consent_backend.acts.moving import AlertKind, EndedBy, again, move, refuse_unless_running
from consent_backend.acts.statements import statement_for
from consent_backend.case_states import OVER, Trigger
from consent_backend.keyring import Keyring
from consent_backend.problems import ApiError
from consent_backend.store.cases import Case, case_by_code, case_by_former_token, case_by_token, change_case
from consent_backend.store.events import add_alert, add_event, open_alerts
from consent_backend.store.work import Work
from consent_backend.tokens import case_token, stored_form
from consent_backend.words import draw
from consent_record.case import CaseRules
from consent_record.codes import parse_case_code
from consent_record.errors import MalformedError
from consent_record.fields import moment_of
from consent_record.wire import (
    CaseState,
    JoinAnswer,
    JoinRequest,
    PersonDraft,
    ProblemCode,
    WordAnswer,
    WordOutcome,
    WordRequest,
)


def case_of_token(work: Work, token: str) -> Case:
    """Return the case that a token belongs to.

    Raises:
        ApiError: `case.token`.
    """
    case = case_by_token(work.connection, stored_form(token))
    if case is None:
        raise ApiError(ProblemCode.TOKEN, "this token belongs to no case")
    return case


def case_of_record(work: Work, token: str) -> tuple[Case, bool]:
    """Return the case that a token may store records for, and whether a newer run has taken the case over.

    Raises:
        ApiError: `case.token`.
    """
    former = case_by_former_token(work.connection, stored_form(token))
    return (case_of_token(work, token), False) if former is None else (former, True)


def own_case(work: Work, token: str, case_id: str) -> Case:
    """Return the case with `case_id` for the client that holds its token.

    Raises:
        ApiError: `case.token`, also for a case that does not exist.
    """
    case = case_of_token(work, token)
    if case.id != case_id:
        raise ApiError(ProblemCode.TOKEN, "this token belongs to another case")
    return case


def join(work: Work, keyring: Keyring, request: JoinRequest, address: str) -> JoinAnswer:
    """Exchange a code for a case token, bound to the client's nonce; the same nonce gets the same answer.

    Raises:
        ApiError: `case.code_unknown`, `case.code_used`, `case.code_expired`, `case.frozen`, `case.ended`,
            `document.none_published`, `request.rate_limited`.
    """
    guard = Guard(work, keyring.token_secret)
    case = _case_with_code(guard, request.code, address)
    # Whoever postponed has left, and comes back as a new run of the program: it is let in as the first one was,
    # with the code alone, and nothing of the old run opens anything any more.
    is_free = case.nonce is None or case.state is CaseState.POSTPONED
    if not is_free and not hmac.compare_digest(case.nonce or "", request.nonce):
        raise _used_elsewhere(guard, case)
    if work.now_text > case.expires_at:
        raise ApiError(ProblemCode.CODE_EXPIRED, "the code is no longer valid")
    trigger = Trigger.REOPENED if _may_reopen(work, case) else Trigger.JOINED
    if trigger is Trigger.JOINED:
        refuse_unless_running(case)
    statement = statement_for(work, keyring, case, request.nonce)
    token = case_token(keyring.token_secret, case_id=case.id, nonce=request.nonce)
    words = case.words
    if case.state in (CaseState.POSTPONED, CaseState.ENDED):
        # The word is asked again, and a picture of the old page must not answer it.
        choice = draw(case.language)
        words = choice.words
        change_case(work, case.id, word=choice.word, words=msgspec.json.encode(words).decode())
    if trigger is Trigger.REOPENED:
        change_case(work, case.id, end_requested=False, ended_at=None, ended_by=None)
    if is_free:
        take_over = {"nonce": request.nonce, "token_hash": stored_form(token), "language": request.language}
        if case.token_hash not in (None, stored_form(token)):
            # What the old run could not send yet, its refusal, may still come with the old token.
            take_over["former_token_hash"] = case.token_hash
        change_case(work, case.id, **take_over)
    move(work, case, trigger)
    return JoinAnswer(case_id=case.id, token=token, words=words, statement=statement)


def _case_with_code(guard: Guard, code_untrusted: str, address: str) -> Case:
    guard.check(JOIN_IN_A_FLOOD if guard.is_used_up(JOIN_OVERALL) else JOIN_PER_ADDRESS, address)
    case = None
    try:
        digits = parse_case_code(code_untrusted)
    except MalformedError:
        digits = ""
    if digits:
        case = case_by_code(guard.work.connection, digits)
    if case is None:
        guard.count(JOIN_PER_ADDRESS, address)
        guard.count(JOIN_OVERALL)
        raise ApiError(ProblemCode.CODE_UNKNOWN, "there is no such code", keeps_writes=True)
    return case


def _used_elsewhere(guard: Guard, case: Case) -> ApiError:
    if case.code is not None:
        # Only those are counted and shut out whom the code does not belong to: they must not shut its customer out.
        guard.check(JOIN_PER_CODE, case.code)
        guard.count(JOIN_PER_CODE, case.code)
    # One line in the timeline, too, until somebody has looked.
    kinds = {alert.kind for alert in open_alerts(guard.work.connection, case.id)}
    if AlertKind.CODE_USED.value not in kinds:
        add_alert(guard.work, case.id, AlertKind.CODE_USED.value)
        add_event(guard.work, case.id, "code_used_elsewhere")
    return ApiError(ProblemCode.CODE_USED, "the code is in use on another computer", keeps_writes=True)


def _may_reopen(work: Work, case: Case) -> bool:
    if case.state is not CaseState.ENDED or case.ended_at is None or case.consent_id is None:
        return False
    window = timedelta(seconds=CaseRules().reopen_seconds)
    is_accident = case.ended_by == EndedBy.CLIENT.value and not case.end_requested
    return is_accident and work.now - moment_of(case.ended_at) <= window


def pick_word(work: Work, case: Case, request: WordRequest) -> WordAnswer:
    """Check the word that the customer picked; one wrong pick freezes the case.

    Raises:
        ApiError: `case.ended`, or `case.word_needed` when the client must join again first.
    """
    if case.state is CaseState.FROZEN:
        return WordAnswer(outcome=WordOutcome.FROZEN)
    if case.state in OVER:
        raise ApiError(ProblemCode.CASE_ENDED, "the case is over")
    if case.state in (CaseState.OPEN, CaseState.POSTPONED):
        raise ApiError(ProblemCode.WORD_NEEDED, "join with the code first; the word is asked after that")
    if not hmac.compare_digest(request.word.encode("utf-8"), case.word.encode("utf-8")):
        move(work, case, Trigger.WORD_WRONG)
        return WordAnswer(outcome=WordOutcome.FROZEN)
    secret = case.case_secret
    if secret is None:
        secret = secrets.token_hex(32)
        change_case(work, case.id, case_secret=secret)
    move(work, case, Trigger.WORD_RIGHT)
    details = again(work, case).draft or PersonDraft()
    return WordAnswer(outcome=WordOutcome.RIGHT, details=details, case_secret=secret)
