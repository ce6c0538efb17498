"""A calm layer over the wizard: a question or something to read, inside the window instead of a box beside it.

Rule: Esc only ever goes back to the page, Enter presses nothing that cannot be taken back, Tab stays inside the layer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from client_app.ui.props import card, label, scrolls_down_only

if TYPE_CHECKING:
    from client_app.core.view_state_types import WizardView
    from client_app.ui.wizard import HelpWizard

CARD_WIDTH = 640
CARD_WIDTH_WIDE = 980
COMPACT_HEIGHT = 480
STACK_FROM = 3
"""So many buttons stand below one another."""


class Overlay(QWidget):
    """A card in the middle of a darkened wizard; fill `self.column`, add buttons with `add_button`.

    `fits` tells from the view before and the view now whether the layer still belongs to what is shown.
    """

    def __init__(
        self,
        wizard: HelpWizard,
        name: str,
        title: str,
        fits: Callable[[WizardView | None, WizardView], bool] | None = None,
        wide: bool = False,
    ) -> None:
        super().__init__(wizard)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._wizard = wizard
        self._fits = fits
        self._was_focused = cast("QWidget | None", wizard.focusWidget())
        self._width = wizard.tokens.px(CARD_WIDTH_WIDE if wide else CARD_WIDTH)
        self._is_wide = wide
        self.card = card("overlay", f"{name}_card")
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        self._content = QWidget()
        self._content.setProperty("role", "plain")
        self.column = QVBoxLayout(self._content)
        self.column.setContentsMargins(28, 24, 28, 12)
        self.column.setSpacing(14)
        self.heading = label("overlay_title", f"{name}_title", title)
        self.column.addWidget(self.heading)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setObjectName(f"{name}_scroll")
        self._scroll.setAccessibleName(title)
        self._scroll.setProperty("role", "plain")
        scrolls_down_only(self._scroll)
        inside.addWidget(self._scroll, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setContentsMargins(28, 12, 28, 22)
        self._buttons.setSpacing(12)
        inside.addLayout(self._buttons)
        self.card.setParent(self)
        self._rows: list[QPushButton] = []

    def add_text(self, text: str, role: str = "text", name: str = "") -> None:
        """Add a paragraph."""
        self.column.addWidget(label(role, name, text))

    def add_button(self, name: str, text: str, role: str, action: Callable[[], None]) -> QPushButton:
        """Add a button; only the quiet way back may be pressed by Enter."""
        button = QPushButton(text.replace("&", "&&"))
        button.setObjectName(name)
        button.setProperty("role", role)
        button.setAutoDefault(False)
        button.clicked.connect(action)
        self._buttons.addWidget(button)
        self._rows.append(button)
        return button

    def open(self, focus: QWidget | None = None) -> None:
        """Show the layer in place of any other."""
        self._wizard.close_overlay()
        self._wizard.overlay = self
        self.column.addStretch()
        if len(self._rows) < STACK_FROM:
            self._buttons.insertStretch(0)
        self.setGeometry(self._wizard.rect())
        self.show()
        self.raise_()
        (focus or self._rows[-1]).setFocus()

    def still_fits(self, before: WizardView | None, now: WizardView) -> bool:
        """Tell whether the layer still belongs to what is shown under it."""
        return self._fits is None or self._fits(before, now)

    def dismiss(self) -> None:
        """Vanish and give the focus back to where it was."""
        self.hide()
        if self._was_focused is not None and self._was_focused.isVisible():
            self._was_focused.setFocus()
        self.deleteLater()
        self._wizard.current_page().uncovered()

    def close_layer(self) -> None:
        """Go back to the page."""
        self._wizard.close_overlay()

    def focusable(self) -> list[QWidget]:
        """Return what Tab reaches inside the layer, in order."""
        return [
            child
            for child in self.card.findChildren(QWidget)
            if child.isVisible() and child.isEnabled() and _takes_tab(child)
        ]

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        """Keep Tab inside."""
        ring = self.focusable()
        if not ring:
            return False
        current = self._wizard.focusWidget()
        place = ring.index(current) if current in ring else -1
        step = 1 if forward else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        ring[(place + step) % len(ring)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the page; every other key ends here."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_layer()
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the card in the middle, as tall as it needs and as the window allows."""
        super().resizeEvent(event)
        self._place_card()

    def _stack_buttons(self, width: int) -> None:
        """Put the buttons below one another when there are many or they do not fit side by side."""
        margins = self._buttons.contentsMargins()
        room = width - margins.left() - margins.right()
        needed = sum(button.sizeHint().width() for button in self._rows) + 12 * len(self._rows)
        stacked = len(self._rows) >= STACK_FROM or needed > room
        direction = QHBoxLayout.Direction
        self._buttons.setDirection(direction.TopToBottom if stacked else direction.LeftToRight)

    def _place_card(self) -> None:
        compact = self.width() < CARD_WIDTH + 60 or self.height() < COMPACT_HEIGHT
        margin = 12 if compact else 32
        side, top = (18, 14) if compact else (28, 24)
        self.column.setContentsMargins(side, top, side, 8 if compact else 12)
        self._buttons.setContentsMargins(side, 8 if compact else 12, side, 12 if compact else 22)
        # A document has its own title; on a small window the room belongs to the text.
        self.heading.setVisible(not (compact and self._is_wide))
        width = min(self._width, self.width() - 2 * margin)
        self._stack_buttons(width)
        inner = self._content.heightForWidth(width) if self._content.hasHeightForWidth() else 0
        inner = max(inner, self._content.minimumSizeHint().height())
        wanted = inner + self._buttons.sizeHint().height() + 4
        height = self.height() - 2 * margin
        if not self._is_wide:
            height = min(height, wanted)
        self.card.setGeometry((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def showEvent(self, event: object) -> None:
        """Measure once more when the stylesheet has set the fonts."""
        self._place_card()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Darken what is under the layer."""
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), QColor(10, 16, 24, 150))
        painter.end()

    def mousePressEvent(self, event: object) -> None:
        """Nothing happens beside the card: a slip must not close a question."""


def _takes_tab(widget: QWidget) -> bool:
    return (widget.focusPolicy() & Qt.FocusPolicy.TabFocus) == Qt.FocusPolicy.TabFocus
