"""The rail in one line, for small windows: "Step 3 of 7", language, "this is not them"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from client_app.ui.i18n import LANGUAGES
from client_app.ui.props import label

if TYPE_CHECKING:
    from client_app.ui.i18n import Translator

STEPS = 7


class TopLine(QFrame):
    """Made hidden; the wizard shows it instead of the rail."""

    language_chosen = Signal(str)
    not_them_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "topline")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 2, 8, 2)
        row.setSpacing(4)
        self.where = label("strong", "topline_step")
        self.where.setWordWrap(False)
        row.addWidget(self.where)
        row.addSpacing(12)
        self.notice = label("small", "topline_notice")
        row.addWidget(self.notice, 1)
        self.not_them = QPushButton()
        self.not_them.setObjectName("topline_not_them")
        self.not_them.setProperty("role", "quiet")
        self.not_them.clicked.connect(self.not_them_pressed)
        row.addWidget(self.not_them)
        self.language = QPushButton()
        self.language.setObjectName("topline_language")
        self.language.setProperty("role", "quiet")
        self.language.clicked.connect(self._on_language_clicked)
        row.addWidget(self.language)
        self._next_language = "en"
        self.hide()

    def show_step(self, number: int, notice: str, _: Translator) -> None:
        """Say which step this is; 0 when the case was stopped. `notice` stands on every page (example data)."""
        self.notice.setText(notice)
        # Without a step the title below says it all.
        self.where.setText(_("Step {number} of {count}").format(number=number, count=STEPS) if number else "")
        self.not_them.setText(_("This is not them?"))
        self.not_them.setAccessibleName(_("This is not them, or I already let somebody in"))
        self._next_language = next(language for language in LANGUAGES if language != _.language)
        self.language.setText(LANGUAGES[self._next_language])

    def _on_language_clicked(self) -> None:
        self.language_chosen.emit(self._next_language)
