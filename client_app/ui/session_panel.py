"""The small panel that stays on top: who is connected, since when, what is asked, and one large button that ends it.

Rules: it takes no focus and no keystroke by appearing; Enter and Esc press nothing in it; it costs nothing while
nothing changes (one coarse timer, which wakes once a minute and only while the panel is seen).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QMouseEvent, QMoveEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QWidget

from client_app.core import events as ev
from client_app.core.numbers import grouped
from client_app.core.view_state_types import HelpStage, PanelQuestion
from client_app.ui import theme
from client_app.ui.announce import announce
from client_app.ui.input_way import InputWatch
from client_app.ui.panel_button import PanelButton
from client_app.ui.panel_place import PanelPlacer
from client_app.ui.panel_question import QuestionBox
from client_app.ui.panel_words import elapsed, now
from client_app.ui.props import ZERO_WIDTH_SPACE, breakable, label, set_role

if TYPE_CHECKING:
    from client_app.core.desktop import WindowsOfAnyDesk
    from client_app.core.view_state_types import PanelView
    from client_app.ui.i18n import Translator
    from client_app.ui.input_way import OriginPort
    from client_app.ui.theme import Tokens

WIDTHS = (384, 560, 560, 640)
"""By tightness; the next one is tried where the one before is too high for the screen."""
TIGHTEST = len(WIDTHS) - 1
LONGEST_NAME, LONGEST_RUN = 44, 12
"""Signs of a name from outside; two lines. A screen reader is given all of it."""
_SIDE, _TOP, _BOTTOM = 18, 12, 14
_TOP_TIGHTEST, _BOTTOM_TIGHTEST = 6, 8


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
        self._refit = QTimer(self)
        self._refit.setSingleShot(True)
        self._refit.setInterval(0)
        self._refit.timeout.connect(self._fit)

    def _build(self) -> None:
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(_SIDE, _TOP, _SIDE, _BOTTOM)
        self._layout.setSpacing(6)
        self.state = label("strong", "panel_state")
        self.peer = label("heading", "panel_peer")
        self.number = label("text", "panel_number")
        self.since = label("text", "panel_since")
        self.locked = label("strong", "panel_locked")
        self.warning = label("code", "panel_warning")
        self.bank = label("text", "panel_bank")
        self.question = QuestionBox(self._watch, self.intent.emit)
        self.end = PanelButton("panel_end", "danger")
        self.end.clicked.connect(self.end_pressed)
        self.restart = PanelButton("panel_restart", "quiet")
        self.restart.clicked.connect(lambda: self.intent.emit(ev.RestartAskedHere()))
        self._words = (self.state, self.peer, self.number, self.since, self.locked, self.warning, self.bank)
        self._is_aside = False
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
        before, self._view = self._view, view
        is_new = self._show_words()
        stage_changed = before is None or before.stage is not view.stage
        if stage_changed:
            self.placer.watch_question(view.stage is HelpStage.ASKING)
        if is_new:
            self._call()
        elif stage_changed and before is not None:
            announce(self, self.state.text())
        self._fit_soon()

    def retranslate(self, _: Translator) -> None:
        """Change the language."""
        self._translator = _
        self._show_words()
        self._fit_soon()

    def appear(self, near: QWidget) -> None:
        """Show the panel on the wizard's screen; where it was moved to it stays."""
        if self.isVisible():
            return
        self.placer.use(near.screen())
        self._fit()
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
        self._is_aside = view.stage is HelpStage.ASKING and not self.placer.can_see
        self.state.setText(_state(view, _, is_short=self._is_aside))
        name = view.peer or view.technician
        self.peer.setText(_shortened(name) if connected else "")
        self.peer.setAccessibleName(name)
        self.number.setText(_number(view, _))
        self.locked.setText(_("The screen is locked.") if view.is_screen_locked else "")
        self.warning.setText(_.say(view.warning) if view.warning is not None else "")
        reminder = _("Do not open your bank's pages while the technician is connected.")
        self.bank.setText(reminder if view.shows_bank_reminder else "")
        self.end.say(_("End now"), _("End now: cut the connection and close AnyDesk"))
        self.restart.say(_("Does the technician ask for a restart?"))
        self.setWindowTitle(_("Remote help"))
        self.setAccessibleName(_("Remote help: small panel. The arrow keys move it."))
        set_role(self, "panel_connected" if connected else "panel")
        is_new = self.question.show_question(view, _)
        self._show_times()
        return is_new

    def _show_times(self) -> None:
        view, _ = self._view, self._translator
        if view is None:
            return
        at = now()
        since, changes = elapsed(view.since, at, _) if view.peer_number else ("", None)
        self.since.setText(since)
        wakes = [changes, self.question.show_time_left(view, at, _)]
        seconds = min((one for one in wakes if one is not None), default=None)
        if seconds is None:
            self._timer.stop()
        elif self.isVisible():
            # A moment later than the change, so that it is never woken twice for one.
            self._timer.start(int(seconds * 1000) + 300)

    def _call(self) -> None:
        """Make a question heard and seen, without taking the keyboard: a key that is being typed must not answer."""
        if self.isActiveWindow():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.raise_()
        QApplication.beep()
        announce(self, self.question.spoken())
        self.noticed.emit()

    def _fit_soon(self) -> None:
        """Fit now and once more in the next turn: what was shown or hidden reaches the layouts only then."""
        if self.isVisible():
            self._fit()
            self._refit.start()

    def _fit(self) -> None:
        """Give the panel the height that its words need; on a small screen it becomes broader and says less."""
        tokens = self._tokens
        if tokens is None:
            return
        room = self.placer.room()
        size = room
        for tightness in range(TIGHTEST + 1):
            self._arrange(tightness)
            size = self._size_for(min(tokens.px(WIDTHS[tightness]), room.width()))
            if size.height() <= room.height():
                break
        # Once, and only now: Windows asks the layout about every size that a window is given.
        self.setFixedSize(size.boundedTo(room))
        self._layout.activate()
        self.placer.settle()

    def _size_for(self, width: int) -> QSize:
        self._layout.invalidate()
        if self._is_aside:
            wanted = self._layout.totalSizeHint()
            if wanted.width() <= self.placer.room().width():
                return wanted
            self._layout.setDirection(QBoxLayout.Direction.TopToBottom)
            self.state.setWordWrap(True)
        return QSize(width, self._layout.totalHeightForWidth(width))

    def _arrange(self, tightness: int) -> None:
        """Show what there is to show; aside only one line, tight with a question only what the answer needs."""
        view = self._view
        is_asked = view is not None and view.question is not PanelQuestion.NONE
        left_out: tuple[QWidget, ...] = ()
        if self._is_aside:
            left_out = self._words[1:]
        elif tightness and is_asked:
            left_out = (self.number, self.since, self.bank)
            if tightness > 1:
                left_out = (*left_out, self.state, self.peer)
        for words in self._words:
            words.setVisible(bool(words.text()) and words not in left_out)
        can_ask = view is not None and view.can_ask_restart
        self.restart.setVisible(can_ask and not is_asked and not self._is_aside)
        is_tightest = tightness == TIGHTEST
        top, bottom = (_TOP_TIGHTEST, _BOTTOM_TIGHTEST) if is_tightest else (_TOP, _BOTTOM)
        self._layout.setContentsMargins(_SIDE, top, _SIDE, bottom)
        self.question.set_tightest(is_tightest)
        self.question.set_in_row(tightness > 0, self.placer.room().width() - 2 * _SIDE)
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.LeftToRight if self._is_aside else direction.TopToBottom)
        self.state.setWordWrap(not self._is_aside)

    # --- Qt's events --------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to count."""
        super().showEvent(event)
        # If the window system gives it the keyboard all the same, a key presses nothing.
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_times()
        # Only now are the stylesheet's fonts known.
        self._fit_soon()

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


def _shortened(name: str) -> str:
    """Return a name from outside that fits into two lines, whatever its letters are."""
    cut = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    return " ".join(
        ZERO_WIDTH_SPACE.join(word[start : start + LONGEST_RUN] for start in range(0, len(word), LONGEST_RUN))
        for word in cut.split(" ")
    )


def _state(view: PanelView, _: Translator, *, is_short: bool) -> str:
    if is_short:
        return _("AnyDesk asks now.")
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
