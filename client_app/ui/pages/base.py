"""What every page has: the one-line rail, title, lead, banner, notice, a scrolling body, a hint above the buttons.

Rule: a page shows its view and emits events; it never routes and never asks which page is current.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget, QWizardPage

from client_app.ui.props import label, scrolls_down_only, set_role, set_text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel

    from client_app.core.brand_types import Text
    from client_app.core.view_state_types import Notice, WizardView
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens
    from client_app.ui.topline import TopLine
    from client_app.ui.widgets.notice_bar import NoticeBar

TEXT_WIDTH = 780
"""Widest column of a body, in pixels at 100 %: longer lines are hard to follow."""


class WizardPage(QWizardPage):
    """Base of all pages. Subclasses fill `self.column` and override `show_body` and `retranslate`.

    Parts that are rarely seen are made when they are first shown: on the first page each costs time before the paint.
    """

    intent = Signal(object)
    announce = Signal(str)
    language_chosen = Signal(str)
    not_them_pressed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"page_{name}")
        self._complete = False
        self.is_compact = False
        self.notice_text: Text | None = None
        self.topline: TopLine | None = None
        self.notices: dict[str, NoticeBar] = {}
        self.heading = label("title", "page_title")
        self.lead = label("lead", "page_lead")
        self.busy: QLabel | None = None
        self.hint: QLabel | None = None
        self.body = QWidget()
        self.body.setProperty("role", "body")
        self.scroller = QScrollArea()
        self.outer = QVBoxLayout(self)
        self.outer.setContentsMargins(0, 0, 0, 0)
        self.outer.setSpacing(0)
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(32, 24, 32, 16)
        self.column.setSpacing(14)
        self.column.addWidget(self.heading)
        self.column.addWidget(self.lead)
        self.scroller.setWidget(self.body)
        self.scroller.setWidgetResizable(True)
        self.scroller.setObjectName("page_scroll")
        scrolls_down_only(self.scroller)
        self.outer.addWidget(self.scroller, 1)

    def isComplete(self) -> bool:
        """Tell Qt whether the primary button is alive; the view state decides."""
        return self._complete

    def show_view(self, view: WizardView, tokens: Tokens, _: Translator) -> None:
        """Show a view state; cheap when nothing changed."""
        title = _.say(view.title)
        set_text(self.heading, title)
        self.setAccessibleName(title)
        self.scroller.setAccessibleName(title)
        set_text(self.lead, _.say(view.lead) if view.lead else "")
        self.show_topline(view, _)
        self._show_notice("banner", view.banner, tokens, _)
        self._show_notice("notice", view.notice, tokens, _, is_first=view.primary.is_second)
        self._show_busy(_.say(view.busy) if view.busy else "")
        self._show_hint(_.say(view.primary.hint) if view.primary.hint and self.is_compact else "")
        self.show_body(view.body, tokens, _)
        if self._complete != view.primary.enabled:
            self._complete = view.primary.enabled
            self.completeChanged.emit()

    def show_first(self, title: str, _: Translator) -> None:
        """Show the first page before there is a view state."""
        set_text(self.heading, title)

    def show_topline(self, view: WizardView | None, _: Translator) -> None:
        """Say in the one-line rail which step this is."""
        if self.topline is not None:
            reached = view.reached if view is not None else 1
            self.topline.show_step(reached, self.example_notice(_.language), _)

    def show_body(self, body: Any, tokens: Tokens, _: Translator) -> None:
        """Show the page's own part; `body` is the page's type of `Body`."""
        raise NotImplementedError

    def retranslate(self, tokens: Tokens, _: Translator) -> None:
        """Set the words that do not depend on the view."""

    def set_compact(self, compact: bool) -> None:
        """Change between the wide and the small form."""
        self.is_compact = compact
        if compact and self.topline is None:
            from client_app.ui.topline import TopLine

            self.topline = TopLine()
            self.topline.language_chosen.connect(self.language_chosen)
            self.topline.not_them_pressed.connect(self.not_them_pressed)
            self.outer.insertWidget(0, self.topline)
        if self.topline is not None:
            self.topline.setVisible(compact)
        set_role(self.heading, "title_compact" if compact else "title")
        set_role(self.lead, "text" if compact else "lead")
        side, top = (16, 8) if compact else (32, 24)
        self.column.setContentsMargins(side, top, side, 8 if compact else 16)
        self.column.setSpacing(10 if compact else 14)

    def example_notice(self, language: str) -> str:
        """Return the sentence that invented data owes to every page; empty for a real company."""
        notice = self.notice_text
        return notice.in_language(language) if notice is not None else ""

    def first_focus(self) -> QWidget:
        """Return the widget that gets the focus when the page or another stage of it is shown.

        Where something is to be chosen it is the scrolling body: a ring around an answer would look like a choice.
        """
        return self.scroller

    def stage(self) -> str:
        """Return the name of what the page shows now; the focus moves when it changes."""
        return ""

    def press_primary(self) -> None:
        """Emit what the primary button means on this page."""
        from client_app.core import events as ev

        self.intent.emit(ev.NextPressed())

    def show_done(self, text: str) -> None:
        """Say that something that was asked for is done; a page without a place for it only announces it."""
        self.announce.emit(text)

    def uncovered(self) -> None:
        """Called when a layer over the page went away."""

    def _show_notice(
        self, name: str, notice: Notice | None, tokens: Tokens, _: Translator, *, is_first: bool = False
    ) -> None:
        bar = self.notices.get(name)
        if bar is None:
            if notice is None:
                return
            from client_app.ui.widgets.notice_bar import NoticeBar

            bar = self.notices[name] = NoticeBar(name)
            bar.retry_pressed.connect(self._on_retry_pressed)
            bar.appeared.connect(self.announce)
            self.column.insertWidget(self.column.indexOf(self.lead) + 1, bar)
        bar.show_notice(notice, tokens, _, is_first=is_first)

    def _show_busy(self, text: str) -> None:
        if self.busy is None:
            if not text:
                return
            self.busy = label("busy", "busy")
            self.column.insertWidget(self.column.indexOf(self.lead) + 1, self.busy)
        if text and text != self.busy.text():
            self.announce.emit(text)
        set_text(self.busy, text)

    def _show_hint(self, text: str) -> None:
        if self.hint is None:
            if not text:
                return
            self.hint = label("hint", "page_hint")
            self.outer.addWidget(self.hint)
        set_text(self.hint, text)

    def _on_retry_pressed(self) -> None:
        from client_app.core import events as ev

        self.intent.emit(ev.RetryPressed())
