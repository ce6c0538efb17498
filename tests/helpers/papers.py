"""Texts for tests of what is printed: hostile ones, documents, and what was written on a paper."""

from __future__ import annotations

import dataclasses
import hashlib

from PySide6.QtGui import QTextBlock

from client_app.core.receipt_text import ReceiptEntry, ReceiptRow, ReceiptSection, ReceiptText
from client_app.core.session import Document, DocumentText
from client_app.ui.paper import Paper
from client_app.ui.receipt_document import write_receipt
from tests.helpers.receipts import ROOT

TERMS = (ROOT / "resources/documents/terms/pl.md").read_text("utf-8")
LONG_WORD = "Konstantynopolitańczykowianeczka" * 60
HOSTILE = (
    "<b>bold</b> <img src='file:///etc/passwd'> &lt;i&gt; <script>alert(1)</script>",
    "**stars** # not a heading [a](http://evil.example) ![b](file:///etc/passwd)",
    LONG_WORD,
    "0" * 2000,
    "שלום עולם and مرحبا",
    "{curly} %s $HOME",
)


def document(markdown: str, **changes: object) -> DocumentText:
    """Return terms with this text."""
    text = DocumentText(
        kind=Document.TERMS,
        document_id="d",
        version=3,
        language="pl",
        title="Regulamin usługi pomoc zdalna",
        markdown=markdown,
        sha256=hashlib.sha256(markdown.encode()).hexdigest(),
        published_at="2026-05-01T10:00:00Z",
    )
    return dataclasses.replace(text, **changes)  # type: ignore[arg-type]


def hostile_receipt(*texts: str) -> ReceiptText:
    """Return a receipt with these texts at every place."""
    return ReceiptText(
        title=texts[0][:100],
        language="en",
        sections=(
            ReceiptSection(
                texts[0],
                rows=tuple(ReceiptRow(text[:300], text) for text in texts),
                entries=tuple(ReceiptEntry(text, note=text, covers=(text,)) for text in texts),
                lines=texts,
            ),
        ),
        company=texts[0],
        subtitle=texts[0],
        notices=texts,
        footer=texts[0],
    )


def written(text: ReceiptText) -> Paper:
    """Return a paper with a receipt on it."""
    paper = Paper()
    for _step in write_receipt(paper, text):
        pass
    return paper


def blocks(paper: Paper) -> list[QTextBlock]:
    """Return every block in order, those of tables included."""
    found = []
    block = paper.document.begin()
    while block.isValid():
        found.append(block)
        block = block.next()
    return found
