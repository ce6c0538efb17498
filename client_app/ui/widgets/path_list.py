"""A long list of paths that lays out only what is seen; as a label a few hundred would hold the window up for 60 ms."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QPlainTextEdit

HEIGHT = 190


class PathList(QPlainTextEdit):
    """Shows paths one a line, as plain text; long ones break anywhere, so nothing is cut off at the side."""

    def __init__(self, name: str, spoken: str, paths: tuple[str, ...], height: int = HEIGHT) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(height)
        self.setPlainText("\n".join(paths))
