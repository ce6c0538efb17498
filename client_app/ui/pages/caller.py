"""Step 1: the code that the technician dictates, then the word that the technician says.

Built before the first paint, so the nine word buttons are made when they are needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_app.ui.icons import IconSpot
from client_app.ui.pages.base import WizardPage
from client_app.ui.props import NO_FOCUS, breakable, card, label, set_role, set_text
from client_app.ui.widgets.code_field import DigitField

if TYPE_CHECKING:
    from client_app.core.view_state_types import CallerView
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens
    from client_app.ui.widgets.word_grid import WordGrid

CODE_DIGITS = 9
CODE_GROUP = 3


class CallerPage(WizardPage):
    """The first page. `company` is the name in the warning until the first view comes."""

    def __init__(self, company: str) -> None:
        super().__init__("caller")
        # QWizard gives the focus to the first widget that takes it: that is to be the code.
        self.scroller.setProperty("focusPolicy", NO_FOCUS)
        self._company = company
        self.warning = label("strong", "scam_warning")
        self._shield = IconSpot("lock", 32)
        self.warning_card = card("card", "scam_card")
        row = self._warning_row = QHBoxLayout(self.warning_card)
        row.setSpacing(14)
        row.addWidget(self._shield)
        row.addWidget(self.warning, 1)
        self.column.addWidget(self.warning_card)
        self.column.addWidget(self._make_code_box())
        self.words: WordGrid | None = None
        self.column.addStretch()

    def _make_code_box(self) -> QWidget:
        self.code_box = QWidget()
        box = QVBoxLayout(self.code_box)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self.code_label = label("field", "code_label")
        self.code = DigitField("code", CODE_DIGITS, CODE_GROUP)
        self.code_label.setBuddy(self.code)
        self.code_hint = label("small", "code_hint")
        self.code.digits_changed.connect(self._on_digits_changed)
        for widget in (self.code_label, self.code, self.code_hint):
            box.addWidget(widget)
        return self.code_box

    def set_compact(self, compact: bool) -> None:
        """Let the field for the code be seen without scrolling on a small window as well."""
        super().set_compact(compact)
        above = 6 if compact else 14
        self._warning_row.setContentsMargins(16, above, 16, above)
        set_role(self.code, "digits_compact" if compact else "digits")

    def retranslate(self, tokens: Tokens, _: Translator) -> None:
        """Set the fixed words; all of them stand here, because the first paint has no view state yet."""
        warning = _(
            "{company} never asks for a bank password, a BLIK code or a transfer. If somebody does, hang up."
        )
        set_text(self.warning, warning.format(company=self._company))
        set_text(self.code_label, _("Code from the technician: nine digits"))
        set_text(self.code_hint, _("After the ninth digit the program goes on by itself."))
        self.code.setAccessibleName(self.code_label.text())
        self.code.setAccessibleDescription(self.code_hint.text())
        self.code.setFixedWidth(tokens.px(340))
        self._shield.show_icon("warning", tokens.warn)

    def show_first(self, title: str, _: Translator) -> None:
        """Show the page as it is before the first view state."""
        super().show_first(title, _)
        set_text(self.lead, _("Type the code that the technician dictates on the phone."))

    def show_body(self, body: CallerView, tokens: Tokens, _: Translator) -> None:
        """Show the code field, or the nine words once the code was right."""
        set_text(self.warning, _.say(body.warning))
        self.code.show_digits(body.digits)
        self.code.setReadOnly(not body.code_enabled)
        if body.words and self.words is None:
            self._make_words()
        self.code_box.setVisible(not body.words)
        # Said once, where the code is asked for; a warning on every page is soon not read any more.
        self.warning_card.setVisible(not body.words)
        if self.words is not None:
            self.words.setVisible(bool(body.words))
            technician = _("Your technician: {name}").format(name=breakable(body.technician))
            self.words.show_words(technician, body.words, body.words_enabled)

    def first_focus(self) -> QWidget:
        """The code field; with the words shown nothing is chosen in advance."""
        return self.scroller if self.stage() else self.code

    def stage(self) -> str:
        """The code, then the words."""
        return "words" if self.words is not None and self.words.isVisibleTo(self) else ""

    def _make_words(self) -> None:
        from client_app.ui.widgets.word_grid import WordGrid

        self.words = WordGrid()
        self.words.picked.connect(self._on_word_picked)
        self.column.insertWidget(self.column.indexOf(self.code_box), self.words)

    def _on_digits_changed(self, digits: str) -> None:
        from client_app.core import events as ev

        self.intent.emit(ev.CodeTyped(digits))

    def _on_word_picked(self, word: str) -> None:
        from client_app.core import events as ev

        self.intent.emit(ev.WordPicked(word))
