"""Leave to start AnyDesk: made here and nowhere else, from what lies in the outbox at this moment.

Rule: two ways and no third, and both only for an order of this run. Either a receipt that checks out against the pinned
root, the stored bytes, the ids and this run's case; or a right offline answer that checks out against the case secret
once more. And once: under what AnyDesk was started it is never started again. Then only a reopening of the same order,
with a receipt or an answer of its own, leads here.
"""

from __future__ import annotations

from collections.abc import Sequence

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.ports import PERMISSION_SEAL, StartPermission
from client_app.services import again, receipts
from client_app.services.outbox import Row, RowState
from client_app.services.run import Run
from consent_record.canonical import decode_canonical, sha256_hex
from consent_record.codes import is_offline_answer, offline_code
from consent_record.errors import RecordError
from consent_record.records import Consent


def grant(row: Row | None, run: Run, *, history: Sequence[Row], root_key: str) -> StartPermission:
    """Return the permission that a stored row gives in this run.

    Args:
        row: just read from the outbox; None when there is none.
        run: whose code and word were confirmed online.
        history: every record of this run, oldest first, just read from the outbox.
        root_key: the pinned root, hexadecimal.

    Raises:
        CustomerError: NO_PERMISSION; `detail` says for the log what is missing.
    """
    case = run.confirmed_case()
    if row is None:
        raise _refused("no such record")
    if row.case_id != case.case_id:
        raise _refused("record of another case")
    if row.run_id != run.run_id:
        # Whoever ordered may not be the one who sits there now: another run asks for word and order anew.
        raise _refused("order of another run")
    try:
        again.check_unused(row, history)
        if row.kind == again.REOPENING_KIND:
            consent = again.check_reopening(row, history)
            _check_record(consent)
            by_phone = check_evidence(consent, run, root_key=root_key)
            if row.answer and row.state is RowState.UNSENT and not by_phone and not consent.answer:
                raise _refused("only what was ordered by phone goes on by phone")
            if row.state is RowState.UNSENT and not again.follows_restart(row):
                raise _refused("after an accidental end only the backend opens again: it holds the word")
        else:
            _check_record(row)
    except again.NotAgainError as error:
        raise _refused(str(error)) from error
    offline = check_evidence(row, run, root_key=root_key)
    return StartPermission(
        record_id=row.record_id,
        record_hash=row.record_hash,
        case_id=row.case_id,
        offline=offline,
        seal=PERMISSION_SEAL,
    )


def check_evidence(row: Row, run: Run, *, root_key: str) -> bool:
    """Check the receipt or the answer of a stored record; return whether it is the answer by phone.

    Raises:
        CustomerError: NO_PERMISSION: there is neither, or it does not check out.
    """
    if row.state is RowState.VERIFIED:
        _check_receipt(row, root_key)
        return False
    if row.state is RowState.UNSENT and row.answer:
        _check_answer(row, run)
        return True
    raise _refused(f"record is {row.state.value}, without receipt or answer")


def _check_record(row: Row) -> None:
    if sha256_hex(row.record) != row.record_hash:
        raise _refused("stored bytes and stored hash differ")
    try:
        consent = decode_canonical(row.record, Consent)
    except RecordError as error:
        raise _refused(f"no consent: {error.code}") from error
    if (consent.record_id, consent.case_id, consent.run_id) != (row.record_id, row.case_id, row.run_id):
        raise _refused("stored record and stored ids differ")


def _check_receipt(row: Row, root_key: str) -> None:
    try:
        receipts.verify(row.receipt or b"", row, root_key=root_key)
    except CustomerError as error:
        raise _refused(error.detail) from error


def _check_answer(row: Row, run: Run) -> None:
    if not row.run_id == row.answer_run == run.run_id:
        raise _refused("the answer was given in another run")
    is_right = is_offline_answer(
        row.answer, case_secret=run.case_secret(), case_id=row.case_id, code=offline_code(row.record_hash)
    )
    if not is_right:
        raise _refused("the stored answer is not the right one")


def _refused(detail: str) -> CustomerError:
    return CustomerError(ErrorCode.NO_PERMISSION, detail)
