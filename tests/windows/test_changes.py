"""Notifications of files and ends of processes, from Windows itself."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.core.anydesk_system import ProcessIdentity
from client_app.platforms.windows import changes
from client_app.platforms.windows.anydesk import WindowsAnyDeskSystem
from client_app.platforms.windows.changes import NotificationWaiter
from client_app.platforms.windows.processes import WindowsProcessTable

LONG_SECONDS = 20.0


@pytest.fixture(autouse=True)
def no_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait that ends early in these tests was ended by the system."""
    monkeypatch.setattr(changes, "HEARTBEAT_SECONDS", LONG_SECONDS)


@pytest.fixture
def waiter(tmp_path: Path) -> Iterator[NotificationWaiter]:
    waiter = NotificationWaiter([tmp_path / "AnyDesk" / "ad_x", tmp_path])
    yield waiter
    waiter.close()


def seconds_of_wait(waiter: NotificationWaiter, seconds: float = LONG_SECONDS) -> float:
    begun = time.monotonic()
    waiter.wait(seconds)
    return time.monotonic() - begun


def later(work: object) -> threading.Timer:
    assert callable(work)
    timer = threading.Timer(0.2, work)
    timer.start()
    return timer


def test_nothing_happens_until_the_time_is_over(waiter: NotificationWaiter) -> None:
    assert 0.05 <= seconds_of_wait(waiter, 0.1) < 5


def test_woken_from_another_thread_and_never_after_the_end(waiter: NotificationWaiter) -> None:
    later(waiter.wake)
    assert seconds_of_wait(waiter) < LONG_SECONDS / 2
    waiter.close()
    waiter.wake()
    waiter.close()


def test_a_file_that_is_made_appended_to_and_renamed(waiter: NotificationWaiter, tmp_path: Path) -> None:
    path = tmp_path / "ad.trace"

    def append() -> None:
        with path.open("ab") as file:
            file.write(b"a line\n")

    for work in (append, append, lambda: path.rename(tmp_path / "ad.trace.1")):
        timer = later(work)
        assert seconds_of_wait(waiter) < LONG_SECONDS / 2
        timer.join()
        # What one change is told by more than once.
        while seconds_of_wait(waiter, 0.3) < 0.2:
            pass


def test_a_folder_that_is_made_later(waiter: NotificationWaiter, tmp_path: Path) -> None:
    folder = tmp_path / "AnyDesk" / "ad_x"
    folder.mkdir(parents=True)
    while seconds_of_wait(waiter, 0.3) < 0.2:
        pass
    later(lambda: (folder / "ad.trace").write_text("x"))
    assert seconds_of_wait(waiter) < LONG_SECONDS / 2


def test_the_end_of_a_process(waiter: NotificationWaiter) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    identity = WindowsProcessTable().identify(process.pid)
    assert identity is not None
    waiter.follow(identity)
    waiter.follow(identity)
    assert not waiter.has_ended()
    process.communicate(b"\n")
    assert seconds_of_wait(waiter) < LONG_SECONDS / 2
    assert waiter.has_ended()
    assert not waiter.has_ended()


def test_a_process_that_is_another_one_counts_as_ended(waiter: NotificationWaiter) -> None:
    waiter.follow(ProcessIdentity(4_000_000, 1))
    assert waiter.has_ended()


def test_the_system_gives_this_waiter(tmp_path: Path) -> None:
    waiter = WindowsAnyDeskSystem().watch([tmp_path])
    assert isinstance(waiter, NotificationWaiter)
    waiter.close()
