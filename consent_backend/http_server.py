"""uvicorn with what it lacks: a limit on slow heads, problem+json for what is no HTTP, a stop that ends streams."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Generator
from types import FrameType
from typing import Any

from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from consent_backend.problems import MEDIA_TYPE, ApiError, answer_to
from consent_backend.settings import REQUEST_SECONDS, STOP_SECONDS
from consent_record.wire import ProblemCode

KEEP_ALIVE_SECONDS = 30
DRAIN_SECONDS = 5.0
MOST_HEADER_BYTES = 32 * 1024
MOST_CONNECTIONS = 2000


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 whose heads have a limit in time and size."""

    head_seconds = REQUEST_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_timer: asyncio.TimerHandle | None = None
        self._drain_timer: asyncio.TimerHandle | None = None
        self._head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock for the first head; turn connections away when there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse(ApiError(ProblemCode.BUSY, "too many connections", headers={"Retry-After": "2"}))
            return
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._forget_head()
        self._forget_drain()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Start the clock for a head."""
        super().on_message_begin()
        self._head_bytes = 0
        self._watch_head()

    def on_url(self, url: bytes) -> None:
        """Count the head's bytes."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count the head's bytes."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop the clock: the body has one of its own."""
        self._forget_head()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Stop the clock for what came after the answer."""
        self._forget_drain()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Read on for a moment when the answer came before the body's end.

        Closing at once would reset the connection, and the other side would never read its refusal.
        """
        super().on_response_complete()
        if self.cycle.more_body and not self.transport.is_closing():
            self._forget_drain()
            self._drain_timer = self.loop.call_later(DRAIN_SECONDS, self.transport.close)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        self._refuse(ApiError(ProblemCode.MALFORMED, "this is no HTTP request that can be read"))

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MOST_HEADER_BYTES:
            raise ValueError("the head is too large")

    def _watch_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._head_is_late)

    def _forget_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _forget_drain(self) -> None:
        if self._drain_timer is not None:
            self._drain_timer.cancel()
            self._drain_timer = None

    def _head_is_late(self) -> None:
        self._head_timer = None
        if not self.transport.is_closing():
            self._refuse(ApiError(ProblemCode.MALFORMED, "the request took too long", status=408))

    def _refuse(self, error: ApiError) -> None:
        answer = answer_to(error)
        lines = [f"HTTP/1.1 {answer.status} Refused", f"content-type: {MEDIA_TYPE}", "connection: close"]
        lines += [f"content-length: {len(answer.body)}", "cache-control: no-store"]
        lines += [f"{name.lower()}: {value}" for name, value in answer.headers.items()]
        self.transport.write("\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + answer.body)
        self.transport.close()


class BackendServer(Server):
    """A server that says when it is ready and ends its streams before it waits for requests.

    Args:
        config: uvicorn's settings.
        on_ready: called once when connections are accepted.
        on_stop: called once when a stop begins.
    """

    def __init__(self, config: Config, *, on_ready: Callable[[], None], on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept connections."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: streams first, then requests under way, each for a limited time."""
        self._on_stop()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop on SIGINT and SIGTERM and leave with exit code 0, for a stop that was asked for is no failure."""
        originals = {
            number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, original in originals.items():
                signal.signal(number, original)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.handle_exit(number, frame)


def config_for(app: Any, request_seconds: float) -> Config:
    """Return uvicorn's settings: no access log (it would hold addresses), no server name, all waits bounded."""
    protocol = type("Protocol", (BoundedProtocol,), {"head_seconds": request_seconds})
    return Config(
        app,
        http=protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=True,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
