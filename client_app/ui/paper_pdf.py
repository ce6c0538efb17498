"""A written paper as a PDF file: A4, letters embedded, text that can be searched and copied."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.messages import N_
from client_app.core.receipt_text import Attachment
from client_app.ui.i18n import Translator
from client_app.ui.paper import Paper
from client_app.ui.paper_fonts import UNITS_PER_INCH
from client_app.ui.paper_pages import draw_page, page_count
from client_app.ui.paper_text import plain


def page_words(page: int, count: int, _: Translator) -> str:
    """Return "Page 1 of 3"; `page` counts from 0."""
    return _(N_("Page {number} of {count}")).format(number=page + 1, count=count)


def to_pdf(
    paper: Paper, *, title: str, author: str, foot: str, _: Translator, attachment: Attachment | None = None
) -> bytes:
    """Return a settled paper as the bytes of a PDF file.

    Args:
        paper: of A4 size.
        title: of the file; viewers show it in their window.
        author: of the file.
        foot: left at the foot of every page.
        _: translates the words at the foot.
        attachment: a file to put into it.

    Raises:
        CustomerError: CANNOT_SAVE: Qt could not draw it.
    """
    out = QByteArray()
    buffer = QBuffer(out)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(UNITS_PER_INCH)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(0.0, 0.0, 0.0, 0.0),
        )
    )
    writer.setTitle(plain(title))
    writer.setAuthor(plain(author))
    writer.setCreator("pomoc-zdalna")
    if attachment is not None:
        writer.addFileAttachment(attachment.name, QByteArray(attachment.data), attachment.media_type)
    painter = QPainter()
    if not painter.begin(writer):
        raise CustomerError(ErrorCode.CANNOT_SAVE, "the PDF could not be begun")
    count = page_count(paper)
    for page in range(count):
        if page:
            writer.newPage()
        draw_page(paper, painter, page, foot, page_words(page, count, _))
    if not painter.end():
        raise CustomerError(ErrorCode.CANNOT_SAVE, "the PDF could not be ended")
    buffer.close()
    return bytes(out.data())
