"""A stand-in for AnyDesk's relay on this machine: what the network between the customer and AnyDesk may be like.

Its certificate is private, as AnyDesk's is (subject "AnyNet Relay", issuer "AnyNet Root CA 2"), or one that a program
which looks into TLS connections would put in its place. Ports can be left closed. Made with the openssl command.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from demo.anydesk.relay_link import PORTS

ANYNET = "AnyNet Root CA 2"
INSPECTING = "Example Antivirus Web Shield Root"
_SUBJECT = "/C=DE/O=philandro Software GmbH/CN="
_SECONDS = 20


class Relay:
    """Listens on a port of its own for every port that AnyDesk would try; only some of them may be open.

    Args:
        folder: for keys and certificates, made anew.
        issuer: common name of whoever issued the certificate.
        open_ports: of `PORTS`; at the others nobody listens.
    """

    def __init__(
        self, folder: Path, *, issuer: str = ANYNET, open_ports: frozenset[str] = frozenset(PORTS)
    ) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.maximum_version = ssl.TLSVersion.TLSv1_2
        self._context.load_cert_chain(*_make_certificate(folder, issuer))
        self._links: list[socket.socket] = []
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.ports: dict[str, int] = {}
        self.reached: list[str] = []
        for port in PORTS:
            listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            listener.bind(("127.0.0.1", 0))
            self._sockets.append(listener)
            # A port that is bound and not listened on refuses every connection, and nobody else can take it.
            self.ports[port] = listener.getsockname()[1]
            if port in open_ports:
                listener.listen()
                threading.Thread(target=self._accept, args=(port, listener), daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def cut(self) -> None:
        """Every connection breaks; new ones are taken."""
        with self._lock:
            links, self._links = self._links, []
        for link in links:
            _hang_up(link)

    def close(self) -> None:
        """Nobody listens any more, and every connection breaks."""
        for listener in self._sockets:
            _hang_up(listener)
        self.cut()

    def _accept(self, port: str, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            link = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
            with self._lock:
                self.reached.append(port)
                self._links.append(link)
            threading.Thread(target=self._greet, args=(link,), daemon=True).start()

    def _greet(self, link: ssl.SSLSocket) -> None:
        # The stand-in goes no further than the certificate and keeps the connection; another client may go on.
        with contextlib.suppress(OSError, ValueError):
            link.do_handshake()
            while link.recv(4096):
                pass


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def _make_certificate(folder: Path, issuer: str) -> tuple[Path, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    root, root_key = folder / "root.pem", folder / "root.key"
    leaf, leaf_key = folder / "relay.pem", folder / "relay.key"
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    _openssl(
        "req", "-x509", *key, "-days", "30", "-subj", _SUBJECT + issuer, "-keyout", root_key, "-out", root
    )
    _openssl(
        *("req", "-x509", *key, "-days", "30", "-subj", _SUBJECT + "AnyNet Relay"),
        *("-CA", root, "-CAkey", root_key, "-keyout", leaf_key, "-out", leaf),
    )
    return leaf, leaf_key


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(
        ["openssl", *map(str, arguments)],
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=_SECONDS,
    )
