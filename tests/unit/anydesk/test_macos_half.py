"""macOS's half through faked tables, plus what is plain POSIX in it. Runs on every POSIX system."""

from __future__ import annotations

import os
import plistlib
import select
from pathlib import Path
from typing import Any

import pytest

from client_app.core.anydesk_system import ProcessIdentity, SeenProcess
from client_app.platforms import System, anydesk_system, containment
from client_app.platforms.macos.containment import MacContainment, bundle_of, wait_for_any_exit
from client_app.platforms.macos.persistence import MacPersistence
from client_app.platforms.macos.processes import MacProcessTable
from client_app.platforms.macos.supervisor import Notes
from tests.unit.anydesk.fakes import FakeProcesses

APP = "/private/run-1/AnyDesk.app"


def process(pid: int, parent: int, image: str = "/bin/sh") -> SeenProcess:
    return SeenProcess(ProcessIdentity(pid, pid * 10, image), parent)


class Table(FakeProcesses):
    """A table with parents."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[SeenProcess] = []

    def everything(self) -> tuple[SeenProcess, ...]:
        return tuple(self.seen)


def contained(table: Table, sessions: dict[int, int] | None = None) -> MacContainment:
    def session_of(pid: int) -> int:
        if sessions is None or pid not in sessions:
            raise PermissionError(pid)
        return sessions[pid]

    held = MacContainment(table, session_of)
    held._folder = APP + "/"
    return held


class TestMembers:
    def test_other_programs_are_none(self) -> None:
        table = Table()
        table.seen = [process(1, 0), process(5, 1, "/Applications/AnyDesk.app/Contents/MacOS/AnyDesk")]
        assert contained(table).members() == ()

    def test_by_image_by_parent_and_by_session(self) -> None:
        table = Table()
        table.seen = [
            process(12, 11),
            process(11, 10),
            process(10, 1, APP + "/Contents/MacOS/AnyDesk"),
            process(20, 1),
            process(21, 1),
        ]
        held = contained(table, {20: 10})
        held._sessions = {10}
        assert {member.pid for member in held.members()} == {10, 11, 12, 20}

    def test_seen_once_it_stays_known_when_its_parents_are_gone(self) -> None:
        table = Table()
        table.seen = [process(10, 1, APP + "/Contents/MacOS/AnyDesk"), process(11, 10)]
        held = contained(table)
        held.members()
        table.seen = [process(11, 1)]
        assert [member.pid for member in held.members()] == [11]

    def test_a_reused_pid_is_forgotten(self) -> None:
        table = Table()
        table.seen = [process(10, 1, APP + "/x"), process(11, 10)]
        held = contained(table)
        held.members()
        table.seen = [SeenProcess(ProcessIdentity(11, 999, "/bin/cat"), 1)]
        assert held.members() == ()

    def test_members_are_ended_by_identity(self) -> None:
        table = Table()
        held = contained(table)
        held.end(ProcessIdentity(10, 100, ""), force=True)
        held.close_window(ProcessIdentity(10, 100, ""))
        assert table.ended == [(10, True), (10, False)]


def test_the_bundle_of_a_program() -> None:
    assert bundle_of(Path(APP + "/Contents/MacOS/AnyDesk")) == Path(APP)
    assert bundle_of(Path("/private/run-1/anydesk")) == Path("/private/run-1")


def test_waiting_for_the_clients_end(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Queue:
        def control(self, events: list[Any], number: int, seconds: float | None) -> list[Any]:
            asked.append((events, number, seconds))
            if events[0][0] == 999:
                raise ProcessLookupError(999)
            return events

        def close(self) -> None:
            asked.append("closed")

    names = {"KQ_FILTER_PROC": -5, "KQ_EV_ADD": 1, "KQ_EV_ONESHOT": 16, "KQ_NOTE_EXIT": 1 << 31}
    for name, value in names.items():
        monkeypatch.setattr(select, name, value, raising=False)
    monkeypatch.setattr(select, "kqueue", Queue, raising=False)
    monkeypatch.setattr(
        select, "kevent", lambda pid, filter, flags, fflags: (pid, filter, flags, fflags), raising=False
    )
    wait_for_any_exit((7, 8))
    wait_for_any_exit((999,))
    assert asked[0] == ([(7, -5, 17, 1 << 31), (8, -5, 17, 1 << 31)], 1, None)
    assert asked.count("closed") == 2


class TestNotes:
    def test_nothing_was_said(self) -> None:
        assert Notes().read_all() == ("", frozenset())

    def test_the_last_word_counts_and_a_cut_one_does_not(self) -> None:
        notes = Notes()
        notes.tell(APP + "/", 0)
        notes.tell(APP + "/ą\n", 17)
        os.write(notes._writer, b'["/etc/')
        assert notes.read_all() == (APP + "/ą\n", frozenset((17,)))


class TestPersistence:
    def test_daemons_agents_and_lists_that_cannot_be_understood(self, tmp_path: Path) -> None:
        daemons, agents = tmp_path / "Library/LaunchDaemons", tmp_path / "home/Library/LaunchAgents"
        daemons.mkdir(parents=True)
        agents.mkdir(parents=True)
        (daemons / "com.philandro.anydesk.service.plist").write_bytes(
            plistlib.dumps({"ProgramArguments": [APP + "/Contents/MacOS/AnyDesk", "--service"]})
        )
        (daemons / "broken.plist").write_bytes(b"<plist")
        (daemons / "list.plist").write_bytes(plistlib.dumps(["x"]))
        (agents / "x.plist").write_bytes(plistlib.dumps({"Program": "/bin/x"}, fmt=plistlib.FMT_BINARY))
        persistence = MacPersistence(tmp_path, tmp_path / "home")
        services, autostarts = persistence.services(), persistence.autostarts()
        assert services is not None
        assert autostarts is not None
        commands = {Path(entry.name).name: entry.command_untrusted for entry in (*services, *autostarts)}
        assert commands["com.philandro.anydesk.service.plist"] == APP + "/Contents/MacOS/AnyDesk --service"
        assert commands["x.plist"] == "/bin/x"
        assert commands["broken.plist"].endswith("broken.plist")
        assert commands["list.plist"].endswith("list.plist")

    def test_folders_that_are_not_there_are_empty(self, tmp_path: Path) -> None:
        assert MacPersistence(tmp_path, tmp_path).services() == ()
        assert MacPersistence(tmp_path, tmp_path).autostarts() == ()


def test_the_table_knows_this_process_and_never_signals_another(tmp_path: Path) -> None:
    table = MacProcessTable()
    own = table.identify(os.getpid())
    assert own is not None
    assert own in [seen.identity for seen in table.everything()]
    # The same pid at another time is another process: a signal to it would end this test run.
    table.end(ProcessIdentity(own.pid, own.created + 1, own.image), force=True)
    assert table.identify(2**22 + 1) is None
    assert table.listening() is not None


def test_the_halves_can_be_made_on_every_system() -> None:
    system = anydesk_system(System.MACOS)
    assert system.name == "macos"
    assert system.data_places("AnyDesk.app", "5a1b2c3d").folders[0].parent == Path.home()
    assert isinstance(containment(System.MACOS), MacContainment)
