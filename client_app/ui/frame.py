"""Takes away the margins that QWizard puts around rail, pages and buttons; it sets them anew with every new layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

if TYPE_CHECKING:
    from client_app.ui.wizard import HelpWizard


def tidy(wizard: HelpWizard, compact: bool) -> None:
    """Let the rail and the pages reach the window's edges; give the buttons the margins of the pages."""
    beside = next(
        (column for column in wizard.findChildren(QVBoxLayout) if column.indexOf(wizard.rail) >= 0), None
    )
    if beside is not None:
        beside.setContentsMargins(0, 0, 0, 0)
    if compact or wizard.was_compact:
        # What holds the rail keeps a strip of the window otherwise.
        holder = wizard.rail.parentWidget()
        if holder is not None:
            holder.setVisible(not compact)
    frame = wizard.current_page().parentWidget()
    if isinstance(frame, QFrame):
        frame.setFrameShape(QFrame.Shape.NoFrame)
        around = frame.layout()
        if around is not None:
            around.setContentsMargins(0, 0, 0, 0)
    _shape_buttons(wizard, compact)


def _shape_buttons(wizard: HelpWizard, compact: bool) -> None:
    row = _button_row(wizard)
    if row is not None:
        side = 12 if compact else 20
        row.setContentsMargins(side, 6 if compact else 10, side, 8 if compact else 14)
        row.setSpacing(8 if compact else 12)


def place_hint(wizard: HelpWizard) -> None:
    """Put the hint beside the primary button, once there is something to say: this costs 10 ms (`_button_row`)."""
    row = _button_row(wizard)
    if row is not None and row.indexOf(wizard.buttons.hint) < 0:
        # After the stop button and the room between left and right.
        row.insertWidget(2, wizard.buttons.hint, 1)


def _button_row(wizard: HelpWizard) -> QHBoxLayout | None:
    # Layouts are looked for, not the widgets that hold them: those are of classes private to Qt, and PySide loads every
    # type it knows to find that out.
    rows = wizard.findChildren(QHBoxLayout)
    return next((row for row in rows if row.indexOf(wizard.buttons.primary) >= 0), None)
