"""One real world for the tests of this folder, and customers who act through the flow without a window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from demo.world import World, living_world
from tests.integration.customer import Customer


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Backend, technician, company's folder and stand-in, shared by the tests; each opens cases of its own."""
    with living_world(tmp_path_factory.mktemp("world") / "world") as made:
        yield made


@pytest.fixture
def customer(
    world: World, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Customer]:
    """A customer with a home folder of their own; ends whatever still runs."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    made = Customer(world, qtbot, tmp_path)
    yield made
    made.leave()
