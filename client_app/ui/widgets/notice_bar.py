"""A notice: the code to read out, what is wrong, what to do, and "try again" where that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from client_app.ui.icons import IconSpot
from client_app.ui.props import label, set_role, set_text

if TYPE_CHECKING:
    from client_app.core.view_state_types import Notice
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens


class NoticeBar(QFrame):
    """Made hidden; it stands above the page's body."""

    retry_pressed = Signal()
    appeared = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "warning")
        self._shown = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(14)
        self._icon = IconSpot("warning", 32)
        row.addWidget(self._icon)
        column = QVBoxLayout()
        column.setSpacing(4)
        row.addLayout(column, 1)
        self.title = label("strong", f"{name}_title")
        self.advice = label("text", f"{name}_advice")
        self.code = label("code", f"{name}_code")
        column.addWidget(self.title)
        column.addWidget(self.advice)
        column.addWidget(self.code)
        self.retry = QPushButton()
        self.retry.setObjectName(f"{name}_retry")
        self.retry.setProperty("role", "")
        self.retry.clicked.connect(self.retry_pressed)
        row.addWidget(self.retry)
        self.hide()

    def show_notice(
        self, notice: Notice | None, tokens: Tokens, _: Translator, *, is_first: bool = False
    ) -> None:
        """Show a notice, or nothing; with `is_first` its button is the page's most important one."""
        self.setVisible(notice is not None)
        if notice is None:
            self._shown = ""
            return
        self._icon.show_icon("warning", tokens.warn)
        set_text(self.title, _.say(notice.title))
        set_text(self.advice, _.say(notice.advice))
        set_text(self.code, _("Code to read out: {code}").format(code=notice.code))
        self.retry.setVisible(notice.retryable)
        self.retry.setText(_("Try again"))
        set_role(self.retry, "primary" if is_first else "")
        self.setAccessibleName(f"{self.title.text()} {self.advice.text()} {self.code.text()}")
        if notice.code != self._shown:
            self._shown = notice.code
            self.appeared.emit(self.accessibleName())
