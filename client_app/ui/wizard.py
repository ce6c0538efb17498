"""The shell: QWizard with the numbered rail, our stylesheet and our buttons. It shows view states and emits events.

Rules: which page is shown is the flow's decision (`nextId`); Enter and Esc never order, refuse or leave; closing the
window is not an answer. Only what the first page needs is imported before the first paint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWizard

from client_app.ui import theme
from client_app.ui.button_row import ButtonRow
from client_app.ui.chores import Chores
from client_app.ui.frame import tidy
from client_app.ui.pages.caller import CallerPage
from client_app.ui.rail import StepRail
from client_app.ui.wishes import Wishes

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QPalette, QResizeEvent

    from client_app.core.brand_types import Brand
    from client_app.core.desktop import WindowsOfAnyDesk
    from client_app.core.session import DocumentText, Session
    from client_app.core.view_state_types import WizardView
    from client_app.ui.i18n import Translator
    from client_app.ui.input_way import OriginPort
    from client_app.ui.overlay import Overlay
    from client_app.ui.pages.base import WizardPage
    from client_app.ui.paperwork import Paperwork
    from client_app.ui.session_panel import SessionPanel

COMPACT_WIDTH, COMPACT_HEIGHT = 860, 540
"""Below this, in pixels at 100 % text, the rail becomes one line."""

FIRST_PAGE = 0
F6 = 0x01000035


class HelpWizard(QWizard):
    """The wizard. `render` shows a session; everything a person does comes out of `intent` as an event of the flow.

    Signals:
        intent: an event of `client_app.core.events`.
        first_painted: the first page stands on the screen; heavy things may be loaded now.
        save_document_requested: (DocumentText, path) as PDF. print_document_requested: (DocumentText).
        save_receipt_requested: (path, "pdf" or "json").
    """

    intent = Signal(object)
    first_painted = Signal()
    save_document_requested = Signal(object, str)
    print_document_requested = Signal(object)
    save_receipt_requested = Signal(str, str)

    def __init__(self, brand: Brand, translator: Translator, origin_of: OriginPort | None = None) -> None:
        """Build the window with its first page.

        Args:
            brand: the company's settings.
            translator: in the language to start with.
            origin_of: tells whether an input came from a device at this computer; unknown without it.
        """
        super().__init__()
        self.brand, self.translator, self.origin_of = brand, translator, origin_of
        self.view: WizardView | None = None
        self.session: Session | None = None
        self.overlay: Overlay | None = None
        self.panel: SessionPanel | None = None
        self.anydesk_windows: WindowsOfAnyDesk | None = None
        """Where AnyDesk's windows are; set before a session opens, where the system tells."""
        self._paperwork: Paperwork | None = None
        self._pages: dict[int, WizardPage] = {}
        self._words_of: dict[int, tuple[str, float, theme.Scheme]] = {}
        self._is_moving = self._may_close = self._is_painted = self._is_prepared = self._is_built = False
        self._is_compact: bool | None = None
        self.was_compact = False
        self.chores = Chores(self)
        self.wishes = Wishes(self)
        palette = QGuiApplication.palette()
        self.tokens = theme.tokens_for(theme.scheme_of(palette), brand.appearance, palette)
        self._build(brand)
        self._is_built = True
        self._show_words()

    # --- building -----------------------------------------------------------------------------------------------

    def _build(self, brand: Brand) -> None:
        self.setObjectName("help_wizard")
        self._dress()
        self.setWizardStyle(QWizard.WizardStyle.ModernStyle)
        self.buttons = ButtonRow(self)
        self.buttons.stop.clicked.connect(self.wishes.stop)
        self.buttons.back.clicked.connect(self.wishes.go_back)
        # QWizard takes no reference of its own to the side widget.
        self._notice = brand.texts.example_notice if brand.example else None
        self.rail = StepRail(brand.seller.short_name, brand.seller.phone, self._notice)
        self.setSideWidget(self.rail)
        self.rail.languages.chosen.connect(self.wishes.change_language)
        self.rail.not_them_pressed.connect(self.wishes.say_not_them)
        self.rail.text_size_pressed.connect(self.wishes.enlarge_text)
        self._add_page(FIRST_PAGE, CallerPage(brand.seller.short_name))
        self.resize(1080, 740)

    def _add_page(self, page_id: int, page: WizardPage) -> None:
        self._pages[page_id] = page
        page.notice_text = self._notice
        page.intent.connect(self.intent)
        page.announce.connect(self._on_announce)
        page.language_chosen.connect(self.wishes.change_language)
        page.not_them_pressed.connect(self.wishes.say_not_them)
        self.setPage(page_id, page)
        if self._is_compact is not None:
            page.set_compact(self._is_compact)

    def current_page(self) -> WizardPage:
        """Return the page on the screen."""
        return self._pages[self.currentId()]

    def page_of(self, page_id: int) -> WizardPage:
        """Return a page, built now if it was not yet."""
        if page_id not in self._pages:
            from client_app.ui.pages.registry import make_page

            self._add_page(page_id, make_page(page_id, self))
        return self._pages[page_id]

    @property
    def paperwork(self) -> Paperwork:
        """What was read, and where files shall go."""
        if self._paperwork is None:
            from client_app.ui.paperwork import Paperwork

            self._paperwork = Paperwork(self)
        return self._paperwork

    # --- showing ------------------------------------------------------------------------------------------------

    def render(self, session: Session) -> None:  # type: ignore[override]  # hides QWidget.render, which only paints
        """Show a session. Idempotent and cheap; what was typed and the focus stay."""
        from client_app.core.view_state import view_of

        view = view_of(session, self.brand)
        self.session = session
        if view == self.view:
            return
        before, self.view = self.view, view
        if view.language != self.translator.language:
            self.translator.set_language(view.language)
            self.chores.add(self.translator.install_qt)
            self._show_words()
        page = self.page_of(view.page)
        self._show_words_of(view.page)
        stage = page.stage()
        page.show_view(view, self.tokens, self.translator)
        self.buttons.show_view(view, self.translator)
        self.rail.show_step(view.reached, self.tokens, self.translator)
        if self.currentId() != view.page:
            self._move_to(view.page)
        elif page.stage() != stage and self.overlay is None:
            page.first_focus().setFocus()
        self._show_panel(view)
        if self.overlay is not None and not self.overlay.still_fits(before, view):
            self.close_overlay()

    def _show_words(self) -> None:
        _ = self.translator
        self.setWindowTitle(
            f"{self.brand.product.name.in_language(_.language)} · {self.brand.seller.short_name}"
        )
        self._words_of.clear()
        if self.view is None:
            self.rail.show_step(1, self.tokens, _)
            self._show_words_of(FIRST_PAGE)
            self._pages[FIRST_PAGE].show_first(_("Who is calling you?"), _)
            self.buttons.show_words(_)
        if self.panel is not None:
            self.panel.retranslate(_)

    def _show_words_of(self, page_id: int) -> None:
        """Set a page's fixed words when language or look changed since it was last shown."""
        key = (self.translator.language, self.tokens.scale, self.tokens.scheme)
        if self._words_of.get(page_id) != key:
            self._words_of[page_id] = key
            self._pages[page_id].retranslate(self.tokens, self.translator)

    def _show_panel(self, view: WizardView) -> None:
        if view.panel is None and self.panel is None:
            return
        from client_app.ui.panel_keeper import show_panel

        show_panel(self, view.panel)

    # --- moving -------------------------------------------------------------------------------------------------

    def nextId(self) -> int:
        """Return the page of the view state; never "no page", so that Qt leaves the primary button to us."""
        return int(self.view.page) if self.view is not None else FIRST_PAGE

    def validateCurrentPage(self) -> bool:  # noqa: N802 - Qt's name
        """Called by Qt when the primary button is pressed; only the flow lets the wizard move."""
        if not self._is_moving:
            self.report_reading()
            self.current_page().press_primary()
        return self._is_moving

    def _move_to(self, page_id: int) -> None:
        self._is_moving = True
        try:
            if page_id > self.currentId() and page_id not in self.visitedIds():
                self.next()
            else:
                # Qt can only go back one page at a time through all of them; a new start shows one page.
                self.setStartId(page_id)
                self.restart()
        finally:
            self._is_moving = False
        page = self._pages[page_id]
        page.scroller.verticalScrollBar().setValue(0)
        page.first_focus().setFocus()

    def report_reading(self) -> None:
        """Tell the flow what was read; before a page is left for whatever reason."""
        if self._paperwork is not None:
            self._paperwork.report()

    def document_saved(self, document: DocumentText, path: str) -> None:
        """Say where a document was saved, and note it in its reading."""
        self.paperwork.saved(document, path)

    def document_printed(self, document: DocumentText) -> None:
        """Note that a document was printed."""
        self.paperwork.printed(document)

    def _on_announce(self, text: str) -> None:
        if self._is_painted:
            from client_app.ui.announce import announce

            announce(self, text)

    # --- look ---------------------------------------------------------------------------------------------------

    def apply_look(self, scheme: theme.Scheme, scale: float, palette: QPalette | None = None) -> None:
        """Change colours or text size while running."""
        self.tokens = theme.tokens_for(
            scheme, self.brand.appearance, palette or QGuiApplication.palette(), scale
        )
        self._dress()
        self._is_compact = None
        self._fit()
        self._show_words()
        self._show_again()

    def _dress(self) -> None:
        self.setPalette(theme.palette_for(self.tokens))
        self.setStyleSheet(theme.stylesheet(self.tokens))

    def _fit(self) -> None:
        scale = self.tokens.scale
        compact = self.width() < COMPACT_WIDTH * scale or self.height() < COMPACT_HEIGHT * scale
        if self.currentId() == FIRST_PAGE or compact != self._is_compact:
            tidy(self, compact)
            self.was_compact = compact
        if compact != self._is_compact:
            self._is_compact = self.buttons.is_compact = compact
            self.rail.setVisible(not compact)
            for page in self._pages.values():
                page.set_compact(compact)
                page.show_topline(self.view, self.translator)
            self._show_again()

    def _show_again(self) -> None:
        session, self.view = (self.session, None) if self.view is not None else (None, None)
        if session is not None:
            self.render(session)

    def close_overlay(self) -> None:
        """Take the layer over the page away and give the focus back."""
        if self.overlay is not None:
            overlay, self.overlay = self.overlay, None
            overlay.dismiss()

    # --- Qt's events --------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Change between the wide and the small form."""
        super().resizeEvent(event)
        # On Windows choosing the wizard's style resizes the window before anything is in it.
        if self._is_built:
            self._fit()
        if self.overlay is not None:
            self.overlay.setGeometry(self.rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Notice the first paint."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self._on_first_painted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take nothing from Enter and Esc: a QDialog would press a button or leave. F6 leads to the panel."""
        if event.key() == F6 and self.panel is not None and self.panel.isVisible():
            self.panel.take_keyboard()
        event.ignore()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask in the window; closing is not an answer."""
        if self._may_close:
            event.accept()
            return
        event.ignore()
        from client_app.ui import questions

        questions.ask_close(self)

    def reject(self) -> None:
        """Do what closing the window does; QDialog's own way would leave without a question."""
        self.close()

    def leave(self) -> None:
        """Close for good; called when the flow says so."""
        self._may_close = True
        if self.panel is not None:
            self.panel.leave()
        self.close()

    # --- after the first paint ----------------------------------------------------------------------------------

    def _on_first_painted(self) -> None:
        self.first_painted.emit()
        from client_app.ui.afterwards import chores

        for chore in chores(self):
            self.chores.add(chore)
        self._is_prepared = True

    @property
    def is_at_rest(self) -> bool:
        """Tell whether everything that follows the first paint is done."""
        return self._is_prepared and self.chores.is_idle
