"""Closing from states of chance, and closing when AnyDesk installed itself as a service meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.core.anydesk import Fact
from client_app.core.session import EndedBy
from demo.anydesk.remote import Faults
from demo.anydesk.supervisor import Supervisor
from tests.contracts.world import ROOT, AnyDeskWorld, wait_for

PROGRAM = ROOT / "tests" / "bench" / "programs" / "closing.py"
ALLOWED = Faults(elevated=True, install_disallowed=False)


@pytest.fixture
def manager(home: Path) -> Iterator[None]:
    """A service manager that starts again what dies."""
    with Supervisor(home):
        yield


@pytest.mark.timeout(150)
def test_twelve_closings_from_states_of_chance_leave_nothing(tmp_path: Path) -> None:
    """Four at a time; `make bench ARGS=anydesk` does two hundred and measures how long they take."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        environment.pop(name, None)
    workers = [
        subprocess.Popen(
            [sys.executable, str(PROGRAM), str(tmp_path / str(first)), str(first), "3", "0.3"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for first in (1000, 2000, 3000, 4000)
    ]
    closed = [
        json.loads(line) for worker in workers for line in worker.communicate(timeout=120)[0].splitlines()
    ]
    assert [worker.returncode for worker in workers] == [0] * 4
    assert len(closed) == 12
    assert [one for one in closed if one["left"] or one["broken"] or one["seconds"] == float("inf")] == []


@pytest.mark.usefixtures("short_second_look", "manager")
class TestInstalled:
    def install(self, world: AnyDeskWorld) -> None:
        world.start_ready(ALLOWED)
        world.connect()
        assert world.remote.install_as_service(world.home / "installed") == 0

    def test_a_service_of_the_session_is_stopped_and_taken_out(self, world: AnyDeskWorld) -> None:
        before = world.system.persistence.services()
        self.install(world)
        image = str(world.home / "installed" / world.program.program.name)

        def running() -> int:
            return sum(one.identity.image == image for one in world.system.processes.everything())

        wait_for(lambda: running() > 0)
        proof = world.session.end(EndedBy.CUSTOMER)
        assert proof.is_proven, proof
        assert len(proof.ended) == 2
        assert (running(), world.system.persistence.services()) == (0, before)
        assert {fact.fact for fact in proof.facts if fact.holds} >= {Fact.NO_SERVICE, Fact.NO_AUTOSTART}

    def test_a_service_that_this_user_cannot_take_out_is_told(
        self, world: AnyDeskWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(type(world.system.persistence), "disable", lambda *_: False)
        self.install(world)
        proof = world.session.end(EndedBy.CUSTOMER)
        assert not proof.is_proven
        assert {fact.fact for fact in proof.facts if fact.holds is False} >= {
            Fact.NO_SERVICE,
            Fact.NO_AUTOSTART,
        }
        monkeypatch.undo()
        assert world.session.end(EndedBy.CUSTOMER).is_proven
