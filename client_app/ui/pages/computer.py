"""Step 4: checks that ran by themselves, and the one question about the backup. An answer goes on by itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QBoxLayout, QDateEdit, QHBoxLayout, QPushButton, QVBoxLayout

from client_app.core import events as ev
from client_app.core.session import BackupChoice, Control
from client_app.core.view_state_types import Backup
from client_app.ui.input_way import InputWatch, asked_late
from client_app.ui.pages.base import WizardPage
from client_app.ui.props import label, set_text
from client_app.ui.widgets.check_list import CheckList
from client_app.ui.widgets.choice import ChoiceButton
from client_app.ui.widgets.tick import Tick

if TYPE_CHECKING:
    from client_app.core.view_state_types import ComputerView
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens
    from client_app.ui.wizard import HelpWizard

_NO_DATE = QDate(2000, 1, 1)


class ComputerPage(WizardPage):
    """Checks and backup."""

    def __init__(self, wizard: HelpWizard) -> None:
        super().__init__("computer")
        self._wizard = wizard
        self._watch = InputWatch(asked_late(wizard), self)
        self._is_none_open = False
        self.checks = CheckList()
        self.retry = QPushButton()
        self.retry.setObjectName("checks_retry")
        self.retry.clicked.connect(self._on_retry_pressed)
        self.column.addWidget(self.checks)
        retry = QHBoxLayout()
        retry.addWidget(self.retry)
        retry.addStretch()
        self.column.addLayout(retry)
        self._make_backup()
        self.column.addStretch()

    def _make_backup(self) -> None:
        self.question = label("heading", "backup_question")
        self.explained = label("text", "backup_explained")
        self.have = ChoiceButton("backup_have")
        self.have.setCheckable(True)
        self.later = ChoiceButton("backup_later")
        self.later.setCheckable(True)
        self.none = ChoiceButton("backup_none")
        self.none.setCheckable(True)
        self.none_tick = Tick(Control.NO_BACKUP.value)
        self._watch.watch(self.none_tick)
        self.waiting = label("busy", "backup_waiting")
        self.have.clicked.connect(self._on_have)
        self.later.clicked.connect(self._on_later)
        self.none.clicked.connect(self._on_none)
        self.none_tick.wanted.connect(self._on_none_wanted)
        self.column.addWidget(self.question)
        self.column.addWidget(self.explained)
        self.column.addLayout(self._make_have())
        for widget in (self.later, self.none, self.none_tick, self.waiting):
            self.column.addWidget(widget)
        self.none_tick.hide()
        self.waiting.hide()

    def _make_have(self) -> QBoxLayout:
        """The answer and, beside it, an optional day: from when the backup is."""
        self.have_row = QHBoxLayout()
        self.have_row.setSpacing(16)
        self.have_row.addWidget(self.have, 1)
        day = QVBoxLayout()
        day.setSpacing(4)
        self.date_label = label("small", "backup_date_label")
        self.date_label.setWordWrap(False)
        self.date = QDateEdit()
        self.date.setObjectName("backup_date")
        self.date.setCalendarPopup(True)
        self.date.setMinimumDate(_NO_DATE)
        self.date.setMaximumDate(QDate.currentDate())
        self.date.setDate(_NO_DATE)
        self.date.setMinimumHeight(46)
        self.date.lineEdit().setTextMargins(8, 0, 0, 0)
        self.date_label.setBuddy(self.date)
        day.addWidget(self.date_label)
        day.addWidget(self.date)
        day.addStretch()
        self.have_row.addLayout(day)
        return self.have_row

    def set_compact(self, compact: bool) -> None:
        """On a small window the day stands under its answer."""
        super().set_compact(compact)
        direction = QHBoxLayout.Direction
        self.have_row.setDirection(direction.TopToBottom if compact else direction.LeftToRight)

    def retranslate(self, tokens: Tokens, _: Translator) -> None:
        """Set the fixed words."""
        set_text(self.question, _("Do you have a backup of what is important to you?"))
        set_text(
            self.explained,
            _("A backup is a copy of your files on another disk, a memory stick or in the cloud."),
        )
        self.later.show_choice(
            _("I will make one first and finish later"),
            _("The same code works again. Nothing is ordered yet."),
            tokens,
        )
        self.none.show_choice(
            _("No, I have no backup"),
            _("A declaration of its own is needed, and the technician's yes."),
            tokens,
        )
        set_text(self.date_label, _("From when? (not required)"))
        self.date.setAccessibleName(self.date_label.text())
        # The lowest date stands for "not said".
        self.date.setSpecialValueText(_("not said"))
        self.date.setDisplayFormat("dd.MM.yyyy")
        self.waiting.setText(_("The technician sees your question. Please wait for the yes."))
        self.retry.setText(_("Check again"))

    def show_body(self, body: ComputerView, tokens: Tokens, _: Translator) -> None:
        """Show results and the answer given so far."""
        self.checks.show_checks(body.checks, tokens, _)
        self.retry.setVisible(body.can_retry)
        self.have.show_choice(_("Yes, I have a backup"), body.have_text, tokens)
        self.have.setChecked(body.backup is Backup.ANSWERED)
        is_none = body.choice is BackupChoice.NONE
        self._is_none_open = self._is_none_open or is_none
        self.none.setChecked(self._is_none_open)
        self.none_tick.setVisible(self._is_none_open)
        self.none_tick.show_tick(body.none_tick, tokens)
        self.waiting.setVisible(body.backup is Backup.WAITING_FOR_YES)
        if body.made_on is not None and self.date.date() == _NO_DATE:
            self.date.setDate(QDate(body.made_on.year, body.made_on.month, body.made_on.day))

    def _on_have(self) -> None:
        self.have.setChecked(False)
        self._is_none_open = False
        chosen = self.date.date()
        made_on = date(chosen.year(), chosen.month(), chosen.day()) if chosen != _NO_DATE else None
        self.intent.emit(ev.BackupChosen(BackupChoice.HAVE_ONE, made_on))

    def _on_later(self) -> None:
        self.later.setChecked(False)
        from client_app.ui import questions

        questions.ask_later(self._wizard)

    def _on_none(self) -> None:
        self._is_none_open = True
        self.none.setChecked(True)
        self.none_tick.show()
        self.none_tick.setFocus()
        self.scroller.ensureWidgetVisible(self.none_tick)

    def _on_none_wanted(self, checked: bool) -> None:
        view = self.none_tick.view
        if checked and view is not None:
            act = self._watch.act(Control.NO_BACKUP, self.none_tick, view.covers)
            self.intent.emit(ev.BackupChosen(BackupChoice.NONE, None, act))
