"""What the services rely on in AnyDesk's behaviour, as one class of tests: for the stand-in and for a real client.

A subclass gives the fixture `client`. Facts behind each test: support.anydesk.com (command line interface) and what
was observed in the field. To hold a real portable client to it, set POMOC_ANYDESK to its path (see the test module);
what needs somebody on the other side is left out then.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from client_app.core.anydesk_system import DataPlaces, ProcessIdentity
from client_app.platforms import anydesk_system
from client_app.services.anydesk.settings import read_settings
from client_app.services.anydesk.trace_words import Word, parse_trace_line
from tests.contracts.world import wait_for

NUMBER = re.compile(r"[1-9][0-9]{8,9}")


class Client:
    """An AnyDesk executable with a home folder for its files."""

    def __init__(self, program: Path, home: Path, places: DataPlaces) -> None:
        self.program, self.home, self.places = program, home, places
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [str(self.program)],
            env={**os.environ, "HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def ask(self, *switches: str) -> tuple[int, str]:
        run = subprocess.run(
            [str(self.program), *switches],
            env={**os.environ, "HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=20,
            check=False,
        )
        return run.returncode, run.stdout.decode().strip()

    def wait_for_number(self) -> str:
        wait_for(lambda: NUMBER.fullmatch(self.ask("--get-id")[1]), 60)
        return self.ask("--get-id")[1]

    def is_running(self) -> bool:
        return self.ask("--get-status")[1] != "SERVICE_NOT_RUNNING"

    def processes_of_this_home(self) -> list[ProcessIdentity]:
        """Return the processes of this file that this test started (others may run beside it)."""
        table, image, home = (
            anydesk_system().processes,
            str(self.program.resolve()),
            os.path.realpath(self.home),
        )
        seen = (process.identity for process in table.everything())
        return [one for one in seen if one.image == image and table.home_of(one.pid) == home]

    def images(self) -> int:
        """Number of these processes."""
        return len(self.processes_of_this_home())

    def close(self) -> None:
        for process in self.processes:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


class AnyDeskContract:
    """True of any portable AnyDesk client."""

    def test_nothing_runs_so_every_question_says_so_and_fails(self, client: Client) -> None:
        for switch in ("--get-id", "--get-status"):
            code, answer = client.ask(switch)
            assert answer == "SERVICE_NOT_RUNNING"
            assert code != 0

    def test_an_unknown_switch_fails(self, client: Client) -> None:
        code, _ = client.ask("--no-such-switch")
        assert code not in (0, None)

    def test_version_is_one_line_with_a_number(self, client: Client) -> None:
        code, answer = client.ask("--version")
        assert code == 0
        assert re.search(r"\d+\.\d+", answer.splitlines()[0])

    def test_started_it_gets_a_number_and_writes_it_into_its_settings(self, client: Client) -> None:
        client.start()
        number = client.wait_for_number()
        wait_for(lambda: (read_settings(client.places) or {}).get("ad.anynet.id") == number, 30)

    def test_started_its_status_becomes_online(self, client: Client) -> None:
        client.start()
        wait_for(lambda: client.ask("--get-status")[1] == "online", 60)

    def test_the_number_stays_over_a_restart(self, client: Client) -> None:
        process = client.start()
        number = client.wait_for_number()
        process.terminate()
        process.wait(15)
        wait_for(lambda: not client.is_running(), 15)
        client.start()
        assert client.wait_for_number() == number

    def test_portable_means_several_processes_of_one_file(self, client: Client) -> None:
        client.start()
        client.wait_for_number()
        wait_for(lambda: client.images() >= 2, 15)

    def test_asked_to_close_its_window_ends_everything(self, client: Client) -> None:
        process = client.start()
        client.wait_for_number()
        process.terminate()
        process.wait(15)
        wait_for(lambda: client.images() == 0, 15)
        assert client.ask("--get-status")[1] == "SERVICE_NOT_RUNNING"

    def test_its_trace_is_in_the_format_and_says_that_the_relay_was_reached(self, client: Client) -> None:
        client.start()
        client.wait_for_number()
        traces = [folder / name for folder in client.places.folders for name in client.places.trace_names]
        wait_for(lambda: Word.RELAY_REACHED in words_of(traces), 60)


def words_of(traces: list[Path]) -> set[Word]:
    """Return what the lines of trace files say."""
    lines = [line for path in traces if path.exists() for line in path.read_text("utf-8").splitlines()]
    return {event.word for line in lines if (event := parse_trace_line(line)) is not None}
