"""Paper: a text document in fixed units, the same for every screen, for a PDF and for a printer.

Rule: text goes in as plain text only, never as HTML, and each piece is made plain here. Usable from any one thread:
everything lives and dies with the `Paper`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)

from client_app.ui.paper_fonts import HAIRLINE, SOFT, UNITS_PER_INCH, Face, char_format, font
from client_app.ui.paper_text import LINE_SEPARATOR, plain

A4_MM = (210.0, 297.0)
SIDE_MM, TOP_MM, BOTTOM_MM = 22.0, 20.0, 27.0
_LABEL_PERCENT = 31.0
_BELOW_TABLE_MM = 2.5
_LINE_PERCENT = 120.0

_MARK = "\N{LEFT-TO-RIGHT MARK}"
_LINE_END = f"{_MARK}{LINE_SEPARATOR}{_MARK}"
"""Lines of one paragraph share one order of writing; the marks keep an Arabic line from reordering its neighbours."""

Run = tuple[str, Face]
"""A piece of a paragraph and its face."""


def mm(millimetres: float) -> float:
    """Return a length in the paper's units."""
    return millimetres * UNITS_PER_INCH / 25.4


class Square(NamedTuple):
    """A picture of black and white squares that is drawn over an empty place, the block `block_number`."""

    block_number: int
    size: float
    matrix: Sequence[Sequence[int]]


class Kept(NamedTuple):
    """Blocks, by number, that belong together.

    `is_whole` when every line of the last one does; `is_row` when the first one begins a row of a table.
    """

    first: int
    last: int
    is_whole: bool = False
    is_row: bool = False


