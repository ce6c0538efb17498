"""One HTTP exchange over requests, with the system's certificate store; for `services.http` and for fetching AnyDesk.

Rule: certificates are always checked, redirects are never followed, no cookie is kept, and the answer is read in
pieces up to a limit. This module imports requests and truststore, so it is imported in a worker thread, after the
first paint.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import requests
import truststore
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from client_app.services.exchange import (
    AnswerTooLargeError,
    ExchangeError,
    RawAnswer,
    TlsError,
    UnusableAddressError,
)

PIECE_BYTES = 64 * 1024


class Exchange:
    """One request on its way; `abandon` may be called from another thread and ends it soon."""

    def __init__(self) -> None:
        self._connection: HTTPConnection | None = None
        self._is_abandoned = False
        self.was_reused = False

    def carried_by(self, connection: HTTPConnection, *, is_reused: bool) -> None:
        """Note the connection that carries this exchange."""
        self._connection, self.was_reused = connection, is_reused
        if self._is_abandoned:
            self.abandon()

    def abandon(self) -> None:
        """Shut the socket down, so that whoever waits for it is woken. Safe at any time."""
        self._is_abandoned = True
        sock = self._connection.sock if self._connection is not None else None
        if isinstance(sock, socket.socket):
            # The plain method: ssl's own would pull the TLS state away under the thread that is using it.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


_carried = threading.local()


class _Watched(HTTPConnection):
    """Tells the exchange of its thread that it carries it."""

    uses = 0

    def connect(self) -> None:
        self.uses = 0
        self._tell(is_reused=False)
        super().connect()

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._tell(is_reused=self.sock is not None and self.uses > 0)
        super().request(*args, **kwargs)
        self.uses += 1

    def _tell(self, *, is_reused: bool) -> None:
        exchange: Exchange | None = getattr(_carried, "exchange", None)
        if exchange is not None:
            exchange.carried_by(self, is_reused=is_reused)


class _WatchedTls(_Watched, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTls


class _SystemTrustAdapter(HTTPAdapter):
    """requests' adapter with the system's certificate store and without a way to switch the check off."""

    def __init__(self) -> None:
        self._context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)
        manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}
        return manager

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        return super().build_connection_pool_key_attributes(request, True, None)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        # requests would add its own bundle of roots here, beside those of the system.
        conn.cert_reqs = "CERT_REQUIRED"


class OpenAnswer:
    """An answer whose body has not been read: status, headers by lower-case name, and its bytes piece by piece."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers = {name.lower(): value for name, value in response.headers.items()}

    def read(self, limit_bytes: int = PIECE_BYTES) -> bytes:
        """Return the next piece as it came over the network, b"" at the end.

        Raises:
            ExchangeError: nothing came within the time between two pieces, or the connection broke.
        """
        with _translated():
            return bytes(self._response.raw.read1(limit_bytes, decode_content=False))

    def close(self) -> None:
        """Let go of the connection; one with unread bytes is closed."""
        self._response.close()


class Transport:
    """Sends requests; safe from several threads at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # The adapter without a session: a session would keep cookies and read the body of a redirect unasked.
        self._adapter = _SystemTrustAdapter()

    def send(
        self,
        exchange: Exchange,
        request: requests.Request,
        *,
        proxies: Mapping[str, str],
        connect_seconds: float,
        read_seconds: float,
        deadline: float,
        limit_bytes: int,
    ) -> RawAnswer:
        """Send one request and read the whole answer.

        Args:
            exchange: lets another thread end this one.
            request: method, address, headers, body.
            proxies: by scheme, as requests takes them; empty for none.
            connect_seconds: for each address that is tried.
            read_seconds: between two pieces of the answer.
            deadline: moment of the clock after which no further piece is read.
            limit_bytes: largest body.

        Raises:
            ExchangeError: or one of its kinds.
        """
        _carried.exchange = exchange
        try:
            with _translated():
                response = self._adapter.send(
                    request.prepare(),
                    stream=True,
                    timeout=(connect_seconds, read_seconds),
                    proxies=dict(proxies),
                )
                try:
                    return self._read(response, deadline, limit_bytes)
                finally:
                    response.close()
        finally:
            _carried.exchange = None

    def open(
        self,
        exchange: Exchange,
        request: requests.Request,
        *,
        proxies: Mapping[str, str],
        connect_seconds: float,
        read_seconds: float,
    ) -> OpenAnswer:
        """Send one request and return when the answer's head is there; the caller closes it.

        Raises:
            ExchangeError: or one of its kinds.
        """
        _carried.exchange = exchange
        try:
            with _translated():
                return OpenAnswer(
                    self._adapter.send(
                        request.prepare(),
                        stream=True,
                        timeout=(connect_seconds, read_seconds),
                        proxies=dict(proxies),
                    )
                )
        finally:
            _carried.exchange = None

    def close(self) -> None:
        """Close idle connections."""
        self._adapter.close()

    def _read(self, response: requests.Response, deadline: float, limit_bytes: int) -> RawAnswer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise AnswerTooLargeError("the answer is compressed, which was not asked for")
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced[:12]) > limit_bytes:
            raise AnswerTooLargeError(f"the answer is said to have more than {limit_bytes} bytes")
        body = bytearray()
        while piece := response.raw.read1(PIECE_BYTES, decode_content=False):
            body += piece
            if len(body) > limit_bytes:
                raise AnswerTooLargeError(f"the answer has more than {limit_bytes} bytes")
            if self._clock() > deadline:
                raise ExchangeError("the answer came too slowly")
        if (
            announced.isdigit()
            and response.status_code not in (204, 304)
            and len(body) != int(announced[:12])
        ):
            raise ExchangeError("the answer was cut off")
        return RawAnswer(response.status_code, headers, bytes(body))


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn what requests and urllib3 raise into this module's errors."""
    try:
        yield
    except (requests.exceptions.SSLError, urllib3.exceptions.SSLError, ssl.SSLError) as error:
        raise TlsError(type(error).__name__) from error
    except (
        requests.exceptions.InvalidURL,
        requests.exceptions.InvalidSchema,
        requests.exceptions.MissingSchema,
        requests.exceptions.InvalidProxyURL,
        urllib3.exceptions.LocationValueError,
    ) as error:
        raise UnusableAddressError(type(error).__name__) from error
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        # On some systems the store's refusal arrives wrapped in a plain connection error.
        if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
            raise TlsError(type(error).__name__) from error
        raise ExchangeError(type(error).__name__) from error


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        current = waiting.pop()
        if isinstance(current, BaseException) and id(current) not in seen:
            seen.add(id(current))
            yield current
            waiting += [
                current.__cause__,
                current.__context__,
                getattr(current, "reason", None),
                *current.args,
            ]


def is_stale(error: BaseException) -> bool:
    """Tell whether a kept connection had been closed by the other side before it read this request."""
    return any(
        isinstance(cause, ConnectionResetError | BrokenPipeError | ConnectionAbortedError)
        for cause in _causes(error)
    )
