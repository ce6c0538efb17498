"""Whom to call: name and number large, then how to find the number or what to do. Plain text, no links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_app.ui.icons import IconSpot
from client_app.ui.props import label

if TYPE_CHECKING:
    from client_app.core.view_state_types import Contact
    from client_app.ui.theme import Tokens


class ContactList(QWidget):
    """Built anew only when the contacts change."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "plain")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._shown: tuple[Contact, ...] = ()
        self._icons: list[IconSpot] = []

    def show_contacts(self, contacts: tuple[Contact, ...], tokens: Tokens) -> None:
        """Show contacts in their order."""
        if contacts != self._shown:
            self._shown = contacts
            self._clear()
            for contact in contacts:
                self._add(contact)
        for icon in self._icons:
            icon.show_icon("phone", tokens.accent)

    def _add(self, contact: Contact) -> None:
        line = QWidget()
        line.setProperty("role", "plain")
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        icon = IconSpot("phone", 26)
        self._icons.append(icon)
        row.addWidget(icon)
        words = QVBoxLayout()
        words.setSpacing(2)
        number = f": {contact.number}" if contact.number else ""
        words.addWidget(label("strong", f"contact_{contact.kind.value}", f"{contact.name}{number}"))
        words.addWidget(label("text", f"contact_{contact.kind.value}_advice", contact.advice))
        row.addLayout(words, 1)
        self._column.addWidget(line)

    def _clear(self) -> None:
        self._icons.clear()
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
