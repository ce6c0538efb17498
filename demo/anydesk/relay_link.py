"""The stand-in's way to a relay: tries the ports that AnyDesk tries, and looks at who issued the relay's certificate.

Only the first two steps of TLS 1.2 are spoken (RFC 5246, 7.4.1.2 and 7.4.2), where the certificate still travels in
the clear: enough to see an inspected connection, and no library of TLS has to be frozen into the program.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

PORTS = ("80", "443", "6568")
"""Outgoing TCP ports; one of them is enough (support.anydesk.com, firewall)."""
ISSUER = b"AnyNet Root CA"
_CONNECT_SECONDS = 2.0
_HANDSHAKE, _CERTIFICATE = 22, 11
_LIMIT = 64 * 1024
# ECDHE with AES-GCM, for RSA and ECDSA certificates.
_SUITES = bytes.fromhex("c02bc02fc02cc030")
# supported_groups (x25519, P-256), ec_point_formats, signature_algorithms.
_EXTENSIONS = bytes.fromhex("000a00060004001d0017000b00020100000d000a00080403040108040805")


class UnreachableError(Exception):
    """No port leads to a relay, or what answers is not AnyDesk's own; the text is AnyDesk's word for it."""


def reach(ports: Mapping[str, int]) -> tuple[str, socket.socket]:
    """Return the port by which a relay was reached and the open connection.

    Raises:
        UnreachableError: there is none.
    """
    reason = "connect_failed"
    for port in PORTS:
        if port not in ports:
            continue
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            connection.settimeout(_CONNECT_SECONDS)
            connection.connect(("127.0.0.1", ports[port]))
            connection.sendall(_hello())
            certificate = _certificate(connection)
        except OSError:
            connection.close()
            continue
        if ISSUER in certificate:
            connection.settimeout(None)
            return port, connection
        connection.close()
        reason = "certificate_untrusted"
    raise UnreachableError(reason)


def wait_for_loss(connection: socket.socket) -> None:
    """Block until the relay hangs up."""
    try:
        while connection.recv(_LIMIT):
            pass
    except OSError:
        pass
    finally:
        connection.close()


def _hello() -> bytes:
    body = b"\x03\x03" + os.urandom(32) + b"\0" + len(_SUITES).to_bytes(2, "big") + _SUITES + b"\x01\0"
    body += len(_EXTENSIONS).to_bytes(2, "big") + _EXTENSIONS
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + len(message).to_bytes(2, "big") + message


def _certificate(connection: socket.socket) -> bytes:
    """Return the message with the certificates, b"" when another kind of answer comes."""
    stream, messages = b"", b""
    while len(stream) < _LIMIT:
        while len(stream) >= 5 and len(stream) >= 5 + int.from_bytes(stream[3:5], "big"):
            kind, end = stream[0], 5 + int.from_bytes(stream[3:5], "big")
            if kind != _HANDSHAKE:
                return b""
            messages, stream = messages + stream[5:end], stream[end:]
        while len(messages) >= 4 and len(messages) >= 4 + int.from_bytes(messages[1:4], "big"):
            kind, end = messages[0], 4 + int.from_bytes(messages[1:4], "big")
            if kind == _CERTIFICATE:
                return messages[4:end]
            messages = messages[end:]
        more = connection.recv(4096)
        if not more:
            return b""
        stream += more
    return b""
