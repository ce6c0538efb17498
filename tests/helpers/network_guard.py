"""Keeps name look-ups and datagrams of tests on this machine; connections are pytest-socket's part.

A pytest plugin. Looking up a reserved name (RFC 2606, RFC 6761: .invalid, .test, .example) fails like a name
that does not exist, without a question to any server, so that tests of an unreachable backend stay honest;
any other name outside this machine is a fault of the test.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import Any

_RESERVED = (".invalid", ".test", ".example")


class OutsideLookupError(RuntimeError):
    """A test tried to reach or look up a host outside this machine."""


def is_loopback(host: str) -> bool:
    """Whether `host` is a loopback or unspecified address or the name localhost."""
    if host in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _as_text(host_untrusted: object) -> str | None:
    if isinstance(host_untrusted, bytes | bytearray):
        return bytes(host_untrusted).decode("ascii", "replace")
    return host_untrusted if isinstance(host_untrusted, str) else None


def _check_lookup(host: str) -> None:
    if is_loopback(host) or _is_address(host) or host == socket.gethostname():
        return
    if host.rstrip(".").endswith(_RESERVED):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known (reserved name)")
    raise OutsideLookupError(f"a test looked up {host!r}")


class _Guard:
    """An audit hook; Python cannot remove one, so it is switched instead."""

    def __init__(self) -> None:
        self.is_on = False

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.is_on or not event.startswith("socket."):
            return
        if event in ("socket.getaddrinfo", "socket.gethostbyname"):
            host = _as_text(args[0])
            if host is not None:
                _check_lookup(host)
        elif event == "socket.sendto":
            address = args[1]
            host = _as_text(address[0]) if isinstance(address, tuple) else None
            if host is not None and not is_loopback(host):
                raise OutsideLookupError(f"a test sent a datagram to {host!r}")


_GUARD = _Guard()


def pytest_configure() -> None:
    """Installs the guard once for this interpreter."""
    _GUARD.is_on = True
    sys.addaudithook(_GUARD)


def pytest_unconfigure() -> None:
    """Switches the guard off."""
    _GUARD.is_on = False
