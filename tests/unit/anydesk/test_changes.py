"""Waiting for changes: Windows' and macOS' halves with stand-ins of their calls, Linux' ends of processes for real."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from client_app.core.anydesk_system import ProcessIdentity
from client_app.platforms.linux.changes import InotifyWaiter
from client_app.platforms.linux.processes import LinuxProcessTable
from client_app.platforms.macos.changes import KqueueWaiter
from client_app.platforms.shared.polling import MAX_FOLLOWED
from client_app.platforms.windows.changes import NotificationWaiter
from client_app.platforms.windows.libraries import INVALID_HANDLE
from tests.unit.anydesk.windows_fakes import Windows

POSIX = pytest.mark.skipif(os.name == "nt", reason="pipes that can be set to blocking or not are POSIX's")


class ChangingKernel:
    """The calls of kernel32 for changes; `answers` is what the next waits return."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self.answers: list[int] = []
        self.folders: dict[int, tuple[str, int]] = {}
        self.closed: list[int] = []
        self.asked: list[tuple[list[int], int]] = []
        self.goes_on = True
        self.woken = 0
        self.event = 9

    def __getattr__(self, name: str) -> Any:
        return getattr(self._windows.kernel, name)

    def CreateEventW(self, *_arguments: Any) -> int:  # noqa: N802
        return self.event

    def SetEvent(self, _event: int) -> int:  # noqa: N802
        self.woken += 1
        return 1

    def FindFirstChangeNotificationW(self, path: str, subtree: bool, kinds: int) -> Any:  # noqa: N802
        assert not subtree
        if not Path(path).is_dir():
            return INVALID_HANDLE
        handle = 100 + len(self.folders)
        self.folders[handle] = (path, kinds)
        return handle

    def FindNextChangeNotification(self, _handle: int) -> int:  # noqa: N802
        return int(self.goes_on)

    def FindCloseChangeNotification(self, handle: int) -> int:  # noqa: N802
        self.closed.append(handle)
        return 1

    def WaitForMultipleObjects(self, count: int, handles: Any, _all: bool, milliseconds: int) -> int:  # noqa: N802
        assert count == len(handles)
        self.asked.append((list(handles), milliseconds))
        return self.answers.pop(0) if self.answers else 258


class TestWindows:
    @pytest.fixture
    def windows(self) -> Windows:
        windows = Windows()
        windows.kernel.processes = {7: (1, "C:\\x.exe", 5)}
        windows.libraries.kernel32 = self.kernel = ChangingKernel(windows)
        return windows

    def test_without_an_event_there_is_no_waiter(self, windows: Windows) -> None:
        self.kernel.event = 0
        with pytest.raises(OSError, match="CreateEventW"):
            NotificationWaiter([], windows.libraries)

    def test_no_wait_is_longer_than_the_heartbeat(self, windows: Windows, tmp_path: Path) -> None:
        waiter = NotificationWaiter([tmp_path], windows.libraries)
        waiter.wait(100)
        assert self.kernel.asked == [([9, 100], 500)]

    def test_a_missing_folder_is_awaited_above_and_found(self, windows: Windows, tmp_path: Path) -> None:
        folder = tmp_path / "a" / "b"
        waiter = NotificationWaiter([folder], windows.libraries)
        above = [path for path, _ in self.kernel.folders.values()]
        assert above == [str(tmp_path)]
        folder.mkdir(parents=True)
        self.kernel.answers = [1]
        waiter.wait(1)
        assert str(folder) in [path for path, _ in self.kernel.folders.values()]
        assert self.kernel.closed == [100]

    def test_a_folder_that_went_is_awaited_again(self, windows: Windows, tmp_path: Path) -> None:
        folder = tmp_path / "a"
        folder.mkdir()
        waiter = NotificationWaiter([folder], windows.libraries)
        folder.rmdir()
        self.kernel.goes_on, self.kernel.answers = False, [1]
        waiter.wait(1)
        assert (100 in self.kernel.closed, self.kernel.folders[101][0]) == (True, str(tmp_path))

    def test_a_wait_that_fails_begins_again_with_the_event_alone(
        self, windows: Windows, tmp_path: Path
    ) -> None:
        waiter = NotificationWaiter([tmp_path], windows.libraries)
        self.kernel.answers = [0xFFFFFFFF]
        waiter.wait(0)
        waiter.wait(0)
        assert self.kernel.asked[-1][0] == [9]

    def test_followed_processes(self, windows: Windows) -> None:
        waiter = NotificationWaiter([], windows.libraries)
        waiter.follow(ProcessIdentity(7, 5))
        waiter.follow(ProcessIdentity(7, 5))
        assert not waiter.has_ended()
        waiter.follow(ProcessIdentity(7, 6))
        assert waiter.has_ended()
        self.kernel.answers = [1]
        waiter.wait(1)
        assert self.kernel.asked[-1][0] == [9, 1007]
        assert waiter.has_ended()
        waiter.close()
        waiter.wake()
        assert self.kernel.woken == 0


class Event(NamedTuple):
    ident: int
    filter: int
    flags: int = 0
    fflags: int = 0


