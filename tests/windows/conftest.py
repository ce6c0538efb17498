"""Nothing here is collected on another system; the modules import everywhere, the tests do not run there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.windows.held import Held

collect_ignore_glob = [] if os.name == "nt" else ["test_*.py"]


@pytest.fixture
def waiter() -> Path:
    """The small program that stands in AnyDesk's place (waiter.c, compiled by `python -m tools.windows`)."""
    path = os.environ.get("POMOC_WAITER")
    if path is None:
        pytest.skip("waiter.exe is not built: POMOC_WAITER is not set")
    return Path(path)


@pytest.fixture(params=["", "3"], ids=["alone", "with-an-orphan"])
def held(request: pytest.FixtureRequest, waiter: Path, tmp_path: Path) -> Iterator[Held]:
    """A program held by a guardian of a client that is a process of its own."""
    held = Held(waiter, tmp_path, generations=request.param)
    yield held
    held.close()
