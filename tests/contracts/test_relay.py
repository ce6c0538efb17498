"""The relay and the network before it: what lets the stand-in be online, and what does not (facts 5)."""

from __future__ import annotations

import shutil
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from client_app.services.anydesk.tail import Tail
from demo.anydesk.relay import INSPECTING, Relay
from demo.anydesk.relay_link import ISSUER, PORTS, UnreachableError, reach
from demo.anydesk.remote import Faults, StandInRemote
from tests.contracts.client import Client
from tests.contracts.waiting import wait_for

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="the relay's certificate needs openssl"
)
MakeRelay = Callable[..., Relay]


@pytest.fixture
def make_relay(tmp_path: Path) -> Iterator[MakeRelay]:
    """Makes relays; all are closed at the end."""
    made: list[Relay] = []

    def make(**wanted: object) -> Relay:
        made.append(Relay(tmp_path / f"relay-{len(made)}", **wanted))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for relay in made:
        relay.close()


@pytest.mark.parametrize("port", PORTS)
def test_one_open_port_is_enough(
    client: Client, remote: StandInRemote, make_relay: MakeRelay, port: str
) -> None:
    relay = make_relay(open_ports=frozenset((port,)))
    remote.prepare(Faults(relay=relay.ports))
    client.start()
    remote.wait_until_online(20)
    assert relay.reached == [port]
    assert remote.setting("system.conf", "ad.anynet.relay.state") == "connected"


def test_an_inspected_connection_is_none(
    client: Client, remote: StandInRemote, make_relay: MakeRelay
) -> None:
    relay = make_relay(issuer=INSPECTING)
    remote.prepare(Faults(relay=relay.ports))
    client.start()
    wait_for(lambda: remote.setting("system.conf", "ad.anynet.relay.error") == "certificate_untrusted", 20)
    assert client.ask("--get-status")[1] == "offline"
    assert set(relay.reached) == set(PORTS)
    assert any("certificate_untrusted" in line for line in Tail(remote.places.trace, from_start=True).read())


def test_no_open_port(client: Client, remote: StandInRemote, make_relay: MakeRelay) -> None:
    relay = make_relay(open_ports=frozenset())
    remote.prepare(Faults(relay=relay.ports))
    client.start()
    wait_for(lambda: remote.setting("system.conf", "ad.anynet.relay.error") == "connect_failed", 20)
    assert client.ask("--get-status")[1] == "offline"


def test_a_cut_line_comes_back(client: Client, remote: StandInRemote, make_relay: MakeRelay) -> None:
    relay = make_relay()
    remote.prepare(Faults(relay=relay.ports))
    client.start()
    remote.wait_until_online(20)
    relay.close()
    wait_for(lambda: client.ask("--get-status")[1] == "offline")


def test_what_answers_and_is_no_relay() -> None:
    """Something that speaks no TLS is not waited for."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ports = {"443": server.getsockname()[1]}
        import threading

        def answer() -> None:
            connection, _ = server.accept()
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(UnreachableError):
            reach(ports)
        thread.join()


def test_its_certificate_is_private(make_relay: MakeRelay) -> None:
    """A verifying client refuses it although all is well; one that looks at the issuer knows."""
    port = make_relay().ports["443"]
    with (
        socket.create_connection(("127.0.0.1", port), 5) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="boot.net.anydesk.com")
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), 5) as plain, trusting.wrap_socket(plain) as link:
        certificate = link.getpeercert(binary_form=True)
    assert certificate is not None
    assert ISSUER in certificate
