"""Collects cycles between tests, on the main thread: a Qt object in a cycle must not be freed by a worker thread."""

import gc
from collections.abc import Iterator

import pytest

FULL_EVERY = 200
_count = 0


def pytest_sessionstart() -> None:
    """Takes the collection over."""
    gc.disable()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Collects after each test; all generations now and then, because that costs time."""
    global _count
    yield
    _count += 1
    gc.collect(2 if _count % FULL_EVERY == 0 else 1)
