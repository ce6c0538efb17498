"""Records of this run behind `ConsentPort`: made, stored durably, sent, verified; and the two ways to a permission."""

from __future__ import annotations

import logging
from pathlib import Path

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.ports import AnswerResult, StartPermission, VerifiedReceipt
from client_app.core.session import Act, ConsentView, Document, ReopenReason, Session, StopReason
from client_app.services import again, permission, receipts
from client_app.services.delivery import Delivery
from client_app.services.files import write_atomically
from client_app.services.outbox import ANSWER_TRIES, NewRow, Outbox, Row, RowState
from client_app.services.records import REFUSALS, Maker
from client_app.services.run import JoinedCase, Run
from consent_record.canonical import canonical_bytes, sha256_hex
from consent_record.codes import ANSWER_DIGITS, is_offline_answer, offline_code
from consent_record.records import Consent, Record, SessionEnd

_log = logging.getLogger(__name__)

CONSENT_KIND = "consent"
ACCEPTED_BY_PHONE = frozenset({CONSENT_KIND, again.REOPENING_KIND})
"""Records that the technician's side can accept by phone."""


class ConsentService:
    """`ConsentPort` over outbox and delivery. Safe from several worker threads."""

    def __init__(self, run: Run, maker: Maker, outbox: Outbox, delivery: Delivery, *, root_key: str) -> None:
        """Prepare; nothing is opened or sent.

        Args:
            run: shared with the backend's service.
            maker: of records.
            outbox: of this user.
            delivery: over the same outbox.
            root_key: the pinned root, hexadecimal.
        """
        self._run = run
        self._maker = maker
        self._outbox = outbox
        self._delivery = delivery
        self._root_key = root_key

    def store_consent(self, session: Session) -> ConsentView:
        """Build the order and store it durably; nothing has been sent when this returns.

        Raises:
            CustomerError: DOCUMENTS_CHANGED or PRICE_CHANGED (the page and the signed statement differ),
                NO_PERMISSION (code and word were not confirmed), CANNOT_STORE, ALREADY_RUNNING, INTERNAL.
        """
        case = self._run.confirmed_case()
        _check_shown(session, case)
        last = self._outbox.last_verified(case.case_id, CONSENT_KIND)
        record = self._maker.consent(session, case, previous_record=last.record_hash if last else None)
        row = self._store(record, case)
        return ConsentView(row.record_id, row.record_hash, offline_code(row.record_hash))

    def send(self, record_id: str) -> VerifiedReceipt:
        """Send a stored record and verify its receipt; safe to repeat."""
        return self._delivery.send(record_id)

    def send_due(self) -> tuple[tuple[VerifiedReceipt, ...], float | None]:
        """Send what is due; see `ConsentPort.send_due`."""
        return self._delivery.send_due()

    def check_answer(self, record_id: str, text_untrusted: str) -> AnswerResult:
        """Check the eight digits; each full try is counted durably before it is compared.

        Raises:
            CustomerError: NO_PERMISSION: no such order of this run, or code and word were not confirmed in it.
        """
        case, secret = self._run.confirmed_case(), self._run.case_secret()
        row = self._outbox.get(record_id)
        is_ours = row is not None and (row.kind, row.case_id, row.run_id, row.state) == (
            row.kind if row.kind in ACCEPTED_BY_PHONE else CONSENT_KIND,
            case.case_id,
            self._run.run_id,
            RowState.UNSENT,
        )
        if row is None or not is_ours:
            raise CustomerError(ErrorCode.NO_PERMISSION, "no order of this run waits for an answer")
        digits = "".join(c for c in text_untrusted if not c.isspace() and c not in "-–.")
        if len(digits) != ANSWER_DIGITS or not (digits.isascii() and digits.isdigit()):
            # Not a guess: nothing can be learned from an answer that is too short.
            return AnswerResult(False, ANSWER_TRIES - row.answer_tries)
        left = self._outbox.take_answer_try(record_id)
        if left is None:
            return AnswerResult(False, 0)
        code = offline_code(sha256_hex(row.record))
        if not is_offline_answer(digits, case_secret=secret, case_id=case.case_id, code=code):
            _log.warning("offline_answer_wrong", extra={"count": left})
            return AnswerResult(False, left)
        self._outbox.note_answer(record_id, answer=digits, run_id=self._run.run_id)
        _log.info("offline_answer_right")
        return AnswerResult(True, left)

    def permission(self, record_id: str) -> StartPermission:
        """Read the stored evidence again and give leave to start, else raise NO_PERMISSION."""
        try:
            return permission.grant(
                self._outbox.get(record_id),
                self._run,
                history=self._outbox.of_run(self._run.run_id),
                root_key=self._root_key,
            )
        except CustomerError as error:
            _log.warning("no_permission", extra={"code": error.code})
            raise

    def store_refusal(self, session: Session, reason: StopReason) -> None:
        """Store a refusal, without name and e-mail; nothing where the company itself stopped the case."""
        if reason in REFUSALS:
            case = self._run.case()
            self._store(self._maker.refusal(session, case, reason), case)

    def store_restart(self, session: Session, act: Act) -> tuple[str, str]:
        """Store a press on the restart button, whether it counts or not; return the record's id and hash."""
        case = self._run.confirmed_case()
        row = self._store(self._maker.restart(session, case, _consent_of(session), act), case)
        return row.record_id, row.record_hash

    def store_reopening(self, session: Session, act: Act, reason: ReopenReason) -> ConsentView:
        """Store that AnyDesk is to be started once more; it names what came before.

        Raises:
            CustomerError: NO_PERMISSION: nothing came before that may be followed by another start.
        """
        case = self._run.confirmed_case()
        kind = "restart" if reason is ReopenReason.RESTART else "session_end"
        before = [row for row in self._outbox.of_run(self._run.run_id) if row.kind == kind]
        if kind == "restart":
            before = [row for row in before if again.is_agreed_restart(row)]
        if not before:
            raise CustomerError(ErrorCode.NO_PERMISSION, f"no {kind} that could be followed")
        record = self._maker.reopening(
            session, case, _consent_of(session), act, reason=reason, previous_record=before[-1].record_hash
        )
        row = self._store(record, case)
        return ConsentView(row.record_id, row.record_hash, offline_code(row.record_hash))

    def last_end(self) -> tuple[str, str]:
        """Return the order's id and the hash of the record of the last end; see `ConsentPort.last_end`."""
        ends = [row for row in self._outbox.of_run(self._run.run_id) if row.kind == "session_end"]
        if not ends:
            raise CustomerError(ErrorCode.NO_PERMISSION, "no session of this run has ended")
        try:
            return again.read(ends[-1], SessionEnd).consent_id, ends[-1].record_hash
        except again.NotAgainError as error:
            raise CustomerError(ErrorCode.NO_PERMISSION, str(error)) from error

    def store_session_start(self, session: Session, anydesk_sha256: str) -> None:
        """Store that AnyDesk was started under the consent, and which of the two ways led to it."""
        case, consent = self._run.case(), _consent_of(session)
        row = self._outbox.get((session.reopening or consent).record_id)
        offline = row is not None and bool(row.answer)
        record = self._maker.session_start(
            session,
            case,
            consent_id=consent.record_id,
            consent_hash=consent.record_hash,
            offline=offline,
            anydesk_sha256=anydesk_sha256,
            reopening=session.reopening,
        )
        self._store(record, case)

    def store_session_end(self, session: Session) -> None:
        """Store who was connected and how it ended, and the closing facts."""
        case, consent = self._run.case(), _consent_of(session)
        self._store(self._maker.session_end(session, case, consent_id=consent.record_id), case)
        self._store(self._maker.closing(session, case, consent_id=consent.record_id), case)

    def unsent(self) -> int:
        """Number of records without a verified receipt; 0 after removal."""
        return 0 if self._outbox.is_closed else len(self._outbox.without_receipt())

    def receipt_bytes(self, record_id: str) -> bytes | None:
        """Return the receipt file of a record, verified anew; None when it has none.

        Raises:
            CustomerError: RECEIPT_WRONG: what is stored does not check out.
        """
        row = self._outbox.get(record_id)
        if row is None or row.receipt is None:
            return None
        receipts.verify(row.receipt, row, root_key=self._root_key)
        return row.receipt

    def export_unsent(self, folder: Path) -> tuple[Path, ...]:
        """Save the records without a receipt as files in `folder`, each whole and durable.

        Raises:
            CustomerError: CANNOT_SAVE: the folder does not take them. What was written stays.
        """
        saved = []
        for row in self._outbox.without_receipt():
            path = folder / f"{row.kind}-{row.record_id}.json"
            try:
                write_atomically(path, row.record)
            except OSError as error:
                raise CustomerError(ErrorCode.CANNOT_SAVE, type(error).__name__) from error
            self._outbox.note_export(row.record_id, path)
            saved.append(path)
        return tuple(saved)

    def _store(self, record: Record, case: JoinedCase) -> NewRow:
        data = canonical_bytes(record)
        row = NewRow(
            record_id=record.record_id,
            kind=_kind(record),
            case_id=record.case_id,
            run_id=record.run_id,
            record=data,
            record_hash=sha256_hex(data),
            token=case.token,
        )
        self._outbox.add(row)
        _log.info("record_stored", extra={"record_kind": row.kind, "record_id": row.record_id})
        return row


