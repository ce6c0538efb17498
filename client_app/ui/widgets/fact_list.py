"""Closing facts with ✓, ✗ or ?, and the same in words for screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from client_app.ui.props import ALIGN_LEFT_TOP, label, set_role, set_text

if TYPE_CHECKING:
    from client_app.core.view_state_types import FactLine
    from client_app.ui.i18n import Translator

_MARKS = {True: "✓", False: "✗", None: "?"}
_ROLES = {True: "mark_yes", False: "mark_no", None: "mark_unknown"}


class FactList(QWidget):
    """Rows are made once and only change."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("facts")
        self.setProperty("role", "plain")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []

    def show_facts(self, facts: tuple[FactLine, ...], _: Translator) -> None:
        """Show facts in their order."""
        while len(self._rows) < len(facts):
            self._add_row(len(self._rows))
        # A sentence on what failed says so itself; of what could not be measured the mark alone would leave it open.
        added = {True: "", False: "", None: _("This could not be measured.")}
        for place, (mark, text) in enumerate(self._rows):
            fact = facts[place] if place < len(facts) else None
            set_text(mark, _MARKS[fact.holds] if fact else "")
            set_text(text, f"{_(fact.text)} {added[fact.holds]}".strip() if fact else "")
            if fact is not None:
                set_role(mark, _ROLES[fact.holds])
                mark.setAccessibleName(
                    _("checked") if fact.holds else _("not closed") if fact.holds is False else ""
                )

    def _add_row(self, place: int) -> None:
        mark = label("mark_yes")
        mark.setWordWrap(False)
        text = label("fact", f"fact_{place + 1}")
        for column, cell in enumerate((mark, text)):
            cell.setProperty("alignment", ALIGN_LEFT_TOP)
            self._grid.addWidget(cell, place, column)
        self._rows.append((mark, text))
