"""The stand-in's faults do what they say: each is something that a real AnyDesk or its surroundings may do."""

from __future__ import annotations

import subprocess
import threading

import pytest

from client_app.core.anydesk import HowAccepted
from client_app.services.anydesk.settings import has_password, profile_names, read_settings
from client_app.services.anydesk.tail import Tail
from client_app.services.anydesk.trace_words import Word, parse_connection_line, parse_trace_line
from demo.anydesk.remote import Faults, NotRunningError, StandInRemote
from tests.contracts.client import IS_WINDOWS, NOT_RUNNING, Client, InstalledClient, seen_code
from tests.contracts.conftest import ALLOWED
from tests.contracts.waiting import wait_for
from tests.contracts.world import STRANGER, TECHNICIAN


def _words(tail: Tail) -> list[Word]:
    return [event.word for line in tail.read() if (event := parse_trace_line(line)) is not None]


def test_ignoring_polite_requests_it_has_to_be_killed(client: Client, remote: StandInRemote) -> None:
    remote.prepare(Faults(ignore_sigterm=True))
    window = client.start()
    remote.wait_until_online()
    client.ask_to_close(window)
    assert remote.session() == "idle"
    assert window.poll() is None
    client.kill_all()
    window.wait(5)


def test_a_question_that_hangs(client: Client, remote: StandInRemote) -> None:
    remote.prepare(Faults(hang_queries=True))
    question = client.start_with("--get-id")
    with pytest.raises(subprocess.TimeoutExpired):
        question.wait(1.5)
    client.kill(question.pid)


def test_a_service_that_hangs_answers_no_question_and_keeps_its_window(
    client: Client, remote: StandInRemote
) -> None:
    window = client.start()
    remote.wait_until_online()
    remote.hang()
    question = client.start_with("--get-status")
    client.ask_to_close(window)
    with pytest.raises(subprocess.TimeoutExpired):
        question.wait(1.5)
    assert window.poll() is None


def test_a_crash_of_the_service_leaves_the_window(client: Client, remote: StandInRemote) -> None:
    window = client.start()
    remote.wait_until_online()
    remote.crash()
    wait_for(lambda: not remote.is_running())
    assert window.poll() is None
    assert client.ask("--get-status")[1] == NOT_RUNNING


@pytest.mark.parametrize("how", ["crash", "die"])
def test_a_helper_dies_alone(client: Client, remote: StandInRemote, how: str) -> None:
    window = client.start()
    remote.wait_until_online()
    wait_for(lambda: client.images() == 3)
    if how == "crash":
        remote.crash("control")
    else:
        remote.helper_dies("control")
    wait_for(lambda: client.images() == 2)
    assert window.poll() is None
    assert remote.is_running()


def test_it_dies_at_once(client: Client, remote: StandInRemote) -> None:
    remote.prepare(Faults(dies_at_once=True))
    assert client.start().wait(20) == seen_code(9001)
    assert client.images() == 0


def test_it_hands_over_to_another_process(client: Client, remote: StandInRemote) -> None:
    remote.prepare(Faults(hands_over=True))
    assert client.start().wait(20) == 0
    remote.wait_until_online()
    wait_for(lambda: client.images() == 3)


def test_a_grandchild_belongs_to_nobody(client: Client, remote: StandInRemote) -> None:
    window = client.start()
    remote.wait_until_online()
    wait_for(lambda: client.images() == 3)
    before = {one.pid for one in client.own_processes()}
    remote.spawn_grandchild()
    wait_for(lambda: client.images() == 4)
    (orphan,) = [one for one in client.own_processes() if one.pid not in before]
    parents = {one.identity.pid: one.parent for one in client.table.everything()}
    assert parents[orphan.pid] not in before
    client.ask_to_close(window)
    window.wait(15)
    wait_for(lambda: [one.pid for one in client.own_processes()] == [orphan.pid])


