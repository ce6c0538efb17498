"""A picture of AnyDesk's question with the name and number that it must show. A drawing, not a screenshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

import resources

if TYPE_CHECKING:
    from client_app.ui.i18n import Translator

_WIDTH, _HEIGHT = 500.0, 340.0
_NAME = QRectF(134, 82, 306, 28)
_NUMBER = QRectF(134, 112, 306, 24)


class AnyDeskSketch(QWidget):
    """Draws resources/illustrations/anydesk_accept.svg with real words in the places of its grey bars."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("anydesk_sketch")
        self._name = self._number = ""
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(250, 170)
        self.setMaximumSize(380, 259)

    def show_peer(self, name: str, number: str, _: Translator) -> None:
        """Show what AnyDesk must show."""
        self._name, self._number = name, number
        text = _(
            "Picture of AnyDesk's question: it shows {name} and {number}; the button with the tick is on the left."
        )
        self.setAccessibleName(text.format(name=name, number=number))
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Keep the picture's shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height for a width."""
        return round(width * _HEIGHT / _WIDTH)

    def sizeHint(self) -> QSize:
        """Return a size at which the words in the picture are as large as those beside it."""
        return QSize(380, 259)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture, then the words over its bars."""
        from PySide6.QtSvg import QSvgRenderer

        scale = min(self.width() / _WIDTH, self.height() / _HEIGHT)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        picture = QRectF(0, 0, _WIDTH, _HEIGHT)
        QSvgRenderer(resources.text("illustrations/anydesk_accept.svg").encode()).render(painter, picture)
        if self._name:
            self._write(painter, _NAME, self._name, 24, QFont.Weight.Bold)
            self._write(painter, _NUMBER, self._number, 21, QFont.Weight.Normal)
        painter.end()

    def _write(self, painter: QPainter, place: QRectF, text: str, size: int, weight: QFont.Weight) -> None:
        # The picture is of another program's white window, so its colours are the same in every theme.
        painter.fillRect(place, QColor("#ffffff"))
        font = QFont(self.font())
        font.setPixelSize(size)
        font.setWeight(weight)
        painter.setFont(font)
        painter.setPen(QColor("#1c2733"))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
