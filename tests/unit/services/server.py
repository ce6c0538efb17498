"""A small HTTP server on a loopback socket that answers as a test says: well, badly, slowly, or not at all."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Handler = Callable[["Asked", socket.socket], "bytes | None"]


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """A running server. `answer` is asked for each request; None closes the connection without an answer."""

    answer: Handler
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


def reply(
    body: bytes | str = b"{}",
    status: int = 200,
    *,
    content_type: str = "application/json",
    headers: dict[str, str] | None = None,
) -> bytes:
    """Return a whole HTTP answer."""
    data = body.encode() if isinstance(body, str) else body
    lines = [
        f"HTTP/1.1 {status} X",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(data)}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def problem(code: str, status: int, headers: dict[str, str] | None = None) -> bytes:
    """Return a problem+json answer (RFC 9457)."""
    body = json.dumps({"type": "about:blank", "title": "x", "status": status, "code": code, "detail": "d"})
    return reply(body, status, content_type="application/problem+json", headers=headers)


@contextlib.contextmanager
def serving(answer: Handler, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve until the end of the block, one thread a connection."""
    server = Server(answer)
    open_sockets: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        server.port = listener.getsockname()[1]

        def accept() -> None:
            while not server.stop.is_set():
                try:
                    connection, _address = listener.accept()
                except TimeoutError:
                    continue
                server.connections += 1
                open_sockets.append(connection)
                threading.Thread(target=_serve, args=(server, connection, tls), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stop.set()
            thread.join(5)
            for connection in open_sockets:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                connection.close()


def _serve(server: Server, plain: socket.socket, tls: ssl.SSLContext | None) -> None:
    connection: socket.socket = plain
    with contextlib.suppress(OSError, ValueError):
        plain.settimeout(20)
        if tls is not None:
            connection = tls.wrap_socket(plain, server_side=True)
        with connection:
            while not server.stop.is_set():
                asked = _read(connection)
                if asked is None:
                    return
                server.asked.append(asked)
                answer = server.answer(asked, connection)
                if answer is None:
                    return
                connection.sendall(answer)


def _read(connection: socket.socket) -> Asked | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    method, path, _version = first.split(" ")
    return Asked(method, path, headers, body)


def unused_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
