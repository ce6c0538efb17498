"""Storing a record and answering with its receipt: once for each id, for ever the same bytes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from consent_backend.acts.consent_rules import Judged, check_consent
from consent_backend.acts.joining import case_of_record
from consent_backend.acts.moving import AlertKind, move
from consent_backend.acts.reopening import check_reopening, check_restart, check_start, counts
from consent_backend.acts.session_rules import check_session_record
from consent_backend.case_states import Trigger
from consent_backend.keyring import Keyring
from consent_backend.problems import ApiError, too_many
from consent_backend.settings import RECORDS_PER_CASE
from consent_backend.store.cases import (
    Case,
    change_case,
    fulfil_offline_acceptance,
    offline_acceptances,
)
from consent_backend.store.events import add_alert, add_event
from consent_backend.store.records import StoredRecord, add_record, record_by_id
from consent_backend.store.work import Work
from consent_record.acts import is_injected
from consent_record.canonical import canonical_bytes
from consent_record.codes import offline_code
from consent_record.receipt import make_receipt
from consent_record.records import (
    Act,
    ClosingProof,
    Consent,
    Record,
    Refusal,
    Reopening,
    Restart,
    SessionEnd,
    SessionStart,
)
from consent_record.wire import ProblemCode

_REFUSALS = {
    "refused": Trigger.REFUSED,
    "timed_out": Trigger.REFUSED,
    "postponed": Trigger.POSTPONED,
    "not_them": Trigger.NOT_THEM,
    "wrong_word": Trigger.WORD_WRONG,
}


@dataclass(frozen=True)
class Arrived:
    """A record as it came in: its id from the address, itself, its canonical bytes and their hash."""

    record_id: str
    record: Record
    canonical: bytes
    record_hash: str


def store_record(work: Work, keyring: Keyring, token: str, arrived: Arrived) -> bytes:
    """Store a record and return the canonical bytes of its receipt.

    The same id with the same content gets the same receipt again, whatever has become of the case since.

    Raises:
        ApiError: with the reason why the record is not taken.
    """
    case, is_former = case_of_record(work, token)
    stored = record_by_id(work.connection, arrived.record_id)
    if stored is not None:
        if stored.case_id == case.id and stored.record_hash == arrived.record_hash:
            return stored.receipt
        raise ApiError(ProblemCode.RECORD_CONFLICT, "another record is stored under this id")
    if arrived.record.record_id != arrived.record_id:
        raise ApiError(ProblemCode.RECORD_CONFLICT, "the record's id is not the one in the address")
    if arrived.record.case_id != case.id:
        raise ApiError(ProblemCode.RECORD_CASE, "the record belongs to another case")
    if is_former and not isinstance(arrived.record, Refusal):
        raise ApiError(ProblemCode.TOKEN, "a newer run of the program has taken this case over")
    if case.record_count >= RECORDS_PER_CASE:
        raise too_many("this case has stored all the records that it may", 3600)
    is_late = _judge(work, case, arrived)
    receipt = _receipt(work, keyring, arrived, is_late=is_late)
    kind = kind_of(arrived.record)
    add_record(
        work,
        StoredRecord(
            record_id=arrived.record_id,
            case_id=case.id,
            kind=kind,
            record_hash=arrived.record_hash,
            late=is_late,
            stored_at=work.now_text,
            canonical=arrived.canonical,
            receipt=receipt,
        ),
    )
    change_case(work, case.id, record_count=case.record_count + 1, **_consent_of(arrived))
    add_event(work, case.id, f"record.{kind}", detail="late" if is_late else "")
    if not is_former:
        _take_effect(work, case, arrived, is_late=is_late)
    return receipt


def kind_of(record: Record) -> str:
    """Return the `kind` that a record has in JSON."""
    return str(record.__struct_config__.tag)


def _judge(work: Work, case: Case, arrived: Arrived) -> bool:
    record = arrived.record
    if isinstance(record, Consent):
        code = offline_code(arrived.record_hash)
        is_late = code in {a.code for a in offline_acceptances(work.connection, case.id)}
        check_consent(work.connection, Judged(case, record, is_late))
        return is_late
    if isinstance(record, SessionStart | SessionEnd | ClosingProof):
        is_late = check_session_record(work, case, record)
        if isinstance(record, SessionStart):
            check_start(work, case, record)
        return is_late
    if isinstance(record, Restart):
        return check_restart(work, case, record)
    if isinstance(record, Reopening):
        return check_reopening(work, case, record)
    return False


def _receipt(work: Work, keyring: Keyring, arrived: Arrived, *, is_late: bool) -> bytes:
    receipt = make_receipt(
        arrived.record,
        key=keyring.receipt.key,
        certificate=keyring.receipt.certificate,
        receipt_id=str(uuid4()),
        salt=secrets.token_hex(32),
        server_time=work.now_text,
        late=is_late,
    )
    return canonical_bytes(receipt)


def _consent_of(arrived: Arrived) -> dict[str, str]:
    if not isinstance(arrived.record, Consent):
        return {}
    return {"consent_id": arrived.record_id, "consent_hash": arrived.record_hash}


def _take_effect(work: Work, case: Case, arrived: Arrived, *, is_late: bool) -> None:
    record = arrived.record
    if isinstance(record, Consent):
        if is_late:
            fulfil_offline_acceptance(work, case.id, offline_code(arrived.record_hash), arrived.record_id)
        move(work, case, Trigger.ORDERED)
        _note_origin(work, case, record.acts)
    elif isinstance(record, Refusal):
        move(work, case, _REFUSALS[record.reason])
    elif isinstance(record, SessionStart):
        move(work, case, Trigger.SESSION_STARTED)
    elif isinstance(record, SessionEnd):
        restarting = record.ended_by == "restart"
        move(work, case, Trigger.RESTARTING if restarting else Trigger.SESSION_ENDED)
    elif isinstance(record, Restart):
        add_event(work, case.id, "restart_agreed" if counts(record) else "restart_not_counted")
    elif isinstance(record, Reopening):
        if is_late:
            fulfil_offline_acceptance(work, case.id, offline_code(arrived.record_hash), arrived.record_id)
        move(work, case, Trigger.ORDERED)
        _note_origin(work, case, (record.act,))
    elif any(fact.holds is False for fact in record.facts):
        add_alert(work, case.id, AlertKind.NOT_CLOSED.value)


def _note_origin(work: Work, case: Case, made: Sequence[Act]) -> None:
    """Tell the technician, calmly, that another program made the press: it counts, and the record says so."""
    if is_injected(*made):
        add_event(work, case.id, AlertKind.INJECTED_PRESS.value)
        add_alert(work, case.id, AlertKind.INJECTED_PRESS.value)
