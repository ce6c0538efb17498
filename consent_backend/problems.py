"""Refusals: one code, one status and one sentence each; every error that leaves the API is made here."""

import enum
from dataclasses import dataclass, field

import msgspec

from consent_record.wire import Problem, ProblemCode

MEDIA_TYPE = "application/problem+json"


class ConsoleCode(enum.Enum):
    """Stable codes of the console's own refusals; the client program never meets them."""

    SIGNED_OUT = "console.signed_out"
    WRONG_PASSWORD = "console.wrong_password"
    PASSWORD_CHANGE = "console.password_change"
    WEAK_PASSWORD = "console.weak_password"
    CSRF = "console.csrf"
    NO_NUMBERS = "console.no_numbers"
    BAD_INPUT = "console.bad_input"
    NOT_NOW = "console.not_now"
    OFFLINE_CODE = "console.offline_code"


Code = ProblemCode | ConsoleCode


def N_(text: str) -> str:  # noqa: N802 - gettext's name for "marked here, translated where it is shown"
    """Mark a text for translation; the console translates it, the API sends it as it is."""
    return text


STATUS: dict[Code, int] = {
    ProblemCode.MALFORMED: 400,
    ProblemCode.SHAPE: 422,
    ProblemCode.NOT_UTF8: 400,
    ProblemCode.TOO_LARGE: 413,
    ProblemCode.NOT_FOUND: 404,
    ProblemCode.METHOD: 405,
    ProblemCode.MEDIA_TYPE: 415,
    ProblemCode.RATE_LIMITED: 429,
    ProblemCode.TOKEN: 401,
    ProblemCode.CODE_UNKNOWN: 404,
    ProblemCode.CODE_USED: 409,
    ProblemCode.CODE_EXPIRED: 409,
    ProblemCode.CASE_FROZEN: 409,
    ProblemCode.CASE_ENDED: 409,
    ProblemCode.REOPEN_OVER: 409,
    ProblemCode.WORD_NEEDED: 403,
    ProblemCode.RECORD_CONFLICT: 409,
    ProblemCode.RECORD_CASE: 403,
    ProblemCode.RECORD_HASH: 400,
    ProblemCode.RECORD_INCOMPLETE: 422,
    ProblemCode.RECORD_UNKNOWN: 404,
    ProblemCode.DOCUMENT_UNKNOWN: 422,
    ProblemCode.DOCUMENT_WITHDRAWN: 409,
    ProblemCode.DOCUMENT_OUTDATED: 409,
    ProblemCode.DOCUMENT_HASH: 422,
    ProblemCode.PRICE_DIFFERS: 409,
    ProblemCode.NO_DOCUMENTS: 409,
    ProblemCode.BUSY: 503,
    ProblemCode.INTERNAL: 500,
    ProblemCode.UNEXPECTED: 500,
    ConsoleCode.SIGNED_OUT: 401,
    ConsoleCode.WRONG_PASSWORD: 401,
    ConsoleCode.PASSWORD_CHANGE: 403,
    ConsoleCode.WEAK_PASSWORD: 422,
    ConsoleCode.CSRF: 403,
    ConsoleCode.NO_NUMBERS: 409,
    ConsoleCode.BAD_INPUT: 422,
    ConsoleCode.NOT_NOW: 409,
    ConsoleCode.OFFLINE_CODE: 422,
}
"""Status of each code; one table, so that a code means one thing. Few places ask for another status."""

TITLES: dict[int, str] = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Request took too long",
    409: "Not possible now",
    413: "Too large",
    415: "Media type not supported",
    422: "Content not accepted",
    429: "Too many requests",
    500: "Error in the backend",
    503: "Busy",
}


class ApiError(Exception):
    """A request was refused.

    Attributes:
        code: stable code, decides the status.
        detail: one English sentence without anything the sender wrote.
        headers: HTTP headers that belong to the refusal (Retry-After, Allow).
        template, values: what `detail` was made of, so that the console can show it in another language.
        keeps_writes: True when what the act wrote before refusing (an alert, a counted guess) must stay.
    """

    def __init__(
        self,
        code: Code,
        detail: str,
        *,
        values: dict[str, int] | None = None,
        status: int | None = None,
        headers: dict[str, str] | None = None,
        keeps_writes: bool = False,
    ) -> None:
        self.template = detail
        self.values = values
        self.detail = detail.format(**values) if values else detail
        super().__init__(f"{code.value}: {self.detail}")
        self.code = code
        self.status = status or STATUS[code]
        self.headers = dict(headers or {})
        self.keeps_writes = keeps_writes
        if self.status == 401:
            self.headers.setdefault("WWW-Authenticate", "Bearer")


class PublishError(Exception):
    """A document is not published or withdrawn; the message is one sentence for the person who tried."""


def too_many(detail: str, retry_after_seconds: int, *, keeps_writes: bool = False) -> ApiError:
    """Return the refusal of a request that came too often."""
    headers = {"Retry-After": str(max(1, retry_after_seconds))}
    return ApiError(ProblemCode.RATE_LIMITED, detail, headers=headers, keeps_writes=keeps_writes)


def busy(detail: str = N_("the backend is busy; come again in a moment")) -> ApiError:
    """Return the refusal of a request for which the database had no time."""
    return ApiError(ProblemCode.BUSY, detail, headers={"Retry-After": "2"})


@dataclass(frozen=True)
class ProblemAnswer:
    """A refusal as HTTP: status, headers and the problem+json body."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def answer_to(error: ApiError) -> ProblemAnswer:
    """Return the problem+json form (RFC 9457) of a refusal."""
    problem = Problem(
        title=TITLES.get(error.status, "Refused"),
        status=error.status,
        code=error.code.value,
        detail=error.detail,
    )
    return ProblemAnswer(error.status, msgspec.json.encode(problem), error.headers)
