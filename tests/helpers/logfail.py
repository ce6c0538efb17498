"""Fails a test that caused a log record of WARNING or above which it did not announce.

A pytest plugin. It watches where records are made and not where they are handled, so a logger with
`propagate = False`, a replaced root handler or a cleared caplog hides nothing.

Announce with the marker `@pytest.mark.expect_log("logger.name", r"pattern")` (the record must appear at
least once) or, for a part of a test, with the fixture `expect_log`, used as a context manager.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

LEVEL = logging.WARNING

ExpectLog = Callable[[str, str], AbstractContextManager[None]]


@dataclass
class Expectation:
    """One announced kind of record; `seen` counts how often it came."""

    logger: str
    pattern: re.Pattern[str]
    seen: int = 0

    def matches(self, record: logging.LogRecord) -> bool:
        """Whether the record is of the announced logger (or one below it) and its text fits."""
        is_ours = record.name == self.logger or record.name.startswith(self.logger + ".")
        return is_ours and self.pattern.search(record.getMessage()) is not None

    def __str__(self) -> str:
        return f"{self.logger}: /{self.pattern.pattern}/"


@dataclass
class LogWatch:
    """Collects records from every thread; belongs to one test run."""

    expectations: list[Expectation] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, record: logging.LogRecord) -> None:
        """Counts an announced record, keeps the text of any other one."""
        with self.lock:
            for expectation in self.expectations:
                if expectation.matches(record):
                    expectation.seen += 1
                    return
            where = f"{record.filename}:{record.lineno}"
            self.unexpected.append(f"{record.levelname} {record.name} ({where}): {record.getMessage()}")

    def take_unexpected(self) -> list[str]:
        """Returns and forgets the texts of the records nobody announced."""
        with self.lock:
            found, self.unexpected = self.unexpected, []
            return found


_WATCH = LogWatch()
_MAKE_RECORD = logging.getLogRecordFactory()
_BEFORE: list[Callable[..., logging.LogRecord]] = []


def _record_factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = _MAKE_RECORD(*args, **kwargs)
    # logging.makeLogRecord makes a record without a level first, whatever the annotation says.
    if (record.levelno or 0) >= LEVEL:
        _WATCH.note(record)
    return record


def pytest_configure() -> None:
    """Starts watching before the first module of the product is imported."""
    _BEFORE.append(logging.getLogRecordFactory())
    logging.setLogRecordFactory(_record_factory)


def pytest_unconfigure() -> None:
    """Leaves logging as it was: a test run inside a test must not end the watch of the outer one."""
    logging.setLogRecordFactory(_BEFORE.pop())


@contextmanager
def _expecting(logger: str, pattern: str) -> Iterator[None]:
    expectation = Expectation(logger, re.compile(pattern))
    _WATCH.expectations.append(expectation)
    try:
        yield
    finally:
        _WATCH.expectations.remove(expectation)
    if not expectation.seen:
        pytest.fail(f"announced log record never came: {expectation}")


@pytest.fixture
def expect_log() -> ExpectLog:
    """Announces a record for one part of a test, the body of a `with` statement."""
    return _expecting


@pytest.fixture(autouse=True)
def _no_unexpected_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    announced = [
        Expectation(str(mark.args[0]), re.compile(str(mark.args[1])))
        for mark in request.node.iter_markers("expect_log")
    ]
    _WATCH.expectations.extend(announced)
    yield
    for expectation in announced:
        _WATCH.expectations.remove(expectation)
    unexpected = _WATCH.take_unexpected()
    missing = [str(expectation) for expectation in announced if not expectation.seen]
    if unexpected:
        pytest.fail("unexpected log records:\n  " + "\n  ".join(unexpected), pytrace=False)
    if missing:
        pytest.fail("announced log records never came:\n  " + "\n  ".join(missing), pytrace=False)
