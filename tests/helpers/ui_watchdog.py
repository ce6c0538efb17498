"""Notices when the UI thread was busy for longer than a person forgives (50 ms), and keeps the guilty stack.

A heartbeat timer in the UI thread says "alive"; a sampling thread looks at what the UI thread does while it
does not. Knows nothing of pytest: tests, the demo and the benchmarks use the same class.

Two ways of watching:

- `watched=None`: everything the UI thread does counts. For programs that spend their life in the event loop.
- `watched=(folder, ...)`: only code in these folders, and Qt's own work while a loop runs, counts. For tests,
  whose own statements between two waits hold up the loop without being a fault of the product.

Time in which the thread was ready to run but the machine ran something else does not count where the
system tells (Linux: the second field of the thread's schedstat): a busy CI machine is no slow program.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType

from PySide6.QtCore import QCoreApplication, Qt, QThread, QTimer

LIMIT_SECONDS = 0.050
_BEAT_MILLISECONDS = 5
_SAMPLE_SECONDS = 0.004
# Python code whose innermost frame means "the loop runs and C++ has control".
_LOOP_RUNNERS = tuple(os.path.join("pytestqt", name) for name in ("qtbot.py", "wait_signal.py"))


@dataclass(frozen=True)
class Block:
    """One time the UI thread did not come back to its event loop."""

    seconds: float
    stack: str

    def __str__(self) -> str:
        return f"UI thread blocked for {self.seconds * 1000:.0f} ms at\n{self.stack}"


class _WaitingTime:
    """Seconds that one thread stood in the system's run queue; always 0 where the system does not tell."""

    def __init__(self, native_thread_id: int) -> None:
        path = Path(f"/proc/self/task/{native_thread_id}/schedstat")
        self._file = path.open("rb", buffering=0) if path.exists() else None

    def read(self) -> float:
        if self._file is None:
            return 0.0
        # pread: both threads read, and a shared file position would be a race.
        return int(os.pread(self._file.fileno(), 128, 0).split()[1]) / 1e9

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class UiWatchdog:
    """Context manager for the UI thread; needs a QCoreApplication.

    Args:
        watched: folders whose code counts, or None for everything the UI thread does.
        limit_seconds: a longer time away from the event loop is a block.
    """

    def __init__(self, watched: tuple[Path, ...] | None = None, limit_seconds: float = LIMIT_SECONDS) -> None:
        self.limit_seconds = limit_seconds
        self.blocks: list[Block] = []
        self.longest_seconds = 0.0
        self._watched = None if watched is None else tuple(f"{folder}{os.sep}" for folder in watched)
        self._is_paused = False
        self._stop = threading.Event()
        self._sampler: threading.Thread | None = None
        self._timer: QTimer | None = None
        self._waiting: _WaitingTime | None = None
        self._thread_id = 0
        # Written by the heartbeat, read by the sampler; one float each, so no lock is needed.
        self._beat = 0.0
        self._beat_waited = 0.0
        # Both threads note blocks.
        self._lock = threading.Lock()
        self._last_since = 0.0

    def __enter__(self) -> UiWatchdog:
        """Starts watching the calling thread, which must be the UI thread."""
        application = QCoreApplication.instance()
        if application is None or QThread.currentThread() is not application.thread():
            raise RuntimeError("the watchdog is started in the UI thread of a running application")
        self._thread_id = threading.get_ident()
        self._waiting = _WaitingTime(threading.get_native_id())
        self._on_beat_due(first=True)
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MILLISECONDS)
        self._timer.timeout.connect(self._on_beat_due)
        self._timer.start()
        self._stop.clear()
        self._sampler = threading.Thread(target=self._sample_until_stopped, name="ui-watchdog", daemon=True)
        self._sampler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops watching; `blocks` and `longest_seconds` stay readable."""
        self._stop.set()
        if self._sampler is not None:
            self._sampler.join(timeout=5)
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._waiting is not None:
            self._waiting.close()
            self._waiting = None

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Does not count what happens inside: building the first window, say."""
        self._is_paused = True
        try:
            yield
        finally:
            self._on_beat_due(first=True)
            self._is_paused = False

    def check(self) -> None:
        """Raises AssertionError with every block and its stack when there was one."""
        if self.blocks:
            raise AssertionError("\n".join(str(block) for block in self.blocks))

    def _on_beat_due(self, *, first: bool = False) -> None:
        now, waited = time.perf_counter(), self._read_waited()
        if not first and self._watched is None and not self._is_paused:
            # The sampler may have been kept out by code that never lets go of the interpreter.
            self._note(self._beat, (now - self._beat) - (waited - self._beat_waited), None)
        self._beat, self._beat_waited = now, waited

    def _read_waited(self) -> float:
        return self._waiting.read() if self._waiting is not None else 0.0

    def _sample_until_stopped(self) -> None:
        owner: tuple[int, int] | None = None
        anchor = anchor_waited = 0.0
        while not self._stop.wait(_SAMPLE_SECONDS):
            now, waited, beat, beat_waited = (
                time.perf_counter(),
                self._read_waited(),
                self._beat,
                self._beat_waited,
            )
            innermost = sys._current_frames().get(self._thread_id)
            frame = None if innermost is None or self._is_paused else self._owner_of(innermost)
            current = None if frame is None else (id(frame), id(frame.f_code))
            if current != owner:
                owner, anchor, anchor_waited = current, now, waited
            if current is not None:
                since, since_waited = max((beat, beat_waited), (anchor, anchor_waited))
                self._note(since, (now - since) - (waited - since_waited), innermost)
            # No frame is kept while the UI thread runs on: whoever lets go of one last frees its locals, and a Qt
            # object must not be freed on this thread.
            del innermost, frame

    def _owner_of(self, innermost: FrameType) -> FrameType | None:
        """The frame whose stay on the stack is one occupation of the UI thread that counts, or None."""
        if self._watched is None:
            return _outermost(innermost)
        if innermost.f_code.co_filename.endswith(_LOOP_RUNNERS):
            return innermost
        found = None
        frame: FrameType | None = innermost
        while frame is not None:
            if frame.f_code.co_filename.startswith(self._watched):
                found = frame
            frame = frame.f_back
        return found

    def _note(self, since: float, seconds: float, frame: FrameType | None) -> None:
        """Keeps the longest time; a block is known by its beginning, so seen again it only grows."""
        with self._lock:
            self.longest_seconds = max(self.longest_seconds, seconds)
            if seconds <= self.limit_seconds:
                return
            if since != self._last_since:
                self._last_since = since
                stack = (
                    "".join(traceback.format_stack(frame, limit=25))
                    if frame
                    else "(the interpreter was held)"
                )
                self.blocks.append(Block(seconds, stack))
            elif seconds > self.blocks[-1].seconds:
                self.blocks[-1] = Block(seconds, self.blocks[-1].stack)


def _outermost(frame: FrameType) -> FrameType:
    while frame.f_back is not None:
        frame = frame.f_back
    return frame
