"""The way over the phone: a code to read out, and eight digits that the technician answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from client_app.ui.props import label, set_text
from client_app.ui.widgets.code_field import DigitField

if TYPE_CHECKING:
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens

DIGITS = 8
_GROUP = 4


class PhoneBox(QFrame):
    """Signals: retry_pressed: try once more to send it over the Internet."""

    retry_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setObjectName("offline_card")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(8)
        self.say_label = label("strong", "offline_say")
        self.code = label("huge", "offline_code")
        self.code.setWordWrap(False)
        self.answer_label = label("strong", "answer_label")
        self.answer = DigitField("answer", DIGITS, _GROUP)
        self.answer.setProperty("role", "digits")
        self.answer_label.setBuddy(self.answer)
        self.tries = label("small", "answer_tries")
        for widget in (self.say_label, self.code, self.answer_label, self.answer, self.tries):
            column.addWidget(widget)
        self.send_again = QPushButton()
        self.send_again.setObjectName("send_again")
        self.send_again.setProperty("role", "choice_small")
        self.send_again.setAutoDefault(False)
        self.send_again.clicked.connect(self.retry_pressed)
        row = QHBoxLayout()
        row.addWidget(self.send_again)
        row.addStretch()
        column.addLayout(row)

    def retranslate(self, tokens: Tokens, _: Translator) -> None:
        """Set the fixed words."""
        set_text(self.say_label, _("1. Read this code to the technician, sign by sign:"))
        set_text(self.answer_label, _("2. Type the eight digits that the technician answers:"))
        self.send_again.setText(_("Or try once more to send it over the Internet"))
        self.answer.setAccessibleName(_("Eight digits from the technician"))
        self.answer.setFixedWidth(tokens.px(300))

    def show_code(self, code: str, tries_left: int, _: Translator) -> None:
        """Show the code and how often an answer may still be wrong."""
        set_text(self.code, code.replace("-", " "))
        self.code.setAccessibleName(" ".join(code.replace("-", "")))
        set_text(self.tries, _.plural("{number} try left.", "{number} tries left.", tries_left))
        self.answer.setEnabled(tries_left > 0)

    def whole_answer(self) -> str:
        """Return the eight digits; nothing, with the focus on the field, while some are missing."""
        if len(self.answer.digits()) < DIGITS:
            self.answer.setFocus()
            return ""
        return self.answer.digits()
