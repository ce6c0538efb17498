"""Things that go wrong on purpose, one at a time. The product is not told; it must notice."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from demo.customer import Customer

Between = Callable[[str], str]
"""From the backend's address to the one that the client is given."""


class Spoiler:
    """What goes wrong in a run; this one: nothing."""

    def between(self, url: str) -> str:
        """Return the address that the client is given."""
        return url

    def choose_word(self, word: str, words: tuple[str, ...]) -> str:
        """Return the word that the customer picks."""
        return word

    def before_order(self, customer: Customer) -> None:
        """Called when everything is ticked and before the order button."""

    def before_end(self, customer: Customer) -> None:
        """Called while the technician is connected."""

    def stop(self) -> None:
        """End what was started."""


class FalseCaller(Spoiler):
    """The caller does not know the word, so the customer hears another one."""

    def choose_word(self, word: str, words: tuple[str, ...]) -> str:
        """Pick a word that is not the right one."""
        return next(other for other in words if other != word)


class DeadBackend(Spoiler):
    """The backend loses its power just before the order, for the technician too."""

    def before_order(self, customer: Customer) -> None:
        """Cut the power."""
        customer.world.backend.kill()


class WayBackIn(Spoiler):
    """A dishonest technician leaves a way back that the program may not take out by itself: a shell starts AnyDesk."""

    def before_end(self, customer: Customer) -> None:
        """Let a shell start AnyDesk with the desktop."""
        customer.hands.beside(
            lambda: customer.world.remote.add_autostart(behind_shell=True), "a shell starts AnyDesk at log-in"
        )


class ForgedReceipt(Spoiler):
    """Somebody between client and backend changes one digit of every receipt."""

    def __init__(self) -> None:
        self._server: ThreadingHTTPServer | None = None

    def between(self, url: str) -> str:
        """Start the forger and return its address."""
        backend = urlsplit(url)
        handler = type("Handler", (_Forger,), {"backend": f"{backend.hostname}:{backend.port}"})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """End the forger."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


class _Forger(BaseHTTPRequestHandler):
    backend = ""
    protocol_version = "HTTP/1.1"

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        connection = http.client.HTTPConnection(self.backend, timeout=10)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        if "/records/" in self.path:
            data = _change_price(data)
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = _pass_on  # noqa: N815 - the names that the base class calls

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _change_price(receipt: bytes) -> bytes:
    return receipt.replace(b'"amount":12300', b'"amount":12399')


_SPOILERS: dict[str | None, Callable[[], Spoiler]] = {
    None: Spoiler,
    "caller": FalseCaller,
    "backend": DeadBackend,
    "closing": WayBackIn,
    "receipt": ForgedReceipt,
}


@contextmanager
def spoilt(broken: str | None) -> Iterator[Spoiler]:
    """Let one part go wrong for as long as the block runs; None lets nothing go wrong."""
    spoiler = _SPOILERS[broken]()
    try:
        yield spoiler
    finally:
        spoiler.stop()
