"""From the backend's answers to the codes that a customer sees: one table, nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from client_app.core.errors import CustomerError, ErrorCode
from client_app.services.retry import retry_after_seconds
from consent_record.canonical import decode
from consent_record.errors import MalformedError
from consent_record.wire import Problem, ProblemCode

CUSTOMER_CODES: dict[ProblemCode, ErrorCode] = {
    ProblemCode.MALFORMED: ErrorCode.ANSWER_UNEXPECTED,
    ProblemCode.SHAPE: ErrorCode.ANSWER_UNEXPECTED,
    ProblemCode.NOT_UTF8: ErrorCode.ANSWER_UNEXPECTED,
    ProblemCode.TOO_LARGE: ErrorCode.ANSWER_UNEXPECTED,
    ProblemCode.NOT_FOUND: ErrorCode.ANSWER_UNEXPECTED,
    ProblemCode.METHOD: ErrorCode.ANSWER_UNEXPECTED,
    ProblemCode.MEDIA_TYPE: ErrorCode.ANSWER_UNEXPECTED,
    ProblemCode.RATE_LIMITED: ErrorCode.TOO_MANY_TRIES,
    ProblemCode.TOKEN: ErrorCode.CASE_ENDED,
    ProblemCode.CODE_UNKNOWN: ErrorCode.CODE_UNKNOWN,
    ProblemCode.CODE_USED: ErrorCode.CODE_USED,
    ProblemCode.CODE_EXPIRED: ErrorCode.CODE_EXPIRED,
    ProblemCode.CASE_FROZEN: ErrorCode.CASE_FROZEN,
    ProblemCode.CASE_ENDED: ErrorCode.CASE_ENDED,
    ProblemCode.WORD_NEEDED: ErrorCode.RECORD_REFUSED,
    ProblemCode.REOPEN_OVER: ErrorCode.REOPEN_OVER,
    ProblemCode.RECORD_CONFLICT: ErrorCode.RECORD_REFUSED,
    ProblemCode.RECORD_CASE: ErrorCode.RECORD_REFUSED,
    ProblemCode.RECORD_HASH: ErrorCode.RECORD_REFUSED,
    ProblemCode.RECORD_INCOMPLETE: ErrorCode.RECORD_REFUSED,
    ProblemCode.RECORD_UNKNOWN: ErrorCode.ANSWER_UNEXPECTED,
    ProblemCode.DOCUMENT_UNKNOWN: ErrorCode.DOCUMENTS_CHANGED,
    ProblemCode.DOCUMENT_WITHDRAWN: ErrorCode.DOCUMENTS_CHANGED,
    ProblemCode.DOCUMENT_OUTDATED: ErrorCode.DOCUMENTS_CHANGED,
    ProblemCode.DOCUMENT_HASH: ErrorCode.DOCUMENTS_CHANGED,
    ProblemCode.PRICE_DIFFERS: ErrorCode.PRICE_CHANGED,
    ProblemCode.NO_DOCUMENTS: ErrorCode.DOCUMENTS_MISSING,
    ProblemCode.BUSY: ErrorCode.SERVER_TROUBLE,
    ProblemCode.INTERNAL: ErrorCode.SERVER_TROUBLE,
}
"""Every code of the wire but UNEXPECTED, which is judged by its status (a test compares)."""

FINAL = frozenset(
    {
        ProblemCode.MALFORMED,
        ProblemCode.SHAPE,
        ProblemCode.NOT_UTF8,
        ProblemCode.TOO_LARGE,
        ProblemCode.WORD_NEEDED,
        ProblemCode.REOPEN_OVER,
        ProblemCode.RECORD_CONFLICT,
        ProblemCode.RECORD_CASE,
        ProblemCode.RECORD_HASH,
        ProblemCode.RECORD_INCOMPLETE,
        ProblemCode.DOCUMENT_UNKNOWN,
        ProblemCode.DOCUMENT_WITHDRAWN,
        ProblemCode.DOCUMENT_OUTDATED,
        ProblemCode.DOCUMENT_HASH,
        ProblemCode.PRICE_DIFFERS,
        ProblemCode.NO_DOCUMENTS,
        ProblemCode.CASE_FROZEN,
        ProblemCode.CASE_ENDED,
    }
)
"""Answers that will be the same however often a record is sent: it is parked. A wrong token is not among them: a
backend that was restored from its backup may know the case again tomorrow."""


class BackendProblemError(CustomerError):
    """The backend answered with a refusal.

    Attributes:
        problem: the stable code of the wire, UNEXPECTED when it is none that this program knows.
        status: HTTP status.
    """

    def __init__(
        self, code: ErrorCode, problem: ProblemCode, status: int, retry_after: float | None = None
    ) -> None:
        super().__init__(code, f"{problem.value} (HTTP {status})", retry_after)
        self.problem = problem
        self.status = status

    @property
    def is_final(self) -> bool:
        """Whether the same request will be refused again whenever it is sent."""
        return self.problem in FINAL


def problem_of(
    status: int, headers: Mapping[str, str], body_untrusted: bytes, now: datetime
) -> BackendProblemError:
    """Return the error for an answer that is no success.

    Args:
        status: HTTP status, not 2xx.
        headers: by lower-case name.
        body_untrusted: the answer; problem+json (RFC 9457) when it is the backend's own.
        now: aware, for a Retry-After that is a date.
    """
    problem = _code_of(headers, body_untrusted)
    code = CUSTOMER_CODES.get(problem) or _code_by_status(status)
    return BackendProblemError(code, problem, status, retry_after_seconds(headers.get("retry-after"), now))


def _code_of(headers: Mapping[str, str], body_untrusted: bytes) -> ProblemCode:
    if not headers.get("content-type", "").lower().startswith("application/problem+json"):
        return ProblemCode.UNEXPECTED
    try:
        return ProblemCode(decode(body_untrusted, Problem).code)
    except (MalformedError, msgspec.MsgspecError, ValueError):
        return ProblemCode.UNEXPECTED


def _code_by_status(status: int) -> ErrorCode:
    if status == 429:
        return ErrorCode.TOO_MANY_TRIES
    if status == 407:
        return ErrorCode.NO_CONNECTION
    return ErrorCode.SERVER_TROUBLE if status >= 500 else ErrorCode.ANSWER_UNEXPECTED
