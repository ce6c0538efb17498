"""Prints documents and receipts with the system's own dialog.

Rules: Qt's printing module is loaded only here and only when somebody prints; a page is written and drawn in steps of
a few milliseconds on the window's thread, because a printer belongs to it; whatever goes wrong is one code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QObject, Qt, QTimer
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

from client_app.core.errors import CustomerError, ErrorCode
from client_app.ui.document_pdf import document_foot, write_document
from client_app.ui.i18n import Translator
from client_app.ui.paper import Paper
from client_app.ui.paper_fonts import UNITS_PER_INCH
from client_app.ui.paper_pages import draw_page, page_count
from client_app.ui.paper_pdf import page_words
from client_app.ui.paper_text import plain
from client_app.ui.receipt_document import foot_of, write_receipt

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from client_app.core.brand_types import Brand
    from client_app.core.receipt_text import ReceiptText
    from client_app.core.session import DocumentText

Failed = Callable[[CustomerError], None]
Done = Callable[[], None]
Write = Callable[[Paper], Iterator[None]]
"""Writes on a paper, one step at a time."""


def _nothing() -> None:
    """Stands for a `done` that nobody wants to hear of."""


def print_document(
    parent: QWidget,
    document: DocumentText,
    brand: Brand,
    language: str,
    failed: Failed,
    done: Done = _nothing,
) -> None:
    """Ask for a printer and print a document; returns while the dialog is still open.

    Args:
        parent: the window.
        document: one version in one language, already checked.
        brand: whose it is.
        language: of the words around it.
        failed: called on the window's thread with CANNOT_PRINT when printing breaks off later.
        done: called when the last page was given to the printer.

    Raises:
        CustomerError: CANNOT_PRINT: there is no printer, or another text is just being printed.
    """
    translator = Translator(language)
    _printing_of(parent).ask(
        document.title,
        lambda paper: write_document(paper, document, brand, translator),
        document_foot(document, translator),
        translator,
        failed,
        done,
    )


def print_receipt(parent: QWidget, text: ReceiptText, failed: Failed) -> None:
    """Ask for a printer and print a receipt; otherwise as `print_document`."""
    _printing_of(parent).ask(
        text.title, lambda paper: write_receipt(paper, text), foot_of(text), Translator(text.language), failed
    )


def _printing_of(parent: QWidget) -> Printing:
    found = parent.findChild(Printing)
    return found if found is not None else Printing(parent)


class Printing(QObject):
    """Prints one text at a time. One for a window, kept as its child."""

    def __init__(
        self, parent: QWidget, printers: Callable[[], list[str]] = QPrinterInfo.availablePrinterNames
    ) -> None:
        """Prepare; nothing is asked and no printer is touched.

        Args:
            parent: the window.
            printers: names of the printers that are set up.
        """
        super().__init__(parent)
        self._window = parent
        self._printers = printers
        # Made once and kept: the dialog holds on to its printer, and so both remember what was chosen.
        self._printer: QPrinter | None = None
        self._dialog: QPrintDialog | None = None
        self._failed: Failed | None = None
        self._done: Done = _nothing
        self._steps: Iterator[None] = iter(())
        self._start: Callable[[], None] = lambda: None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_step)

    @property
    def is_busy(self) -> bool:
        """Tell whether a text is being printed."""
        return self._timer.isActive()

    def ask(
        self, title: str, write: Write, foot: str, _: Translator, failed: Failed, done: Done = _nothing
    ) -> None:
        """Open the system's dialog; see `print_document`."""
        if self.is_busy or (self._dialog is not None and self._dialog.isVisible()):
            raise CustomerError(ErrorCode.CANNOT_PRINT, "another text is being printed")
        if not self._printers():
            raise CustomerError(ErrorCode.CANNOT_PRINT, "no printer is set up")
        printer, dialog = self._prepared()
        self._start = lambda: self.begin(printer, title, write, foot, _, failed, done)
        dialog.setWindowTitle(title)
        dialog.show()

    def _prepared(self) -> tuple[QPrinter, QPrintDialog]:
        if self._printer is None or self._dialog is None:
            self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
            self._printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
            self._dialog = QPrintDialog(self._printer, self._window)
            self._dialog.setObjectName("print_dialog")
            self._dialog.setWindowModality(Qt.WindowModality.WindowModal)
            self._dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
            self._dialog.finished.connect(self._on_finished)
        return self._printer, self._dialog

    def begin(
        self,
        printer: QPrinter,
        title: str,
        write: Write,
        foot: str,
        _: Translator,
        failed: Failed,
        done: Done = _nothing,
    ) -> None:
        """Print on a printer that was chosen; the rest happens between the window's own events."""
        printer.setDocName(plain(title))
        printer.setCreator("pomoc-zdalna")
        # Our own margins are wider than any printer's; its own would shift the page.
        printer.setFullPage(True)
        printer.setPageMargins(QMarginsF(0.0, 0.0, 0.0, 0.0))
        self._failed, self._done = failed, done
        self._steps = _printed(printer, write, foot, _)
        self._timer.start()

    def _on_finished(self, answer: int) -> None:
        if answer == QPrintDialog.DialogCode.Accepted.value:
            self._start()

    def _on_step(self) -> None:
        try:
            next(self._steps)
        except StopIteration:
            done = self._done
            self._end()
            done()
        except CustomerError as error:
            failed = self._failed
            self._end()
            if failed is not None:
                failed(error)

    def _end(self) -> None:
        self._timer.stop()
        self._steps, self._failed, self._done = iter(()), None, _nothing


def _printed(printer: QPrinter, write: Write, foot: str, _: Translator) -> Iterator[None]:
    """Write and draw in steps.

    Raises:
        CustomerError: CANNOT_PRINT: the printer's system took it no further.
    """
    sheet = printer.pageLayout().fullRect(QPageLayout.Unit.Millimeter)
    paper = Paper((sheet.width(), sheet.height()))
    yield from write(paper)
    count = page_count(paper)
    painter = QPainter()
    if not painter.begin(printer):
        raise CustomerError(ErrorCode.CANNOT_PRINT, "the printer did not begin")
    try:
        share = printer.resolution() / UNITS_PER_INCH
        painter.scale(share, share)
        for number, page in enumerate(wanted_pages(printer, count)):
            yield
            if number and not printer.newPage():
                raise CustomerError(ErrorCode.CANNOT_PRINT, "the printer took no further page")
            draw_page(paper, painter, page, foot, page_words(page, count, _))
    finally:
        is_ended = painter.end()
    if not is_ended or printer.printerState() in (QPrinter.PrinterState.Aborted, QPrinter.PrinterState.Error):
        raise CustomerError(ErrorCode.CANNOT_PRINT, "the printer did not end")


def wanted_pages(printer: QPrinter, count: int) -> list[int]:
    """Return the pages to draw, from 0, as chosen in the dialog: which, in what order and how often.

    Args:
        printer: with what was chosen.
        count: pages that there are.
    """
    pages = list(range(count))
    if printer.printRange() is QPrinter.PrintRange.PageRange and printer.fromPage():
        pages = [page for page in pages if printer.fromPage() <= page + 1 <= printer.toPage()]
    if printer.pageOrder() is QPrinter.PageOrder.LastPageFirst:
        pages.reverse()
    if printer.supportsMultipleCopies():
        return pages
    if printer.collateCopies():
        return pages * printer.copyCount()
    return [page for page in pages for _copy in range(printer.copyCount())]
