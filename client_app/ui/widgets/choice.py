"""A large button with a title and a sentence below it, both wrapping; a checkable one shows a filled ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter

if TYPE_CHECKING:
    from client_app.ui.theme import Tokens

_PAD_X, _PAD_Y, _GAP, _RING = 18, 11, 3, 22
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class ChoiceButton(QPushButton):
    """One answer among a few. Its title is the button's text, the sentence its accessible description."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "choice")
        self.setAutoDefault(False)
        self._detail = ""
        self._tokens: Tokens | None = None
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_choice(self, title: str, detail: str, tokens: Tokens) -> None:
        """Show other words."""
        self._tokens = tokens
        if (title, detail) != (self.text(), self._detail):
            self._detail = detail
            self.setText(title)
            self.setAccessibleName(title)
            self.setAccessibleDescription(detail)
            self.updateGeometry()

    def _left(self) -> int:
        return _PAD_X + (_RING + 12 if self.isCheckable() else 0)

    def _fonts(self) -> tuple[QFont, QFont]:
        title = QFont(self.font())
        title.setWeight(QFont.Weight.DemiBold)
        detail = QFont(self.font())
        if self._tokens is not None:
            detail.setPixelSize(self._tokens.px(15))
        return title, detail

    def _heights(self, width: int) -> tuple[int, int]:
        room = QRect(0, 0, max(width - self._left() - _PAD_X, 80), 10000)
        title, detail = self._fonts()
        top = QFontMetrics(title).boundingRect(room, _WRAP, self.text()).height()
        below = QFontMetrics(detail).boundingRect(room, _WRAP, self._detail).height() if self._detail else 0
        return top, below

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that the words need, never under 50 px."""
        top, below = self._heights(width)
        return max(50, 2 * _PAD_Y + top + (below + _GAP if below else 0))

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(420, self.heightForWidth(420))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest useful size; the height comes from the width."""
        return QSize(160, 50)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Let the stylesheet draw the frame, then draw ring, title and sentence."""
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        tokens = self._tokens
        if tokens is not None:
            if self.isCheckable():
                self._paint_ring(painter, tokens)
            self._paint_words(painter, tokens)
        painter.end()

    def _paint_ring(self, painter: QStylePainter, tokens: Tokens) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(_PAD_X + _RING / 2, self.height() / 2)
        painter.setBrush(QColor(tokens.surface))
        painter.setPen(QPen(QColor(tokens.accent if self.isChecked() else tokens.line), 2.5))
        painter.drawEllipse(middle, _RING / 2 - 1.5, _RING / 2 - 1.5)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent))
            painter.drawEllipse(middle, _RING / 4, _RING / 4)

    def _paint_words(self, painter: QStylePainter, tokens: Tokens) -> None:
        top, below = self._heights(self.width())
        title, detail = self._fonts()
        whole = top + (below + _GAP if below else 0)
        start = (self.height() - whole) // 2
        left = self._left()
        width = self.width() - left - _PAD_X
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.disabled))
        painter.setFont(title)
        painter.drawText(QRect(left, start, width, top + 2), _WRAP, self.text())
        if below:
            painter.setPen(QColor(tokens.muted if self.isEnabled() else tokens.disabled))
            painter.setFont(detail)
            painter.drawText(QRect(left, start + top + _GAP, width, below + 2), _WRAP, self._detail)