def test_logs_in_utf16_carry_a_mark(client: Client, remote: StandInRemote) -> None:
    """Fact 2.3: seen on Windows."""
    remote.prepare(Faults(encoding="utf-16"))
    client.start()
    remote.wait_until_online()
    remote.incoming(TECHNICIAN, how="Token")
    for path in (remote.places.trace, remote.places.connection_trace):
        assert path.read_bytes()[:2] == b"\xff\xfe"
    (line,) = Tail(remote.places.connection_trace, from_start=True).read()
    parsed = parse_connection_line(line)
    assert parsed is not None
    assert parsed.how is HowAccepted.TOKEN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_lines_that_come_in_pieces(client: Client, remote: StandInRemote, encoding: str) -> None:
    """While a line is half written the reader has nothing of it, and afterwards all."""
    remote.prepare(Faults(torn_lines=True, encoding=encoding))
    client.start()
    remote.wait_until_online(20)
    tail = Tail(remote.places.trace)
    over = threading.Event()
    found: list[Word] = []

    def read() -> None:
        while not over.is_set():
            found.extend(_words(tail))

    reader = threading.Thread(target=read)
    reader.start()
    remote.incoming(TECHNICIAN, name="Zażółć gęślą jaźń")
    over.set()
    reader.join()
    found.extend(_words(tail))
    assert [word for word in found if word is not Word.UNEXPECTED] == [
        Word.ASKED,
        Word.PEER_ID,
        Word.PEER_NAMED,
    ]


def test_phrases_of_another_language_mean_nothing(client: Client, remote: StandInRemote) -> None:
    """Only the connection log tells then."""
    remote.prepare(Faults(foreign_phrases=True))
    client.start()
    remote.wait_until_online()
    tail = Tail(remote.places.trace)
    remote.incoming(TECHNICIAN, how="Passwd")
    remote.disconnect()
    assert set(_words(tail)) <= {Word.UNEXPECTED, Word.PEER_ID}
    (line,) = Tail(remote.places.connection_trace, from_start=True).read()
    assert parse_connection_line(line) is not None


@pytest.mark.parametrize("change", ["rotate", "truncate"])
def test_the_trace_is_rotated_or_emptied(client: Client, remote: StandInRemote, change: str) -> None:
    client.start()
    remote.wait_until_online()
    remote.change_log(change)
    aside = remote.places.trace.with_name(remote.places.trace.name + ".1")
    assert aside.exists() is (change == "rotate")
    assert not remote.places.trace.exists() or remote.places.trace.stat().st_size == 0
    remote.trace("app.session", "Session stopped.")
    assert _words(Tail(remote.places.trace, from_start=True)) == [Word.CLOSED]


def test_the_scam_mark_and_odd_names(client: Client, remote: StandInRemote) -> None:
    """Fact 2.4; a name may hold brackets, digits and the end of a line."""
    client.start()
    remote.wait_until_online()
    tail = Tail(remote.places.trace)
    remote.incoming(STRANGER, name=f"({TECHNICIAN})\nAnna ({TECHNICIAN})", flags="direct scam paid 3")
    events = [event for line in tail.read() if (event := parse_trace_line(line)) is not None]
    assert Word.FLAGGED in [event.word for event in events]
    assert TECHNICIAN not in {event.number for event in events if event.word is not Word.PEER_NAMED}


def test_a_way_back_that_a_technician_leaves(client: Client, remote: StandInRemote) -> None:
    """Unattended password, permission profile and an entry for the log-in."""
    remote.prepare(Faults(elevated=True))
    client.start()
    remote.wait_until_online()
    remote.set_unattended_password()
    assert remote.add_profile("helper", "+input") == 0
    entry = remote.add_autostart()
    settings = read_settings(client.places) or {}
    assert has_password(settings)
    assert "helper" in profile_names(settings)
    assert entry.is_file()
    entry.unlink()


def test_it_installs_itself_while_somebody_is_connected(
    installable: InstalledClient, client: Client, remote: StandInRemote, installed_remote: StandInRemote
) -> None:
    """What a technician could do: closing the portable client does not end what was installed."""
    window = client.start()
    remote.wait_until_online()
    number = remote.number()
    remote.incoming(TECHNICIAN)
    remote.accept()
    assert remote.install_as_service(installable.folder) == 0
    installed_remote.wait_until_online(30)
    assert installed_remote.number() == number
    client.ask_to_close(window)
    window.wait(15)
    wait_for(lambda: client.images() == 0)
    assert installable.service() is not None
    assert installable.autostart() is not None
    assert installed_remote.is_running()


def test_without_a_service_there_is_nobody_to_order(remote: StandInRemote) -> None:
    with pytest.raises(NotRunningError):
        remote.incoming(TECHNICIAN)
    assert not remote.is_running()
    assert not remote.places.trace.exists()


def test_a_port_for_direct_connections(client: Client, remote: StandInRemote) -> None:
    """Fact 3: 7070 with an installed AnyDesk; here any free one."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    remote.prepare(ALLOWED._replace(direct_port=port))
    client.start()
    remote.wait_until_online()
    wait_for(lambda: port in (client.table.listening() or {}))
    assert IS_WINDOWS or (client.table.listening() or {})[port] in {one.pid for one in client.own_processes()}