def is_exported(row: Row) -> bool:
    """Tell whether the customer's copy of a record lies where it was saved, byte for byte."""
    if not row.exported_to:
        return False
    try:
        return Path(row.exported_to).read_bytes() == row.record
    except OSError:
        return False


def _check_shown(session: Session, case: JoinedCase) -> None:
    """Check that what the page showed is what the company signed for this case."""
    if session.case is None or session.case.case_id != case.case_id:
        raise CustomerError(ErrorCode.INTERNAL, "the session is of another case")
    price = case.statement.price
    shown = session.case.price
    if (shown.amount, shown.currency, shown.description) != (price.amount, price.currency, price.description):
        raise CustomerError(ErrorCode.PRICE_CHANGED, "the page shows another price than the statement")
    signed = {(d.kind.value, d.sha256) for d in case.statement.documents}
    for kind in Document:
        text = session.binding_document(kind)
        if text is not None and (kind.value, text.sha256) not in signed:
            raise CustomerError(ErrorCode.DOCUMENTS_CHANGED, f"{kind.value} is not the statement's")
    if session.binding_document(Document.TERMS) is None:
        raise CustomerError(ErrorCode.DOCUMENTS_MISSING, "no terms")


def _consent_of(session: Session) -> ConsentView:
    if session.consent is None:
        raise CustomerError(ErrorCode.INTERNAL, "a session without a consent")
    return session.consent


def _kind(record: Record) -> str:
    return CONSENT_KIND if isinstance(record, Consent) else str(record.__struct_config__.tag)
