"""Blocking work on worker threads, answers on the window's thread.

Rule: a task never asks the user anything and never touches a widget; it returns a value or raises `CustomerError`.
The threads are the standard library's, because Qt deletes a QRunnable while Python may still hold it
(docs/decisions/0007-threads.md).
"""

import enum
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from client_app.core.errors import CustomerError, ErrorCode

T = TypeVar("T")
_outlived: list[QObject] = []
"""Runners whose work did not end in time: a Qt object must not be freed by the worker thread that lets go last."""
_log = logging.getLogger(__name__)


class Lane(enum.Enum):
    """Queues of work; the value is the number of threads. Work in a lane of one keeps its order."""

    GENERAL = ("general", 4)
    STORING = ("storing", 1)
    """What must reach the disk: it never waits behind the network, and leaving the program waits for it."""
    RECORDS = ("records", 1)
    REPORTS = ("reports", 1)
    ANYDESK = ("anydesk", 1)
    CLOSING = ("closing", 1)

    @property
    def threads(self) -> int:
        """Number of threads of the lane."""
        return self.value[1]


class TaskRunner(QObject):
    """Runs tasks in lanes. Lives on the window's thread; answers arrive there in the order of their ends."""

    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = {
            lane: ThreadPoolExecutor(lane.threads, thread_name_prefix=lane.value[0]) for lane in Lane
        }
        self._running: set[Future[None]] = set()
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)
        self._closed = False

    def submit(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[CustomerError], None] | None = None,
    ) -> None:
        """Queue `work`; exactly one of `done` and `failed` is called later on the window's thread."""
        if self._closed:
            return
        future = self._lanes[lane].submit(self._run, work, done, failed)
        self._running.add(future)
        future.add_done_callback(self._running.discard)

    def deliver(self, call: Callable[[], None]) -> None:
        """Run `call` on the window's thread; safe from any thread."""
        self._answered.emit(call)

    def shut_down(self, limit_seconds: float) -> bool:
        """Take no more work, drop what waits (but not what is to be stored) and wait for what runs.

        Returns:
            True when everything ended within the limit.
        """
        self._closed = True
        for lane, executor in self._lanes.items():
            executor.shutdown(wait=False, cancel_futures=lane is not Lane.STORING)
        if wait(set(self._running), limit_seconds).not_done:
            _outlived.append(self)
            return False
        # Every task has ended; joining makes sure that no thread still holds the last reference to a Qt object.
        for executor in self._lanes.values():
            executor.shutdown(wait=True)
        return True

    def _run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None,
        failed: Callable[[CustomerError], None] | None,
    ) -> None:
        try:
            value = work()
        except CustomerError as error:
            _log.info("task_failed", extra={"code": error.code.value})
            problem = error
        except Exception as error:  # noqa: BLE001 - the last line of defence: a code instead of a traceback
            _log.exception("task_crashed", extra={"error_type": type(error).__name__})
            problem = CustomerError(ErrorCode.INTERNAL, type(error).__name__)
        else:
            if done is not None:
                self.deliver(lambda: done(value))
            return
        if failed is not None:
            self.deliver(lambda: failed(problem))

    @Slot(object)
    def _on_answered(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()
