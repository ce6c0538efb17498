"""Draws icons/app.svg into icons/app.png, for places that cannot show SVG; run it after changing the SVG.

Usage: ``python -m resources.render_icon``. Needs no screen.
"""

from __future__ import annotations

import os
import sys

from resources import path

SIZE = 256


def main() -> int:
    """Write resources/icons/app.png; returns 0, or 1 when the SVG cannot be read."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication(["render_icon"])
    renderer = QSvgRenderer(str(path("icons/app.svg")))
    if not renderer.isValid():
        print("icons/app.svg is not a picture", file=sys.stderr)
        return 1
    image = QImage(SIZE, SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    saved = image.save(str(path("icons/app.png")))
    del application
    return 0 if saved else 1


if __name__ == "__main__":
    sys.exit(main())
