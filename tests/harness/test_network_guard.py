"""Nothing a test does leaves this machine; names that cannot exist fail without a question to a server."""

from __future__ import annotations

import socket

import pytest
from pytest_socket import SocketConnectBlockedError

from tests.helpers.network_guard import OutsideLookupError


def test_connection_to_another_machine_is_refused() -> None:
    # 192.0.2.0/24 is TEST-NET-1 (RFC 5737): no machine has it.
    with (
        pytest.warns(UserWarning, match="socket.socket.connect"),
        pytest.raises(SocketConnectBlockedError),
        socket.socket() as client,
    ):
        client.connect(("192.0.2.1", 80))


def test_look_up_of_another_machine_is_refused() -> None:
    with pytest.raises(OutsideLookupError):
        socket.getaddrinfo("bitservice.pl", 443)


@pytest.mark.parametrize("name", ["backend.invalid", "a.test", "b.example"])
def test_reserved_name_does_not_exist(name: str) -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo(name, 443)


def test_datagram_to_another_machine_is_refused() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, pytest.raises(OutsideLookupError):
        sender.sendto(b"x", ("192.0.2.1", 53))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1.2.3"])
def test_loopback_is_open(host: str) -> None:
    with socket.create_server(("127.0.0.1" if host == "localhost" else host, 0)) as server:
        with socket.create_connection((host, server.getsockname()[1]), timeout=5) as client:
            client.sendall(b"x")
