"""Fetching one file from one address, into a part that may have been begun earlier.

Rules: https only, also after each of at most three redirects; certificates by the system's store; nothing is sent but
what the request needs (no cookie, no login, nothing of this computer or customer); never more is read than the signed
size and a byte. Sources: RFC 9110 (13.1.5 If-Range, 14 range requests, 15.4 redirects).
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin, urlsplit

from client_app.services.exchange import ExchangeError
from client_app.services.http import ProxyFinder, is_this_computer, no_proxy

if TYPE_CHECKING:
    from client_app.services.transport import Exchange, OpenAnswer, Transport

MAX_REDIRECTS = 3
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_RANGE = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15}|\*)")
_STRONG_TAG = re.compile(r'"[\x21\x23-\x7e]{1,200}"')
_PIECE_BYTES = 64 * 1024


class FetchFailedError(Exception):
    """It did not come, or not to its end; what came stays for the next try."""


class FetchWrongError(Exception):
    """What this address has is not the file; nothing of it is kept."""


class Part(Protocol):
    """The beginning of a file, on disk."""

    @property
    def length(self) -> int:
        """Bytes there are."""
        ...

    def tag_of(self, url: str) -> str:
        """Return the entity tag that an address gave for these bytes, "" when it gave none."""
        ...

    def begin(self, url: str, tag: str) -> None:
        """Note where the following bytes come from."""
        ...

    def append(self, data: bytes) -> None:
        """Add bytes."""
        ...

    def clear(self) -> None:
        """Drop everything."""
        ...


@dataclass(frozen=True)
class FetchLimits:
    """Seconds: for connecting to each address of a host, and between two pieces."""

    connect_seconds: float = 10.0
    read_seconds: float = 20.0


class Web:
    """Fetches files; one at a time. `stop` may be called from any thread and is final.

    Args:
        agent: the User-Agent; says which program it is, nothing else.
        proxies: asked for each address, as for every other request of this program.
        limits: of one request.
        allow_plain_loopback: plain http to this very computer, for tests; no setting reaches it.
    """

    def __init__(
        self,
        agent: str,
        proxies: ProxyFinder = no_proxy,
        limits: FetchLimits | None = None,
        *,
        allow_plain_loopback: bool = False,
    ) -> None:
        self._agent = agent
        self._proxies = proxies
        self._limits = limits or FetchLimits()
        self._allow_plain_loopback = allow_plain_loopback
        self._stopped = threading.Event()
        self._exchange: Exchange | None = None
        self._transport: Transport | None = None

    def stop(self) -> None:
        """End what is being fetched, and fetch nothing any more."""
        self._stopped.set()
        exchange = self._exchange
        if exchange is not None:
            exchange.abandon()

    def fetch(
        self, url: str, part: Part, size: int, deadline: float, on_bytes: Callable[[int], None]
    ) -> None:
        """Complete a part to its size.

        Args:
            url: where to fetch.
            part: what there is already, at most `size` bytes.
            size: of the whole file.
            deadline: moment of `time.monotonic` after which nothing more is read.
            on_bytes: told how many bytes there are, after each piece.

        Raises:
            FetchFailedError: it did not come to its end; what came is in the part.
            FetchWrongError: the answer is longer, shorter or other than the file; the part is empty.
            OSError: the part cannot be written.
        """
        # A server that does not continue as asked is asked once more, for the whole.
        if not self._try(url, part, size, deadline, on_bytes):
            self._try(url, part, size, deadline, on_bytes)

    def _try(self, url: str, part: Part, size: int, deadline: float, on_bytes: Callable[[int], None]) -> bool:
        try:
            answer = self._ask(url, part.length, part.tag_of(url), deadline)
        except ExchangeError as error:
            raise FetchFailedError(str(error)) from error
        with contextlib.closing(answer):
            if answer.status == 416 or (
                answer.status == 206 and not _continues(answer.headers, part.length, size)
            ):
                had_some = part.length > 0
                part.clear()
                if had_some:
                    return False
                raise FetchFailedError(f"HTTP {answer.status} without a range asked for")
            if answer.status not in (200, 206):
                raise FetchFailedError(f"HTTP {answer.status}")
            if answer.status == 200:
                part.clear()
            self._demand_fitting(answer.headers, part, size)
            tag = answer.headers.get("etag", "")
            part.begin(url, tag if _STRONG_TAG.fullmatch(tag) else "")
            self._read(answer, part, size, deadline, on_bytes)
        return True

    def _ask(self, url: str, have: int, tag: str, deadline: float) -> OpenAnswer:
        import requests

        from client_app.services.transport import Exchange, Transport

        headers = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": self._agent}
        if have:
            headers["Range"] = f"bytes={have}-"
            if tag:
                headers["If-Range"] = tag
        self._transport = self._transport or Transport()
        for _hop in range(MAX_REDIRECTS + 1):
            host = self._allowed_host(url)
            self._demand_time(deadline)
            self._exchange = exchange = Exchange()
            # Its head may come byte by byte, each in time: the whole time ends that, too.
            alarm = threading.Timer(max(0.0, deadline - time.monotonic()), exchange.abandon)
            alarm.daemon = True
            alarm.start()
            try:
                answer = self._transport.open(
                    exchange,
                    requests.Request("GET", url, headers=headers),
                    proxies={} if is_this_computer(host) else self._proxies(url),
                    connect_seconds=self._limits.connect_seconds,
                    read_seconds=self._limits.read_seconds,
                )
            finally:
                alarm.cancel()
            if time.monotonic() > deadline:
                # What was broken off in the middle of its head is no answer.
                answer.close()
            self._demand_time(deadline)
            if answer.status not in _REDIRECTS:
                return answer
            answer.close()
            url = urljoin(url, answer.headers.get("location", ""))
        raise FetchFailedError("too many redirects")

    def _allowed_host(self, url: str) -> str:
        try:
            parts = urlsplit(url)
            host, _port = parts.hostname or "", parts.port
        except ValueError as error:
            raise FetchFailedError("an address cannot be read") from error
        is_plain_allowed = self._allow_plain_loopback and parts.scheme == "http" and is_this_computer(host)
        if not host or parts.username is not None or not (parts.scheme == "https" or is_plain_allowed):
            raise FetchFailedError("an address is not plain https")
        return host

    def _demand_fitting(self, headers: dict[str, str], part: Part, size: int) -> None:
        announced = headers.get("content-length", "")
        is_other = announced.isdecimal() and int(announced[:16]) != size - part.length
        if is_other or headers.get("content-encoding", "identity").lower() != "identity":
            part.clear()
            raise FetchWrongError("the answer is not the size of the file")

    def _read(
        self, answer: OpenAnswer, part: Part, size: int, deadline: float, on_bytes: Callable[[int], None]
    ) -> None:
        while True:
            self._demand_time(deadline)
            try:
                piece = answer.read(min(_PIECE_BYTES, size + 1 - part.length))
            except ExchangeError as error:
                raise FetchFailedError(str(error)) from error
            if not piece:
                break
            if part.length + len(piece) > size:
                part.clear()
                raise FetchWrongError("the answer is longer than the file")
            part.append(piece)
            on_bytes(part.length)
        if part.length < size:
            raise FetchFailedError("the answer was cut off")

    def _demand_time(self, deadline: float) -> None:
        if self._stopped.is_set():
            raise FetchFailedError("stopped")
        if time.monotonic() > deadline:
            raise FetchFailedError("the time for fetching is over")


def _continues(headers: dict[str, str], have: int, size: int) -> bool:
    """Whether a partial answer is exactly the rest that was asked for."""
    found = _RANGE.fullmatch(headers.get("content-range", ""))
    if found is None or have == 0:
        return False
    first, last, whole = found.groups()
    return (int(first), int(last)) == (have, size - 1) and whole in ("*", str(size))
