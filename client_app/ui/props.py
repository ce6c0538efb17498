"""Qt properties by number, and labels, for what is built before the first paint.

Rule: the first touch of the name `Qt` loads a hundred enumerations (14 ms, a tenth of the whole start), so nothing that
is imported before the first paint may use it. tests/ui/test_props.py compares the numbers with the enumerations.
"""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QLabel, QWidget

ALIGN_LEFT_TOP = 0x21
ALIGN_LEFT_MIDDLE = 0x81
ALIGN_CENTER = 0x84
WORD_WRAP = 0x1000
PLAIN_TEXT = 0
SCROLLBAR_ALWAYS_OFF = 1
NO_FOCUS = 0
LONGEST_WORD = 24
ZERO_WIDTH_SPACE = "\u200b"
STRONG_FOCUS = 11


def label(role: str = "", name: str = "", text: str = "") -> QLabel:
    """Make a wrapping label that shows plain text only, whatever the text looks like.

    Args:
        role: property of the stylesheet: title, lead, text, strong, small, ...
        name: objectName.
        text: first text.
    """
    made = QLabel(text)
    made.setProperty("textFormat", PLAIN_TEXT)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(True)
    made.setObjectName(name)
    return made


def breakable(text: str) -> str:
    """Return a text whose long words may be broken: a label is as wide as its widest word, whatever the window.

    Only for what is shown: zero-width spaces go in after signs at which an address or a path may be broken, and into
    what has no such sign.
    """
    return " ".join(_broken(word) for word in text.split(" "))


def _broken(word: str) -> str:
    if len(word) <= LONGEST_WORD:
        return word
    parts, run = [], 0
    for char in word:
        parts.append(char)
        run = 0 if char == "\n" else run + 1
        if char in "/\\@._-" or run >= LONGEST_WORD:
            parts.append(ZERO_WIDTH_SPACE)
            run = 0
    return "".join(parts)


def card(role: str, name: str = "") -> QFrame:
    """Make a frame that the stylesheet draws as a card."""
    made = QFrame()
    made.setProperty("role", role)
    made.setObjectName(name)
    return made


def scrolls_down_only(area: QAbstractScrollArea) -> None:
    """Forbid the horizontal scroll bar: text wraps instead."""
    area.setProperty("horizontalScrollBarPolicy", SCROLLBAR_ALWAYS_OFF)
    area.setFrameShape(QFrame.Shape.NoFrame)


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another role of the stylesheet; repolished only when it had one and it changes."""
    before = widget.property("role")
    if before == role:
        return
    widget.setProperty("role", role)
    if before is not None:
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)


def set_text(target: QLabel, text: str) -> None:
    """Set a label's text only when it changes; an empty label takes no room."""
    if target.text() != text:
        target.setText(text)
    if target.isHidden() == bool(text):
        target.setVisible(bool(text))
