"""What the services rely on in AnyDesk's behaviour, as classes of tests: for the stand-in and for a real client.

Each test names the fact that it checks by its number in docs/stand-in.md. A subclass gives the fixtures `client`
(portable), `installed` and `caller`. To hold a real portable client to it, set POMOC_ANYDESK to its path; POMOC_ANYDESK
together with POMOC_ANYDESK_INSTALL=1 installs and removes it as well (on a machine for that, with an administrator's
rights). What needs a second person has the fixture `caller`, and is skipped with that reason for a real client.
"""

from __future__ import annotations

import re
from pathlib import Path

from client_app.core.anydesk import HowAccepted
from client_app.services.anydesk.settings import read_settings
from client_app.services.anydesk.tail import Tail
from client_app.services.anydesk.trace_words import (
    ConnectionLine,
    Word,
    parse_connection_line,
    parse_trace_line,
)
from demo.anydesk.conf import read_conf
from demo.anydesk.remote import StandInRemote
from tests.contracts.client import NOT_RUNNING, Client, InstalledClient
from tests.contracts.waiting import wait_for

NUMBER = re.compile(r"[1-9][0-9]{8,9}")
CALLER = "221436813"
START_SECONDS = 60
"""Some machines take this long until an installed client has its number (fact 1.2)."""


def wait_for_number(client: Client) -> str:
    """Return the client's own number as soon as it has one."""
    wait_for(lambda: NUMBER.fullmatch(client.ask("--get-id")[1]), START_SECONDS)
    return client.ask("--get-id")[1]


def wait_until_online(client: Client) -> None:
    """Wait for the green light."""
    wait_for(lambda: client.ask("--get-status")[1] == "online", START_SECONDS)


def words_of(traces: list[Path]) -> set[Word]:
    """Return what the lines of trace files say."""
    lines = [line for path in traces if path.exists() for line in Tail(path, from_start=True).read()]
    return {event.word for line in lines if (event := parse_trace_line(line)) is not None}


class PortableContract:
    """True of any portable AnyDesk client."""

    def test_nothing_runs_so_every_question_says_so_and_fails(self, client: Client) -> None:
        """Fact 1.2: SERVICE_NOT_RUNNING on standard output, and not 0."""
        for switch in ("--get-id", "--get-status"):
            code, answer = client.ask(switch)
            assert answer == NOT_RUNNING
            assert code != 0

    def test_an_unknown_switch_fails(self, client: Client) -> None:
        """Fact 1.4: 7002."""
        assert client.ask("--no-such-switch")[0] != 0

    def test_version_is_one_line_with_a_number(self, client: Client) -> None:
        """Fact 1.2."""
        code, answer = client.ask("--version")
        assert code == 0
        assert re.search(r"\d+\.\d+", answer.splitlines()[0])

    def test_started_it_gets_a_number_and_writes_it_into_its_settings(self, client: Client) -> None:
        """Facts 1.2, 2.1 and 2.2: `ad.anynet.id` in system.conf of the user's data folder."""
        client.start()
        number = wait_for_number(client)
        wait_for(lambda: (read_settings(client.places) or {}).get("ad.anynet.id") == number, 30)

    def test_started_its_status_becomes_online_and_its_trace_says_why(self, client: Client) -> None:
        """Facts 1.2 and 2.4."""
        client.start()
        wait_until_online(client)
        traces = [folder / name for folder in client.places.folders for name in client.places.trace_names]
        wait_for(lambda: Word.RELAY_REACHED in words_of(traces), 30)

    def test_the_number_stays_over_a_restart(self, client: Client) -> None:
        """Fact 1.2: it persists on the device."""
        process = client.start()
        number = wait_for_number(client)
        client.ask_to_close(process)
        process.wait(15)
        wait_for(lambda: not client.is_running(), 15)
        client.start()
        assert wait_for_number(client) == number

    def test_closing_its_window_ends_its_several_processes(self, client: Client) -> None:
        """Fact 3: several processes of one file; closing the window closes the program."""
        process = client.start()
        wait_for_number(client)
        wait_for(lambda: client.images() >= 2, 15)
        client.ask_to_close(process)
        process.wait(15)
        wait_for(lambda: client.images() == 0, 15)
        assert client.ask("--get-status")[1] == NOT_RUNNING

    def test_an_accepted_session_is_logged_from_request_to_end(
        self, client: Client, caller: StandInRemote
    ) -> None:
        """Facts 2.3 and 2.4. Needs a second person: somebody calls, and somebody here accepts."""
        client.start()
        wait_until_online(client)
        trace = Tail(caller.places.trace)
        caller.incoming(CALLER, alias="anna@bit", name="Anna (123456789)")
        caller.accept()
        caller.disconnect("remote")
        events = [event for line in trace.read() if (event := parse_trace_line(line)) is not None]
        words = [event.word for event in events]
        assert words.index(Word.ASKED) < words.index(Word.PEER_NAMED) < words.index(Word.AUTH_CLICK)
        assert words.index(Word.AUTH_CLICK) < words.index(Word.RUNNING) < words.index(Word.CLOSED_REMOTE)
        named = next(event for event in events if event.word is Word.PEER_NAMED)
        assert named.number == CALLER
        (line,) = Tail(caller.places.connection_trace, from_start=True).read()
        assert parse_connection_line(line) == ConnectionLine(HowAccepted.CLICK, CALLER)

    def test_a_refused_request_is_in_the_connection_log(self, client: Client, caller: StandInRemote) -> None:
        """Fact 2.3: REJECTED. Needs a second person: somebody calls, and somebody here refuses."""
        client.start()
        wait_until_online(client)
        caller.incoming(CALLER, alias="eve@evil")
        caller.refuse()
        (line,) = Tail(caller.places.connection_trace, from_start=True).read()
        assert parse_connection_line(line) == ConnectionLine(HowAccepted.REFUSED, CALLER)


