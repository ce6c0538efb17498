"""Printing: what must not be printed, and what comes out of a printer that writes files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from client_app.core.brand_types import Brand
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.session import Document, DocumentText
from client_app.ui.document_pdf import document_foot, write_document
from client_app.ui.i18n import Translator
from client_app.ui.printing import Printing, Write, print_document, wanted_pages
from tests.helpers import receipts
from tests.helpers.ui_watchdog import UiWatchdog

TERMS = (receipts.ROOT / "resources/documents/terms/pl.md").read_text("utf-8")
TEXT = DocumentText(
    Document.TERMS, "d", 3, "pl", "Regulamin", TERMS, hashlib.sha256(TERMS.encode()).hexdigest(),
    "2026-05-01T10:00:00Z",
)  # fmt: skip
WORDS = Translator("en")
LIMIT_MS = 20_000


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture(scope="module")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Brand:
    return receipts.make_brand(tmp_path_factory.mktemp("brand"))


@pytest.fixture
def write(brand: Brand) -> Write:
    return lambda paper: write_document(paper, TEXT, brand, WORDS)


def to_file(path: Path) -> QPrinter:
    """Return a printer that prints into a file."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def never(error: CustomerError) -> None:
    raise AssertionError(error)


def refused(work: Callable[[], None]) -> None:
    with pytest.raises(CustomerError) as caught:
        work()
    assert caught.value.code is ErrorCode.CANNOT_PRINT


# --- refusals -----------------------------------------------------------------------------------------------------


def test_without_a_printer_nothing_is_asked(window: QWidget, write: Write) -> None:
    printing = Printing(window, printers=list)
    refused(lambda: printing.ask("Terms", write, "", WORDS, never))
    assert window.findChildren(QPrintDialog) == []
    assert not printing.is_busy


def test_the_same_for_the_whole_call(window: QWidget, brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    printing = Printing(window, printers=list)
    refused(lambda: print_document(window, TEXT, brand, "pl", never))
    assert window.findChildren(Printing) == [printing], "one for a window"


def test_while_the_dialog_is_open_there_is_no_second_one(window: QWidget, write: Write, qtbot: QtBot) -> None:
    printing = Printing(window, printers=lambda: ["Printer"])
    printing.ask("Terms", write, "", WORDS, never)
    dialog = window.findChild(QPrintDialog)
    assert dialog is not None
    refused(lambda: printing.ask("Terms", write, "", WORDS, never))
    dialog.reject()
    assert not printing.is_busy, "nothing is printed when the customer gives up"
    printing.ask("Terms", write, "", WORDS, never)
    assert window.findChildren(QPrintDialog) == [dialog], "kept, so it remembers the printer"
    dialog.reject()


def test_while_one_text_is_printed_there_is_no_second_one(
    window: QWidget, write: Write, qtbot: QtBot, tmp_path: Path
) -> None:
    printing = Printing(window, printers=lambda: ["Printer"])
    printing.begin(to_file(tmp_path / "a.pdf"), "Terms", write, "", WORDS, never)
    refused(lambda: printing.ask("Terms", write, "", WORDS, never))
    qtbot.waitUntil(lambda: not printing.is_busy, timeout=LIMIT_MS)


@pytest.mark.qt_log_ignore(r"QPainter::begin\(\): Returned false")
def test_printer_that_does_not_begin(window: QWidget, write: Write, qtbot: QtBot, tmp_path: Path) -> None:
    printing, errors = Printing(window), list[CustomerError]()
    printer = to_file(tmp_path / "no such folder" / "a.pdf")
    printing.begin(printer, "Terms", write, "", WORDS, errors.append)
    qtbot.waitUntil(lambda: not printing.is_busy, timeout=LIMIT_MS)
    assert [error.code for error in errors] == [ErrorCode.CANNOT_PRINT]


# --- what comes out -----------------------------------------------------------------------------------------------


def test_every_word_comes_out(
    window: QWidget, write: Write, qtbot: QtBot, tmp_path: Path, ui_watchdog: UiWatchdog
) -> None:
    printing, path, done = Printing(window), tmp_path / "a.pdf", list[str]()
    foot = document_foot(TEXT, WORDS)
    printing.begin(to_file(path), "Terms", write, foot, WORDS, never, lambda: done.append("printed"))
    assert not done
    qtbot.waitUntil(lambda: not printing.is_busy, timeout=LIMIT_MS)
    assert done == ["printed"]
    pages = PdfReader(path).pages
    found = "".join("".join(page.extract_text().split()) for page in pages)
    for line in TERMS.splitlines():
        assert "".join(line.lstrip("#- ").split()) in found
    assert all(f"Page{n}of{len(pages)}" in "".join(p.extract_text().split()) for n, p in enumerate(pages, 1))
    assert PdfReader(path).metadata is not None


def test_what_the_dialog_chose_is_printed(tmp_path: Path, qtbot: QtBot) -> None:
    printer = to_file(tmp_path / "a.pdf")
    assert wanted_pages(printer, 4) == [0, 1, 2, 3]
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 3)
    assert wanted_pages(printer, 4) == [1, 2]
    printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    assert wanted_pages(printer, 4) == [2, 1]
    printer.setCopyCount(2)
    printer.setCollateCopies(True)
    assert wanted_pages(printer, 4) == [2, 1, 2, 1]
    printer.setCollateCopies(False)
    assert wanted_pages(printer, 4) == [2, 2, 1, 1]


def test_accepting_the_dialog_prints(window: QWidget, write: Write, qtbot: QtBot, tmp_path: Path) -> None:
    printing = Printing(window, printers=lambda: ["Printer"])
    printing.ask("Terms", write, "", WORDS, never)
    dialog = window.findChild(QPrintDialog)
    assert dialog is not None
    dialog.hide()
    dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    dialog.printer().setOutputFileName(str(tmp_path / "a.pdf"))
    # Not accept(): without a printer the dialog would put a file name of its own in.
    dialog.finished.emit(QPrintDialog.DialogCode.Accepted.value)
    assert printing.is_busy
    qtbot.waitUntil(lambda: not printing.is_busy, timeout=LIMIT_MS)
    assert PdfReader(tmp_path / "a.pdf").pages
