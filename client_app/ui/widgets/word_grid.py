"""Nine words in a square; the customer clicks the one that the technician says. Above them: who the technician is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from client_app.ui.props import label, set_text

COLUMNS = 3


class WordGrid(QWidget):
    """Buttons are made once and only change their words, so that the focus stays."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("words")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        self.technician = label("heading", "technician")
        column.addWidget(self.technician)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        column.addLayout(self._grid)
        self.buttons: list[QPushButton] = []

    def show_words(self, technician: str, words: tuple[str, ...], enabled: bool) -> None:
        """Show who says the word, and the words; while one is being checked none can be clicked."""
        set_text(self.technician, technician)
        while len(self.buttons) < len(words):
            self._add_button(len(self.buttons))
        for place, button in enumerate(self.buttons):
            word = words[place] if place < len(words) else ""
            button.setProperty("word", word)
            # A single & would become a mnemonic.
            button.setText(word.replace("&", "&&"))
            button.setAccessibleName(word)
            button.setVisible(bool(word))
            button.setEnabled(enabled)

    def _add_button(self, place: int) -> None:
        button = QPushButton()
        button.setObjectName(f"word_{place + 1}")
        button.setProperty("role", "word")
        # Enter must not pick a word by accident: one wrong word stops the case.
        button.setAutoDefault(False)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        button.clicked.connect(lambda: self.picked.emit(button.property("word")))
        self._grid.addWidget(button, place // COLUMNS, place % COLUMNS)
        self.buttons.append(button)
