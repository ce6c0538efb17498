"""A field with its label above and, when it is wrong, what is wrong and its code below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from client_app.ui.props import label, set_text

if TYPE_CHECKING:
    from client_app.core.errors import ErrorCode
    from client_app.ui.i18n import Translator

LINE_LIMIT = 300
"""Longest text that a field takes; what is too long for a record is refused with a code, not cut."""


class FieldRow(QWidget):
    """One line to type. `edited` carries the text; `left` is emitted when the focus goes elsewhere."""

    edited = Signal(str)
    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.title = label("field", f"{name}_label")
        self.edit = QLineEdit()
        self.edit.setObjectName(name)
        self.edit.setMaxLength(LINE_LIMIT)
        self.title.setBuddy(self.edit)
        self.problem = label("error", f"{name}_error")
        self.problem.hide()
        for widget in (self.title, self.edit, self.problem):
            column.addWidget(widget)
        self._description = ""
        self.edit.textEdited.connect(self.edited)
        self.edit.installEventFilter(self)
        # Enter goes to the next field; it never presses a button.
        self.edit.returnPressed.connect(lambda: self.edit.focusNextChild())

    def name_field(self, title: str, description: str = "") -> None:
        """Set the label and a sentence for screen readers."""
        set_text(self.title, title)
        self.edit.setAccessibleName(title)
        self._description = description
        self.edit.setAccessibleDescription(self.problem.text() or description)

    def show_text(self, text: str) -> None:
        """Show a text that did not come from typing here."""
        if self.edit.text() != text:
            self.edit.setText(text)

    def show_problem(self, code: ErrorCode | None, _: Translator) -> None:
        """Show what is wrong, or nothing."""
        text = ""
        if code is not None:
            info = code.info
            text = f"{_(info.title)} {_(info.advice)} ({code.value})"
        set_text(self.problem, text)
        self.edit.setAccessibleDescription(text or self._description)
        wrong = "true" if code is not None else "false"
        if self.edit.property("wrong") != wrong:
            self.edit.setProperty("wrong", wrong)
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the field was left."""
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return False
