"""Makes the session panel when a session opens and joins it to the wizard. Loaded with the first panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from client_app.ui.input_way import asked_late
from client_app.ui.session_panel import SessionPanel

if TYPE_CHECKING:
    from client_app.core.view_state_types import PanelView
    from client_app.ui.wizard import HelpWizard


def show_panel(wizard: HelpWizard, view: PanelView | None) -> None:
    """Show what the panel shows now, or hide it."""
    panel = wizard.panel
    if view is None:
        if panel is not None:
            panel.hide()
        return
    if panel is None:
        panel = wizard.panel = SessionPanel(wizard.translator, asked_late(wizard), wizard.anydesk_windows)
        panel.end_pressed.connect(wizard.wishes.end)
        panel.intent.connect(wizard.intent)
        panel.noticed.connect(lambda: QApplication.alert(wizard))
    panel.show_view(view, wizard.tokens)
    panel.appear(wizard)
