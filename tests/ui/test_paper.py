"""Pages of paper: nothing is torn, nothing reaches beyond the margins, headings are real."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QTextBlock
from PySide6.QtWidgets import QApplication

from client_app.core.brand_types import Brand
from client_app.core.receipt_text import ReceiptText
from client_app.services.receipt_words import Words
from client_app.ui.document_pdf import write_document
from client_app.ui.i18n import Translator
from client_app.ui.paper import Paper, mm
from client_app.ui.paper_pages import page_count
from client_app.ui.receipt_document import write_receipt
from consent_record.records import Record
from tests.helpers import receipts
from tests.helpers.papers import HOSTILE, TERMS, blocks, document, hostile_receipt, written
from tests.unit.services.company import Company


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Letters need an application."""


@pytest.fixture(scope="module")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Brand:
    return receipts.make_brand(tmp_path_factory.mktemp("brand"), is_example=True)


@pytest.fixture(scope="module")
def company() -> Company:
    return Company()


@pytest.fixture
def in_words(company: Company, brand: Brand) -> Callable[[Record], ReceiptText]:
    """Turn a record into the words of its receipt, with everything that can stand on one."""

    def make(record: Record) -> ReceiptText:
        return receipts.in_words(
            company, brand, record, words=Words("pl", str), closing=receipts.make_closing(), late=True
        )

    return make


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_no_text_reaches_beyond_the_margins(text: str) -> None:
    paper = written(hostile_receipt(text))
    assert paper.document.size().width() <= paper.size.width() + 1
    block = paper.document.begin()
    while block.isValid():
        layout = block.layout()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            assert line.naturalTextWidth() <= line.width() + 1, block.text()[:40]
            assert line.width() <= paper.text_width + 1
        block = block.next()


def test_a_value_cannot_pass_for_a_heading(in_words: Callable[[Record], ReceiptText]) -> None:
    paper = written(hostile_receipt("line\n# Heading\n\nNobody can come back\u2029Order"))
    levels = [block.text()[:4] for block in blocks(paper) if block.blockFormat().headingLevel()]
    assert set(levels) == {"line"}


def test_terms_have_real_headings_and_lists(brand: Brand) -> None:
    paper = Paper()
    for _step in write_document(paper, document(TERMS), brand, Translator("en")):
        pass
    headings = [block.text() for block in blocks(paper) if block.blockFormat().headingLevel()]
    marked = [line.lstrip("# ") for line in TERMS.splitlines() if line.startswith("#")]
    assert [text for text in headings if text in marked] == marked
    bullets = [block.text() for block in blocks(paper) if block.text().startswith("•\t")]
    assert len(bullets) == sum(line.startswith("- ") for line in TERMS.splitlines())


@pytest.mark.parametrize("lines", range(0, 60, 7))
def test_no_heading_and_no_declaration_is_torn(
    in_words: Callable[[Record], ReceiptText], company: Company, brand: Brand, lines: int
) -> None:
    problem = "\n".join(f"Line {number}" for number in range(lines + 1))
    assert_nothing_is_torn(written(in_words(receipts.make_consent(company, brand, problem=problem))))


@pytest.mark.parametrize("height_mm", range(240, 330, 5))
def test_nothing_is_torn_wherever_a_page_ends(
    in_words: Callable[[Record], ReceiptText], company: Company, brand: Brand, height_mm: int
) -> None:
    """Other sheets end at other lines, as other letters do: at a row of a table, say, that is short or that begins one.

    The 36 lines make a table that no page holds as a whole.
    """
    problem = "\n".join(f"Line {number}" for number in range(36))
    paper = Paper((210.0, float(height_mm)))
    for _step in write_receipt(paper, in_words(receipts.make_consent(company, brand, problem=problem))):
        pass
    assert_nothing_is_torn(paper)


def assert_nothing_is_torn(paper: Paper) -> None:
    for block in blocks(paper):
        first, last = page_of(paper, block, 0), page_of(paper, block, -1)
        if block.blockFormat().headingLevel():
            following = block.next()
            while not following.text():
                following = following.next()
            assert first == page_of(paper, following, 0), block.text()
        if block.text().startswith("✓") or 0 < block.layout().lineCount() <= 4:
            assert first == last, block.text()
    for square in paper.squares:
        top = (
            paper.document.documentLayout()
            .blockBoundingRect(paper.document.findBlockByNumber(square.block_number))
            .top()
        )
        assert (top + square.size) // paper.size.height() == top // paper.size.height()
    assert page_count(paper) == max(page_of(paper, block, -1) for block in blocks(paper) if block.text()) + 1


def page_of(paper: Paper, block: QTextBlock, line: int) -> int:
    layout = block.layout()
    top = paper.document.documentLayout().blockBoundingRect(block).top()
    number = line % layout.lineCount()
    return int((top + layout.lineAt(number).y() + 1) // paper.size.height())


def test_sheet_of_another_size(brand: Brand) -> None:
    letter = Paper((215.9, 279.4))
    for _step in write_document(letter, document(TERMS), brand, Translator("pl")):
        pass
    assert letter.document.pageSize().height() == pytest.approx(mm(279.4))
    assert page_count(letter) >= 2
