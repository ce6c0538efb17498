"""Our client, installed by the technician during the session with a service of Windows: closing takes it all out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.core.anydesk import Fact
from client_app.core.session import EndedBy
from client_app.platforms.windows.persistence import WindowsPersistence
from client_app.services.anydesk import session as session_module
from client_app.services.anydesk.leftovers import end_own_processes
from client_app.services.anydesk.private_copy import image_prefix
from demo.anydesk.remote import Faults
from tests.contracts.client import Client, InstalledClient, home_variables
from tests.contracts.waiting import wait_for
from tests.contracts.world import AnyDeskWorld

ALLOWED = Faults(elevated=True, install_disallowed=False, remove_delay=0)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AnyDeskWorld]:
    """Our session, ended whatever happened."""
    for name, value in home_variables(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(session_module, "SECOND_LOOK_SECONDS", 0.1)
    world = AnyDeskWorld(tmp_path)
    yield world
    run = world.session._run
    if run is not None:
        run.stop_watching()
        run.guardian.abandon()
        run.copy.remove()
    end_own_processes(world.system, image_prefix(world.private_root))


@pytest.fixture
def installed(world: AnyDeskWorld) -> Iterator[InstalledClient]:
    """What the technician installs: it runs, starts with Windows, and a session of ours is connected."""
    program = world.program.program
    portable = Client(program, world.home, world.system.data_places(program.name, ""))
    installed = InstalledClient(portable, world.home / "installed")
    world.start_ready(ALLOWED)
    world.connect()
    assert world.remote.install_as_service(installed.folder) == 0
    # Its service and its tray process.
    wait_for(lambda: installed.images() == 2, 30)
    yield installed
    installed.kill_all()
    installed.remove()


def test_closing_leaves_no_process_no_service_and_no_entry(
    world: AnyDeskWorld, installed: InstalledClient
) -> None:
    assert installed.service() is not None
    assert installed.autostart() is not None
    proof = world.session.end(EndedBy.CUSTOMER)
    assert proof.is_proven, proof
    assert installed.own_processes() == []
    assert (installed.service(), installed.autostart()) == (None, None)
    held = {fact.fact for fact in proof.facts if fact.holds}
    assert held >= {Fact.NO_PROCESS, Fact.NO_SERVICE, Fact.NO_AUTOSTART}


def test_what_this_user_cannot_take_out_is_told(
    world: AnyDeskWorld, installed: InstalledClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(WindowsPersistence, "disable", lambda *_: False)
        proof = world.session.end(EndedBy.CUSTOMER)
    assert not proof.is_proven
    assert {fact.fact for fact in proof.facts if fact.holds is False} >= {Fact.NO_SERVICE, Fact.NO_AUTOSTART}
    assert world.session.end(EndedBy.CUSTOMER).is_proven
    assert installed.own_processes() == []
    assert installed.service() is None
