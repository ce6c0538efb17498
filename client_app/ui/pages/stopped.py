"""The page on which a case ends that was never started: what happened, and whom to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from client_app.ui.pages.base import WizardPage
from client_app.ui.props import card
from client_app.ui.widgets.contact_list import ContactList
from client_app.ui.widgets.removal_box import RemovalBox

if TYPE_CHECKING:
    from client_app.core.view_state_types import StoppedView
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens
    from client_app.ui.wizard import HelpWizard


class StoppedPage(WizardPage):
    """Title and lead say what happened; contacts follow where they matter."""

    def __init__(self, wizard: HelpWizard) -> None:
        super().__init__("stopped")
        self.alarm = card("danger_card", "contacts_card")
        column = QVBoxLayout(self.alarm)
        column.setContentsMargins(20, 16, 20, 16)
        self.contacts = ContactList("contacts")
        column.addWidget(self.contacts)
        self.column.addWidget(self.alarm)
        self.removal = RemovalBox(wizard)
        self.column.addWidget(self.removal)
        self.column.addStretch()

    def show_body(self, body: StoppedView, tokens: Tokens, _: Translator) -> None:
        """Show contacts and removing."""
        self.alarm.setVisible(bool(body.contacts))
        self.contacts.show_contacts(body.contacts, tokens)
        self.removal.show_removal(body.removal, tokens, _)