class FakeSelect:
    """The module select of macOS."""

    KQ_FILTER_READ, KQ_FILTER_VNODE, KQ_FILTER_PROC = -1, -4, -5
    KQ_EV_ADD, KQ_EV_ONESHOT, KQ_EV_CLEAR = 1, 0x10, 0x20
    KQ_NOTE_DELETE, KQ_NOTE_WRITE, KQ_NOTE_EXTEND, KQ_NOTE_RENAME, KQ_NOTE_EXIT = 1, 2, 4, 0x20, 1 << 31

    def __init__(self) -> None:
        self.added: list[Event] = []
        self.coming: list[Event] = []
        self.refused: set[int] = set()
        self.is_closed = False

    def kqueue(self) -> FakeSelect:
        return self

    def kevent(self, ident: int, *, filter: int, flags: int, fflags: int) -> Event:
        return Event(ident, filter, flags, fflags)

    def control(self, changes: list[Event] | None, _most: int, _seconds: float) -> list[Event]:
        for change in changes or ():
            if change.ident in self.refused:
                raise ProcessLookupError(change.ident)
            self.added.append(change)
        coming, self.coming = self.coming, []
        return [] if changes else coming

    def close(self) -> None:
        self.is_closed = True


@POSIX
class TestMac:
    @pytest.fixture
    def queue(self) -> FakeSelect:
        return FakeSelect()

    def make(self, queue: FakeSelect, *folders: Path) -> tuple[KqueueWaiter, dict[int, Path]]:
        opened: dict[int, Path] = {}

        def open_path(path: Path) -> int:
            handle = os.open(path, os.O_RDONLY)
            opened[handle] = path
            return handle

        return KqueueWaiter(folders, queue, open_path), opened

    def test_a_system_without_it(self) -> None:
        with pytest.raises(OSError, match="kqueue"):
            KqueueWaiter([], object())

    def test_files_of_the_folder_are_watched_and_new_ones_with_it(
        self, queue: FakeSelect, tmp_path: Path
    ) -> None:
        (tmp_path / "anydesk.trace").write_text("x")
        waiter, opened = self.make(queue, tmp_path)
        assert set(opened.values()) == {tmp_path, tmp_path / "anydesk.trace"}
        (tmp_path / "connection_trace.txt").write_text("x")
        folder = next(handle for handle, path in opened.items() if path == tmp_path)
        queue.coming = [Event(folder, queue.KQ_FILTER_VNODE, 0, queue.KQ_NOTE_WRITE)]
        waiter.wait(1)
        assert tmp_path / "connection_trace.txt" in opened.values()
        waiter.close()

    def test_a_missing_folder_is_awaited_above(self, queue: FakeSelect, tmp_path: Path) -> None:
        waiter, opened = self.make(queue, tmp_path / "a" / "b")
        assert list(opened.values()) == [tmp_path]
        (tmp_path / "a" / "b").mkdir(parents=True)
        queue.coming = [Event(next(iter(opened)), queue.KQ_FILTER_VNODE, 0, queue.KQ_NOTE_WRITE)]
        waiter.wait(1)
        assert tmp_path / "a" / "b" in opened.values()
        waiter.close()

    def test_a_rotated_file_is_opened_anew(self, queue: FakeSelect, tmp_path: Path) -> None:
        trace = tmp_path / "anydesk.trace"
        trace.write_text("x")
        waiter, opened = self.make(queue, tmp_path)
        old = next(handle for handle, path in opened.items() if path == trace)
        opened.pop(old)
        queue.coming = [Event(old, queue.KQ_FILTER_VNODE, 0, queue.KQ_NOTE_RENAME)]
        waiter.wait(1)
        assert trace in opened.values()
        waiter.close()

    def test_woken_and_never_after_the_end(self, queue: FakeSelect) -> None:
        waiter, _ = self.make(queue)
        waiter.wake()
        queue.coming = [Event(queue.added[0].ident, queue.KQ_FILTER_READ)]
        waiter.wait(1)
        waiter.close()
        waiter.wake()
        waiter.close()
        assert queue.is_closed

    def test_followed_processes(self, queue: FakeSelect) -> None:
        waiter, _ = self.make(queue)
        for pid in range(1, MAX_FOLLOWED + 5):
            waiter.follow(ProcessIdentity(pid, 1))
            waiter.follow(ProcessIdentity(pid, 1))
        followed = [event for event in queue.added if event.filter == queue.KQ_FILTER_PROC]
        assert len(followed) == MAX_FOLLOWED
        queue.coming = [followed[0]]
        waiter.wait(1)
        assert waiter.has_ended()
        assert not waiter.has_ended()
        queue.refused = {99}
        waiter.follow(ProcessIdentity(99, 1))
        assert waiter.has_ended()
        waiter.close()


@pytest.mark.skipif(sys.platform != "linux", reason="inotify and pidfds are Linux's")
class TestLinux:
    @pytest.fixture
    def waiter(self, tmp_path: Path) -> Iterator[InotifyWaiter]:
        waiter = InotifyWaiter([tmp_path])
        yield waiter
        waiter.close()

    def test_the_end_of_a_process_ends_a_wait_once(self, waiter: InotifyWaiter) -> None:
        process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        identity = LinuxProcessTable().identify(process.pid)
        assert identity is not None
        waiter.follow(identity)
        waiter.follow(identity)
        waiter.wait(0)
        assert not waiter.has_ended()
        process.communicate(b"\n")
        begun = time.monotonic()
        waiter.wait(20)
        assert time.monotonic() - begun < 10
        assert waiter.has_ended()
        waiter.wait(0)
        assert not waiter.has_ended()

    @pytest.mark.parametrize("identity", [ProcessIdentity(os.getpid(), 1), ProcessIdentity(2**22 + 1, 1)])
    def test_one_that_is_not_that_process_any_more(
        self, waiter: InotifyWaiter, identity: ProcessIdentity
    ) -> None:
        waiter.follow(identity)
        assert waiter.has_ended()
        waiter.wait(0)
        assert not waiter.has_ended()
