"""Step 6: AnyDesk starts, asks, works, ends. What its question must show stands here before it appears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_app.core import events as ev
from client_app.core.numbers import grouped
from client_app.core.session import Control
from client_app.core.view_state_types import HelpStage
from client_app.ui.input_way import InputWatch, asked_late
from client_app.ui.pages.base import WizardPage
from client_app.ui.props import breakable, card, label, set_text
from client_app.ui.widgets.sketch import AnyDeskSketch

if TYPE_CHECKING:
    from client_app.core.session import Act
    from client_app.core.view_state_types import HelpView
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens
    from client_app.ui.widgets.again_box import AgainBox
    from client_app.ui.wizard import HelpWizard

SESSION = frozenset(
    {HelpStage.STARTING, HelpStage.WAITING, HelpStage.ASKING, HelpStage.CONNECTED, HelpStage.CLOSING}
)
"""Stages of a session; the others lie between two sessions of one order."""


class HelpPage(WizardPage):
    """Waiting, asking, connected, closing."""

    def __init__(self, wizard: HelpWizard) -> None:
        super().__init__("help")
        self._wizard = wizard
        self.column.addWidget(self._make_expected())
        self.column.addWidget(self._make_state())
        self.warning = label("code", "help_warning")
        self.column.addWidget(self.warning)
        self.column.addWidget(self._make_own())
        self.panel_note = label("text", "panel_note")
        self.column.addWidget(self.panel_note)
        self.notes = label("text", "help_notes")
        self.column.addWidget(self.notes)
        self.column.addStretch()
        self.again: AgainBox | None = None
        self._body: HelpView | None = None
        self._tokens: Tokens | None = None
        self._watch = InputWatch(asked_late(wizard), self)
        self._watch.watch(wizard.buttons.primary)

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
        note = _("A small panel in the corner shows who is connected. You may make this window small.")
        self.panel_note.setText(" ".join((note, _("The key F6 leads to the panel."))))
        self._tokens = tokens
        if self.again is not None:
            self.again.retranslate(tokens, _)
        set_text(self.own_label, _("AnyDesk number of this computer. The technician sees it already."))

    def set_compact(self, compact: bool) -> None:
        """The picture needs room that a small window has not."""
        super().set_compact(compact)
        self.sketch.setVisible(not compact)

    def show_body(self, body: HelpView, tokens: Tokens, _: Translator) -> None:
        """Show the stage of the session."""
        self._body = body
        self._show_again(body, _)
        set_text(self.warning, _.say(body.warning) if body.warning is not None else "")
        set_text(self.notes, "\n\n".join(_.say(note) for note in body.notes))
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

    def first_focus(self) -> QWidget:
        """The field for the answer, when there is one to give; else nothing is chosen in advance."""
        is_phone = self._body is not None and self._body.stage is HelpStage.REOPEN_OFFLINE
        return self.again.phone.answer if is_phone and self.again is not None else self.scroller

    def stage(self) -> str:
        """Between two sessions the stage; one session is one stage, so that the focus stays while it runs."""
        stage = self._body.stage if self._body is not None else None
        return stage.value if stage is not None and stage not in SESSION else ""

    def press_primary(self) -> None:
        """End the help, or go on with it, as the stage says."""
        stage = self._body.stage if self._body is not None else None
        if stage is HelpStage.RETURNED:
            self.intent.emit(ev.ContinuePressed(self._act(Control.CONTINUE)))
        elif stage is HelpStage.REOPEN_ORDER:
            self.intent.emit(ev.ReopenOrderPressed(self._act(Control.REOPEN)))
        elif stage is HelpStage.REOPEN_OFFLINE and self.again is not None:
            digits = self.again.phone.whole_answer()
            if digits:
                self.intent.emit(ev.AnswerTyped(digits))
        elif stage is HelpStage.RESTARTING:
            self.intent.emit(ev.NextPressed())
        else:
            self.intent.emit(ev.EndPressed())

    def _act(self, control: Control) -> Act:
        """Return the act of pressing the button: it covers what stands above it, and its label."""
        buttons = self._wizard.buttons
        sentences = self.again.sentences if self.again is not None else ()
        return self._watch.act(control, buttons.primary, (*sentences, buttons.shown_label()))

    def _show_again(self, body: HelpView, _: Translator) -> None:
        if self.again is None:
            if body.stage in SESSION or self._tokens is None:
                return
            from client_app.ui.widgets.again_box import AgainBox

            self.again = AgainBox()
            self.again.picked.connect(lambda word: self.intent.emit(ev.ReopenWordPicked(word)))
            self.again.retry_pressed.connect(self._on_retry_pressed)
            self.again.declined.connect(lambda: self.intent.emit(ev.EndPressed()))
            self.again.retranslate(self._tokens, _)
            self.column.insertWidget(self.column.indexOf(self.expected), self.again)
        self.again.show_stage(body, _)
