"""Markdown on paper: real headings, lists and tables, in the paper's own letters.

Rule: Qt reads the Markdown (HTML is text for it) into a document that is never laid out and so loads nothing; only
plain text, levels and emphasis are taken over. Pictures become their words, and a link shows where it leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
    QTextFrame,
    QTextListFormat,
    QTextTable,
)

from client_app.ui.paper import Paper, Run
from client_app.ui.paper_fonts import Face

_STEP_MM = 6.0
_SCHEME = re.compile(r"^(https?://|mailto:)")
_HEADINGS = {1: Face.TITLE, 2: Face.HEADING}
_ABOVE_MM = {1: 3.0, 2: 5.0}
_DIALECT = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


def write_markdown(paper: Paper, markdown: str, *, top: int = 1) -> Iterator[None]:
    """Write a text; one step for each heading with what stands under it.

    Args:
        paper: to write on.
        markdown: the text.
        top: level on paper of a first-level heading; all others follow.
    """
    source = QTextDocument()
    source.setUndoRedoEnabled(False)
    source.setMarkdown(markdown, _DIALECT)
    yield
    for part in _parts(source.rootFrame()):
        with paper.batch():
            for item in part:
                if isinstance(item, QTextTable):
                    paper.grid(_cells(item))
                else:
                    _write_block(paper, item, top - 1)
        yield


def first_heading(markdown: str) -> str:
    """Return the text of a first-level heading that the Markdown begins with, or ""."""
    source = QTextDocument()
    source.setMarkdown(markdown, _DIALECT)
    block = source.begin()
    return block.text() if block.blockFormat().headingLevel() == 1 else ""


def _parts(frame: QTextFrame) -> Iterator[list[QTextBlock | QTextTable]]:
    part: list[QTextBlock | QTextTable] = []
    place = frame.begin()
    while not place.atEnd():
        inner, block = place.currentFrame(), place.currentBlock()
        if isinstance(inner, QTextTable):
            part.append(inner)
        elif block.isValid():
            if block.blockFormat().headingLevel() and part:
                yield part
                part = []
            part.append(block)
        place += 1
    yield part


def _write_block(paper: Paper, block: QTextBlock, deeper: int) -> None:
    form = block.blockFormat()
    runs = tuple(_runs(block))
    if form.hasProperty(QTextFormat.Property.BlockTrailingHorizontalRulerWidth):
        paper.line(above_mm=3.0, below_mm=3.0)
    elif not runs:
        return
    elif form.headingLevel():
        level = min(6, form.headingLevel() + deeper)
        face = _HEADINGS.get(level, Face.SUBHEADING)
        text = "".join(text for text, _face in runs)
        paper.paragraph((text, face), above_mm=_ABOVE_MM.get(level, 4.0), below_mm=2.0, heading=level)
    elif block.textList() is not None:
        _write_item(paper, block, runs)
    elif form.hasProperty(QTextFormat.Property.BlockCodeFence):
        paper.paragraph(*((text, Face.CODE) for text, _face in runs), left_mm=_STEP_MM, below_mm=0.5)
    elif form.hasProperty(QTextFormat.Property.BlockQuoteLevel):
        paper.paragraph(*runs, left_mm=_STEP_MM * form.intProperty(QTextFormat.Property.BlockQuoteLevel))
    else:
        paper.paragraph(*runs, left_mm=_STEP_MM * form.indent())


def _write_item(paper: Paper, block: QTextBlock, runs: tuple[Run, ...]) -> None:
    items = block.textList()
    form = items.format()
    ordered = form.style() in (
        QTextListFormat.Style.ListDecimal,
        QTextListFormat.Style.ListLowerAlpha,
        QTextListFormat.Style.ListUpperAlpha,
        QTextListFormat.Style.ListLowerRoman,
        QTextListFormat.Style.ListUpperRoman,
    )
    sign = items.itemText(block) if ordered else "•"
    marker = block.blockFormat().marker()
    if marker is QTextBlockFormat.MarkerType.Checked:
        sign = "☑"
    elif marker is QTextBlockFormat.MarkerType.Unchecked:
        sign = "☐"
    (text, face), *rest = runs
    left = _STEP_MM * max(0, form.indent() - 1)
    paper.paragraph((f"{sign}\t{text}", face), *rest, left_mm=left, hang_mm=_STEP_MM, below_mm=1.5)


def _cells(table: QTextTable) -> list[list[list[Run]]]:
    rows: list[list[list[Run]]] = []
    for row in range(table.rows()):
        rows.append([])
        for column in range(table.columns()):
            runs = list(_runs(table.cellAt(row, column).firstCursorPosition().block()))
            if row == 0:
                runs = [(text, Face.BOLD) for text, _face in runs]
            rows[-1].append(runs)
    return rows


def _runs(block: QTextBlock) -> Iterator[Run]:
    place = block.begin()
    while not place.atEnd():
        fragment = place.fragment()
        form = fragment.charFormat()
        text = fragment.text()
        if form.isImageFormat():
            text = form.stringProperty(QTextFormat.Property.ImageAltText)
        address = form.anchorHref()
        if address and not address.startswith("#") and _SCHEME.sub("", address) != _SCHEME.sub("", text):
            text = f"{text} ({address})"
        if text:
            yield text, _face(form)
        place += 1


def _face(form: QTextCharFormat) -> Face:
    if form.fontFixedPitch():
        return Face.CODE
    is_bold, is_italic = form.fontWeight() > 500, form.fontItalic()
    if is_bold:
        return Face.BOLD_ITALIC if is_italic else Face.BOLD
    return Face.ITALIC if is_italic else Face.BODY
