"""The small panel that stays on top: who is connected, since when, what is asked, and one large button that ends it.

Rules: it takes no focus and no keystroke by appearing; Enter and Esc press nothing in it; it costs nothing while
nothing changes (one coarse timer, which wakes once a minute and only while the panel is seen).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QMouseEvent, QMoveEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QWidget

from client_app.core import events as ev
from client_app.core.view_state_types import HelpStage, PanelQuestion
from client_app.ui import theme
from client_app.ui.announce import announce
from client_app.ui.input_way import InputWatch
from client_app.ui.numbers import grouped
from client_app.ui.panel_button import PanelButton
from client_app.ui.panel_place import PanelPlacer
from client_app.ui.panel_question import QuestionBox
from client_app.ui.panel_words import elapsed, now
from client_app.ui.props import breakable, label, set_role, set_text

if TYPE_CHECKING:
    from client_app.core.desktop import WindowsOfAnyDesk
    from client_app.core.view_state_types import PanelView
    from client_app.ui.i18n import Translator
    from client_app.ui.input_way import OriginPort
    from client_app.ui.theme import Tokens

WIDTH = 348
_SIDE, _TOP, _BOTTOM = 18, 12, 14


class SessionPanel(QFrame):
    """A window of its own without frame: it has no close button, and it can be moved by holding it anywhere.

    Signals:
        end_pressed: "End now". intent: an event of the flow. noticed: something new is asked; the wizard may call too.
    """

    end_pressed = Signal()
    intent = Signal(object)
    noticed = Signal()

    def __init__(
        self,
        translator: Translator,
        origin_of: OriginPort | None = None,
        windows: WindowsOfAnyDesk | None = None,
    ) -> None:
        """Build it hidden.

        Args:
            translator: in the language to start with.
            origin_of: tells where an input came from; unknown without it.
            windows: where AnyDesk's windows are; without it the panel stands aside while somebody asks.
        """
        flags = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, flags)
        self.setObjectName("session_panel")
        self.setProperty("role", "panel")
        # Appearing must not take the keyboard from what the customer does.
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        # The panel itself is a stop of Tab: there the arrow keys move it.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._translator = translator
        self._view: PanelView | None = None
        self._tokens: Tokens | None = None
        self._may_close = False
        self._watch = InputWatch(origin_of, self)
        self.placer = PanelPlacer(self, windows)
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._show_times)

    def _build(self) -> None:
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(_SIDE, _TOP, _SIDE, _BOTTOM)
        self._layout.setSpacing(6)
        self.state = label("strong", "panel_state")
        self.peer = label("heading", "panel_peer")
        self.number = label("small", "panel_number")
        self.since = label("text", "panel_since")
        self.locked = label("strong", "panel_locked")
        self.warning = label("code", "panel_warning")
        self.bank = label("small", "panel_bank")
        self.question = QuestionBox(self._watch, self.intent.emit)
        self.end = PanelButton("panel_end", "danger")
        self.end.clicked.connect(self.end_pressed)
        self.restart = PanelButton("panel_restart", "quiet")
        self.restart.clicked.connect(lambda: self.intent.emit(ev.RestartAskedHere()))
        self._details: tuple[QWidget, ...] = (self.peer, self.number, self.since, self.bank, self.restart)
        for widget in (
            self.state, self.peer, self.number, self.since, self.locked, self.warning, self.question, self.bank,
            self.end, self.restart,
        ):  # fmt: skip
            self._layout.addWidget(widget)

    # --- showing ------------------------------------------------------------------------------------------------

    def show_view(self, view: PanelView, tokens: Tokens) -> None:
        """Show who is connected and what is asked."""
        if tokens != self._tokens:
            self._tokens = tokens
            self.setStyleSheet(theme.stylesheet(tokens))
            self.setFixedWidth(tokens.px(WIDTH))
        before, self._view = self._view, view
        is_new = self._show_words()
        stage_changed = before is None or before.stage is not view.stage
        if stage_changed:
            self.placer.watch_question(view.stage is HelpStage.ASKING)
        if is_new:
            self._call()
        elif stage_changed and before is not None:
            announce(self, self.state.text())
        if self.isVisible():
            self._fit()

    def retranslate(self, _: Translator) -> None:
        """Change the language."""
        self._translator = _
        self._show_words()

    def appear(self, near: QWidget) -> None:
        """Show the panel on the wizard's screen; where it was moved to it stays."""
        if self.isVisible():
            return
        self.adjustSize()
        self.placer.appear_on(near.screen())
        self.show()

    def wakes_in_ms(self) -> int | None:
        """Return when the panel next does something by itself; None while it sleeps."""
        return self._timer.remainingTime() if self._timer.isActive() else None

    def take_keyboard(self) -> None:
        """Take the focus because the customer asked for it, on nothing that a key could press."""
        self.activateWindow()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Close for good."""
        self._may_close = True
        self.placer.rest()
        self.close()

    def _show_words(self) -> bool:
        """Set every word; True when another question than before is asked."""
        view, _ = self._view, self._translator
        if view is None:
            return False
        connected = bool(view.peer_number)
        set_text(self.state, _state(view, _))
        set_text(self.peer, breakable(view.peer or view.technician) if connected else "")
        set_text(self.number, _number(view, _))
        set_text(self.locked, _("The screen is locked.") if view.is_screen_locked else "")
        set_text(self.warning, _.say(view.warning) if view.warning is not None else "")
        reminder = _("Do not open your bank's pages while the technician is connected.")
        set_text(self.bank, reminder if view.shows_bank_reminder else "")
        self.end.say(_("End now"), _("End now: cut the connection and close AnyDesk"))
        self.restart.say(_("The technician asks to restart"))
        self.restart.setVisible(view.can_ask_restart and view.question is PanelQuestion.NONE)
        self.setWindowTitle(_("Remote help"))
        self.setAccessibleName(_("Remote help: small panel. The arrow keys move it."))
        set_role(self, "panel_connected" if connected else "panel")
        is_new = self.question.show_question(view, _)
        self._show_times()
        self._stand_aside(view.stage is HelpStage.ASKING and not self.placer.can_see)
        return is_new

    def _show_times(self) -> None:
        view, _ = self._view, self._translator
        if view is None:
            return
        at = now()
        since, changes = elapsed(view.since, at, _) if view.peer_number else ("", None)
        set_text(self.since, since)
        wakes = [changes, self.question.show_time_left(view, at, _)]
        seconds = min((one for one in wakes if one is not None), default=None)
        if seconds is None:
            self._timer.stop()
        elif self.isVisible():
            # A moment later than the change, so that it is never woken twice for one.
            self._timer.start(int(seconds * 1000) + 300)

    def _stand_aside(self, is_slim: bool) -> None:
        """Shrink to one line where nobody can tell what AnyDesk's question would be covered by."""
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.LeftToRight if is_slim else direction.TopToBottom)
        if is_slim:
            for widget in self._details:
                widget.hide()

    def _call(self) -> None:
        """Make a question heard and seen, without taking the keyboard: a key that is being typed must not answer."""
        if self.isActiveWindow():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.raise_()
        QApplication.beep()
        announce(self, self.question.spoken())
        self.noticed.emit()

    def _fit(self) -> None:
        self._layout.activate()
        self.adjustSize()
        self.placer.settle()

    # --- Qt's events --------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to count."""
        super().showEvent(event)
        self._show_times()
        # Only now are the stylesheet's fonts known.
        QTimer.singleShot(0, self, self._fit)

    def hideEvent(self, event: QHideEvent) -> None:
        """Count nothing that nobody sees."""
        super().hideEvent(event)
        self._timer.stop()
        self.placer.rest()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let the window system move the panel."""
        handle = self.windowHandle()
        if event.button() == Qt.MouseButton.LeftButton and handle is not None:
            self.placer.hold()
            handle.startSystemMove()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Note where the customer put it."""
        super().moveEvent(event)
        self.placer.moved()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the panel with the arrow keys; every other key ends here and does nothing."""
        if not self.placer.press_arrow(event.key()):
            event.accept()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay: a panel that vanished would hide that somebody is connected."""
        event.setAccepted(self._may_close)


def _state(view: PanelView, _: Translator) -> str:
    if view.stage is HelpStage.ASKING:
        return _("AnyDesk asks now. Look at its window.")
    if view.peer_number:
        return _("Connected to this computer:")
    return _("Nobody is connected.")


def _number(view: PanelView, _: Translator) -> str:
    if view.stage is HelpStage.ASKING or view.peer_number:
        return (
            _("AnyDesk number {number}").format(number=grouped(view.peer_number)) if view.peer_number else ""
        )
    waiting = _("Waiting for {name}.").format(name=breakable(view.technician))
    if not view.own_number:
        return waiting
    own = _("AnyDesk number of this computer: {number}").format(number=grouped(view.own_number))
    return f"{waiting}\n{own}"
