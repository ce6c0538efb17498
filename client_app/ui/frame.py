"""Takes away the margins that QWizard puts around rail, pages and buttons; it sets them anew with every new layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLayout

if TYPE_CHECKING:
    from client_app.ui.wizard import HelpWizard


def tidy(wizard: HelpWizard, compact: bool) -> None:
    """Let the rail and the pages reach the window's edges; give the buttons the margins of the pages."""
    _no_margins(wizard.rail.parentWidget())
    frame = wizard.current_page().parentWidget()
    if isinstance(frame, QFrame):
        frame.setFrameShape(QFrame.Shape.NoFrame)
    _no_margins(frame)
    base = wizard.buttons.primary.parentWidget()
    grid = base.layout() if base is not None else None
    if not isinstance(grid, QGridLayout):
        return
    for place in range(grid.count()):
        item = grid.itemAt(place)
        row = item.layout() if item is not None else None
        if isinstance(row, QLayout):
            side = 12 if compact else 20
            row.setContentsMargins(side, 6 if compact else 10, side, 8 if compact else 14)
            row.setSpacing(12)
            hint = wizard.buttons.hint
            if row.indexOf(hint) < 0 and isinstance(row, QHBoxLayout):
                # After the stop button and the room between left and right.
                row.insertWidget(2, hint)


def _no_margins(widget: object) -> None:
    layout = widget.layout() if isinstance(widget, QFrame) else None
    if layout is not None:
        layout.setContentsMargins(0, 0, 0, 0)
