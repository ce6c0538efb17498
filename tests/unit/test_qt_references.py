"""The pinned Qt for Python keeps count of its references (docs/decisions/0006-qt-6-11.md)."""

import sys

from PySide6.QtCore import QObject, Signal


class _Sender(QObject):
    fired = Signal(object)


def test_emitting_gives_back_no_reference_that_it_did_not_take() -> None:
    # From Python 3.12 on True is immortal and its count never moves; then this holds for nothing, as it should.
    sender = _Sender()
    sender.fired.connect(lambda _value: None)
    before = sys.getrefcount(True)
    for _ in range(500):
        sender.fired.emit(None)
    assert abs(sys.getrefcount(True) - before) < 50
