"""The outermost layer of every request: a limit on how long a body may take, headers that browsers obey.

Pages load nothing but our own files: no inline script or style, no frame, no foreign host (CSP level 3).
"""

import asyncio
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from consent_backend.api.errors import log_unforeseen
from consent_backend.problems import MEDIA_TYPE, ApiError, answer_to
from consent_record.wire import ProblemCode

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS: list[tuple[bytes, bytes]] = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode("ascii")),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]


class Shield:
    """ASGI application around the framework's.

    Args:
        app: the framework's application.
        body_seconds: a body must be here within this time.
    """

    def __init__(self, app: ASGIApp, body_seconds: float) -> None:
        self._app = app
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        sender = _Sender(send)
        try:
            await self._app(scope, _timed(receive, self._body_seconds), sender)
        except Exception as error:
            log_unforeseen(error)
            if sender.has_started:
                raise
            await _send_problem(sender, ApiError(ProblemCode.INTERNAL, "an error in the backend"))


class _Sender:
    """Adds the headers and notes whether an answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_started = True
            headers = list(message.get("headers", []))
            if not any(name.lower() == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            message["headers"] = headers + HEADERS
        await self._send(message)


def _timed(receive: Receive, seconds: float) -> Receive:
    deadline = asyncio.get_running_loop().time() + seconds
    is_complete = False

    async def timed() -> Any:
        nonlocal is_complete
        if is_complete:
            # The body is here; what is awaited now is the other side's going away.
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError as error:
            raise ApiError(ProblemCode.MALFORMED, "the body took too long", status=408) from error
        is_complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return timed


async def _send_problem(send: _Sender, error: ApiError) -> None:
    answer = answer_to(error)
    headers = [
        (b"content-type", MEDIA_TYPE.encode("ascii")),
        (b"content-length", str(len(answer.body)).encode("ascii")),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})
