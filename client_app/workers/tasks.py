"""Blocking work on pool threads, answers on the window's thread.

Rule: a task never asks the user anything and never touches a widget; it returns a value or raises `CustomerError`.
"""

import enum
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from client_app.core.errors import CustomerError, ErrorCode

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Lane(enum.Enum):
    """Queues of work; the value is the number of threads. Work in a lane of one keeps its order."""

    GENERAL = ("general", 4)
    RECORDS = ("records", 1)
    REPORTS = ("reports", 1)
    ANYDESK = ("anydesk", 1)
    CLOSING = ("closing", 1)

    @property
    def threads(self) -> int:
        """Number of threads of the lane."""
        return self.value[1]


class _Task(QRunnable):
    def __init__(self, work: Callable[[], Any], deliver: Callable[[Callable[[], None]], None]) -> None:
        super().__init__()
        self._work = work
        self._deliver = deliver
        self.done: Callable[[Any], None] = lambda _value: None
        self.failed: Callable[[CustomerError], None] = lambda _error: None

    def run(self) -> None:
        """Do the work and hand the answer over to the window's thread."""
        done, failed = self.done, self.failed
        try:
            value = self._work()
        except CustomerError as error:
            problem = error
            _log.info("task_failed", extra={"code": error.code.value})
            self._deliver(lambda: failed(problem))
        except Exception as error:  # noqa: BLE001 - the last line of defence: a code instead of a traceback
            _log.exception("task_crashed", extra={"error_type": type(error).__name__})
            crash = CustomerError(ErrorCode.INTERNAL, type(error).__name__)
            self._deliver(lambda: failed(crash))
        else:
            self._deliver(lambda: done(value))


class TaskRunner(QObject):
    """Runs tasks in lanes. Lives on the window's thread; answers arrive there in the order of their ends."""

    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools: dict[Lane, QThreadPool] = {}
        for lane in Lane:
            pool = QThreadPool(self)
            pool.setMaxThreadCount(lane.threads)
            pool.setObjectName(lane.value[0])
            self._pools[lane] = pool
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
        task = _Task(work, self._answered.emit)
        if done is not None:
            task.done = done
        if failed is not None:
            task.failed = failed
        self._pools[lane].start(task)

    def deliver(self, call: Callable[[], None]) -> None:
        """Run `call` on the window's thread; safe from any thread."""
        self._answered.emit(call)

    def shut_down(self, limit_seconds: float) -> bool:
        """Take no more work and wait for what runs; True when everything ended within the limit."""
        self._closed = True
        for pool in self._pools.values():
            pool.clear()
        per_pool = int(limit_seconds * 1000 / len(self._pools))
        return all([pool.waitForDone(per_pool) for pool in self._pools.values()])

    @Slot(object)
    def _on_answered(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()
