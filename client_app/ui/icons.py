"""Our own icons, drawn from SVG in the colour of the text beside them.

Rule: an icon never stands alone; it has words beside it and no name of its own for screen readers. The SVG library is
loaded after the first paint: until `show_icons` was called an icon is an empty square of the right size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

import resources

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QPixmap
    from PySide6.QtWidgets import QAbstractButton

_ICON_GAP = 6
_ready = False


def show_icons() -> None:
    """Let icons be drawn from now on."""
    global _ready
    _ready = True


def paint_icon(painter: QPainter, name: str, colour: str, target: QRectF) -> None:
    """Draw an icon; `name` is a file of resources/icons without its ending."""
    from PySide6.QtSvg import QSvgRenderer

    drawing = resources.text(f"icons/{name}.svg")
    renderer = QSvgRenderer(drawing.replace("currentColor", colour).encode())
    renderer.render(painter, target)


def pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    """Return an icon as a picture of `size` logical pixels."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QPixmap

    # Room on the right: a stylesheet has no gap between icon and words.
    made = QPixmap(round((size + _ICON_GAP) * ratio), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint_icon(painter, name, colour, QRectF(0, 0, size, size))
    painter.end()
    return made


def set_button_icon(button: QAbstractButton, name: str, colour: str, size: int = 22) -> None:
    """Put an icon before a button's words; does nothing before `show_icons`."""
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QIcon

    if _ready and button.property("iconKey") != f"{name} {colour} {size}":
        button.setProperty("iconKey", f"{name} {colour} {size}")
        button.setIcon(QIcon(pixmap(name, colour, size, button.devicePixelRatioF())))
        button.setIconSize(QSize(size + _ICON_GAP, size))


class IconSpot(QWidget):
    """A square with an icon in it; takes its colour from `colour`."""

    def __init__(self, name: str = "", size: int = 28) -> None:
        super().__init__()
        self._name = name
        self._colour = "#000000"
        self.setFixedSize(size, size)

    def show_icon(self, name: str, colour: str) -> None:
        """Show another icon or another colour."""
        if (name, colour) != (self._name, self._colour):
            self._name, self._colour = name, colour
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the icon, once icons may be drawn."""
        if _ready and self._name:
            painter = QPainter(self)
            paint_icon(painter, self._name, self._colour, QRectF(self.rect()))
            painter.end()
