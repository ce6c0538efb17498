"""Keep the program or remove it: the list is shown first, then it is asked once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from client_app.core import events as ev
from client_app.core.view_state_types import Removal
from client_app.ui import icons
from client_app.ui.props import breakable, card, label, set_text

if TYPE_CHECKING:
    from client_app.core.view_state_types import RemovalBody
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens
    from client_app.ui.wizard import HelpWizard


class RemovalBox(QWidget):
    """Offers removing and, afterwards, says what is left."""

    def __init__(self, wizard: HelpWizard) -> None:
        super().__init__()
        self._wizard = wizard
        self._body: RemovalBody | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        frame = card("card", "removal_card")
        outer.addWidget(frame)
        column = QVBoxLayout(frame)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(8)
        self.title = label("strong", "removal_title")
        self.text = label("text", "removal_text")
        self.listed = label("small", "removal_list")
        row = QHBoxLayout()
        self.remove = QPushButton()
        self.remove.setObjectName("remove")
        self.remove.setAutoDefault(False)
        self.remove.clicked.connect(self._on_remove_clicked)
        row.addWidget(self.remove)
        row.addStretch()
        for widget in (self.title, self.text, self.listed):
            column.addWidget(widget)
        column.addLayout(row)

    def show_removal(self, body: RemovalBody, tokens: Tokens, _: Translator) -> None:
        """Show where removing stands."""
        self._body = body
        self.setVisible(body.stage is not Removal.NONE)
        asked = body.stage in (Removal.OFFERED, Removal.FOLDER_NEEDED)
        self.remove.setVisible(asked)
        self.remove.setText(
            _("Choose a folder …") if body.stage is Removal.FOLDER_NEEDED else _("Remove the program …")
        )
        icons.set_button_icon(self.remove, "trash", tokens.text, 20)
        if asked:
            set_text(self.title, _("Keep this program or remove it?"))
            set_text(
                self.text,
                _("You may keep it for the next time. Nothing of it runs when this window is closed."),
            )
            set_text(self.listed, "")
        elif body.stage is Removal.RUNNING:
            set_text(self.title, _("The program is being removed."))
            set_text(self.text, "")
            set_text(self.listed, "")
        else:
            self._show_done(body, _)

    def _show_done(self, body: RemovalBody, _: Translator) -> None:
        removed = _.plural("{number} item was removed.", "{number} items were removed.", len(body.removed))
        set_text(self.title, removed)
        set_text(self.text, _("What is left:") if body.left else _("Nothing of the program is left."))
        set_text(self.listed, breakable("\n".join(body.left)))

    def _on_remove_clicked(self) -> None:
        body, wizard = self._body, self._wizard
        if body is None:
            return
        if body.stage is Removal.FOLDER_NEEDED:
            title = wizard.translator("Choose a folder for the confirmations")
            wizard.paperwork.files.folder(
                wizard, title, lambda path: wizard.intent.emit(ev.RemovalAsked(path))
            )
            return
        from client_app.ui import questions

        questions.ask_remove(wizard, body.planned)
