"""Pairs of "what it is" and "how it is", in two columns that wrap."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from client_app.ui.props import ALIGN_LEFT_TOP, breakable, label, set_text


class FactGrid(QWidget):
    """Rows of a label and one or more lines; rows are made once and only change their words."""

    def __init__(self, name: str, role: str = "text") -> None:
        super().__init__()
        self._role = role
        self.setObjectName(name)
        self.setProperty("role", "plain")
        self._name = name
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []

    def show_rows(self, rows: list[tuple[str, str]]) -> None:
        """Show rows of (label, text); a text may have several lines."""
        while len(self._rows) < len(rows):
            self._add_row(len(self._rows))
        for place, (left, right) in enumerate(self._rows):
            name, text = rows[place] if place < len(rows) else ("", "")
            set_text(left, name)
            set_text(right, breakable(text))

    def _add_row(self, place: int) -> None:
        left = label("small", f"{self._name}_{place}_label")
        left.setWordWrap(False)
        right = label(self._role, f"{self._name}_{place}")
        for column, cell in enumerate((left, right)):
            cell.setProperty("alignment", ALIGN_LEFT_TOP)
            self._grid.addWidget(cell, place, column)
        self._rows.append((left, right))
