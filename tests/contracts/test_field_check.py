"""The field check against the stand-in: it sees what is there, says what differs, and starts nothing."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.core.anydesk import AnyDeskState
from client_app.core.anydesk_system import ProcessIdentity
from client_app.core.session import EndedBy
from client_app.platforms.field import ProcessEyes
from client_app.services.anydesk.trace_words import Word
from client_app.services.field_check import program_look
from client_app.services.field_check.observation import Observation, SeenProgram
from client_app.services.field_check.page import ROWS, differs, document, table_text
from client_app.services.field_check.program_look import ProgramLook, SystemEyes
from client_app.services.field_check.rows import Verdict
from client_app.services.field_check.watcher import FieldCheck, Patience
from demo.anydesk.remote import Faults
from tests.contracts.client import home_variables
from tests.contracts.world import TECHNICIAN, AnyDeskWorld, wait_for
from tools import field_check_page

# Each question starts a program; on a busy machine, and under wine, that is slow.
pytestmark = pytest.mark.timeout(240)

BLIND = SystemEyes(lambda _pid: None, lambda _pid: None, lambda _pids: None)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AnyDeskWorld]:
    home = Path(os.path.realpath(tmp_path))
    for name, value in home_variables(home).items():
        monkeypatch.setenv(name, value)
    world = AnyDeskWorld(home)
    yield world
    if world.own_processes():
        world.session.end(EndedBy.UNKNOWN)


class Running:
    """A field check on a thread of its own, as the technician runs it in a console beside the wizard."""

    def __init__(self, world: AnyDeskWorld, eyes: SystemEyes = BLIND) -> None:
        self.said: list[str] = []
        system = world.system
        look = ProgramLook(world.program.program, system.processes, world.system.home, eyes)
        places = system.data_places(world.program.program.name, "")
        self.check = FieldCheck(system, look, places, (), self.said.append, Patience(60, 150))
        self._thread = threading.Thread(target=self.check.run)
        self._thread.start()

    def wait_said(self, part: str) -> None:
        wait_for(lambda: any(part in text for text in self.said), 60)

    def finish(self) -> Observation:
        self._thread.join(160)
        assert not self._thread.is_alive()
        return self.check.seen


def verdict_of(row_id: str, seen: Observation) -> Verdict:
    return next(row for row in ROWS if row.row_id == row_id).finding(seen).verdict


def test_it_starts_no_anydesk(world: AnyDeskWorld) -> None:
    seen: list[ProcessIdentity] = []
    look = ProgramLook(world.program.program, world.system.processes, world.system.home, BLIND)
    places = world.system.data_places(world.program.program.name, "")

    def wait(_seconds: float) -> None:
        seen.extend(look.identities())

    check = FieldCheck(world.system, look, places, (), lambda _text: None, Patience(1, 1), wait)
    check.run()
    assert not seen
    assert not check.seen.was_seen
    assert not world.remote.is_running()


def test_only_questions_are_asked(world: AnyDeskWorld) -> None:
    look = ProgramLook(world.program.program, world.system.processes, world.system.home, BLIND)
    for switch in ("", "--install", "--remove", "--service", "--set-password"):
        with pytest.raises(ValueError, match="not a question"):
            look.ask(switch)


def test_a_session_by_the_wizard_fills_the_table(world: AnyDeskWorld) -> None:
    # On Windows the guardian's job holds it; elsewhere the guardian is looked for among the parents.
    running = Running(world, SystemEyes(ProcessEyes().is_held, lambda _pid: False, lambda pids: bool(pids)))
    running.wait_said("start AnyDesk")
    world.start_ready()
    running.wait_said("Number is there")
    world.remote.incoming(TECHNICIAN, alias="anna@bit", name="Anna 221436813")
    world.events.wait_state(AnyDeskState.ASKING)
    wait_for(lambda: running.check.seen.accept_window)
    world.remote.accept()
    running.wait_said("Connected")
    world.remote.disconnect("remote")
    running.wait_said("Ended by the technician")
    world.connect()
    world.remote.disconnect("local")
    running.wait_said("Ended here")
    world.session.end(EndedBy.CUSTOMER)
    seen = running.finish()

    text = table_text(seen)
    for row in ("switch.before", "switch.number", "switch.status", "process.count", "process.held", "end.left",
                "data.folder", "trace.file", "trace.format", "trace.click", "trace.running", "trace.remote_end",
                "trace.local_end", "list.format", "left.entries", "screen.accept"):  # fmt: skip
        assert verdict_of(row, seen) is Verdict.FITS, (row, text)
    # Two lines of each of the two sessions say so.
    assert seen.words[Word.RUNNING] == 4
    assert seen.is_ended
    # Neither names nor numbers nor paths of this person's files beyond the folders that were asked for.
    assert "Anna" not in text
    assert TECHNICIAN not in text


def test_an_anydesk_that_behaves_otherwise_differs(
    world: AnyDeskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program_look, "ASK_SECONDS", 3.5)
    running = Running(world)
    running.wait_said("start AnyDesk")
    world.start(Faults(hang_queries=True))
    wait_for(lambda: running.check.seen.numbers, 90)
    world.session.end(EndedBy.CUSTOMER)
    seen = running.finish()
    assert verdict_of("switch.patience", seen) is Verdict.DIFFERS
    assert differs(seen)
    assert table_text(seen).splitlines()[2].startswith(" DIFFERS")


def test_what_runs_already_is_not_checked(world: AnyDeskWorld) -> None:
    world.start_ready()
    running = Running(world)
    running.wait_said("already running")
    seen = running.finish()
    assert not seen.before


def test_nothing_seen_means_not_seen() -> None:
    empty = Observation("windows")
    verdicts = {row.finding(empty).verdict for row in ROWS}
    assert verdicts == {Verdict.NOT_SEEN, Verdict.BY_HAND}


@pytest.mark.parametrize(
    ("held", "verdict"),
    [((True, True), Verdict.FITS), ((True, False), Verdict.DIFFERS), ((False, False), Verdict.NOT_SEEN)],
)
def test_an_elevated_process_outside_the_job_differs(held: tuple[bool, bool], verdict: Verdict) -> None:
    window = SeenProgram(1, "", is_elevated=False, is_held=held[0])
    elevated = SeenProgram(2, "--backend", is_elevated=True, is_held=held[1])
    assert (
        verdict_of("process.elevated", Observation("windows", processes={1: window, 2: elevated})) is verdict
    )


def test_the_page_is_what_the_program_says() -> None:
    assert field_check_page.main(["--check"]) == 0
    assert all(f"| {row.row_id} |" in document() for row in ROWS)
    assert len({row.row_id for row in ROWS}) == len(ROWS)
