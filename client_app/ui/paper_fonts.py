"""Letters and colours of printed pages.

Rule: dark letters on white and greys only, so that a page reads the same from a black-and-white printer. Sizes are in
the paper's units (1/1200 inch), never in points: points depend on the screen.
"""

from __future__ import annotations

import enum
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtGui import QColor, QFont, QFontDatabase, QTextCharFormat

UNITS_PER_INCH = 1200
_UNITS_PER_POINT = UNITS_PER_INCH / 72

INK = "#14202b"
MUTED = "#4a5763"
HAIRLINE = "#c3ccd4"
SOFT = "#eef1f4"

# In this order the first that is installed: a plain face of each system with every Polish letter in it.
_SANS = ("Segoe UI", "Helvetica Neue", "Noto Sans", "Open Sans", "Liberation Sans", "DejaVu Sans", "Arial")
_FIXED = ("Consolas", "Menlo", "Noto Sans Mono", "Liberation Mono", "DejaVu Sans Mono", "Courier New")


class _Shape(NamedTuple):
    points: float
    colour: str = INK
    is_bold: bool = False
    is_italic: bool = False
    is_fixed: bool = False


class Face(enum.Enum):
    """What a piece of text is; the value is how it looks."""

    TITLE = _Shape(21.0, is_bold=True)
    HEADING = _Shape(13.0, is_bold=True)
    SUBHEADING = _Shape(11.0, is_bold=True)
    BODY = _Shape(10.5)
    BOLD = _Shape(10.5, is_bold=True)
    ITALIC = _Shape(10.5, is_italic=True)
    BOLD_ITALIC = _Shape(10.5, is_bold=True, is_italic=True)
    CODE = _Shape(9.5, is_fixed=True)
    LABEL = _Shape(10.5, MUTED)
    SMALL = _Shape(9.0, MUTED)
    EXACT = _Shape(7.5, is_fixed=True)
    COMPANY = _Shape(11.0, MUTED, is_bold=True)
    FOOT = _Shape(8.5, MUTED)
    NOTHING = _Shape(1.0)


def font(face: Face) -> QFont:
    """Return the font of a face."""
    shape = face.value
    family = _family(_FIXED, QFontDatabase.SystemFont.FixedFont) if shape.is_fixed else _family(_SANS)
    result = QFont(family)
    result.setStyleHint(QFont.StyleHint.Monospace if shape.is_fixed else QFont.StyleHint.SansSerif)
    result.setPixelSize(round(shape.points * _UNITS_PER_POINT))
    result.setBold(shape.is_bold)
    result.setItalic(shape.is_italic)
    # Letters must stand where their outlines say, not where a screen has its dots.
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return result


def char_format(face: Face) -> QTextCharFormat:
    """Return the format of a face for a text cursor."""
    result = QTextCharFormat()
    result.setFont(font(face))
    result.setForeground(QColor(face.value.colour))
    return result


@lru_cache
def _family(
    wanted: tuple[str, ...], otherwise: QFontDatabase.SystemFont = QFontDatabase.SystemFont.GeneralFont
) -> str:
    for name in wanted:
        if QFontDatabase.hasFamily(name):
            return name
    return QFontDatabase.systemFont(otherwise).family()
