"""The small panel that stays on top: who is connected, since when, and one large button that ends it.

Rule: costs nothing while nothing changes. One coarse timer wakes once a minute, and only while the panel is seen.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from client_app.ui import theme
from client_app.ui.numbers import grouped
from client_app.ui.props import breakable, label, set_role, set_text

if TYPE_CHECKING:
    from client_app.core.view_state_types import PanelView
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens

WIDTH = 320
_MARGIN = 24
_MINUTE = 60


class SessionPanel(QFrame):
    """A window of its own without frame: it has no close button, and it can be moved by holding it anywhere."""

    end_pressed = Signal()

    def __init__(self, translator: Translator) -> None:
        flags = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, flags)
        self.setObjectName("session_panel")
        self.setProperty("role", "panel")
        # Appearing must not take the keyboard from what the customer does.
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._translator = translator
        self._view: PanelView | None = None
        self._tokens: Tokens | None = None
        self._may_close = False
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 16)
        column.setSpacing(4)
        self.state = label("strong", "panel_state")
        self.peer = label("heading", "panel_peer")
        self.number = label("small", "panel_number")
        self.since = label("text", "panel_since")
        self.end = QPushButton()
        self.end.setObjectName("panel_end")
        self.end.setProperty("role", "danger")
        self.end.setAutoDefault(False)
        self.end.clicked.connect(self.end_pressed)
        for widget in (self.state, self.peer, self.number, self.since):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(self.end)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self._show_elapsed)

    def show_view(self, view: PanelView, tokens: Tokens) -> None:
        """Show who is connected."""
        if tokens != self._tokens:
            self._tokens = tokens
            self.setStyleSheet(theme.stylesheet(tokens))
            self.setFixedWidth(tokens.px(WIDTH))
        self._view = view
        self._show_words()

    def retranslate(self, _: Translator) -> None:
        """Change the language."""
        self._translator = _
        self._show_words()

    def appear(self, near: QWidget) -> None:
        """Show the panel in the upper right corner of the wizard's screen; where it was moved to it stays."""
        if self.isVisible():
            self.adjustSize()
            return
        self.adjustSize()
        screen = near.screen().availableGeometry()
        self.move(screen.right() - self.width() - _MARGIN, screen.top() + _MARGIN)
        self.show()

    def wakes_in_ms(self) -> int | None:
        """Return when the panel next does something by itself; None while it sleeps."""
        return self._timer.remainingTime() if self._timer.isActive() else None

    def leave(self) -> None:
        """Close for good."""
        self._may_close = True
        self.close()

    def _show_words(self) -> None:
        view, _ = self._view, self._translator
        if view is None:
            return
        connected = bool(view.peer_number)
        set_text(self.state, _("Connected to this computer:") if connected else _("Nobody is connected."))
        set_text(self.peer, breakable(view.peer or view.technician) if connected else "")
        number = _("AnyDesk number {number}").format(number=grouped(view.peer_number))
        set_text(self.number, number if connected else _("Waiting for {name}.").format(name=view.technician))
        self.end.setText(_("End now"))
        self.end.setAccessibleName(_("End now: cut the connection and close AnyDesk"))
        self.setWindowTitle(_("Remote help"))
        set_role(self, "panel_connected" if connected else "panel")
        self._show_elapsed()

    def _show_elapsed(self) -> None:
        view, _ = self._view, self._translator
        since = _moment(view.since) if view is not None and view.peer_number else None
        if view is None or since is None:
            self._timer.stop()
            set_text(self.since, "")
            return
        seconds = max(0, int((datetime.now(UTC) - since).total_seconds()))
        minutes = _.plural("{number} minute", "{number} minutes", seconds // _MINUTE)
        started = _("since {time}").format(time=_.clock_time(view.since))
        set_text(self.since, f"{started} · {minutes}")
        if self.isVisible():
            self._timer.start((_MINUTE - seconds % _MINUTE) * 1000 + 500)

    # --- Qt's events --------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to count."""
        super().showEvent(event)
        self._show_elapsed()
        # Only now are the stylesheet's fonts known.
        QTimer.singleShot(0, self, self.adjustSize)

    def hideEvent(self, event: QHideEvent) -> None:
        """Count nothing that nobody sees."""
        super().hideEvent(event)
        self._timer.stop()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let the window system move the panel."""
        handle = self.windowHandle()
        if event.button() == Qt.MouseButton.LeftButton and handle is not None:
            handle.startSystemMove()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay: a panel that vanished would hide that somebody is connected."""
        event.setAccepted(self._may_close)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
