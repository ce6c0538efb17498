"""Pairs of "what it is" and "how it is", in two columns that wrap."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from client_app.ui.props import ALIGN_LEFT_TOP, label


class FactGrid(QWidget):
    """Rows of a label and one or more lines; rebuilt only when the words change."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "plain")
        self._name = name
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._shown: list[tuple[str, str]] = []

    def show_rows(self, rows: list[tuple[str, str]]) -> None:
        """Show rows of (label, text); a text may have several lines."""
        if rows == self._shown:
            return
        self._shown = rows
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for place, (name, text) in enumerate(rows):
            left = label("small", f"{self._name}_{place}_label", name)
            left.setWordWrap(False)
            left.setProperty("alignment", ALIGN_LEFT_TOP)
            right = label("text", f"{self._name}_{place}", text)
            self._grid.addWidget(left, place, 0)
            self._grid.addWidget(right, place, 1)
