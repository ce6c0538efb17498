"""Limits of a session as timers; each runs out once, by name."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from client_app.core.session import Clock


class Clocks(QObject):
    """Named single-shot timers. `ran_out` is called on the window's thread with the name."""

    def __init__(self, ran_out: Callable[[Clock], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ran_out = ran_out
        self._timers: dict[Clock, QTimer] = {}

    def start(self, name: Clock, seconds: float) -> None:
        """Start or restart a limit."""
        if name not in self._timers:
            self._timers[name] = self._make(name)
        self._timers[name].start(int(seconds * 1000))

    def stop(self, name: Clock) -> None:
        """Stop a limit that may run."""
        if name in self._timers:
            self._timers[name].stop()

    def stop_all(self) -> None:
        """Stop every limit."""
        for name in tuple(self._timers):
            self.stop(name)

    def _make(self, name: Clock) -> QTimer:
        # Timers are kept and used again: PySide frees a timer twice when deleteLater meets its Python half.
        timer = QTimer(self)
        timer.setSingleShot(True)
        # Limits are minutes and hours: a coarse timer lets the system sleep.
        timer.setTimerType(Qt.TimerType.CoarseTimer)
        timer.timeout.connect(lambda: self._ran_out(name))
        return timer
