"""Step 5: everything on one page, then the order; while the server does not answer, confirmation by phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from client_app.core import events as ev
from client_app.core.session import Control
from client_app.core.view_state_types import OrderStage
from client_app.ui.input_way import InputWatch, asked_late
from client_app.ui.pages.base import WizardPage
from client_app.ui.props import card, label, set_text
from client_app.ui.widgets.facts import FactGrid
from client_app.ui.widgets.phone_box import PhoneBox
from client_app.ui.widgets.tick import Tick

if TYPE_CHECKING:
    from client_app.core.view_state_types import OrderView
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens
    from client_app.ui.wizard import HelpWizard

WHAT_ROWS = 2
"""So many lines of the order stand beside the price: the problem and the technician."""


class OrderPage(WizardPage):
    """Form, sending, and the offline way; one of the three is shown."""

    def __init__(self, wizard: HelpWizard) -> None:
        super().__init__("order")
        self._wizard = wizard
        self._watch = InputWatch(asked_late(wizard), self)
        self._watch.watch(wizard.buttons.primary)
        self._view: OrderView | None = None
        self.column.addWidget(self._make_form())
        self.offline = PhoneBox()
        self.offline.retry_pressed.connect(self._on_retry_pressed)
        self.column.addWidget(self.offline)
        self.column.addStretch()

    def _make_form(self) -> QWidget:
        self.form = QWidget()
        self.form.setProperty("role", "plain")
        column = QVBoxLayout(self.form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        frame = card("card", "order_card")
        self.halves = QHBoxLayout(frame)
        self.halves.setContentsMargins(20, 10, 20, 10)
        self.halves.setSpacing(24)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(4)
        self.price_label = label("small", "order_price_label")
        self._is_large = False
        self.price = label("price", "order_price")
        self.what, self.who = FactGrid("order_what"), FactGrid("order_who")
        for widget in (self.price_label, self.price, self.what):
            left.addWidget(widget)
        right.addWidget(self.who)
        for half, share in ((left, 4), (right, 5)):
            half.addStretch()
            self.halves.addLayout(half, share)
        column.addWidget(frame)
        self.authority = self._make_tick(Control.AUTHORITY)
        self.covers = FactGrid("authority_covers", "small")
        self.covers.setContentsMargins(20, 0, 12, 0)
        self.early = self._make_tick(Control.EARLY_START)
        column.addWidget(self.authority)
        column.addWidget(self.covers)
        column.addWidget(self.early)
        below = QHBoxLayout()
        self.early_short = label("small", "early_short")
        self.early_short.setContentsMargins(12, 0, 12, 0)
        self.withdrawal = QPushButton()
        self.withdrawal.setObjectName("withdrawal_information")
        self.withdrawal.setProperty("role", "choice_small")
        self.withdrawal.setAutoDefault(False)
        self.withdrawal.clicked.connect(self._on_withdrawal_clicked)
        below.addWidget(self.early_short, 1)
        below.addWidget(self.withdrawal)
        column.addLayout(below)
        return self.form

    def set_compact(self, compact: bool) -> None:
        """On a small window the halves of the order stand below one another."""
        super().set_compact(compact)
        self._place_halves()

    def _place_halves(self) -> None:
        direction = QHBoxLayout.Direction
        stacked = self.is_compact or self._is_large
        self.halves.setDirection(direction.TopToBottom if stacked else direction.LeftToRight)

    def _make_tick(self, control: Control) -> Tick:
        tick = Tick(control.value)
        self._watch.watch(tick)
        tick.wanted.connect(lambda checked: self._on_wanted(control, checked))
        return tick

    def retranslate(self, tokens: Tokens, _: Translator) -> None:
        """Set the fixed words."""
        set_text(self.price_label, _("Price"))
        self.withdrawal.setText(_("Right of withdrawal"))
        self.offline.retranslate(tokens, _)

    def show_body(self, body: OrderView, tokens: Tokens, _: Translator) -> None:
        """Show the stage that the order is in."""
        self._view = body
        self._is_large = tokens.scale > 1
        self._place_halves()
        self.form.setVisible(body.stage is OrderStage.FORM)
        self.offline.setVisible(body.stage is OrderStage.OFFLINE)
        price = _.money(body.price) if body.price else ""
        detail = body.price.description if body.price else ""
        set_text(self.price, price)
        rows = [(_.say(line.label), "\n".join(_.say(part) for part in line.lines)) for line in body.lines]
        what = [(_("For"), detail)] if detail else []
        self.what.show_rows([*what, *rows[:WHAT_ROWS]])
        self.who.show_rows(rows[WHAT_ROWS:])
        shown = {tick.control: tick for tick in body.ticks}
        self.authority.show_tick(shown[Control.AUTHORITY], tokens)
        covered = shown[Control.AUTHORITY].covers[1:]
        self.covers.show_rows([("•", text) for text in covered])
        self.early.setVisible(Control.EARLY_START in shown)
        if Control.EARLY_START in shown:
            self.early.show_tick(shown[Control.EARLY_START], tokens)
        set_text(self.early_short, body.early_short)
        self.withdrawal.setVisible(bool(body.withdrawal))
        self.offline.show_code(body.offline_code, body.tries_left, _)

    def first_focus(self) -> QWidget:
        """The field for the answer, when there is one to give."""
        return self.offline.answer if self.offline.isVisibleTo(self) else self.scroller

    def stage(self) -> str:
        """Form, sending or offline."""
        return self._view.stage.value if self._view is not None else ""

    def press_primary(self) -> None:
        """Order, or send the typed digits, as the stage says."""
        view = self._view
        if view is None:
            return
        if view.stage is OrderStage.FORM:
            buttons = self._wizard.buttons
            act = self._watch.act(Control.ORDER, buttons.primary, (buttons.shown_label(),))
            self.intent.emit(ev.OrderPressed(act))
        elif view.stage is OrderStage.OFFLINE:
            digits = self.offline.whole_answer()
            if digits:
                self.intent.emit(ev.AnswerTyped(digits))

    def _on_wanted(self, control: Control, checked: bool) -> None:
        tick = self.authority if control is Control.AUTHORITY else self.early
        if not checked:
            self.intent.emit(ev.Unticked(control))
        elif tick.view is not None:
            self.intent.emit(ev.Ticked(self._watch.act(control, tick, tick.view.covers)))

    def _on_withdrawal_clicked(self) -> None:
        from client_app.ui.document_panel import open_text

        if self._view is not None and self._view.withdrawal:
            title = self._wizard.translator("Right of withdrawal")
            open_text(self._wizard, "withdrawal_panel", title, self._view.withdrawal)
