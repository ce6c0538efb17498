"""Limits of a session: named deadlines on a clock that goes on while the computer sleeps, each passed once.

Rule: a computer that slept makes no session longer. Timers stand still in sleep, so they are only alarm clocks here:
what is over is read from the clock, soon after waking at the latest.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from client_app.core.presence import Clock

LOOK_SECONDS = 10.0
"""Longest time awake until a deadline that passed in sleep is seen."""


def seconds_with_sleep() -> float:
    """Return seconds from some fixed moment, the time in which the computer slept included.

    Linux counts sleep in CLOCK_BOOTTIME only (clock_gettime(2)); macOS counts it in CLOCK_MONOTONIC (clock_gettime(3));
    Windows in the counter behind `time.monotonic` (GetTickCount64, or QueryPerformanceCounter in newer Pythons).
    The wall clock is not asked: it can be set.
    """
    clock_id = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
    read: Callable[[int], float] | None = getattr(time, "clock_gettime", None)
    return time.monotonic() if clock_id is None or read is None else read(clock_id)


class Clocks(QObject):
    """Named limits. `ran_out` is called on the window's thread with the name, in the order of the deadlines."""

    def __init__(
        self,
        ran_out: Callable[[Clock], None],
        parent: QObject | None = None,
        *,
        now: Callable[[], float] = seconds_with_sleep,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        """Prepare; nothing runs.

        Args:
            ran_out: told which limit is over.
            parent: Qt parent.
            now: seconds; goes on while the computer sleeps.
            look_seconds: longest time between two looks at it while a limit runs.
        """
        super().__init__(parent)
        self._ran_out, self._now, self._look_seconds = ran_out, now, look_seconds
        self._deadlines: dict[Clock, float] = {}
        # One timer, kept and used again: PySide frees a timer twice when deleteLater meets its Python half.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        # Limits are minutes and hours: a coarse timer lets the system sleep.
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._look)

    def start(self, name: Clock, seconds: float) -> None:
        """Start or restart a limit."""
        self._deadlines[name] = self._now() + seconds
        self._set_alarm()

    def stop(self, name: Clock) -> None:
        """Stop a limit that may run."""
        if self._deadlines.pop(name, None) is not None:
            self._set_alarm()

    def stop_all(self) -> None:
        """Stop every limit."""
        self._deadlines.clear()
        self._timer.stop()

    def runs(self) -> frozenset[Clock]:
        """Return the limits that are running."""
        return frozenset(self._deadlines)

    def _look(self) -> None:
        # What runs out may start and stop other limits: the next one is looked up anew each time.
        while self._deadlines:
            name = min(self._deadlines, key=self._deadlines.__getitem__)
            if self._deadlines[name] > self._now():
                break
            del self._deadlines[name]
            self._ran_out(name)
        self._set_alarm()

    def _set_alarm(self) -> None:
        if not self._deadlines:
            self._timer.stop()
            return
        left = min(self._deadlines.values()) - self._now()
        # Rounded up: a timer that is early would find nothing over and look again at once.
        self._timer.start(int(max(0.0, min(left, self._look_seconds)) * 1000) + (left > 0))
