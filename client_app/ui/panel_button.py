"""A button of the session panel.

Rule: Enter and Esc never answer. Space, the mouse, touch and assistive technology do.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

_NEVER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class PanelButton(QPushButton):
    """One button; some systems would let Enter press it."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", role)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter and Esc do nothing."""
        if event.key() in _NEVER:
            event.accept()
            return
        super().keyPressEvent(event)

    def say(self, text: str, spoken: str = "") -> None:
        """Set the words; `spoken` for a screen reader where it says more."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(spoken or text)
