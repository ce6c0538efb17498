"""What stands on the help page between two sessions: the sentences above one button, nine words, or the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from client_app.core.view_state_types import HelpStage
from client_app.ui.props import breakable, card, label, set_text
from client_app.ui.widgets.phone_box import PhoneBox
from client_app.ui.widgets.word_grid import WordGrid

if TYPE_CHECKING:
    from client_app.core.view_state_types import HelpView
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens

ONE_BUTTON = frozenset({HelpStage.RETURNED, HelpStage.REOPEN_ORDER})
"""Stages in which the page is some sentences and one button."""
BETWEEN = ONE_BUTTON | {
    HelpStage.RESTARTING,
    HelpStage.RETURNING,
    HelpStage.REOPEN_WORD,
    HelpStage.REOPEN_WAITING,
    HelpStage.REOPEN_OFFLINE,
}


class AgainBox(QWidget):
    """Made when it is first needed.

    Signals:
        picked: a word. retry_pressed: send once more. declined: no more help after the restart.
    """

    picked = Signal(str)
    retry_pressed = Signal()
    declined = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.setObjectName("again_box")
        self.sentences: tuple[str, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self._make_card())
        self.words = WordGrid()
        self.words.picked.connect(self.picked)
        self.phone = PhoneBox()
        self.phone.retry_pressed.connect(self.retry_pressed)
        column.addWidget(self.words)
        column.addWidget(self.phone)

    def _make_card(self) -> QWidget:
        self.card = card("card", "again_card")
        column = QVBoxLayout(self.card)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        self.lines = [label("heading" if place == 0 else "text", f"again_{place}") for place in range(3)]
        for line in self.lines:
            column.addWidget(line)
        self.decline = QPushButton()
        self.decline.setObjectName("again_decline")
        self.decline.setAutoDefault(False)
        self.decline.clicked.connect(self.declined)
        row = QHBoxLayout()
        row.addWidget(self.decline)
        row.addStretch()
        column.addLayout(row)
        return self.card

    def retranslate(self, tokens: Tokens, _: Translator) -> None:
        """Set the fixed words."""
        self.decline.setText(_("No more help: end it"))
        self.phone.retranslate(tokens, _)

    def show_stage(self, body: HelpView, _: Translator) -> None:
        """Show the stage."""
        stage = body.stage
        self.setVisible(stage in BETWEEN)
        self.card.setVisible(stage in ONE_BUTTON)
        self.words.setVisible(stage is HelpStage.REOPEN_WORD)
        self.phone.setVisible(stage is HelpStage.REOPEN_OFFLINE)
        self.decline.setVisible(stage is HelpStage.RETURNED)
        self.sentences = tuple(_.say(sentence) for sentence in body.sentences)
        for place, line in enumerate(self.lines):
            set_text(line, breakable(self.sentences[place]) if place < len(self.sentences) else "")
        if stage is HelpStage.REOPEN_WORD:
            technician = _("Your technician: {name}").format(name=breakable(body.technician))
            self.words.show_words(technician, body.words, body.words_enabled)
        if stage is HelpStage.REOPEN_OFFLINE:
            self.phone.show_code(body.offline_code, body.tries_left, _)
