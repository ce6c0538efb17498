"""Reading requests strictly: JSON in UTF-8 of exactly the declared type, a bearer token, a content digest."""

import base64
import binascii
import re
from typing import Any

from litestar import Request

from consent_backend.problems import N_, ApiError
from consent_record.canonical import decode
from consent_record.errors import MalformedError
from consent_record.wire import ProblemCode

_BEARER = re.compile(r"Bearer ([0-9a-f]{64})", re.IGNORECASE)
_DIGEST = re.compile(r"(?:^|,)[ \t]*sha-256=:([A-Za-z0-9+/]{43}=):[ \t]*(?:,|$)")
_IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class StrictRequest(Request[Any, Any, Any]):
    """A request whose body is decoded straight into the handler's `data` type by consent_record's own reader.

    So the rules are the same as everywhere (unknown fields and wrong types refused), and each fault has its code.
    """

    async def json(self) -> Any:
        """Return the body as the type that the handler declares.

        Raises:
            ApiError: `request.media_type`, `request.not_utf8`, `request.malformed`, `request.shape`.
        """
        if self.content_type[0] != "application/json":
            raise ApiError(ProblemCode.MEDIA_TYPE, "send application/json")
        field = self.route_handler.parsed_data_field
        if field is None:
            raise TypeError("the handler declares no body")
        return decode_body(await self.body(), field.annotation)


def decode_body(data_untrusted: bytes, kind: Any) -> Any:
    """Decode a JSON body.

    Raises:
        ApiError: `request.not_utf8`, `request.malformed` or `request.shape`; the detail names the field.
    """
    try:
        data_untrusted.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ApiError(ProblemCode.NOT_UTF8, f"byte {error.start} of the body is not UTF-8") from error
    try:
        return decode(data_untrusted, kind)
    except MalformedError as error:
        is_shape = error.code == "json.shape"
        raise ApiError(ProblemCode.SHAPE if is_shape else ProblemCode.MALFORMED, error.reason) from error


def bearer_token(request: Request[Any, Any, Any]) -> str:
    """Return the token of `Authorization: Bearer`.

    Raises:
        ApiError: `case.token`.
    """
    match = _BEARER.fullmatch(request.headers.get("authorization", ""))
    if match is None:
        raise ApiError(ProblemCode.TOKEN, "a bearer token of 64 hexadecimal digits is needed")
    return match[1].lower()


def identifier(text_untrusted: str) -> str:
    """Return an id from the address.

    Raises:
        ApiError: `request.not_found`, for nothing can be there.
    """
    if _IDENTIFIER.fullmatch(text_untrusted) is None:
        raise ApiError(ProblemCode.NOT_FOUND, N_("there is nothing at this address"))
    return text_untrusted


def content_digest(request: Request[Any, Any, Any]) -> bytes:
    """Return the SHA-256 of the Content-Digest header (RFC 9530).

    Raises:
        ApiError: `record.wrong_hash` when it is missing or malformed.
    """
    match = _DIGEST.search(request.headers.get("content-digest", ""))
    if match is not None:
        try:
            return base64.b64decode(match[1], validate=True)
        except binascii.Error:
            match = None
    raise ApiError(ProblemCode.RECORD_HASH, "the header Content-Digest with sha-256=:...: is needed")
