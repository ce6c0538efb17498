"""Cyclic garbage is collected on the window's thread only.

Python collects cycles on whatever thread happens to allocate. A cycle that holds a Qt object would then be destroyed
on a worker thread, which Qt does not survive. So the automatic collection is off, and a timer does it here.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer

INTERVAL_SECONDS = 10


class WindowThreadCollector(QObject):
    """Takes the collection over until `stop`; make one, on the window's thread, when the program starts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._was_enabled = gc.isenabled()
        gc.disable()
        # What is loaded by now stays until the end: looking through it would hold the window up for 20 ms each time.
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.collect_due)
        self._timer.start(INTERVAL_SECONDS * 1000)

    def collect_due(self) -> int:
        """Collect the oldest generation whose threshold was passed; returns the number of objects found."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > self._thresholds[generation]:
                return gc.collect(generation)
        return 0

    def stop(self) -> None:
        """Give the collection back as it was."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
