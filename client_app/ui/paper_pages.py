"""Pages of a written `Paper`: what belongs together is moved to one page, then each page is drawn.

Both are steps of a few milliseconds, so that they can run on the window's thread between two events as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QTextBlock,
    QTextCursor,
    QTextFormat,
    QTextTable,
)

from client_app.ui.paper import SIDE_MM, Paper, Square, mm
from client_app.ui.paper_fonts import MUTED, Face, font
from client_app.ui.paper_text import plain

_SHORT_LINES = 4
"""A paragraph up to this long is never torn apart."""

_FOOT_MM = 15.0
"""From the lower edge of the sheet to the line that its foot stands on."""


def settle(paper: Paper) -> Iterator[None]:
    """Move what must stay together to the next page, from front to back; one step for each piece.

    A heading stays with what follows, short paragraphs and rows of tables stay whole, and no page begins or ends with a
    single line of a long one. What one page cannot hold stays where it is.
    """
    for piece in sorted(paper.kept, key=lambda piece: piece.first):
        yield
        start = paper.document.findBlockByNumber(piece.first)
        end = paper.document.findBlockByNumber(piece.last)
        while not end.text() and end.next().isValid():
            end = end.next()  # The empty block before a table.
        if not end.layout().lineCount():
            continue
        row = _row_of(end)
        is_text = piece.first == piece.last
        bottom = max(
            _edge(paper, block, _wanted(paper, block, piece.is_whole, is_text)) for block in (*row, end)
        )
        starts = row if piece.is_row else [start]
        before = _before(starts[0])
        while before.blockFormat().headingLevel():
            starts, before = [before], before.previous()
        if _is_torn(paper, min(_edge(paper, block, 0) for block in starts), bottom):
            for block in starts:
                _begin_page(block)


def _before(block: QTextBlock) -> QTextBlock:
    """Return the block before; before the first row of a table, the one before the empty block that Qt keeps there."""
    table = _table_of(block)
    if table is None:
        return block.previous()
    return block.previous().previous() if table.cellAt(QTextCursor(block)).row() == 0 else QTextBlock()


def _row_of(block: QTextBlock) -> list[QTextBlock]:
    """Return the first blocks of the cells beside a block in its table, or the block alone."""
    table = _table_of(block)
    if table is None:
        return [block]
    row = table.cellAt(QTextCursor(block)).row()
    return [table.cellAt(row, column).firstCursorPosition().block() for column in range(table.columns())]


def _table_of(block: QTextBlock) -> QTextTable | None:
    return QTextCursor(block).currentTable()


def _is_torn(paper: Paper, top: float, bottom: float) -> bool:
    return _page(paper, top) != _page(paper, bottom - 1.0) and bottom - top < paper.text_height


def _wanted(paper: Paper, block: QTextBlock, is_whole: bool, is_text: bool) -> int:
    """Return how many lines of a block must be on the page of its first."""
    lines = block.layout().lineCount()
    if is_whole or lines <= _SHORT_LINES:
        return lines
    return _lines_to_keep(paper, block) if is_text else 2


def _begin_page(block: QTextBlock) -> None:
    policy = QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore
    table = _table_of(block.next())
    if _table_of(block) is None and not block.text() and table is not None:
        frame = table.format()
        frame.setPageBreakPolicy(policy)
        table.setFormat(frame)
        return
    form = block.blockFormat()
    form.setPageBreakPolicy(policy)
    QTextCursor(block).setBlockFormat(form)


def _lines_to_keep(paper: Paper, block: QTextBlock) -> int:
    """Return how many lines of a long paragraph must be on its first page."""
    lines = block.layout().lineCount()
    first = _page(paper, _edge(paper, block, 1) - 1.0)
    here = sum(_page(paper, _edge(paper, block, n) - 1.0) == first for n in range(1, lines + 1))
    return lines if here == lines - 1 else 2


def page_count(paper: Paper) -> int:
    """Return the number of pages that something stands on; an empty block behind a last table is nothing."""
    block = paper.document.lastBlock()
    while not block.text() and block.previous().isValid():
        block = block.previous()
    return _page(paper, _edge(paper, block, block.layout().lineCount()) - 1.0) + 1


def draw_page(paper: Paper, painter: QPainter, page: int, foot: str, page_words: str) -> None:
    """Draw one page.

    Args:
        paper: settled.
        painter: its units are the paper's, its origin is the sheet's upper left corner.
        page: from 0.
        foot: left at the foot of the page; shortened when it is too long.
        page_words: right at the foot of the page.
    """
    top = page * paper.size.height()
    view = QRectF(0.0, top, paper.size.width(), paper.size.height())
    painter.save()
    painter.translate(0.0, -top)
    paper.document.drawContents(painter, view)
    for square in paper.squares:
        _draw_square(paper, painter, square, view)
    painter.restore()
    _draw_foot(paper, painter, plain(foot), page_words)


def _edge(paper: Paper, block: QTextBlock, lines: int) -> float:
    """Return where the first `lines` lines of a block end on the endless page; where it begins for 0."""
    layout = block.layout()
    top = paper.document.documentLayout().blockBoundingRect(block).top()
    line = layout.lineAt(max(0, lines - 1))
    return float(top + line.y() + (line.height() if lines else 0.0))


def _page(paper: Paper, y: float) -> int:
    return int(y // paper.size.height())


def _draw_square(paper: Paper, painter: QPainter, square: Square, view: QRectF) -> None:
    block = paper.document.findBlockByNumber(square.block_number)
    corner = paper.document.documentLayout().blockBoundingRect(block).topLeft()
    if not view.contains(corner):
        return
    side = square.size / len(square.matrix)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for y, row in enumerate(square.matrix):
        for start, end in _dark(row):
            # A hair of overlap: viewers draw a white line between shapes that only touch.
            path.addRect(corner.x() + start * side, corner.y() + y * side, (end - start) * side, side * 1.02)
    painter.fillPath(path, QColor("black"))


def _dark(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of dark squares of a row, as (first, one after the last)."""
    column = 0
    for is_dark, run in groupby(row):
        length = len(list(run))
        if is_dark:
            yield column, column + length
        column += length


def _draw_foot(paper: Paper, painter: QPainter, foot: str, page_words: str) -> None:
    letters = font(Face.FOOT)
    metrics = QFontMetricsF(letters)
    painter.setFont(letters)
    painter.setPen(QColor(MUTED))
    y = paper.size.height() - mm(_FOOT_MM)
    left, right = mm(SIDE_MM), paper.size.width() - mm(SIDE_MM)
    width = metrics.horizontalAdvance(page_words)
    painter.drawText(QPointF(right - width, y), page_words)
    room = right - left - width - mm(6.0)
    painter.drawText(QPointF(left, y), metrics.elidedText(foot, Qt.TextElideMode.ElideRight, room))
