"""The floor of a start: a bare PySide6 window that says when its first paint stood on the screen, and ends.

With `--stay` it stays open for as long as its standard input does: the floor of a session's memory and idle load.
"""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget


class BareWindow(QWidget):
    """An empty window with one line of text."""

    painted = False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawText(20, 40, "Hello")
        painter.end()
        if not self.painted:
            self.painted = True
            # Runs when the window system was given the picture.
            QTimer.singleShot(0, report)


def report() -> None:
    """Say when this is, on the clock that all processes share."""
    import os
    import time

    os.write(1, b"PAINTED %d\n" % time.perf_counter_ns())
    if "--stay" not in sys.argv:
        os._exit(0)


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    window = BareWindow()
    window.setWindowTitle("bare window")
    window.resize(1060, 720)
    window.show()
    sys.exit(application.exec())
