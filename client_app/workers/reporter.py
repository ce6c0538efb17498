"""Keeps the technician's console true: events in order, the newest step, and the answer to both.

Nothing on the customer's computer waits for it. Steps that were overtaken are not sent; events are kept and sent
again until the backend has them or the program ends.
"""

import logging
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from client_app.core.effects import ReportStep, TellTechnician
from client_app.core.errors import CustomerError
from client_app.core.ports import BackendPort, StatusView
from client_app.workers.tasks import Lane, TaskRunner

_log = logging.getLogger(__name__)

POLL_SECONDS = 3.0
"""How often the technician's decisions are asked for when there is nothing to tell."""

BACKOFF_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
QUEUE_LIMIT = 200

Message = tuple[TellTechnician, int | None]


class Reporter(QObject):
    """Sends one message at a time. `heard` gets every answer, on the window's thread."""

    def __init__(
        self, runner: TaskRunner, heard: Callable[[StatusView], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._heard = heard
        self._backend: BackendPort | None = None
        self._events: deque[Message] = deque()
        self._step: ReportStep | None = None
        self._busy = False
        self._failures = 0
        self._polling = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._send_next)

    @property
    def is_idle(self) -> bool:
        """Tell whether everything that was to be told has been told."""
        return not (self._busy or self._events or self._step)

    def connect_backend(self, backend: BackendPort) -> None:
        """Start sending."""
        self._backend = backend
        self._wake()

    def report(self, step: ReportStep) -> None:
        """Tell the newest step; an older one that was not sent yet is dropped."""
        self._step = step
        self._wake()

    def tell(self, event: TellTechnician, rating: int | None = None) -> None:
        """Tell an event."""
        if len(self._events) >= QUEUE_LIMIT:
            _log.warning("event_queue_full")
            return
        self._events.append((event, rating))
        self._wake()

    def poll(self, wanted: bool) -> None:
        """Ask for the technician's decisions from time to time, or stop asking."""
        self._polling = wanted
        if wanted and not self._busy and not self._timer.isActive():
            self._timer.start(int(POLL_SECONDS * 1000))

    def _wake(self) -> None:
        if self._backend is not None and not self._busy and self._failures == 0:
            self._timer.stop()
            self._send_next()

    def _send_next(self) -> None:
        backend = self._backend
        if backend is None or self._busy:
            return
        if self._events:
            event, rating = self._events[0]
            self._submit(lambda: backend.tell(event, rating=rating), lambda: self._events.popleft())
        elif self._step is not None:
            step = self._step
            self._submit(lambda: backend.report_step(step), lambda: self._forget(step))
        elif self._polling:
            self._submit(backend.status, lambda: None)

    def _submit(self, work: Callable[[], StatusView], told: Callable[[], object]) -> None:
        self._busy = True

        def done(status: StatusView) -> None:
            self._busy = False
            self._failures = 0
            told()
            self._heard(status)
            self._schedule(0.0 if self._events or self._step else POLL_SECONDS)

        def failed(error: CustomerError) -> None:
            self._busy = False
            delay = BACKOFF_SECONDS[min(self._failures, len(BACKOFF_SECONDS) - 1)]
            self._failures += 1
            if not error.code.info.retryable:
                # The backend will never take this one (the case is over): what comes after it may still matter.
                told()
                self._failures = 0
            self._schedule(max(delay, error.retry_after_seconds or 0.0))

        self._runner.submit(Lane.REPORTS, work, done, failed)

    def _forget(self, step: ReportStep) -> None:
        if self._step is step:
            self._step = None

    def _schedule(self, seconds: float) -> None:
        if self._events or self._step or self._polling:
            self._timer.start(int(seconds * 1000))
