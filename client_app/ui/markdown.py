"""Markdown of documents as headings, lists and paragraphs that are easy to read, on the screen and on paper.

Rule: documents come from outside, so HTML in them stays text, nothing is loaded and links are shown, not opened.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument

_HEADING_SIZES = {1: 1.5, 2: 1.22, 3: 1.08}
_LINE_HEIGHT_PERCENT = 135.0


def fill(document: QTextDocument, markdown: str, size: float, in_points: bool = False) -> None:
    """Fill a document with Markdown.

    Args:
        document: what to fill; its old content goes.
        markdown: CommonMark with tables; HTML is shown as text.
        size: of the body text, in pixels, or in points for paper.
        in_points: whether `size` is in points.
    """
    font = QFont(document.defaultFont())
    if in_points:
        font.setPointSizeF(size)
    else:
        font.setPixelSize(round(size))
    document.setDefaultFont(font)
    features = QTextDocument.MarkdownFeature
    document.setMarkdown(markdown, features.MarkdownDialectGitHub | features.MarkdownNoHTML)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    block = document.begin()
    while block.isValid():
        cursor.setPosition(block.position())
        _shape_block(cursor, block.blockFormat(), size, in_points, first=block.position() == 0)
        block = block.next()
    cursor.endEditBlock()


def _shape_block(
    cursor: QTextCursor, old: QTextBlockFormat, size: float, in_points: bool, first: bool
) -> None:
    shape = QTextBlockFormat(old)
    level = old.headingLevel()
    shape.setLineHeight(_LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if level:
        shape.setTopMargin(0 if first else size * 1.1)
        shape.setBottomMargin(size * 0.35)
    else:
        shape.setTopMargin(0)
        shape.setBottomMargin(size * (0.3 if cursor.currentList() is not None else 0.6))
    cursor.setBlockFormat(shape)
    if level:
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        factor = _HEADING_SIZES.get(level, 1.0)
        if in_points:
            look.setFontPointSize(size * factor)
        else:
            look.setProperty(QTextCharFormat.Property.FontPixelSize, round(size * factor))
        # Markdown import marks headings by a relative size as well; both at once would multiply.
        look.setProperty(QTextCharFormat.Property.FontSizeAdjustment, 0)
        look.setFontWeight(QFont.Weight.DemiBold)
        cursor.mergeCharFormat(look)
