"""A document to read: text size, save, print, and for a translation the binding text one press away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from client_app.ui import icons, markdown
from client_app.ui.props import breakable, label, scrolls_down_only, set_text

if TYPE_CHECKING:
    from client_app.core.session import DocumentText
    from client_app.core.view_state_types import DocumentView
    from client_app.ui.i18n import Translator
    from client_app.ui.reading import ReadingLog
    from client_app.ui.theme import Tokens

SIZES = (15, 17, 20, 24)
LEAST_HEIGHT = 90


class Reader(QTextBrowser):
    """A text browser that takes the room there is: Qt's own size hint would make the page scroll instead."""

    def sizeHint(self) -> QSize:
        """Return the least height at which a few lines can be read."""
        return QSize(256, LEAST_HEIGHT)


class DocumentBox(QWidget):
    """Shows one document at a time; `log` learns what was on the screen."""

    save_pressed = Signal(object)
    print_pressed = Signal(object)

    def __init__(self, name: str, log: ReadingLog) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "plain")
        self._log = log
        self._view: DocumentView | None = None
        self._tokens: Tokens | None = None
        self._translator: Translator | None = None
        self._binding_wanted = False
        self._done = ""
        self._size = 1
        self._filled: tuple[str, int, str] | None = None
        self._build(name)

    def _build(self, name: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(8)
        self.tools.addStretch()
        self.smaller = self._tool(f"{name}_smaller", lambda: self._resize_text(-1))
        self.larger = self._tool(f"{name}_larger", lambda: self._resize_text(1))
        self.save = self._tool(f"{name}_save", lambda: self._with_document(self.save_pressed))
        self.print = self._tool(f"{name}_print", lambda: self._with_document(self.print_pressed))
        column.addLayout(self.tools)
        note = QHBoxLayout()
        note.setSpacing(8)
        self.note = label("small", f"{name}_note")
        self.other = QPushButton()
        self.other.setObjectName(f"{name}_other_language")
        self.other.setProperty("role", "choice_small")
        self.other.setAutoDefault(False)
        self.other.clicked.connect(self._on_other_clicked)
        note.addWidget(self.note, 1)
        note.addWidget(self.other)
        column.addLayout(note)
        self.reader = Reader()
        self.reader.setObjectName(f"{name}_text")
        self.reader.setOpenLinks(False)
        self.reader.setTabChangesFocus(True)
        self.reader.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        scrolls_down_only(self.reader)
        self.reader.setMinimumHeight(LEAST_HEIGHT)
        self.reader.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        column.addWidget(self.reader, 1)

    def _tool(self, name: str, action: object) -> QPushButton:
        button = QPushButton()
        button.setObjectName(name)
        button.setProperty("role", "choice_small")
        button.setAutoDefault(False)
        button.clicked.connect(action)
        self.tools.addWidget(button)
        return button

    def show_document(self, view: DocumentView, tokens: Tokens, _: Translator) -> None:
        """Show a document; the place in the text stays when it is the same."""
        if self._view is None or self._view.text != view.text:
            self._done = ""
        self._view, self._tokens, self._translator = view, tokens, _
        self.smaller.setText("A−")
        self.smaller.setAccessibleName(_("Smaller text"))
        self.larger.setText("A+")
        self.larger.setAccessibleName(_("Larger text"))
        self.save.setText(_("Save as PDF"))
        self.print.setText(_("Print"))
        icons.set_button_icon(self.save, "save", tokens.text, 18)
        icons.set_button_icon(self.print, "print", tokens.text, 18)
        self._fill()

    def show_done(self, text: str) -> None:
        """Say that the document was saved or printed."""
        self._done = text
        self._fill()

    def document(self) -> DocumentText | None:
        """Return the text on the screen."""
        if self._view is None:
            return None
        return self._view.binding if self._binding_wanted and self._view.binding else self._view.text

    def resume(self) -> None:
        """Go on counting after something that covered the document went away."""
        document = self.document()
        if document is not None and self.isVisible():
            self._log.shown(document)
            # A text that fits is seen to its end at once; that is known when it has been laid out.
            QTimer.singleShot(0, self, self._note_short)

    def _fill(self) -> None:
        document, tokens, _ = self.document(), self._tokens, self._translator
        if document is None or tokens is None or _ is None:
            return
        size = tokens.px(SIZES[self._size])
        if self._filled != (document.sha256, size, tokens.text):
            # The place in the text stays when only its size changes.
            bar = self.reader.verticalScrollBar()
            share = bar.value() / bar.maximum() if bar.maximum() and self._same(document.sha256) else 0.0
            self._filled = (document.sha256, size, tokens.text)
            self.reader.setAccessibleName(document.title)
            markdown.fill(self.reader.document(), document.markdown, size, tokens.text)
            self.reader.document().setDocumentMargin(14)
            # Filling leaves the text cursor at the end, and the view would follow it.
            cursor = self.reader.textCursor()
            cursor.movePosition(QTextCursor.MoveOperation.Start)
            self.reader.setTextCursor(cursor)
            bar.setValue(round(share * bar.maximum()))
        self.smaller.setEnabled(self._size > 0)
        self.larger.setEnabled(self._size < len(SIZES) - 1)
        translated = self._view is not None and self._view.binding is not None
        notes = [breakable(self._done)] if self._done else []
        if translated and not self._binding_wanted:
            notes.append(_("This is a translation. The Polish text is the binding one."))
        set_text(self.note, " ".join(notes))
        self.other.setVisible(translated)
        self.other.setText(_("Show the translation") if self._binding_wanted else _("Show the Polish text"))
        self.resume()

    def _same(self, sha256: str) -> bool:
        return self._filled is not None and self._filled[0] == sha256

    def _on_scrolled(self) -> None:
        bar = self.reader.verticalScrollBar()
        if self.isVisible() and 0 < bar.maximum() <= bar.value() + 2:
            self._log.scrolled_to_end()

    def _note_short(self) -> None:
        shown, whole = self.reader.viewport().height(), self.reader.document().size().height()
        if self.isVisible() and whole <= shown:
            self._log.scrolled_to_end()

    def _on_other_clicked(self) -> None:
        self._binding_wanted = not self._binding_wanted
        self._fill()

    def _resize_text(self, step: int) -> None:
        self._size = min(max(self._size + step, 0), len(SIZES) - 1)
        self._fill()

    def _with_document(self, signal: object) -> None:
        document = self.document()
        if document is not None:
            signal.emit(document)  # type: ignore[attr-defined]  # a bound Signal

    def showEvent(self, event: QShowEvent) -> None:
        """Begin counting."""
        super().showEvent(event)
        self.resume()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop counting."""
        super().hideEvent(event)
        self._log.hidden()
