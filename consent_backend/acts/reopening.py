"""Starting AnyDesk once more under one consent: asked for after an accidental end, and the records that belong to it.

Rules: opening again needs a stored end by accident, not older than the time for it, and a new round of the word; going
on after a restart needs a stored agreement that counts. What is followed is followed once.
"""

from datetime import timedelta
from typing import TypeVar

import msgspec

from consent_backend.acts.moving import EndedBy, move
from consent_backend.case_states import Trigger
from consent_backend.problems import ApiError
from consent_backend.store.cases import Case, change_case, offline_acceptances
from consent_backend.store.events import BACKEND, add_event
from consent_backend.store.records import StoredRecord, record_by_id, records_of_case
from consent_backend.store.work import Work
from consent_backend.words import draw
from consent_record.acts import ACCIDENTAL_ENDS, REOPENED_BY, AgainControl, is_deliberate
from consent_record.canonical import decode, hash_of
from consent_record.case import CaseRules
from consent_record.codes import offline_code
from consent_record.fields import moment_of, timestamp
from consent_record.records import Reopening, Restart, SessionEnd, SessionStart
from consent_record.wire import CaseState, ProblemCode, ReopenAnswer, ReopenRequest

T = TypeVar("T", Restart, Reopening, SessionEnd, SessionStart)

RETURN_LIMIT = timedelta(hours=4)
"""Longest time between an agreed restart and going on; the client's own limit is shorter."""

_ROUND = (CaseState.JOINED, CaseState.WORD_CONFIRMED)


def reopen(work: Work, case: Case, request: ReopenRequest) -> ReopenAnswer:
    """Begin a new round of the word after an accidental end; asked again in that round it gives the same words.

    Raises:
        ApiError: `case.frozen`, `case.reopen_over` (too late, no such end, an end that may not be followed).
    """
    if case.state is CaseState.FROZEN:
        raise ApiError(ProblemCode.CASE_FROZEN, "the case is frozen; the company must open a new one")
    end = _accidental_end(work, case, request)
    until = moment_of(end.stored_at) + timedelta(seconds=CaseRules().reopen_seconds)
    if work.now > until:
        raise _over("the time for opening the session again is over")
    if case.end_requested or (case.ended_by is not None and case.ended_by != EndedBy.CLIENT.value):
        raise _over("the technician has ended the case")
    if case.state is CaseState.ENDED:
        choice = draw(case.language)
        words = choice.words
        change_case(work, case.id, word=choice.word, words=msgspec.json.encode(words).decode())
        move(work, case, Trigger.REOPENED)
        add_event(work, case.id, "reopen_asked", source=BACKEND)
    elif case.state in _ROUND and case.consent_id is not None:
        words = case.words
    else:
        raise _over("nothing has ended that could be opened again")
    return ReopenAnswer(words=words, until=timestamp(until))


def check_restart(work: Work, case: Case, record: Restart) -> bool:
    """Refuse a press on the restart button without a consent behind it.

    Returns:
        True when its consent was or is being accepted offline: the record is late.

    Raises:
        ApiError: `record.unknown`, `record.other_case` or `record.wrong_hash`.
    """
    return _check_consent(work, case, record)


def check_reopening(work: Work, case: Case, record: Reopening) -> bool:
    """Refuse a reopening that follows nothing, or something that was followed already.

    Returns:
        True when the console accepted it by phone before: the record is late.

    Raises:
        ApiError: with the reason.
    """
    _check_consent(work, case, record)
    if not is_deliberate(record.act, REOPENED_BY[record.reason]):
        raise ApiError(ProblemCode.RECORD_INCOMPLETE, "the button that opens again was not pressed")
    stored = records_of_case(work.connection, case.id)
    for other in stored:
        if other.kind == "reopening" and _read(other, Reopening).previous_record == record.previous_record:
            raise ApiError(ProblemCode.RECORD_CONFLICT, "another reopening follows the same record")
    previous = next((other for other in stored if other.record_hash == record.previous_record), None)
    answered = {acceptance.code for acceptance in offline_acceptances(work.connection, case.id)}
    is_late = offline_code(hash_of(record)) in answered
    if is_late and record.reason == "restart":
        return True
    _check_previous(previous, record)
    if case.state is CaseState.FROZEN:
        raise ApiError(ProblemCode.CASE_FROZEN, "the case is frozen; the company must open a new one")
    if case.end_requested:
        raise ApiError(ProblemCode.CASE_ENDED, "the technician has ended the case")
    _check_state(work, case, record, previous)
    return False