class Paper:
    """A growing document of sheets of one size.

    No layout depends on a screen: lengths are units of 1/1200 inch and letters have their size in units, so the
    same text breaks at the same places wherever the same letters are installed.

    Attributes:
        size: of a sheet, in units.
        document: what was written.
        kept: what the end of a page must not tear apart; headings and paragraphs enter by themselves.
        squares: pictures to draw.
    """

    def __init__(self, size_mm: tuple[float, float] = A4_MM) -> None:
        """Begin an empty document.

        Args:
            size_mm: width and height of a sheet.
        """
        self.size = QSizeF(mm(size_mm[0]), mm(size_mm[1]))
        self.kept: list[Kept] = []
        self.squares: list[Square] = []
        self.document = QTextDocument()
        # Undo would keep every step. The layout is made now, and all that changes the whole of it is set now, while the
        # document is empty: Qt finishes the first layout of a long text by a timer, and a worker has no event loop.
        self.document.setUndoRedoEnabled(False)
        self.document.documentLayout()
        self.document.setDefaultFont(font(Face.BODY))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        self.document.setDefaultTextOption(option)
        self.document.setPageSize(self.size)
        frame = self.document.rootFrame()
        margins = frame.frameFormat()
        margins.setLeftMargin(mm(SIDE_MM))
        margins.setRightMargin(mm(SIDE_MM))
        margins.setTopMargin(mm(TOP_MM))
        margins.setBottomMargin(mm(BOTTOM_MM))
        frame.setFrameFormat(margins)
        self._cursor = QTextCursor(self.document)
        self._is_fresh = True
        self._last_table: QTextTable | None = None

    @property
    def text_width(self) -> float:
        """Width between the margins, in units."""
        return self.size.width() - 2 * mm(SIDE_MM)

    @property
    def text_height(self) -> float:
        """Height between the margins, in units."""
        return self.size.height() - mm(TOP_MM) - mm(BOTTOM_MM)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Lay out once at the end instead of after every piece."""
        self._cursor.beginEditBlock()
        try:
            yield
        finally:
            self._cursor.endEditBlock()

    def paragraph(
        self,
        *runs: Run,
        above_mm: float = 0.0,
        below_mm: float = 2.0,
        left_mm: float = 0.0,
        hang_mm: float = 0.0,
        heading: int = 0,
        keep: bool = False,
    ) -> int:
        """Add a paragraph and return its number.

        Args:
            runs: its pieces.
            above_mm: space above it, in a row of paragraphs the larger of two counts.
            below_mm: space below it.
            left_mm: indent.
            hang_mm: more indent for all but what stands before the first tab of the first run.
            heading: 1 to 6, 0 for text.
            keep: keep all its lines on one page, however many.
        """
        form = _text_block()
        form.setTopMargin(mm(above_mm))
        self._space_table(above_mm)
        form.setBottomMargin(mm(below_mm))
        form.setLeftMargin(mm(left_mm + hang_mm))
        form.setHeadingLevel(heading)
        if hang_mm:
            form.setTextIndent(-mm(hang_mm))
            form.setTabPositions([QTextOption.Tab(mm(hang_mm), QTextOption.TabType.LeftTab)])
        number = self._begin_block(form)
        if hang_mm and runs:
            (sign, _tab, rest), face = runs[0][0].partition("\t"), runs[0][1]
            self._cursor.insertText(f"{plain(sign)}\t", char_format(face))
            runs = ((rest, face), *runs[1:])
        _write(self._cursor, runs)
        self.kept.append(Kept(number, number + 1 if heading else number, is_whole=keep))
        return number

    def line(self, *, above_mm: float, below_mm: float) -> None:
        """Add a thin line across the page."""
        form = QTextBlockFormat()
        form.setTopMargin(mm(above_mm))
        form.setBottomMargin(mm(below_mm))
        form.setLineHeight(mm(0.25), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        form.setBackground(QColor(HAIRLINE))
        self._begin_block(form)
        # An empty block behind a table would be drawn at its side.
        self._cursor.insertText("\N{NO-BREAK SPACE}", char_format(Face.NOTHING))

    def rows(self, rows: Sequence[tuple[str, Run]], *, heading: int | None = None) -> None:
        """Add a table of labels and values.

        Args:
            rows: each with a label and a value.
            heading: number of the block from which on all this is kept on one page, if one page can hold it.
        """
        table = self._table(len(rows), (_LABEL_PERCENT, 100.0 - _LABEL_PERCENT))
        for index, (label, value) in enumerate(rows):
            for column, run in enumerate(((label, Face.LABEL), value)):
                _fill(table, index, column, (run,), is_last=index == len(rows) - 1)
        self._keep_rows(table)
        if heading is not None:
            self.kept.append(Kept(heading, self.document.blockCount() - 2, is_whole=True))

    def grid(self, rows: Sequence[Sequence[Sequence[Run]]]) -> None:
        """Add a table with columns of one width."""
        columns = max(len(row) for row in rows)
        table = self._table(len(rows), (100.0 / columns,) * columns)
        for index, row in enumerate(rows):
            for column, runs in enumerate(row):
                _fill(table, index, column, runs)
        self._keep_rows(table)

    def notice(self, text: str) -> None:
        """Add a sentence on grey ground."""
        table = self._table(1, (100.0,))
        form = QTextTableCellFormat()
        form.setPadding(mm(3.0))
        form.setBackground(QColor(SOFT))
        table.cellAt(0, 0).setFormat(form)
        cursor = table.cellAt(0, 0).firstCursorPosition()
        cursor.setBlockFormat(_text_block())
        _write(cursor, ((text, Face.BOLD),))

    def square(self, matrix: Sequence[Sequence[int]], size_mm: float, beside: Sequence[Run]) -> None:
        """Add a picture of black and white squares (a QR code) with paragraphs beside it.

        Args:
            matrix: rows of 0 and 1, the quiet zone included.
            size_mm: width and height.
            beside: each run is a paragraph.
        """
        share = 100.0 * mm(size_mm + 3.0) / self.text_width
        table = self._table(1, (share, 100.0 - share))
        place = table.cellAt(0, 0).firstCursorPosition()
        form = QTextBlockFormat()
        form.setLineHeight(mm(size_mm), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        place.setBlockFormat(form)
        place.setBlockCharFormat(char_format(Face.NOTHING))
        cursor = table.cellAt(0, 1).firstCursorPosition()
        for number, run in enumerate(beside):
            block = _text_block()
            block.setTopMargin(mm(2.0 if number else 0.0))
            if number:
                cursor.insertBlock(block)
            else:
                cursor.setBlockFormat(block)
            _write(cursor, (run,))
        number = place.block().blockNumber()
        self.squares.append(Square(number, mm(size_mm), matrix))
        # From the empty block before the table to the last one in it.
        self.kept.append(Kept(number - 1, cursor.block().blockNumber(), is_whole=True))

    def _keep_rows(self, table: QTextTable) -> None:
        for row in range(table.rows()):
            number = table.cellAt(row, 0).firstCursorPosition().block().blockNumber()
            self.kept.append(Kept(number, number, is_row=True))

    def _begin_block(self, form: QTextBlockFormat) -> int:
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        if self._is_fresh:
            self._cursor.setBlockFormat(form)
            self._is_fresh = False
        else:
            self._cursor.insertBlock(form)
        return self._cursor.block().blockNumber()

    def _space_table(self, below_mm: float) -> None:
        """Give the table that ends here its distance: Qt drops the upper margin of a block behind a table."""
        if self._last_table is not None and self._is_fresh:
            form = self._last_table.format()
            form.setBottomMargin(mm(max(_BELOW_TABLE_MM, below_mm)))
            self._last_table.setFormat(form)

    def _table(self, rows: int, widths: Sequence[float]) -> QTextTable:
        # Qt keeps a block before and after a table; the one before is of no use and gets no height.
        self._begin_block(_no_height())
        self._cursor.setBlockCharFormat(char_format(Face.NOTHING))
        form = QTextTableFormat()
        form.setBorder(0)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        form.setCellPadding(0)
        form.setCellSpacing(0)
        form.setBottomMargin(mm(_BELOW_TABLE_MM))
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        percent = QTextLength.Type.PercentageLength
        form.setColumnWidthConstraints([QTextLength(percent, width) for width in widths])
        table = self._cursor.insertTable(rows, len(widths), form)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        # The block after it takes the next paragraph.
        self._cursor.setBlockFormat(_no_height())
        self._cursor.setBlockCharFormat(char_format(Face.NOTHING))
        self._is_fresh = True
        self._last_table = table
        return table


def _write(cursor: QTextCursor, runs: Iterable[Run]) -> None:
    for text, face in runs:
        cursor.insertText(plain(text).replace(LINE_SEPARATOR, _LINE_END), char_format(face))


def _fill(table: QTextTable, row: int, column: int, runs: Sequence[Run], *, is_last: bool = False) -> None:
    cell = table.cellAt(row, column)
    form = QTextTableCellFormat()
    form.setTopPadding(mm(0.9))
    form.setBottomPadding(mm(0.9))
    form.setLeftPadding(mm(3.0 if column else 0.0))
    if any(face is Face.EXACT for _text, face in runs):
        form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
    if not is_last:
        form.setBottomBorder(mm(0.15))
        form.setBottomBorderBrush(QColor(HAIRLINE))
        form.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    cell.setFormat(form)
    cursor = cell.firstCursorPosition()
    cursor.setBlockFormat(_text_block())
    _write(cursor, runs)


def _text_block() -> QTextBlockFormat:
    form = QTextBlockFormat()
    form.setLineHeight(_LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return form


def _no_height() -> QTextBlockFormat:
    form = QTextBlockFormat()
    form.setLineHeight(1.0, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    return form
