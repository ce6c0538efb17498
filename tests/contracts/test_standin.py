"""The portable stand-in keeps AnyDesk's contract; and so should a real client, when POMOC_ANYDESK names one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.core.anydesk import HowAccepted
from client_app.platforms import anydesk_system
from client_app.services.anydesk.tail import Tail
from client_app.services.anydesk.trace_words import ConnectionLine, parse_connection_line
from demo.anydesk.remote import Faults, OrderError, StandInRemote
from tests.contracts.client import NOT_RUNNING, Client, InstalledClient, seen_code
from tests.contracts.standin_contract import InstalledContract, PortableContract
from tests.contracts.waiting import wait_for
from tests.contracts.world import STRANGER, TECHNICIAN

REAL = "POMOC_ANYDESK"
REAL_INSTALL = "POMOC_ANYDESK_INSTALL"


class TestPortable(PortableContract):
    """The stand-in, started by a double click."""

    @pytest.fixture
    def caller(self, remote: StandInRemote) -> StandInRemote:
        """Whoever is on the other side."""
        return remote


class TestInstalled(InstalledContract):
    """The stand-in, installed."""


@pytest.mark.skipif(REAL not in os.environ, reason=f"needs a real client: {REAL}=/path/to/anydesk")
class TestRealPortable(PortableContract):
    """A real portable client, in a home folder of its own."""

    @pytest.fixture
    def client(self, home: Path) -> Iterator[Client]:
        """The real client."""
        program = Path(os.environ[REAL])
        client = Client(program, home, anydesk_system().data_places(program.name, ""))
        yield client
        client.close()

    @pytest.fixture
    def caller(self) -> StandInRemote:
        """Nobody."""
        pytest.skip("needs a second person: somebody has to call this AnyDesk, and somebody here to click")


@pytest.mark.skipif(
    REAL not in os.environ or REAL_INSTALL not in os.environ,
    reason=f"installs a real client on this machine: {REAL}=/path/to/anydesk {REAL_INSTALL}=1, as administrator",
)
class TestRealInstalled(InstalledContract):
    """A real client, installed into a folder of its own and removed again."""

    @pytest.fixture
    def installed(self, home: Path) -> Iterator[InstalledClient]:
        """The real client, installed."""
        program = Path(os.environ[REAL])
        portable = Client(program, home, anydesk_system().data_places(program.name, ""))
        installed = InstalledClient(portable, home / "Program Files" / program.stem)
        assert installed.install("--start-with-win") == 0
        yield installed
        InstalledClient.close(installed)
        installed.remove()


def test_a_second_start_is_refused(client: Client, remote: StandInRemote) -> None:
    """Fact 1.4: 7003."""
    client.start()
    remote.wait_until_running()
    assert client.ask()[0] == seen_code(7003)


def test_while_it_starts_the_answer_is_empty(client: Client, remote: StandInRemote) -> None:
    """Fact 1.2."""
    remote.prepare(Faults(start_delay=60))
    client.start()
    remote.wait_until_running()
    assert client.ask("--get-id") == (0, "")
    assert client.ask("--get-status") == (0, "")


def test_the_code_of_a_service_that_does_not_run(client: Client) -> None:
    """Fact 1.4: 9010."""
    assert client.ask("--get-id") == (seen_code(9010), NOT_RUNNING)


def test_killing_only_the_window_leaves_the_helpers(client: Client, remote: StandInRemote) -> None:
    """Fact 3."""
    window = client.start()
    remote.wait_until_online()
    wait_for(lambda: client.images() == 3)
    window.kill()
    window.wait(5)
    assert client.images() == 2
    assert client.ask("--get-status")[1] == "online"


@pytest.mark.parametrize(
    ("how", "logged"),
    [("User", HowAccepted.CLICK), ("Passwd", HowAccepted.PASSWORD), ("Token", HowAccepted.TOKEN)],
)
def test_how_somebody_came_in_is_in_the_connection_log(
    client: Client, remote: StandInRemote, how: str, logged: HowAccepted
) -> None:
    """Fact 2.3; without an alias the number stands twice."""
    client.start()
    remote.wait_until_online()
    remote.incoming(STRANGER, how=how)
    if how == "User":
        remote.accept()
    (line,) = Tail(remote.places.connection_trace, from_start=True).read()
    assert parse_connection_line(line) == ConnectionLine(logged, STRANGER)
    assert line.count(STRANGER) == 2


def test_a_request_that_is_withdrawn_leaves_no_line(client: Client, remote: StandInRemote) -> None:
    """Facts 2.3 and 2.4."""
    client.start()
    remote.wait_until_online()
    remote.incoming(STRANGER)
    remote.withdraw()
    assert remote.session() == "idle"
    assert not remote.places.connection_trace.exists()
    with pytest.raises(OrderError, match="nobody asks"):
        remote.accept()


def test_two_peers_come_and_go_apart(client: Client, remote: StandInRemote) -> None:
    """Each has a process of its own, and one that leaves takes nobody along."""
    client.start()
    remote.wait_until_online()
    wait_for(lambda: client.images() == 3)
    for number in (TECHNICIAN, STRANGER):
        remote.incoming(number)
    remote.accept(TECHNICIAN)
    assert remote.peers() == {TECHNICIAN: "running", STRANGER: "asking"}
    remote.accept(STRANGER)
    wait_for(lambda: client.images() == 5)
    remote.disconnect(number=TECHNICIAN)
    assert remote.peers() == {STRANGER: "running"}
    wait_for(lambda: client.images() == 4)


def test_offline_and_online_again(client: Client, remote: StandInRemote) -> None:
    """Fact 1.2."""
    client.start()
    remote.wait_until_online()
    remote.go_offline()
    assert client.ask("--get-status")[1] == "offline"
    remote.go_online()
    assert client.ask("--get-status")[1] == "online"


def test_a_stranger_cannot_give_orders(client: Client, remote: StandInRemote) -> None:
    """The control channel takes a token that only the user can read."""
    from demo.anydesk.channel import Link, open_link

    client.start()
    remote.wait_until_running()
    link, _ = open_link(remote.places.channel, 5)
    assert isinstance(link, Link)
    link.send({"do": "crash", "token": "0" * 32})
    assert link.receive() is None
    link.close()
    assert remote.is_running()
