"""Step 6: AnyDesk starts, asks, works, ends. What its question must show stands here before it appears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_app.core import events as ev
from client_app.core.view_state_types import HelpStage
from client_app.ui.numbers import grouped
from client_app.ui.pages.base import WizardPage
from client_app.ui.props import breakable, card, label, set_text
from client_app.ui.widgets.sketch import AnyDeskSketch

if TYPE_CHECKING:
    from client_app.core.view_state_types import HelpView
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens
    from client_app.ui.wizard import HelpWizard


class HelpPage(WizardPage):
    """Waiting, asking, connected, closing."""

    def __init__(self, wizard: HelpWizard) -> None:
        super().__init__("help")
        self._wizard = wizard
        self.column.addWidget(self._make_expected())
        self.column.addWidget(self._make_state())
        self.column.addWidget(self._make_own())
        self.panel_note = label("text", "panel_note")
        self.column.addWidget(self.panel_note)
        self.column.addStretch()

    def _make_expected(self) -> QWidget:
        self.expected = card("card", "expected_card")
        row = QHBoxLayout(self.expected)
        row.setContentsMargins(20, 16, 20, 16)
        row.setSpacing(20)
        words = QVBoxLayout()
        words.setSpacing(6)
        self.expected_name = label("heading", "expected_name")
        self.expected_number = label("price", "expected_number")
        self.expected_then = label("text", "expected_then")
        self.expected_else = label("strong", "expected_else")
        for widget in (
            self.expected_name,
            self.expected_number,
            self.expected_then,
            self.expected_else,
        ):
            words.addWidget(widget)
        words.addStretch()
        self.sketch = AnyDeskSketch()
        row.addLayout(words, 1)
        row.addWidget(self.sketch)
        return self.expected

    def _make_state(self) -> QWidget:
        self.state = card("good_card", "peer_card")
        column = QVBoxLayout(self.state)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(4)
        self.peer = label("heading", "peer_name")
        self.peer_number = label("text", "peer_number")
        self.since = label("text", "peer_since")
        for widget in (self.peer, self.peer_number, self.since):
            column.addWidget(widget)
        return self.state

    def _make_own(self) -> QWidget:
        self.own = QWidget()
        self.own.setProperty("role", "plain")
        column = QVBoxLayout(self.own)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(2)
        self.own_label = label("small", "own_number_label")
        self.own_number = label("heading", "own_number")
        column.addWidget(self.own_label)
        column.addWidget(self.own_number)
        return self.own

    def retranslate(self, tokens: Tokens, _: Translator) -> None:
        """Set the fixed words."""
        set_text(self.expected_then, _("Then press the button with the tick (“Accept”)."))
        set_text(self.expected_else, _("Another name or number? Press “End now”."))
        self.panel_note.setText(
            _("A small panel in the corner shows who is connected. You may make this window small.")
        )
        set_text(self.own_label, _("AnyDesk number of this computer. The technician sees it already."))

    def set_compact(self, compact: bool) -> None:
        """The picture needs room that a small window has not."""
        super().set_compact(compact)
        self.sketch.setVisible(not compact)

    def show_body(self, body: HelpView, tokens: Tokens, _: Translator) -> None:
        """Show the stage of the session."""
        waiting = body.stage in (HelpStage.WAITING, HelpStage.ASKING)
        numbers = _(" or ").join(grouped(number) for number in body.technician_numbers)
        self.expected.setVisible(waiting)
        set_text(self.expected_name, breakable(body.technician))
        set_text(self.expected_number, numbers)
        self.sketch.show_peer(body.technician, grouped(body.technician_numbers[0]) if numbers else "", _)
        self.own.setVisible(waiting and bool(body.own_number))
        set_text(self.own_number, grouped(body.own_number))
        self.state.setVisible(body.stage in (HelpStage.ASKING, HelpStage.CONNECTED))
        number = _("AnyDesk number {number}").format(number=grouped(body.peer_number))
        if body.stage is HelpStage.ASKING:
            set_text(self.peer, _("AnyDesk asks now. The number is the technician's."))
            set_text(self.peer_number, number)
            set_text(self.since, "")
        elif body.stage is HelpStage.CONNECTED:
            since = _.clock_time(body.since)
            set_text(self.peer, breakable(body.peer or body.technician))
            set_text(self.peer_number, number)
            set_text(self.since, _("Connected since {time}").format(time=since) if since else "")
        self.panel_note.setVisible(body.stage is HelpStage.CONNECTED)

    def press_primary(self) -> None:
        """End the help."""
        self.intent.emit(ev.EndPressed())
