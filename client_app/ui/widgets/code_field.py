"""A field for digits in groups: formats itself, keeps the caret where people expect it, takes any paste."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit


class DigitField(QLineEdit):
    """Shows digits in groups with thin gaps: `123 456 782`. Anything that is no digit is left out.

    `digits_changed` is emitted with the digits alone, on every change made by a person.
    """

    digits_changed = Signal(str)

    def __init__(self, name: str, count: int, group: int) -> None:
        """Make a field for `count` digits in groups of `group`."""
        super().__init__()
        self.setObjectName(name)
        self._count = count
        self._group = group
        self.textEdited.connect(self._on_edited)

    def digits(self) -> str:
        """Return the digits typed so far."""
        return _digits_of(self.text())[: self._count]

    def show_digits(self, digits: str) -> None:
        """Show digits, without the signal; the caret stays when they are there already."""
        if digits != self.digits():
            self.setText(self._grouped(digits))

    def _on_edited(self, text: str) -> None:
        before_caret = len(_digits_of(text[: self.cursorPosition()]))
        digits = _digits_of(text)[: self._count]
        shown = self._grouped(digits)
        if shown != text:
            self.setText(shown)
            self.setCursorPosition(self._place_after(min(before_caret, len(digits))))
        self.digits_changed.emit(digits)

    def _grouped(self, digits: str) -> str:
        return " ".join(digits[start : start + self._group] for start in range(0, len(digits), self._group))

    def _place_after(self, digits: int) -> int:
        """Return the caret's place after so many digits; at a gap it stands after the gap once more digits follow."""
        return digits + max(0, (digits - 1) // self._group)


def _digits_of(text: str) -> str:
    return "".join(char for char in text if char.isascii() and char.isdigit())
