"""Processes by Toolhelp32: a pid with its creation time and image is one process, and only that one is ended."""

from __future__ import annotations

import dataclasses
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.platforms.windows.processes import WindowsProcessTable, plain_path
from tests.windows.held import wait_for


@pytest.fixture
def table() -> WindowsProcessTable:
    return WindowsProcessTable()


@pytest.fixture
def process(waiter: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([str(waiter)], stdin=subprocess.DEVNULL)
    yield process
    process.kill()
    process.wait(10)


def test_another_creation_time_is_another_process(
    table: WindowsProcessTable, process: subprocess.Popen[bytes]
) -> None:
    identity = table.identify(process.pid)
    assert identity is not None
    table.end(dataclasses.replace(identity, created=identity.created + 1), force=True)
    assert process.poll() is None
    table.end(identity, force=True)
    assert process.wait(5) == 1
    assert table.identify(process.pid) is None


def test_its_image_is_the_file(
    table: WindowsProcessTable, process: subprocess.Popen[bytes], waiter: Path
) -> None:
    identity = table.identify(process.pid)
    assert identity is not None
    assert identity.image == plain_path(str(waiter))
    seen = next(one for one in table.everything() if one.identity.pid == process.pid)
    assert (seen.identity, seen.parent) == (identity, os.getpid())


def test_a_window_is_closed_as_a_person_would(
    table: WindowsProcessTable, process: subprocess.Popen[bytes]
) -> None:
    wait_for(lambda: table.close_windows(process.pid), 10)
    assert process.wait(10) == 0


def test_home_of_a_process(table: WindowsProcessTable, process: subprocess.Popen[bytes]) -> None:
    assert table.home_of(process.pid) == os.environ["APPDATA"]
