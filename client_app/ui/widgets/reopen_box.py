"""Offers on the last page to open the session again, for as long as that is possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from client_app.ui.props import label, set_text

if TYPE_CHECKING:
    from client_app.ui.i18n import Translator


class ReopenBox(QFrame):
    """A card with one plain button: nothing is opened by it, a new word comes first.

    Signals:
        pressed: "Open help again".
    """

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reopen_card")
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(8)
        self.title = label("strong", "reopen_title")
        self.text = label("text", "reopen_text")
        self.button = QPushButton()
        self.button.setObjectName("reopen")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.pressed)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch()
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addLayout(row)

    def show_until(self, until: str, _: Translator) -> None:
        """Show until when it is possible; hidden when it is not.

        Args:
            until: UTC time in RFC 3339 form, or nothing.
            _: translator.
        """
        time = _.clock_time(until) if until else ""
        self.setVisible(bool(time))
        set_text(self.title, _("Did it end by accident?"))
        text = _(
            "Until {time} the help can be opened again. The technician says a new word first; the price stays the same."
        )
        set_text(self.text, text.format(time=time))
        self.button.setText(_("Open help again"))
