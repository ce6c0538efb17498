"""A box with words that wrap. Never ticked by the program: what it shows is the session's state, not the click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QCheckBox

if TYPE_CHECKING:
    from client_app.core.view_state_types import TickView
    from client_app.ui.theme import Tokens

_BOX = 32
_GAP = 14
_PAD = 8
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft


class Tick(QCheckBox):
    """A check box that wraps its text and is a target of at least 52 px over its whole width.

    `wanted` is emitted with the state that the customer asks for; the box itself changes when the session does.
    """

    wanted = Signal(bool)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._tokens: Tokens | None = None
        self.view: TickView | None = None
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self._on_clicked)

    def show_tick(self, view: TickView, tokens: Tokens) -> None:
        """Show label and state."""
        self.view = view
        self._tokens = tokens
        if self.text() != view.label:
            self.setText(view.label)
            self.setAccessibleName(view.label)
            self._need_height()
            self.updateGeometry()
        self.setChecked(view.ticked)

    def _on_clicked(self, checked: bool) -> None:
        self.setChecked(not checked)
        self.wanted.emit(checked)

    # --- geometry -----------------------------------------------------------------------------------------------

    def _box(self) -> int:
        return self._tokens.px(_BOX) if self._tokens else _BOX

    def _text_height(self, width: int) -> int:
        room = width - self._box() - _GAP - 2 * _PAD
        bounds = QFontMetrics(self.font()).boundingRect(QRect(0, 0, max(room, 60), 10000), _WRAP, self.text())
        return bounds.height()

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that the words need."""
        return max(self._box(), self._text_height(width)) + 2 * _PAD

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that the words need in the new width: a full page would squeeze it, and cut them off."""
        super().resizeEvent(event)
        self._need_height()

    def _need_height(self) -> None:
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(420, self.heightForWidth(420))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest useful size; the height comes from the width."""
        return QSize(220, self._box() + 2 * _PAD)

    def hitButton(self, place: QPoint) -> bool:  # noqa: N802 - Qt's name
        """Accept a click anywhere on box and words."""
        return self.rect().contains(place)

    # --- painting -----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, box, tick, words, focus ring."""
        tokens = self._tokens
        if tokens is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.setPen(
            QPen(QColor(tokens.focus if self.hasFocus() else tokens.hairline), 3 if self.hasFocus() else 1)
        )
        painter.setBrush(QColor(tokens.hover if self.underMouse() else tokens.surface))
        painter.drawRoundedRect(frame, 10, 10)
        size = self._box()
        box = QRectF(_PAD, (self.height() - size) / 2, size, size)
        self._paint_box(painter, box, tokens)
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.disabled))
        words = self.rect().adjusted(_PAD + size + _GAP, _PAD, -_PAD, -_PAD)
        painter.drawText(words, _WRAP | Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()

    def _paint_box(self, painter: QPainter, box: QRectF, tokens: Tokens) -> None:
        checked = self.isChecked()
        painter.setPen(QPen(QColor(tokens.accent if checked else tokens.line), 2.5))
        painter.setBrush(QColor(tokens.accent if checked else tokens.surface))
        painter.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)
        if checked:
            pen = QPen(QColor(tokens.accent_text), 3.5)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            unit = box.width() / 10
            painter.drawPolyline(
                [
                    QPointF(box.x() + unit * x, box.y() + unit * y)
                    for x, y in ((2.4, 5.3), (4.2, 7.1), (7.6, 3.2))
                ]
            )
