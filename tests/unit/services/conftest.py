"""Fixtures: a company, a backend of the test's own making on a loopback socket, and one run of the client over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.services.bench import Bench
from tests.unit.services.company import Company
from tests.unit.services.server import serving


@pytest.fixture
def company() -> Company:
    """A company with one open case."""
    return Company()


@pytest.fixture
def bench(company: Company, tmp_path: Path) -> Iterator[Bench]:
    """A run of the client against a backend whose answers the test decides."""
    made = Bench(company, tmp_path)
    with serving(made.answer) as server:
        made.connect(server)
        yield made
        made.outbox.close()
        made.door.close()
