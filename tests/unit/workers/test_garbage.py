"""Cycles are collected on the window's thread, and only there."""

import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from client_app.workers.garbage import WindowThreadCollector


class _Knot(QObject):
    def __init__(self, freed_on: list[int]) -> None:
        super().__init__()
        self.itself = self
        self._freed_on = freed_on

    def __del__(self) -> None:
        self._freed_on.append(threading.get_ident())


def test_a_cycle_with_a_qt_object_is_freed_here(qtbot: QtBot) -> None:
    collector = WindowThreadCollector()
    freed_on: list[int] = []

    def allocate_elsewhere() -> None:
        kept = [[] for _ in range(5000)]  # type: ignore[var-annotated]
        assert kept

    for _ in range(1000):
        _Knot(freed_on)
    worker = threading.Thread(target=allocate_elsewhere)
    worker.start()
    worker.join(5)
    assert freed_on == []
    while collector.collect_due():
        pass
    gc.collect()
    assert set(freed_on) == {threading.get_ident()}
    collector.stop()
    gc.disable()
