"""Whom to call: name and number large, then how to find the number or what to do. Plain text, no links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from client_app.ui.icons import IconSpot
from client_app.ui.props import label, set_text

if TYPE_CHECKING:
    from client_app.core.view_state_types import Contact
    from client_app.ui.theme import Tokens


class ContactList(QWidget):
    """Lines are made once and only change their words."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "plain")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._lines: list[tuple[QWidget, IconSpot, QLabel, QLabel]] = []

    def show_contacts(self, contacts: tuple[Contact, ...], tokens: Tokens) -> None:
        """Show contacts in their order."""
        while len(self._lines) < len(contacts):
            self._add(len(self._lines))
        for place, (line, icon, name, advice) in enumerate(self._lines):
            contact = contacts[place] if place < len(contacts) else None
            line.setVisible(contact is not None)
            icon.show_icon("phone", tokens.accent)
            if contact is not None:
                # Digits of a number stay on one line.
                number = contact.number.replace(" ", "\u00a0")
                set_text(name, f"{contact.name}: {number}" if number else contact.name)
                set_text(advice, contact.advice)

    def _add(self, place: int) -> None:
        line = QWidget()
        line.setProperty("role", "plain")
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        icon = IconSpot("phone", 26)
        words = QVBoxLayout()
        words.setSpacing(2)
        name, advice = label("strong", f"contact_{place + 1}"), label("text", f"contact_{place + 1}_advice")
        words.addWidget(name)
        words.addWidget(advice)
        row.addWidget(icon)
        row.addLayout(words, 1)
        self._column.addWidget(line)
        self._lines.append((line, icon, name, advice))
