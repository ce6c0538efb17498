"""Small pieces of work, one in each turn of the event loop, so that nobody waits for all of them together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

Chore = Callable[[], None]


class Chores(QObject):
    """Does what was added, in order. A piece that fails does not keep the others from being done."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[Chore] = []

    @property
    def is_idle(self) -> bool:
        """Tell whether everything is done."""
        return not self._waiting

    def add(self, chore: Chore) -> None:
        """Do something soon."""
        self._waiting.append(chore)
        if len(self._waiting) == 1:
            QTimer.singleShot(0, self._do_next)

    def _do_next(self) -> None:
        try:
            self._waiting[0]()
        finally:
            self._waiting.pop(0)
            if self._waiting:
                QTimer.singleShot(0, self._do_next)
