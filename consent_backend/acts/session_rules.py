"""When records of a session are taken: only after a consent or an offline acceptance whose record is under way."""

from consent_backend.problems import ApiError
from consent_backend.store.cases import Case, offline_acceptances
from consent_backend.store.records import record_by_id
from consent_backend.store.work import Work
from consent_record.codes import offline_code
from consent_record.records import ClosingProof, SessionEnd, SessionStart
from consent_record.wire import ProblemCode

SessionRecord = SessionStart | SessionEnd | ClosingProof


def check_session_record(work: Work, case: Case, record: SessionRecord) -> bool:
    """Refuse a session's record without a consent behind it.

    Returns:
        True when the consent was or is being accepted offline: the record is late.

    Raises:
        ApiError: `record.unknown`, `record.other_case` or `record.wrong_hash`.
    """
    consent = record_by_id(work.connection, record.consent_id)
    if consent is not None:
        if consent.case_id != case.id or consent.kind != "consent":
            raise ApiError(ProblemCode.RECORD_CASE, "consent_id names no consent of this case")
        if isinstance(record, SessionStart) and record.consent_hash != consent.record_hash:
            raise ApiError(ProblemCode.RECORD_HASH, "consent_hash is not the hash of the stored consent")
        return consent.late
    answered = offline_acceptances(work.connection, case.id)
    waiting = {acceptance.code for acceptance in answered if acceptance.record_id is None}
    is_known = (
        offline_code(record.consent_hash) in waiting if isinstance(record, SessionStart) else bool(waiting)
    )
    if not is_known:
        raise ApiError(
            ProblemCode.RECORD_UNKNOWN, "no consent and no offline acceptance stands behind this", status=409
        )
    return True
