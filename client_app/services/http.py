"""The one HTTP door to the backend: every request that carries anything goes through it, within a time.

Rules: certificates are checked against the system's store and that cannot be switched off; plain http only to this
very computer; no redirect is followed; an answer has a largest size; every call ends within its limit with bytes or
with a `CustomerError`.
"""

from __future__ import annotations

import enum
import ipaddress
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from client_app.core.errors import CustomerError, ErrorCode
from client_app.services.bounded import LimitReachedError, run_bounded
from client_app.services.exchange import (
    AnswerTooLargeError,
    ExchangeError,
    RawAnswer,
    TlsError,
    UnusableAddressError,
)

if TYPE_CHECKING:
    from client_app.services.transport import Exchange, Transport

_log = logging.getLogger(__name__)

ProxyFinder = Callable[[str], Mapping[str, str]]
"""From an address to proxies by scheme, as requests takes them: {"https": "http://proxy.firm:3128"}; {} for none."""


class Method(enum.Enum):
    """The methods that the backend knows."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"


@dataclass(frozen=True)
class Limits:
    """Limits of one call in seconds: for connecting (each address), between two pieces, and for everything."""

    connect_seconds: float = 5.0
    read_seconds: float = 10.0
    total_seconds: float = 20.0


def no_proxy(_url: str) -> Mapping[str, str]:
    """Return no proxy for any address."""
    return {}


class Door:
    """Sends requests to one backend. Safe from several worker threads at once."""

    def __init__(
        self,
        base_url: str,
        *,
        agent: str,
        proxies: ProxyFinder = no_proxy,
        limits: Limits | None = None,
        wall_clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Prepare; nothing is imported or opened before the first call.

        Args:
            base_url: the backend's address, what stands before "/v1/", "" when the brand names none.
            agent: the User-Agent, for example "pomoc-zdalna/0.1.0".
            proxies: asked before each call that leaves this computer.
            limits: of a call, unless it brings its own.
            wall_clock: aware; for a Retry-After that is a date.
        """
        self._base = base_url.rstrip("/")
        self._agent = agent
        self._proxies = proxies
        self._limits = limits or Limits()
        self._wall_clock = wall_clock
        self._lock = threading.Lock()
        self._transport: Transport | None = None

    def call(
        self,
        method: Method,
        path: str,
        *,
        body: bytes | None = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        limits: Limits | None = None,
    ) -> bytes:
        """Send one request and return the body of a successful answer.

        Every request of the wire may be repeated, so one that met a kept connection which the backend had just
        closed is sent again at once, inside the same limit.

        Args:
            method: of the request.
            path: begins with "/v1/"; made by this program from checked ids.
            body: JSON, UTF-8.
            token: sent as `Authorization: Bearer`.
            headers: further headers.
            limits: instead of the door's own.

        Raises:
            BackendProblemError: the backend refused, with its code.
            CustomerError: NO_BACKEND_SET, NO_CONNECTION, CONNECTION_INSPECTED, SERVER_TROUBLE, ANSWER_UNEXPECTED.
        """
        host = checked_host(self._base)
        limits = limits or self._limits
        url = self._base + path
        sent = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": self._agent}
        if body is not None:
            sent["Content-Type"] = "application/json"
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        sent.update(headers or {})
        proxies = {} if is_this_computer(host) else self._proxies(url)
        return self._judge(self._exchange(method, url, sent, body, proxies, limits))

    def warm_up(self) -> None:
        """Load the libraries behind the door; called on a worker thread, so that the first call is quick."""
        self._ready()

    def close(self) -> None:
        """Close idle connections. A later call opens new ones."""
        with self._lock:
            transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    def _ready(self) -> Transport:
        with self._lock:
            if self._transport is None:
                from client_app.services.transport import Transport

                self._transport = Transport()
            return self._transport

    def _exchange(
        self,
        method: Method,
        url: str,
        headers: dict[str, str],
        body: bytes | None,
        proxies: Mapping[str, str],
        limits: Limits,
    ) -> RawAnswer:
        current: list[Exchange] = []

        def work() -> RawAnswer:
            import requests

            from client_app.services.transport import Exchange, is_stale
            from consent_record.wire import ANSWER_LIMIT_BYTES

            transport = self._ready()
            deadline = time.monotonic() + limits.total_seconds
            while True:
                exchange = Exchange()
                current[:] = [exchange]
                try:
                    return transport.send(
                        exchange,
                        requests.Request(method.value, url, headers=headers, data=body),
                        proxies=proxies,
                        connect_seconds=limits.connect_seconds,
                        read_seconds=limits.read_seconds,
                        deadline=deadline,
                        limit_bytes=ANSWER_LIMIT_BYTES,
                    )
                except ExchangeError as error:
                    if not (exchange.was_reused and is_stale(error)):
                        raise

        def abandon() -> None:
            for exchange in current:
                exchange.abandon()

        try:
            return run_bounded(work, seconds=limits.total_seconds, name="http", on_limit=abandon)
        except LimitReachedError as error:
            raise CustomerError(ErrorCode.NO_CONNECTION, str(error)) from error
        except ExchangeError as error:
            raise _customer_error(error) from error

    def _judge(self, answer: RawAnswer) -> bytes:
        if 200 <= answer.status < 300:
            return answer.body
        if 300 <= answer.status < 400:
            raise CustomerError(ErrorCode.ANSWER_UNEXPECTED, f"HTTP {answer.status}: redirects are refused")
        from client_app.services.problems import problem_of

        problem = problem_of(answer.status, answer.headers, answer.body, self._wall_clock())
        _log.info("backend_refused", extra={"reason": problem.problem.value, "status": answer.status})
        raise problem


_CODES: dict[type[ExchangeError], ErrorCode] = {
    TlsError: ErrorCode.CONNECTION_INSPECTED,
    AnswerTooLargeError: ErrorCode.ANSWER_UNEXPECTED,
    UnusableAddressError: ErrorCode.NO_BACKEND_SET,
}


def _customer_error(error: ExchangeError) -> CustomerError:
    code = _CODES.get(type(error), ErrorCode.NO_CONNECTION)
    _log.info("exchange_failed", extra={"code": code, "error_type": str(error)})
    return CustomerError(code, str(error))


def checked_host(base_url: str) -> str:
    """Return the host of a backend's address.

    Raises:
        CustomerError: NO_BACKEND_SET: there is no address, it is no plain https address, or it is http to another
            computer.
    """
    try:
        parts = urlsplit(base_url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise CustomerError(ErrorCode.NO_BACKEND_SET, "the backend's address cannot be read") from error
    if not host or parts.scheme not in ("https", "http"):
        raise CustomerError(ErrorCode.NO_BACKEND_SET, "no backend is named")
    if parts.username is not None or parts.query or parts.fragment:
        raise CustomerError(ErrorCode.NO_BACKEND_SET, "the backend's address holds more than host and path")
    if parts.scheme == "http" and not is_this_computer(host):
        raise CustomerError(ErrorCode.NO_BACKEND_SET, "plain http is only for this computer")
    return host


def is_this_computer(host: str) -> bool:
    """Tell whether a host is a loopback address or "localhost" (RFC 6761, 6.3)."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