class InstalledContract:
    """True of any installed AnyDesk client."""

    def test_it_is_a_service_and_starts_at_log_in(self, installed: InstalledClient) -> None:
        """Facts 1.1 and 3: the service's command ends with --service, the link runs --control."""
        service, autostart = installed.service(), installed.autostart()
        assert service is not None
        assert autostart is not None
        assert service.command_untrusted.rstrip().endswith("--service")
        assert "--control" in autostart.command_untrusted

    def test_it_answers_without_a_window_and_has_a_tray_process(self, installed: InstalledClient) -> None:
        """Facts 1.2 and 3."""
        assert NUMBER.fullmatch(wait_for_number(installed))
        wait_until_online(installed)
        wait_for(lambda: installed.images() >= 2, 30)

    def test_closing_its_window_ends_only_the_window(self, installed: InstalledClient) -> None:
        """Fact 3: service and tray stay."""
        wait_until_online(installed)
        wait_for(lambda: installed.images() >= 2, 30)
        before = {one.pid for one in installed.own_processes()}
        window = installed.start()
        wait_for(lambda: installed.images() == len(before) + 1, 30)
        installed.ask_to_close(window)
        window.wait(15)
        assert {one.pid for one in installed.own_processes()} == before
        assert installed.ask("--get-status")[1] == "online"

    def test_a_killed_tray_process_comes_back(self, installed: InstalledClient) -> None:
        """Fact 3: the service starts it again."""
        wait_until_online(installed)
        wait_for(lambda: installed.images() == 2, 30)
        first, second = sorted(installed.own_processes(), key=lambda one: one.created)
        # The service was there first.
        installed.kill(second.pid)
        wait_for(lambda: _others(installed, second.pid) == 2, 30)
        assert first in installed.own_processes()

    def test_stopped_it_says_so_and_started_it_answers_again(self, installed: InstalledClient) -> None:
        """Fact 1.1: --stop-service, --start, --restart-service; fact 1.2."""
        number = wait_for_number(installed)
        assert installed.ask("--stop-service")[0] == 0
        wait_for(lambda: not installed.is_running(), 30)
        assert installed.ask("--start")[0] == 0
        assert wait_for_number(installed) == number
        assert installed.ask("--restart-service")[0] == 0
        assert wait_for_number(installed) == number

    def test_removed_it_leaves_only_its_data(self, installed: InstalledClient) -> None:
        """Facts 1.1, 1.4 and 3: program folder, service and link go, some time after the switch has returned."""
        wait_for_number(installed)
        assert installed.ask("--silent", "--remove")[0] == 0
        wait_for(lambda: not installed.program.exists(), 90)
        wait_for(lambda: installed.service() is None, 30)
        wait_for(lambda: installed.autostart() is None and installed.images() == 0, 30)
        assert "ad.anynet.id" in read_conf(installed.system_conf)


def _others(client: InstalledClient, pid: int) -> int:
    return len([one for one in client.own_processes() if one.pid != pid])
