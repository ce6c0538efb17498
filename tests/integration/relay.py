"""A network between client and backend: a TCP relay on this machine that can be cut, slowed and made to lose.

It passes bytes on and reads only the first line of each request, so that a test can name the request that is hit.
"""

from __future__ import annotations

import contextlib
import enum
import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

LIMIT_SECONDS = 10.0
_PIECE = 65536
_REQUEST = re.compile(rb"(GET|PUT|POST|DELETE) (\S+) HTTP/1\.1\r\n")


class Fault(enum.Enum):
    """What happens to a request that a test has named."""

    REQUEST_LOST = "request_lost"
    """The connection is reset before the backend hears of it."""
    ANSWER_LOST = "answer_lost"
    """The backend has done it and answers; the connection is reset before the client hears of it."""
    ANSWER_HALF = "answer_half"
    """Half of the answer's first piece arrives, then the connection is closed."""
    HELD = "held"
    """The request stands on the way until `heal`."""


@dataclass(frozen=True)
class Rule:
    """A fault for every request whose "METHOD /path" begins with `request`."""

    request: str
    fault: Fault


class Relay:
    """Listens on a free port of this machine and passes every connection on to the backend's port.

    Attributes:
        seen: "METHOD /path" of every request that came from the client, lost ones included.
    """

    def __init__(self, port: int) -> None:
        self.seen: list[str] = []
        self._backend_port = port
        self._lock = threading.Condition()
        self._rules: tuple[Rule, ...] = ()
        self._is_cut = self._is_silent = False
        self._delay_seconds = 0.0
        self._lost = 0
        self._links: set[_Link] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, name="relay", daemon=True)
        self._thread.start()

    def __enter__(self) -> Relay:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(LIMIT_SECONDS)

    # --- what a test does ---------------------------------------------------------------------------------------

    def cut(self) -> None:
        """Reset every connection, and each new one at once."""
        with self._lock:
            self._is_cut = True
            links = tuple(self._links)
        for link in links:
            link.reset()

    def silence(self) -> None:
        """Let connections stand and pass nothing on any more, as a network does that just swallows."""
        with self._lock:
            self._is_silent = True

    def slow(self, seconds: float) -> None:
        """Hold every piece of a request for a while."""
        with self._lock:
            self._delay_seconds = seconds

    def lose(self, request: str, fault: Fault) -> None:
        """Hit every request whose "METHOD /path" begins with `request`, until `heal`."""
        with self._lock:
            self._rules = (*self._rules, Rule(request, fault))

    def heal(self) -> None:
        """Make the network whole again; what was held goes on."""
        with self._lock:
            self._rules, self._is_cut, self._is_silent = (), False, False
            self._delay_seconds, self._lost = 0.0, 0
            self._lock.notify_all()

    def wait_for_loss(self, times: int = 1) -> None:
        """Wait until so many requests were hit since the last `heal`.

        Raises:
            TimeoutError: that did not happen in time.
        """
        with self._lock:
            if not self._lock.wait_for(lambda: self._lost >= times, LIMIT_SECONDS):
                raise TimeoutError(f"{self._lost} requests were hit, {times} were to be")

    def count(self, request: str) -> int:
        """Return how many requests came whose "METHOD /path" begins with `request`."""
        with self._lock:
            return sum(seen.startswith(request) for seen in self.seen)

    # --- what a connection asks ---------------------------------------------------------------------------------

    def fault_for(self, request: str) -> Fault | None:
        """Note a request and return what is to happen to it."""
        with self._lock:
            self.seen.append(request)
            return next((rule.fault for rule in self._rules if request.startswith(rule.request)), None)

    def note_loss(self) -> None:
        """Note that a request was hit."""
        with self._lock:
            self._lost += 1
            self._lock.notify_all()

    def wait_while_held(self, request: str) -> None:
        """Return when nothing holds this request any more."""
        with self._lock:
            self._lock.wait_for(lambda: not any(request.startswith(r.request) for r in self._rules))

    def delay(self) -> None:
        """Wait as long as a piece is to be held."""
        with self._lock:
            self._lock.wait_for(lambda: not self._is_silent)
            seconds = self._delay_seconds
        time.sleep(seconds)

    def forget(self, link: _Link) -> None:
        """A connection is over."""
        with self._lock:
            self._links.discard(link)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                is_cut = self._is_cut
            if is_cut:
                _reset(client)
                continue
            try:
                backend = socket.create_connection(("127.0.0.1", self._backend_port), LIMIT_SECONDS)
            except OSError:
                # The backend is down: the client sees what it would see without the relay.
                _reset(client)
                continue
            backend.settimeout(None)
            link = _Link(self, client, backend)
            with self._lock:
                self._links.add(link)
            link.begin()


class _Link:
    """One connection with its two directions."""

    def __init__(self, relay: Relay, client: socket.socket, backend: socket.socket) -> None:
        self._relay, self._client, self._backend = relay, client, backend
        self._fault: Fault | None = None

    def begin(self) -> None:
        for work in (self._requests, self._answers):
            threading.Thread(target=self._guarded, args=(work,), name="relay-link", daemon=True).start()

    def reset(self) -> None:
        """End both sides at once, with a reset towards the client."""
        for side in (self._client, self._backend):
            with contextlib.suppress(OSError):
                side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._close()

    def _close(self) -> None:
        self._relay.forget(self)
        for side in (self._client, self._backend):
            # The other thread may stand in recv: shutting down wakes it, closing alone would not.
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
            side.close()

    def _guarded(self, work: Callable[[], bool]) -> None:
        try:
            is_reset = work()
        except OSError:
            is_reset = True
        if is_reset:
            self.reset()
        else:
            self._close()

    def _requests(self) -> bool:
        """Pass requests on; whether the connection is to be reset."""
        while piece := self._client.recv(_PIECE):
            if match := _REQUEST.match(piece):
                request = f"{match[1].decode()} {match[2].decode()}"
                self._fault = self._relay.fault_for(request)
                if self._fault is Fault.REQUEST_LOST:
                    self._relay.note_loss()
                    return True
                if self._fault is Fault.HELD:
                    self._relay.note_loss()
                    self._relay.wait_while_held(request)
            self._relay.delay()
            self._backend.sendall(piece)
        return False

    def _answers(self) -> bool:
        """Pass answers on; whether the connection is to be reset."""
        while piece := self._backend.recv(_PIECE):
            self._relay.delay()
            if self._fault is Fault.ANSWER_LOST:
                self._relay.note_loss()
                return True
            if self._fault is Fault.ANSWER_HALF:
                self._client.sendall(piece[: len(piece) // 2])
                self._relay.note_loss()
                return False
            self._client.sendall(piece)
        return False


def _reset(side: socket.socket) -> None:
    with contextlib.suppress(OSError):
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    side.close()
