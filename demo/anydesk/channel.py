"""JSON lines over a loopback socket: how the stand-in's processes and the demo talk to its local service.

The port and a token stand in a file that only the user can read. A caller either asks once, or attaches and then
receives orders until it or the service ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

Message = dict[str, Any]
_LIMIT = 64 * 1024


class NotRunningError(Exception):
    """Nobody listens: the local service is not running."""


class Link:
    """One connection that carries JSON lines both ways."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._stream: BinaryIO = connection.makefile("rb")
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        data = json.dumps(message).encode() + b"\n"
        with self._lock:
            self._connection.sendall(data)

    def receive(self) -> Message | None:
        """Return the next message, None when the other side is gone."""
        try:
            line = self._stream.readline(_LIMIT)
        except OSError:
            return None
        if not line.endswith(b"\n"):
            return None
        message: Message = json.loads(line)
        return message

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._stream.close()
        self._connection.close()


class Server:
    """The service's end. `serve` blocks and gives every authorised connection a thread of its own."""

    def __init__(self, path: Path) -> None:
        self._token = os.urandom(16).hex()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump({"port": self.port, "token": self._token, "pid": os.getpid()}, file)

    def serve(self, on_link: Callable[[Link, Message], None]) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._greet, args=(Link(connection), on_link), daemon=True).start()

    def _greet(self, link: Link, on_link: Callable[[Link, Message], None]) -> None:
        first = link.receive()
        if first is not None and first.pop("token", "") == self._token:
            with contextlib.suppress(OSError):
                on_link(link, first)
        link.close()


def open_link(path: Path, timeout: float | None = None) -> tuple[Link, str]:
    """Return a link to the service of this data folder and the token that the first message must carry.

    Raises:
        NotRunningError: there is no service.
    """
    # Not create_connection: its look-up needs the idna codec, which the frozen program leaves out.
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        known = json.loads(path.read_text("utf-8"))
        connection.settimeout(timeout or 5)
        connection.connect(("127.0.0.1", int(known["port"])))
    except (OSError, ValueError, KeyError) as error:
        connection.close()
        raise NotRunningError(str(path)) from error
    connection.settimeout(timeout)
    return Link(connection), str(known["token"])


def ask(path: Path, message: Message, timeout: float | None = None) -> Message:
    """Send one message and return the answer.

    Raises:
        NotRunningError: there is no service, or it ended without an answer.
    """
    link, token = open_link(path, timeout)
    try:
        link.send({**message, "token": token})
        answer = link.receive()
    except OSError as error:
        raise NotRunningError(str(path)) from error
    finally:
        link.close()
    if answer is None:
        raise NotRunningError(str(path))
    return answer
