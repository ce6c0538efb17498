"""Markdown of documents as headings, lists and paragraphs that are easy to read on the screen.

Rule: documents come from outside, so HTML in them stays text, nothing is loaded, and links are words that open nothing.
A picture would be loaded while it is laid out, from any path of this computer or (Windows) of another one, which would
then learn who asks: so there are no pictures.
"""

from __future__ import annotations

from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)

_HEADING_SIZES = {1: 1.5, 2: 1.24, 3: 1.1}
_LINE_HEIGHT_PERCENT = 135.0


def fill(document: QTextDocument, markdown: str, size: int, ink: str) -> None:
    """Fill a document with Markdown.

    Args:
        document: what to fill; its old content goes.
        markdown: CommonMark with tables; HTML is shown as text.
        size: of the body text in pixels.
        ink: colour of the text, `#rrggbb`.
    """
    font = QFont(document.defaultFont())
    font.setPixelSize(size)
    document.setDefaultFont(font)
    features = QTextDocument.MarkdownFeature
    document.setMarkdown(without_pictures(markdown), features.MarkdownDialectGitHub | features.MarkdownNoHTML)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    block = document.begin()
    while block.isValid():
        _shape(cursor, block, size, ink)
        block = block.next()
    cursor.endEditBlock()


def without_pictures(markdown: str) -> str:
    """Return Markdown in which a picture has become its words with an exclamation mark before them.

    Only the sign of a picture is broken up, by a space of no width; not a letter goes.
    """
    return markdown.replace("![", "!\u200b[")


def _shape(cursor: QTextCursor, block: QTextBlock, size: int, ink: str) -> None:
    old = block.blockFormat()
    level = old.headingLevel()
    shape = QTextBlockFormat(old)
    shape.setLineHeight(_LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    below = 0.35 if level else 0.3 if block.textList() is not None else 0.6
    shape.setTopMargin(size * 1.1 if level and block.position() else 0)
    shape.setBottomMargin(size * below)
    cursor.setPosition(block.position())
    cursor.setBlockFormat(shape)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    look = QTextCharFormat()
    look.setForeground(QColor(ink))
    if level:
        # Markdown import gives headings a size in steps, which would win over ours: the format is replaced.
        heading = QFont(cursor.document().defaultFont())
        heading.setPixelSize(round(size * _HEADING_SIZES.get(level, 1.0)))
        heading.setWeight(QFont.Weight.DemiBold)
        look.setFont(heading)
        cursor.setCharFormat(look)
        return
    # Links are not opened, so they do not look as if they could be.
    look.setAnchor(False)
    look.setFontUnderline(False)
    cursor.mergeCharFormat(look)
