"""Limits of a session as timers; each runs out once, by name."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from client_app.core.session import EndedBy


class Clocks(QObject):
    """Named single-shot timers. `ran_out` is called on the window's thread with the name."""

    def __init__(self, ran_out: Callable[[EndedBy], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ran_out = ran_out
        self._timers: dict[EndedBy, QTimer] = {}

    def start(self, name: EndedBy, seconds: float) -> None:
        """Start or restart a limit."""
        self.stop(name)
        timer = QTimer(self)
        timer.setSingleShot(True)
        # Limits are minutes and hours: a coarse timer lets the system sleep.
        timer.setTimerType(Qt.TimerType.CoarseTimer)
        timer.timeout.connect(lambda: self._ran_out(name))
        self._timers[name] = timer
        timer.start(int(seconds * 1000))

    def stop(self, name: EndedBy) -> None:
        """Stop a limit that may run."""
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.stop()
            timer.deleteLater()

    def stop_all(self) -> None:
        """Stop every limit."""
        for name in tuple(self._timers):
            self.stop(name)
