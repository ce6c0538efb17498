"""Step 3: what applies and what it costs. Scope and price in plain words, the texts to read, two boxes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from client_app.core import events as ev
from client_app.core.session import Control, Document
from client_app.ui.input_way import InputWatch, asked_late
from client_app.ui.pages.base import WizardPage
from client_app.ui.props import card, label, set_text
from client_app.ui.widgets.document_box import DocumentBox
from client_app.ui.widgets.tick import Tick

if TYPE_CHECKING:
    from client_app.core.view_state_types import DocumentView, TermsView
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens
    from client_app.ui.wizard import HelpWizard

_TABS = (Document.TERMS, Document.PRICE)


class TermsPage(WizardPage):
    """Reading is recorded, never forced: the boxes work without scrolling."""

    def __init__(self, wizard: HelpWizard) -> None:
        super().__init__("terms")
        self._wizard = wizard
        self._watch = InputWatch(asked_late(wizard), self)
        self._view: TermsView | None = None
        self._tab = Document.TERMS
        self.column.addWidget(self._make_price())
        self._make_reading()
        self.ticks = {
            control: Tick(control.value) for control in (Control.ACCEPT_TERMS, Control.ACCEPT_PRICE)
        }
        self.tick_row = QHBoxLayout()
        self.tick_row.setSpacing(12)
        for control, tick in self.ticks.items():
            self._watch.watch(tick)
            tick.wanted.connect(lambda checked, control=control: self._on_wanted(control, checked))
            self.tick_row.addWidget(tick, 1)
        self.column.addLayout(self.tick_row)
        self._order_focus()

    def _make_price(self) -> QWidget:
        frame = card("card", "price_card")
        self.price_row = QHBoxLayout(frame)
        self.price_row.setContentsMargins(20, 14, 20, 14)
        self.price_row.setSpacing(20)
        self.scope = label("text", "scope")
        self.price_row.addWidget(self.scope, 5)
        price = QVBoxLayout()
        price.setSpacing(0)
        self.price_label = label("small", "price_label")
        self.price = label("price", "price")
        self.price_detail = label("small", "price_detail")
        price.addStretch()
        for widget in (self.price_label, self.price, self.price_detail):
            price.addWidget(widget)
        price.addStretch()
        self.price_row.addLayout(price, 2)
        return frame

    def _make_reading(self) -> None:
        self.bundled = label("strong", "bundled_note")
        self.bundled.hide()
        self.no_price_list = label("text", "no_price_list")
        self.no_price_list.hide()
        self.column.addWidget(self.bundled)
        self.column.addWidget(self.no_price_list)
        self.tabs: dict[Document, QPushButton] = {}
        self.box = DocumentBox("document", self._wizard.paperwork.log)
        for place, kind in enumerate(_TABS):
            tab = QPushButton()
            tab.setObjectName(f"tab_{kind.value}")
            tab.setProperty("role", "choice_small")
            tab.setCheckable(True)
            tab.setAutoDefault(False)
            tab.clicked.connect(lambda _checked=False, kind=kind: self._on_tab(kind))
            self.tabs[kind] = tab
            self.box.tools.insertWidget(place, tab)
        self.enlarge = QPushButton()
        self.enlarge.setObjectName("document_enlarge")
        self.enlarge.setProperty("role", "choice_small")
        self.enlarge.setAutoDefault(False)
        self.enlarge.clicked.connect(lambda: self._open(self._tab))
        self.box.tools.addWidget(self.enlarge)
        self.box.save_pressed.connect(self._wizard.paperwork.ask_save_document)
        self.box.print_pressed.connect(self._wizard.print_document_requested)
        self.column.addWidget(self.box, 1)
        self.open_row = QWidget()
        self.open_row.setProperty("role", "plain")
        row = QHBoxLayout(self.open_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.openers = {kind: QPushButton() for kind in _TABS}
        for kind, button in self.openers.items():
            button.setObjectName(f"open_{kind.value}")
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, kind=kind: self._open(kind))
            row.addWidget(button)
        row.addStretch()
        self.open_row.hide()
        self.column.addWidget(self.open_row)

    def _order_focus(self) -> None:
        box = self.box
        chain: list[QWidget] = [
            *self.tabs.values(), box.smaller, box.larger, box.save, box.print, self.enlarge, box.other, box.reader
        ]  # fmt: skip
        for first, second in pairwise(chain):
            self.setTabOrder(first, second)

    def set_compact(self, compact: bool) -> None:
        """On a small window the texts open in a layer of their own."""
        super().set_compact(compact)
        direction = QHBoxLayout.Direction
        for row in (self.price_row, self.tick_row):
            row.setDirection(direction.TopToBottom if compact else direction.LeftToRight)
        self._show_reading()

    def retranslate(self, tokens: Tokens, _: Translator) -> None:
        """Set the fixed words."""
        set_text(self.price_label, _("Price agreed on the phone"))
        self.enlarge.setText(_("Enlarge"))
        names = {Document.TERMS: _("Terms"), Document.PRICE: _("Price list")}
        for kind, tab in self.tabs.items():
            tab.setText(names[kind])
        self.openers[Document.TERMS].setText(_("Read the terms"))
        self.openers[Document.PRICE].setText(_("Read the price list"))
        none = _(
            "There is no separate price list: the section on payment in the terms and the price above apply."
        )
        self.no_price_list.setText(none)

    def show_body(self, body: TermsView, tokens: Tokens, _: Translator) -> None:
        """Show scope, price, the texts and the boxes."""
        self._view = body
        set_text(self.scope, body.scope)
        set_text(self.price, _.money(body.price) if body.price else "")
        set_text(self.price_detail, body.price.description if body.price else "")
        bundled = _("This copy is of {day}: the company's server does not answer.")
        set_text(self.bundled, bundled.format(day=_.day(body.bundled_as_of)) if body.bundled_as_of else "")
        for tick in body.ticks:
            self.ticks[tick.control].show_tick(tick, tokens)
        if self._document(self._tab) is None:
            self._tab = Document.TERMS
        self.no_price_list.setVisible(body.price_list is None and body.terms is not None)
        self._show_reading()
        document = self._document(self._tab)
        if document is not None:
            self.box.show_document(document, tokens, _)

    def _show_reading(self) -> None:
        has_text = self._document(Document.TERMS) is not None
        self.box.setVisible(has_text and not self.is_compact)
        self.open_row.setVisible(has_text and self.is_compact)
        for kind, tab in self.tabs.items():
            there = self._document(kind) is not None
            tab.setVisible(there)
            tab.setChecked(kind is self._tab)
            self.openers[kind].setVisible(there)

    def _document(self, kind: Document) -> DocumentView | None:
        if self._view is None:
            return None
        return self._view.terms if kind is Document.TERMS else self._view.price_list

    def first_focus(self) -> QWidget:
        """The text, so that the keys scroll it at once."""
        return self.box.reader if self.box.isVisibleTo(self) else self.scroller

    def show_done(self, text: str) -> None:
        """Say it beside the document."""
        super().show_done(text)
        self.box.show_done(text)

    def uncovered(self) -> None:
        """Count reading again."""
        self.box.resume()

    def _on_tab(self, kind: Document) -> None:
        self._tab = kind
        self._show_reading()
        document = self._document(kind)
        if document is not None:
            self.box.show_document(document, self._wizard.tokens, self._wizard.translator)

    def _open(self, kind: Document) -> None:
        from client_app.ui.document_panel import open_document

        document = self._document(kind)
        if document is not None:
            open_document(self._wizard, document)

    def _on_wanted(self, control: Control, checked: bool) -> None:
        tick = self.ticks[control]
        if not checked:
            self.intent.emit(ev.Unticked(control))
        elif tick.view is not None:
            texts = tick.view.covers
            if control is Control.ACCEPT_PRICE:
                # The declaration speaks of "the price on this page", so the price as shown belongs to it.
                texts = (*texts, f"{self.price.text()} {self.price_detail.text()}".strip())
            self.intent.emit(ev.Ticked(self._watch.act(control, tick, texts)))