def check_start(work: Work, case: Case, record: SessionStart) -> None:
    """Refuse the record of a second start that nothing stands behind.

    Raises:
        ApiError: `record.conflict` (AnyDesk was started under it before), `record.unknown`, `record.wrong_hash`.
    """
    starts = (
        _read(r, SessionStart) for r in records_of_case(work.connection, case.id) if r.kind == "session_start"
    )
    if any(_under(start) == _under(record) for start in starts):
        raise ApiError(ProblemCode.RECORD_CONFLICT, "AnyDesk was started under this record before")
    if record.reopening_id is msgspec.UNSET:
        return
    reopening = record_by_id(work.connection, str(record.reopening_id))
    if reopening is None:
        answered = {a.code for a in offline_acceptances(work.connection, case.id) if a.record_id is None}
        if offline_code(str(record.reopening_hash)) not in answered:
            raise ApiError(ProblemCode.RECORD_UNKNOWN, "no reopening stands behind this start", status=409)
    elif (reopening.case_id, reopening.kind) != (case.id, "reopening"):
        raise ApiError(ProblemCode.RECORD_CASE, "reopening_id names no reopening of this case")
    elif reopening.record_hash != record.reopening_hash:
        raise ApiError(ProblemCode.RECORD_HASH, "reopening_hash is not the hash of the stored reopening")


def _under(start: SessionStart) -> str:
    """Return the id of the record that a start uses up."""
    return start.consent_id if start.reopening_id is msgspec.UNSET else str(start.reopening_id)


def counts(record: Restart) -> bool:
    """Tell whether a press on the restart button agrees to anything."""
    return is_deliberate(record.act, AgainControl.RESTART)


def _accidental_end(work: Work, case: Case, request: ReopenRequest) -> StoredRecord:
    ends = [r for r in records_of_case(work.connection, case.id) if r.kind == "session_end"]
    if not ends or ends[-1].record_hash != request.ended_record or case.consent_id != request.consent_id:
        raise _over("no such end is stored")
    if _read(ends[-1], SessionEnd).ended_by not in ACCIDENTAL_ENDS:
        raise _over("this session did not end by accident")
    return ends[-1]


def _check_consent(work: Work, case: Case, record: Restart | Reopening) -> bool:
    consent = record_by_id(work.connection, record.consent_id)
    if consent is not None:
        if (consent.case_id, consent.kind) != (case.id, "consent"):
            raise ApiError(ProblemCode.RECORD_CASE, "consent_id names no consent of this case")
        if record.consent_hash != consent.record_hash:
            raise ApiError(ProblemCode.RECORD_HASH, "consent_hash is not the hash of the stored consent")
        return consent.late
    waiting = {a.code for a in offline_acceptances(work.connection, case.id) if a.record_id is None}
    if offline_code(record.consent_hash) not in waiting:
        raise ApiError(
            ProblemCode.RECORD_UNKNOWN, "no consent and no offline acceptance stands behind this", status=409
        )
    return True


def _check_previous(previous: StoredRecord | None, record: Reopening) -> None:
    if previous is None:
        raise ApiError(ProblemCode.RECORD_UNKNOWN, "previous_record is not stored", status=409)
    if record.reason == "restart":
        is_followed = previous.kind == "restart" and counts(_read(previous, Restart))
    else:
        is_followed = (
            previous.kind == "session_end" and _read(previous, SessionEnd).ended_by in ACCIDENTAL_ENDS
        )
    if not is_followed:
        raise ApiError(ProblemCode.RECORD_INCOMPLETE, "previous_record is nothing that may be followed")


def _check_state(work: Work, case: Case, record: Reopening, previous: StoredRecord | None) -> None:
    stored_at = work.now if previous is None else moment_of(previous.stored_at)
    if record.reason == "restart":
        if case.state not in (CaseState.ORDERED, CaseState.IN_SESSION):
            raise ApiError(ProblemCode.CASE_ENDED, "the case is over")
        if work.now - stored_at > RETURN_LIMIT:
            raise _over("the time to come back after the restart is over")
        return
    if case.state is not CaseState.WORD_CONFIRMED:
        raise ApiError(ProblemCode.WORD_NEEDED, "the word was not confirmed for opening again")
    # The word was asked for in time; a few minutes on top for the button.
    if work.now - stored_at > 2 * timedelta(seconds=CaseRules().reopen_seconds):
        raise _over("the time for opening the session again is over")


def _read(stored: StoredRecord, kind: type[T]) -> T:
    return decode(stored.canonical, kind)


def _over(detail: str) -> ApiError:
    return ApiError(ProblemCode.REOPEN_OVER, detail)
