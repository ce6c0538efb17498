"""What the panel asks: whether somebody is at the computer, and whether it may be restarted.

Rule: a question that appears under the mouse or in the middle of typing is not answered by accident: it takes no focus,
and its buttons are alive only a moment later.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout

from client_app.core import events as ev
from client_app.core.messages import N_
from client_app.core.session import Control
from client_app.core.view_state_return import RESTART_NO, RESTART_QUESTION, RESTART_THEN, RESTART_YES
from client_app.core.view_state_types import PanelQuestion
from client_app.ui.input_way import InputWatch, utc_now
from client_app.ui.panel_button import PanelButton
from client_app.ui.panel_words import time_left
from client_app.ui.props import label, set_text

if TYPE_CHECKING:
    from client_app.core.view_state_types import PanelView
    from client_app.ui.i18n import Translator

GUARD_MS = 700
"""So long the buttons of a new question are not alive."""

_SIDE = 14
_TITLES = {
    PanelQuestion.PRESENCE: N_("Are you at the computer?"),
    PanelQuestion.RESTART: N_("Restart the computer?"),
}
_TEXTS: dict[PanelQuestion, tuple[str, ...]] = {
    PanelQuestion.PRESENCE: (N_("Without an answer the program ends the help."),),
    PanelQuestion.RESTART: (RESTART_QUESTION, RESTART_THEN),
}
_YES = {PanelQuestion.PRESENCE: N_("I am here"), PanelQuestion.RESTART: RESTART_YES}
_NO = {PanelQuestion.PRESENCE: N_("More time"), PanelQuestion.RESTART: RESTART_NO}


class QuestionBox(QFrame):
    """The card with a question, one large button and a plain one."""

    def __init__(self, watch: InputWatch, answered: Callable[[ev.Event], None]) -> None:
        """Build it.

        Args:
            watch: tells how a button was operated.
            answered: called with the answer as an event of the flow.
        """
        super().__init__()
        self.setObjectName("panel_question")
        self.setProperty("role", "warning")
        self._watch = watch
        self._answered = answered
        self._question = PanelQuestion.NONE
        self._sentences: tuple[str, ...] = ()
        column = QVBoxLayout(self)
        self.title = label("heading", "panel_question_title")
        self.text = label("text", "panel_question_text")
        self.left = label("strong", "panel_question_left")
        self.hint = label("error", "panel_question_hint")
        self.yes = PanelButton("panel_yes", "primary")
        self.no = PanelButton("panel_no", "")
        for widget in (self.title, self.text, self.left, self.hint):
            column.addWidget(widget)
        self._buttons = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._buttons.setSpacing(10)
        for button in (self.yes, self.no):
            self._buttons.addWidget(button)
        column.addLayout(self._buttons)
        self._column = column
        self.set_tightest(False)
        for button in (self.yes, self.no):
            watch.watch(button)
        self.yes.clicked.connect(lambda: self._on_pressed(is_yes=True))
        self.no.clicked.connect(lambda: self._on_pressed(is_yes=False))
        self._guard = QTimer(self)
        self._guard.setSingleShot(True)
        self._guard.timeout.connect(self._come_alive)
        self.hide()

    @property
    def question(self) -> PanelQuestion:
        """What is asked now."""
        return self._question

    @property
    def is_alive(self) -> bool:
        """Tell whether the buttons answer."""
        return not self._guard.isActive()

    def show_question(self, view: PanelView, _: Translator) -> bool:
        """Show what is asked; True when that is another question than before."""
        is_new = view.question is not self._question
        self._question = view.question
        self.setVisible(view.question is not PanelQuestion.NONE)
        if view.question is PanelQuestion.NONE:
            self._guard.stop()
            return False
        if is_new:
            self._set_alive(False)
            self._guard.start(GUARD_MS)
        set_text(self.title, _(_TITLES[view.question]))
        self._sentences = tuple(_(text) for text in _TEXTS[view.question])
        set_text(self.text, "\n".join(self._sentences))
        set_text(self.hint, _.say(view.hint) if view.hint is not None else self._own_press(view, _))
        self.yes.say(_(_YES[view.question]))
        self.no.say(_(_NO[view.question]))
        self.no.setVisible(view.question is PanelQuestion.RESTART or view.can_extend)
        return is_new

    def set_in_row(self, is_row: bool, width: int) -> None:
        """Put the buttons beside each other instead of below, where the screen is low and `width` is enough."""
        needed = sum(button.sizeHint().width() for button in (self.yes, self.no)) + 3 * _SIDE
        direction = QBoxLayout.Direction
        self._buttons.setDirection(
            direction.LeftToRight if is_row and needed <= width else direction.TopToBottom
        )
        # What the layouts around the buttons remember of their heights is of the other direction.
        self._column.invalidate()
        self.updateGeometry()

    def set_tightest(self, is_tightest: bool) -> None:
        """Leave out air, and the title where the text says the same, on a screen that is very low."""
        top, bottom, between = (6, 6, 3) if is_tightest else (10, 12, 6)
        self._column.setContentsMargins(_SIDE, top, _SIDE, bottom)
        self._column.setSpacing(between)
        # Its text begins with what is asked; the question of presence stands in its title alone.
        is_said_twice = self._question is PanelQuestion.RESTART
        self.title.setVisible(bool(self.title.text()) and not (is_tightest and is_said_twice))

    def show_time_left(self, view: PanelView, at: datetime, _: Translator) -> float | None:
        """Say how long there is to answer; return in how many seconds that changes."""
        if view.question is PanelQuestion.NONE:
            return None
        words, seconds = time_left(view.question_ends_at, at, _)
        set_text(self.left, words)
        return seconds

    def spoken(self) -> str:
        """Return everything that a screen reader says when the question appears."""
        return " ".join(part.text() for part in (self.title, self.text, self.left) if part.text())

    @staticmethod
    def _own_press(view: PanelView, _: Translator) -> str:
        words = _("Please press it yourself, with the mouse or keyboard of this computer.")
        return words if view.wants_own_press else ""

    def _on_pressed(self, *, is_yes: bool) -> None:
        if not self.is_alive:
            return
        button = self.yes if is_yes else self.no
        if self._question is PanelQuestion.PRESENCE:
            kind = ev.PresenceConfirmed if is_yes else ev.PresenceExtended
            self._answered(kind(self._watch.origin(button), utc_now()))
        elif self._question is PanelQuestion.RESTART and is_yes:
            texts = (*self._sentences, button.text())
            self._answered(ev.RestartAgreed(self._watch.act(Control.RESTART, button, texts)))
        elif self._question is PanelQuestion.RESTART:
            self._answered(ev.RestartDeclined())

    def _come_alive(self) -> None:
        self._set_alive(True)

    def _set_alive(self, is_alive: bool) -> None:
        for button in (self.yes, self.no):
            button.setEnabled(is_alive)
