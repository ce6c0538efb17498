"""Keeps, where POMOC_LAST_WORDS says, which test runs and what Qt says before it ends the process by itself.

A fatal message of Qt ends a Windows program at once: nothing of what pytest has captured is shown any more.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def _file() -> Path | None:
    name = os.environ.get("POMOC_LAST_WORDS")
    return Path(name) if name else None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logstart(nodeid: str) -> None:
    """Notes the test."""
    if (file := _file()) is not None:
        file.write_text(f"{nodeid}\n", encoding="utf-8")


def pytest_sessionfinish() -> None:
    """Notes that no test runs any more."""
    if (file := _file()) is not None:
        file.write_text("all tests were over\n", encoding="utf-8")


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_setup() -> Iterator[None]:
    """Listens during the preparation."""
    return (yield from _listening())


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call() -> Iterator[None]:
    """Listens during the test."""
    return (yield from _listening())


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Listens during the clearing up."""
    return (yield from _listening())


def _listening() -> Iterator[None]:
    file = _file()
    if file is None or "PySide6.QtCore" not in sys.modules:
        return (yield)
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    def listen(kind: QtMsgType, context: Any, message: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            with file.open("a", encoding="utf-8") as words:
                words.write(f"Qt: {message}\n")
        if previous is not None:
            previous(kind, context, message)

    previous = qInstallMessageHandler(listen)
    try:
        return (yield)
    finally:
        qInstallMessageHandler(previous)
