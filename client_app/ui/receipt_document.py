"""A receipt on paper: the one place that decides how it looks; `receipt_pdf` makes the file that a customer keeps.

Usable from a worker thread. Everything is drawn from `ReceiptText`; no word is added but page numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from client_app.core.receipt_text import Mark, ReceiptEntry, ReceiptRow, ReceiptSection, ReceiptText
from client_app.ui.i18n import Translator
from client_app.ui.paper import Paper, Run
from client_app.ui.paper_fonts import Face
from client_app.ui.paper_markdown import write_markdown
from client_app.ui.paper_pages import settle
from client_app.ui.paper_pdf import to_pdf
from client_app.ui.paper_text import LINE_SEPARATOR

_QR_MM = 27.0
_SIGNS = {Mark.NONE: "•", Mark.TICKED: "✓", Mark.HOLDS: "✓", Mark.FAILS: "✗", Mark.UNKNOWN: "?"}


def receipt_pdf(text: ReceiptText) -> bytes:
    """Return a receipt as a PDF file with the receipt file attached.

    Raises:
        CustomerError: CANNOT_SAVE: it could not be drawn.
    """
    paper = Paper()
    for _step in write_receipt(paper, text):
        pass
    return to_pdf(
        paper,
        title=text.title,
        author=text.company,
        foot=foot_of(text),
        _=Translator(text.language),
        attachment=text.attachment,
    )


def foot_of(text: ReceiptText) -> str:
    """Return what stands at the foot of every page."""
    return " · ".join(part for part in (text.company, text.footer) if part)


def write_receipt(paper: Paper, text: ReceiptText) -> Iterator[None]:
    """Write a receipt, one step at a time, and settle it."""
    with paper.batch():
        paper.paragraph((text.company, Face.COMPANY), below_mm=1.5)
        paper.line(above_mm=0.0, below_mm=5.0)
        paper.paragraph((text.title, Face.TITLE), below_mm=1.0, heading=1)
        if text.subtitle:
            paper.paragraph((text.subtitle, Face.SMALL), below_mm=3.0)
        for notice in text.notices:
            paper.notice(notice)
    yield
    for section in text.sections:
        yield from _write_section(paper, section)
    yield from settle(paper)


def _write_section(paper: Paper, section: ReceiptSection) -> Iterator[None]:
    with paper.batch():
        number = None
        if section.heading:
            number = paper.paragraph((section.heading, Face.HEADING), above_mm=6.0, below_mm=1.5, heading=2)
        if section.rows:
            paper.rows([(row.label, (row.value, _face(row))) for row in section.rows], heading=number)
        if section.qr is not None:
            beside = [(line, Face.BODY) for line in section.lines]
            paper.square(section.qr.rows, _QR_MM, [*beside, (section.qr.caption, Face.SMALL)])
        else:
            for line in section.lines:
                paper.paragraph((line, Face.BODY))
        for entry in section.entries:
            _write_entry(paper, entry)
    yield
    if section.markdown:
        yield from write_markdown(paper, section.markdown, top=1)


def _face(row: ReceiptRow) -> Face:
    if row.is_exact:
        return Face.EXACT
    return Face.BOLD if row.is_strong else Face.BODY


def _write_entry(paper: Paper, entry: ReceiptEntry) -> None:
    runs: list[Run] = [(f"{_SIGNS[entry.mark]}\t{entry.text}", Face.BODY)]
    runs += [(f"{LINE_SEPARATOR}– {text}", Face.SMALL) for text in entry.covers]
    if entry.note:
        runs.append((f"{LINE_SEPARATOR}{entry.note}", Face.SMALL))
    paper.paragraph(*runs, hang_mm=6.0, below_mm=2.5 if len(runs) > 1 else 1.2, keep=True)
