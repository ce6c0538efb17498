"""The stand-in keeps AnyDesk's contract, and does what only a stand-in can: sessions and faults on demand."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.core.anydesk import HowAccepted
from client_app.platforms import anydesk_system
from client_app.services.anydesk.tail import Tail
from client_app.services.anydesk.trace_words import (
    ConnectionLine,
    Word,
    parse_connection_line,
    parse_trace_line,
)
from demo.anydesk.remote import Faults, OrderError, StandInRemote
from tests.contracts.standin_contract import AnyDeskContract, Client
from tests.contracts.world import STRANGER, TECHNICIAN, stand_in, wait_for


@pytest.fixture(scope="session")
def program() -> Path:
    return stand_in().program


@pytest.fixture
def client(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setenv("HOME", str(tmp_path))
    client = Client(program, tmp_path, anydesk_system().data_places(program.name, ""))
    yield client
    client.close()


@pytest.fixture
def remote(client: Client) -> StandInRemote:
    return StandInRemote(client.program, client.home)


class TestStandIn(AnyDeskContract):
    """The stand-in."""


@pytest.mark.skipif(
    "POMOC_ANYDESK" not in os.environ, reason="needs a real client: POMOC_ANYDESK=/path/to/anydesk"
)
class TestRealAnyDesk(AnyDeskContract):
    """A real portable client, in a home folder of its own."""

    @pytest.fixture
    def client(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
        monkeypatch.setenv("HOME", str(tmp_path))
        program = Path(os.environ["POMOC_ANYDESK"])
        client = Client(program, tmp_path, anydesk_system().data_places(program.name, ""))
        yield client
        client.close()


def test_a_second_start_is_refused(client: Client, remote: StandInRemote) -> None:
    client.start()
    remote.wait_until_running()
    assert client.ask()[0] == 7003 & 0xFF


def test_while_it_starts_the_answer_is_empty(client: Client, remote: StandInRemote) -> None:
    remote.prepare(Faults(start_delay=30))
    client.start()
    remote.wait_until_running()
    assert client.ask("--get-id") == (0, "")
    assert client.ask("--get-status") == (0, "")


@pytest.mark.parametrize(
    ("switch", "code"),
    [
        ("--install", 0xAD1006),
        ("--remove", 8000),
        ("--stop-service", 8000),
        ("--set-password", 8000),
        ("--odd", 7002),
    ],
)
def test_exit_codes_are_anydesks_cut_to_eight_bits(client: Client, switch: str, code: int) -> None:
    assert client.ask(switch)[0] == code & 0xFF


def test_killing_only_the_window_leaves_the_helpers(client: Client, remote: StandInRemote) -> None:
    window = client.start()
    remote.wait_until_online()
    window.kill()
    window.wait(5)
    try:
        assert client.images() == 2
        assert client.ask("--get-status")[1] == "online"
    finally:
        _kill_all(client)


def _kill_all(client: Client) -> None:
    for process in client.processes_of_this_home():
        os.kill(process.pid, signal.SIGKILL)


def test_an_accepted_session_is_logged_from_request_to_end(client: Client, remote: StandInRemote) -> None:
    client.start()
    remote.wait_until_online()
    trace = Tail(remote.places.trace)
    remote.incoming(TECHNICIAN, alias="anna@bit", name="Anna (123456789)")
    remote.accept()
    assert remote.session() == "running"
    remote.disconnect("remote")
    events = [event for line in trace.read() if (event := parse_trace_line(line)) is not None]
    words = [event.word for event in events]
    assert words.index(Word.ASKED) < words.index(Word.PEER_NAMED) < words.index(Word.AUTH_CLICK)
    assert words.index(Word.AUTH_CLICK) < words.index(Word.RUNNING) < words.index(Word.CLOSED_REMOTE)
    named = next(event for event in events if event.word is Word.PEER_NAMED)
    assert (named.number, named.name_untrusted) == (TECHNICIAN, "Anna (123456789)")


@pytest.mark.parametrize(
    ("how", "logged"),
    [("User", HowAccepted.CLICK), ("Passwd", HowAccepted.PASSWORD), ("Token", HowAccepted.TOKEN)],
)
def test_how_somebody_came_in_is_in_the_connection_log(
    client: Client, remote: StandInRemote, how: str, logged: HowAccepted
) -> None:
    client.start()
    remote.wait_until_online()
    remote.incoming(STRANGER, how=how)
    if how == "User":
        remote.accept()
    text = remote.places.connection_trace.read_text("utf-8")
    assert parse_connection_line(text) == ConnectionLine(logged, STRANGER)
    # Without an alias the number stands twice.
    assert text.count(STRANGER) == 2


def test_a_refused_request_is_in_the_connection_log_too(client: Client, remote: StandInRemote) -> None:
    client.start()
    remote.wait_until_online()
    remote.incoming(STRANGER, alias="eve@evil")
    remote.refuse()
    assert parse_connection_line(remote.places.connection_trace.read_text("utf-8")) == ConnectionLine(
        HowAccepted.REFUSED, STRANGER
    )
    with pytest.raises(OrderError, match="nobody asks"):
        remote.accept()


def test_ignoring_polite_requests_it_has_to_be_killed(client: Client, remote: StandInRemote) -> None:
    remote.prepare(Faults(ignore_sigterm=True))
    window = client.start()
    remote.wait_until_online()
    window.terminate()
    assert remote.is_running()
    _kill_all(client)
    window.wait(5)


def test_a_crash_of_the_service_leaves_the_window(client: Client, remote: StandInRemote) -> None:
    window = client.start()
    remote.wait_until_online()
    remote.crash()
    wait_for(lambda: not remote.is_running())
    assert window.poll() is None
    assert client.ask("--get-status")[1] == "SERVICE_NOT_RUNNING"


def test_offline_and_online_again(client: Client, remote: StandInRemote) -> None:
    client.start()
    remote.wait_until_online()
    remote.go_offline()
    assert client.ask("--get-status")[1] == "offline"
    remote.go_online()
    assert client.ask("--get-status")[1] == "online"


def test_logs_in_utf16_carry_a_mark(client: Client, remote: StandInRemote) -> None:
    remote.prepare(Faults(encoding="utf-16"))
    client.start()
    remote.wait_until_online()
    remote.incoming(TECHNICIAN, how="Token")
    for path in (remote.places.trace, remote.places.connection_trace):
        assert path.read_bytes()[:2] == b"\xff\xfe"
