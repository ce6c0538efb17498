"""Every error as problem+json (the console's pages make a page of it), those of the framework included."""

import logging
import traceback
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from consent_backend.problems import MEDIA_TYPE, N_, ApiError, answer_to
from consent_record.wire import ProblemCode

LOG = logging.getLogger("consent_backend")

_BY_STATUS = {
    401: ProblemCode.TOKEN,
    404: ProblemCode.NOT_FOUND,
    405: ProblemCode.METHOD,
    413: ProblemCode.TOO_LARGE,
    415: ProblemCode.MEDIA_TYPE,
    429: ProblemCode.RATE_LIMITED,
}
_SENTENCES = {
    404: N_("there is nothing at this address"),
    405: N_("this address does not take this method"),
    413: N_("the body is larger than allowed"),
}


def as_api_error(error: Exception) -> ApiError:
    """Turn any exception into a refusal; what nobody foresaw is logged without the data that it holds."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, ValidationException):
        return ApiError(ProblemCode.MALFORMED, "the body is missing")
    if isinstance(error, HTTPException) and error.status_code < 500:
        code = _BY_STATUS.get(error.status_code, ProblemCode.MALFORMED)
        detail = _SENTENCES.get(error.status_code, N_("the request cannot be read"))
        return ApiError(code, detail, status=error.status_code, headers=dict(error.headers or {}))
    if isinstance(error, HTTPException) and "disconnected" in error.detail:
        return ApiError(ProblemCode.MALFORMED, "the connection ended before the request did")
    log_unforeseen(error)
    return ApiError(ProblemCode.INTERNAL, N_("an error in the backend; it was written down"))


def log_unforeseen(error: BaseException) -> None:
    """Log where an error arose and of which kind it is; its message may hold personal data and is left out."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    LOG.error("unforeseen %s\n%s", type(error).__name__, frames)


def problem_response(_request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Exception handler of the API."""
    answer = answer_to(as_api_error(error))
    return Response(
        content=answer.body, status_code=answer.status, media_type=MEDIA_TYPE, headers=answer.headers
    )
