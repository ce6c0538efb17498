"""One world a test, ended whatever happened in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.services.anydesk import session as session_module
from client_app.services.anydesk.leftovers import end_own_processes
from client_app.services.anydesk.private_copy import image_prefix
from tests.contracts.world import AnyDeskWorld


@pytest.fixture
def home() -> Path:
    """The home folder that every process of the test has."""
    return Path.home()


@pytest.fixture
def world(home: Path) -> Iterator[AnyDeskWorld]:
    world = AnyDeskWorld(home)
    yield world
    run = world.session._run
    if run is not None:
        run.stop_watching()
        run.guardian.abandon()
        run.copy.remove()
    end_own_processes(world.system, image_prefix(world.private_root))


@pytest.fixture
def short_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look comes after a tenth of a second; one test waits the full time."""
    monkeypatch.setattr(session_module, "SECOND_LOOK_SECONDS", 0.1)
