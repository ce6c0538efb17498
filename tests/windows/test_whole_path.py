"""The main job on Windows: the client's real services, the real backend on the other system, a stand-in that runs here.

`python -m tools.windows` lets a company live beside the tests and says where in POMOC_WORLD.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from client_app import bootstrap
from client_app.core.anydesk_system import AnyDeskSystem
from client_app.core.session import EndedBy, Phase
from client_app.platforms import anydesk_system
from demo.anydesk.build import StandIn
from demo.anydesk.remote import StandInRemote
from demo.technician import Technician
from demo.world import STRANGER_NUMBER, TECHNICIAN_NUMBER, World
from tests.integration.customer import Customer
from tests.windows.held import processes_in, wait_for
from tests.windows.private import private_files

pytestmark = pytest.mark.timeout(150)
GUARDIAN = (sys.executable, "-m", "tests.windows.guardian_process")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The company beside the tests, and a home of this test's own."""
    where = os.environ.get("POMOC_WORLD")
    if where is None:
        pytest.skip("no company lives beside the tests: POMOC_WORLD is not set")
    known = json.loads(Path(where).read_text("utf-8"))
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("APPDATA", str(home))
    program = StandIn(Path(known["standin"]), ())
    return World(
        folder=tmp_path,
        company=Path(known["company"]),
        home=home,
        backend=None,  # type: ignore[arg-type]  # a process of the other system
        technician=Technician(known["url"], known["name"], known["password"]),
        standin=program,
        remote=StandInRemote(program.program, home),
    )


@pytest.fixture
def customer(
    world: World, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Customer]:
    """A customer whose private folders are taken for private where the system keeps no access lists."""

    def system() -> AnyDeskSystem:
        made = anydesk_system()
        made.files = private_files()  # type: ignore[misc]  # the limit "access-lists"
        return made

    monkeypatch.setattr(bootstrap, "anydesk_system", system)
    monkeypatch.setattr(bootstrap, "guardian_command", lambda: GUARDIAN)
    customer = Customer(world, qtbot, tmp_path / "customer")
    yield customer
    customer.leave()


def private_root(customer: Customer) -> Path:
    """Return where the private copies of AnyDesk lie."""
    return customer.data / "data" / "anydesk"


def test_nothing_starts_before_the_order(customer: Customer) -> None:
    customer.come_to(Phase.ORDER)
    assert processes_in(private_root(customer)) == []
    assert not customer.remote.places.trace.exists()


def test_the_main_job(customer: Customer, world: World) -> None:
    customer.come_to(Phase.CONNECTED)
    assert processes_in(private_root(customer)) != []
    customer.come_to(Phase.FINISHED)
    session = customer.session
    assert session.consent is not None
    assert session.ended_by is EndedBy.CUSTOMER
    assert [fact for fact in session.closing if fact.holds is False] == []
    assert session.past_peers[0].number == TECHNICIAN_NUMBER
    wait_for(lambda: processes_in(private_root(customer)) == [])
    customer.wait_until_all_is_sent()
    world.technician.wait_until(customer.case_id, lambda case: case["step_number"] == 7)


def test_a_stranger_is_ended_at_once(customer: Customer) -> None:
    customer.come_to(Phase.WAITING)
    customer.remote.wait_until_online()
    customer.remote.incoming(STRANGER_NUMBER, alias="help@bank", name="Bank")
    customer.remote.accept()
    customer.until(Phase.FINISHED)
    assert customer.session.ended_by is EndedBy.STRANGER
    wait_for(lambda: processes_in(private_root(customer)) == [])
