"""PDFs that a customer keeps: every word is there and can be copied, hostile text stays text."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, NumberObject, PdfObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client_app.core.brand_types import Brand
from client_app.core.receipt_text import ReceiptText
from client_app.services.receipt_words import Words
from client_app.ui.document_pdf import document_pdf
from client_app.ui.i18n import Translator
from client_app.ui.receipt_document import receipt_pdf
from client_app.workers.tasks import Lane, TaskRunner
from consent_record.records import Record
from tests.helpers import receipts
from tests.helpers.papers import HOSTILE, TERMS, document, hostile_receipt
from tests.helpers.ui_watchdog import UiWatchdog
from tests.unit.services.company import Company

SIZE_LIMIT_BYTES = 300_000


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


def words_of(pdf: bytes) -> str:
    """Return the text of all pages without any blanks: where lines break is not a matter of words."""
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


# --- what must not happen -----------------------------------------------------------------------------------------


def test_refusal_leaks_no_name(in_words: Callable[[Record], ReceiptText], company: Company) -> None:
    pdf = receipt_pdf(in_words(receipts.make_refusal(company, company.references())))
    for secret in ("Brzęczyszczykiewicz", "zaneta", "Anna", "AnyDesk"):
        assert secret not in words_of(pdf)
    attached = PdfReader(io.BytesIO(pdf)).attachments
    assert not any(b"name" in data.split(b'"record"')[1] for files in attached.values() for data in files)


@pytest.mark.parametrize("text", HOSTILE[:4] + HOSTILE[5:], ids=lambda text: text[:12])
def test_hostile_text_is_shown_letter_by_letter(text: str) -> None:
    assert words_of(receipt_pdf(hostile_receipt(text))).count(squeezed(text)) >= 5


def test_letters_from_right_to_left_are_there() -> None:
    """Which order an extractor gives them is its own business; that none is lost is ours."""
    found = words_of(receipt_pdf(hostile_receipt("ABC שלום")))
    assert "ABC" in found
    assert set("שלום") <= set(found)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Jan\N{RIGHT-TO-LEFT OVERRIDE}kawoN", "Jan�kawoN"),
        ("a\0b\x07c\x1b[31m", "a�b�c�[31m"),
        ("Jan\N{ZERO WIDTH SPACE}Nowak\N{SOFT HYPHEN}", "Jan�Nowak�"),
        ("x\N{OBJECT REPLACEMENT CHARACTER}y", "x�y"),
        ("\ufdd0frame\ufdd1", "�frame�"),
        ("one\r\ntwo\u2029three\ttab", "onetwothreetab"),
        ("e" + "\N{COMBINING ACUTE ACCENT}" * 50, None),
    ],
)
def test_what_cannot_be_seen_is_made_visible(text: str, shown: str | None) -> None:
    pdf = receipt_pdf(hostile_receipt(text))
    if shown is not None:
        assert squeezed(shown) in words_of(pdf)
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in words_of(pdf)


def test_markdown_loads_nothing_and_keeps_html_as_text(brand: Brand, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"no picture")
    text = f"# Title\n\n![words]({secret.as_uri()}) <b>bold</b> <img src='{secret.as_uri()}'>"
    found = words_of(document_pdf(document(text), brand, "en"))
    assert "words<b>bold</b><imgsrc=" in found
    assert not any(
        page.images for page in PdfReader(io.BytesIO(document_pdf(document(text), brand, "en"))).pages
    )


# --- what must stand there ----------------------------------------------------------------------------------------


def test_every_word_of_a_receipt_is_in_the_pdf(
    in_words: Callable[[Record], ReceiptText], company: Company, brand: Brand
) -> None:
    consent = receipts.make_consent(company, brand)
    text = in_words(consent)
    found = words_of(receipt_pdf(text))
    for act in consent.acts:
        for declaration in act.texts:
            assert squeezed(declaration) in found
    for section in text.sections:
        assert squeezed(section.heading) in found
        for row in section.rows:
            assert squeezed(row.label) in found
            assert squeezed(row.value) in found
        for entry in section.entries:
            assert squeezed(entry.note) in found
        assert all(squeezed(line) in found for line in section.lines)
    for notice in text.notices:
        assert squeezed(notice) in found
    assert "Pouczenieoodstąpieniuodumowy" in found
    assert "Zaż" not in found
    assert "ŻanetaBrzęczyszczykiewicz-Łękołodzka" in found


def test_terms_are_there_word_for_word(brand: Brand) -> None:
    found = words_of(document_pdf(document(TERMS), brand, "pl"))
    for line in TERMS.splitlines():
        assert squeezed(re.sub(r"^(#+|-) ", "", line)) in found
    assert hashlib.sha256(TERMS.encode()).hexdigest() in found


def test_markdown_of_all_kinds(brand: Brand) -> None:
    text = (
        "Intro with **bold**, *slant* and `code`.\n\n1. first\n2. second\n   - inner\n\n> quoted\n\n"
        "| Service | Price |\n|---|---:|\n| Diagnosis | 50,00 zł |\n\n---\n\n```\nfenced\n```\n\n"
        "[Site](https://www.example.com/a) www.example.org <office@example.com>\n"
    )
    found = words_of(document_pdf(document(text), brand, "en"))
    for part in ("Introwithbold,slantandcode.", "1.first", "2.second", "•inner", "quoted", "Diagnosis50,00zł",
                 "fenced", "Site(https://www.example.com/a)", "www.example.orgoffice@example.com"):  # fmt: skip
        assert part in found
    assert "Regulaminusługipomoczdalna" in found, "a text without a title gets its own"


def test_translation_and_bundled_copy_are_named(brand: Brand) -> None:
    found = words_of(document_pdf(document("# Terms\n\nText.", binding=False, bundled=True), brand, "en"))
    assert "Thisisatranslation.ThePolishtextistheonethatisagreed." in found
    assert "Thisisthecopyof22November2026thatcamewiththeprogram." in found
    plain = words_of(document_pdf(document("# Terms\n\nText."), brand, "en"))
    assert "translation" not in plain
    assert "camewiththeprogram" not in plain


# --- the file -----------------------------------------------------------------------------------------------------


@pytest.fixture
def pdf(in_words: Callable[[Record], ReceiptText], company: Company, brand: Brand) -> bytes:
    return receipt_pdf(in_words(receipts.make_consent(company, brand)))


def test_file_is_small_a4_and_named(pdf: bytes) -> None:
    assert len(pdf) < SIZE_LIMIT_BYTES
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "Confirmation of your order"
    assert reader.metadata.author == "BIT Service s.c. B. Barczyński K. Tyrpa"
    for page in reader.pages:
        assert [round(float(side)) for side in page.mediabox] == [0, 0, 595, 842]


def test_letters_are_embedded(pdf: bytes) -> None:
    objects = [o.get_object() for o in every_object(PdfReader(io.BytesIO(pdf)))]
    fonts = [o for o in objects if isinstance(o, DictionaryObject) and o.get("/Type") == "/FontDescriptor"]
    assert len(fonts) >= 3
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


def every_object(reader: PdfReader) -> list[PdfObject]:
    """Return every numbered object of a file that is in use."""
    size = reader.trailer["/Size"]
    assert isinstance(size, NumberObject)
    found = (reader.get_object(number) for number in range(1, size))
    return [item for item in found if item is not None]


def test_every_page_has_its_number(pdf: bytes) -> None:
    pages = PdfReader(io.BytesIO(pdf)).pages
    for number, page in enumerate(pages, start=1):
        text = squeezed(page.extract_text())
        assert (
            squeezed(Translator("pl")("Page {number} of {count}").format(number=number, count=len(pages)))
            in text
        )
        assert len(text) > 200, "no page is empty"


def test_receipt_file_is_inside(
    in_words: Callable[[Record], ReceiptText], company: Company, brand: Brand
) -> None:
    text = in_words(receipts.make_consent(company, brand))
    assert text.attachment is not None
    found = PdfReader(io.BytesIO(receipt_pdf(text))).attachments
    assert {name: list(data) for name, data in found.items()} == {
        text.attachment.name: [text.attachment.data]
    }


def test_qr_code_is_drawn_as_shapes(pdf: bytes) -> None:
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert not any(page.images for page in pages)


def test_same_words_give_the_same_pages(
    in_words: Callable[[Record], ReceiptText], company: Company, brand: Brand
) -> None:
    text = in_words(receipts.make_consent(company, brand))
    first, second = (contents_of(receipt_pdf(text)) for _time in range(2))
    assert first == second


def contents_of(pdf: bytes) -> list[bytes]:
    """Return what is drawn on each page."""
    contents = [page.get_contents() for page in PdfReader(io.BytesIO(pdf)).pages]
    return [content.get_data() for content in contents if content is not None]


# --- threads ------------------------------------------------------------------------------------------------------


def test_many_at_once_on_worker_threads(
    in_words: Callable[[Record], ReceiptText], company: Company, brand: Brand
) -> None:
    """Qt's own warnings (a timer without an event loop) fail the test."""
    text = in_words(receipts.make_consent(company, brand))
    with ThreadPoolExecutor(4) as pool:
        made = [pool.submit(receipt_pdf, text) for _time in range(8)]
        made += [pool.submit(document_pdf, document(TERMS * 3), brand, "pl") for _time in range(8)]
        sizes = [len(future.result(timeout=50)) for future in made]
    assert max(sizes[:8]) - min(sizes[:8]) < 64
    assert max(sizes[8:]) - min(sizes[8:]) < 64


def test_window_stays_alive_meanwhile(
    qtbot: QtBot, brand: Brand, in_words: Callable[[Record], ReceiptText], company: Company,
    ui_watchdog: UiWatchdog,
) -> None:  # fmt: skip
    runner = TaskRunner()
    text, made = in_words(receipts.make_consent(company, brand)), list[bytes]()
    for _time in range(3):
        runner.submit(Lane.GENERAL, lambda: receipt_pdf(text), made.append)
        runner.submit(Lane.GENERAL, lambda: document_pdf(document(TERMS * 5), brand, "pl"), made.append)
    qtbot.waitUntil(lambda: len(made) == 6, timeout=30_000)
    assert runner.shut_down(5.0)
    assert all(pdf.startswith(b"%PDF-") for pdf in made)
