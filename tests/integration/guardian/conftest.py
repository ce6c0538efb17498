"""One world a test, ended whatever happened in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.services.anydesk import session as session_module
from tests.contracts.world import AnyDeskWorld


@pytest.fixture
def home() -> Path:
    """The home folder that every process of the test has."""
    return Path.home()


@pytest.fixture
def world(home: Path) -> Iterator[AnyDeskWorld]:
    world = AnyDeskWorld(home)
    yield world
    world.end_everything()


@pytest.fixture
def short_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look comes after a tenth of a second; one test waits the full time."""
    monkeypatch.setattr(session_module, "SECOND_LOOK_SECONDS", 0.1)
