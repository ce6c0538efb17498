"""Step 7: one plain sentence, the facts under it, the receipt, keep or remove, an optional rating."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from client_app.core import events as ev
from client_app.ui import icons
from client_app.ui.pages.base import WizardPage
from client_app.ui.props import breakable, card, label, set_role, set_text
from client_app.ui.widgets.contact_list import ContactList
from client_app.ui.widgets.fact_list import FactList
from client_app.ui.widgets.removal_box import RemovalBox
from client_app.ui.widgets.reopen_box import ReopenBox

if TYPE_CHECKING:
    from client_app.core.view_state_types import FinishView
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens
    from client_app.ui.wizard import HelpWizard

STARS = 5


class FinishPage(WizardPage):
    """The end of a session."""

    def __init__(self, wizard: HelpWizard) -> None:
        super().__init__("finish")
        self._wizard = wizard
        self.warned = label("strong", "finish_warned")
        self.column.addWidget(self.warned)
        self.alarm = card("danger_card", "contacts_card")
        alarm = QVBoxLayout(self.alarm)
        alarm.setContentsMargins(20, 14, 20, 14)
        self.contacts = ContactList("contacts")
        alarm.addWidget(self.contacts)
        self.column.addWidget(self.alarm)
        self.column.addWidget(self._make_advice())
        self.column.addWidget(self._make_facts())
        self.remarks = label("text", "finish_remarks")
        self.column.addWidget(self.remarks)
        self.reopen = ReopenBox()
        self.reopen.pressed.connect(lambda: self.intent.emit(ev.ReopenPressed()))
        self.column.addWidget(self.reopen)
        self.column.addWidget(self._make_receipt())
        self.removal = RemovalBox(wizard)
        self.column.addWidget(self.removal)
        self.column.addWidget(self._make_rating())
        self.column.addStretch()

    def _make_advice(self) -> QWidget:
        self.advice_card = card("danger_card", "advice_card")
        column = QVBoxLayout(self.advice_card)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(8)
        self.advice_title = label("strong", "advice_title")
        self.advice = label("text", "advice")
        column.addWidget(self.advice_title)
        column.addWidget(self.advice)
        return self.advice_card

    def _make_facts(self) -> QWidget:
        self.facts_card = card("good_card", "facts_card")
        column = QVBoxLayout(self.facts_card)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(8)
        self.facts_title = label("strong", "facts_title")
        self.facts = FactList()
        column.addWidget(self.facts_title)
        column.addWidget(self.facts)
        return self.facts_card

    def _make_receipt(self) -> QWidget:
        self.receipt = card("card", "receipt_card")
        column = QVBoxLayout(self.receipt)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(8)
        self.receipt_title = label("strong", "receipt_title")
        self.receipt_text = label("text", "receipt_text")
        row = QHBoxLayout()
        row.setSpacing(12)
        self.save_pdf, self.save_json = QPushButton(), QPushButton()
        for kind, button in (("pdf", self.save_pdf), ("json", self.save_json)):
            button.setObjectName(f"receipt_{kind}")
            button.setAutoDefault(False)
            button.clicked.connect(
                lambda _checked=False, kind=kind: self._wizard.paperwork.ask_save_receipt(kind)
            )
            row.addWidget(button)
        row.addStretch()
        for widget in (self.receipt_title, self.receipt_text):
            column.addWidget(widget)
        column.addLayout(row)
        return self.receipt

    def _make_rating(self) -> QWidget:
        self.rating = QWidget()
        self.rating.setProperty("role", "plain")
        column = QVBoxLayout(self.rating)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        self.rating_label = label("strong", "rating_label")
        column.addWidget(self.rating_label)
        row = QHBoxLayout()
        row.setSpacing(10)
        self.stars = [QPushButton(str(number)) for number in range(1, STARS + 1)]
        for number, button in enumerate(self.stars, start=1):
            button.setObjectName(f"rating_{number}")
            button.setProperty("role", "choice_small")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, number=number: self._on_rated(number))
            row.addWidget(button)
        self.rating_words = label("small", "rating_words")
        row.addWidget(self.rating_words, 1)
        column.addLayout(row)
        return self.rating

    def retranslate(self, tokens: Tokens, _: Translator) -> None:
        """Set the fixed words."""
        set_text(self.advice_title, _("What to do now:"))
        set_text(self.facts_title, _("What the program checked just now:"))
        set_text(self.receipt_title, _("Your confirmation"))
        self.save_pdf.setText(_("Save as PDF"))
        self.save_json.setText(_("Save for checking (JSON)"))
        set_text(self.rating_label, _("How was the help? (you may leave this out)"))
        set_text(self.rating_words, _("1 is bad, 5 is very good"))
        for number, button in enumerate(self.stars, start=1):
            button.setAccessibleName(_("Rating {number} of 5").format(number=number))

    def show_body(self, body: FinishView, tokens: Tokens, _: Translator) -> None:
        """Show facts, receipt, removing, rating."""
        self.alarm.setVisible(bool(body.contacts))
        self.contacts.show_contacts(body.contacts, tokens)
        self.advice_card.setVisible(bool(body.advice))
        steps = enumerate((_.say(step) for step in body.advice), start=1)
        set_text(self.advice, "\n".join(f"{number}. {step}" for number, step in steps))
        remarks = "\n\n".join(_.say(remark) for remark in body.remarks)
        # Whose number it was is read out to whoever is called, so it stands above them.
        set_text(self.warned, remarks if body.contacts else "")
        set_text(self.remarks, "" if body.contacts else remarks)
        self.facts_card.setVisible(bool(body.facts))
        set_role(self.facts_card, "good_card" if body.closed else "danger_card")
        self.facts.show_facts(body.facts, _)
        self.reopen.show_until(body.can_reopen_until, _)
        self.receipt.setVisible(body.has_order)
        for button in (self.save_pdf, self.save_json):
            button.setEnabled(body.receipt_ready)
            icons.set_button_icon(button, "save", tokens.text, 20)
        if body.saved_to:
            text = _("Saved: {path}").format(path=breakable(body.saved_to))
        elif body.receipt_ready:
            text = _("It proves what was agreed. Save it with your papers.")
        else:
            text = _("It comes as soon as the company's server answers.")
        set_text(self.receipt_text, text)
        self.removal.show_removal(body.removal, tokens, _)
        self.rating.setVisible(body.can_rate)
        for number, button in enumerate(self.stars, start=1):
            button.setChecked(body.rating == number)

    def _on_rated(self, number: int) -> None:
        self.stars[number - 1].setChecked(False)
        self.intent.emit(ev.Rated(number))
