"""Takes away the margins that QWizard puts around rail, pages and buttons; it sets them anew with every new layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout

if TYPE_CHECKING:
    from client_app.ui.wizard import HelpWizard


def tidy(wizard: HelpWizard, compact: bool) -> None:
    """Let the rail and the pages reach the window's edges; give the buttons the margins of the pages."""
    beside = wizard.rail.parentWidget()
    if beside is not None:
        _no_margins(beside)
        beside.setVisible(not compact)
    frame = wizard.current_page().parentWidget()
    if isinstance(frame, QFrame):
        frame.setFrameShape(QFrame.Shape.NoFrame)
    _no_margins(frame)
    row = _button_row(wizard)
    if row is None:
        return
    side = 12 if compact else 20
    row.setContentsMargins(side, 6 if compact else 10, side, 8 if compact else 14)
    row.setSpacing(12)
    hint = wizard.buttons.hint
    if row.indexOf(hint) < 0:
        # After the stop button and the room between left and right.
        row.insertWidget(2, hint)


def _button_row(wizard: HelpWizard) -> QHBoxLayout | None:
    # Not by way of the buttons' parent: its class is private to Qt, and PySide loads every type it knows (10 ms,
    # before the first paint) to find that out.
    rows = wizard.findChildren(QHBoxLayout)
    return next((row for row in rows if row.indexOf(wizard.buttons.primary) >= 0), None)


def _no_margins(widget: object) -> None:
    layout = widget.layout() if isinstance(widget, QFrame) else None
    if layout is not None:
        layout.setContentsMargins(0, 0, 0, 0)
