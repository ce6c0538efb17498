"""One answer from everything that tells of the customer's screen, while a session is open.

Rule: the screen counts as free only if no source says otherwise, and as unknown until one has said anything.
Window thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QObject, Signal
from PySide6.QtGui import QGuiApplication

from client_app.core.desktop import Desktop, ScreenMessages
from client_app.core.presence import ScreenState

if TYPE_CHECKING:
    from PySide6.QtGui import QSessionManager

    from client_app.workers.screen_bus import ScreenBus

_STRONGEST_FIRST = (
    ScreenState.LOGGED_OFF,
    ScreenState.SWITCHED_AWAY,
    ScreenState.LOCKED,
    ScreenState.ACTIVE,
)


class ScreenWatch(QObject):
    """Listens between `start` and `stop`.

    Signals:
        changed: the `ScreenState` that holds from now on.
    """

    changed = Signal(object)

    def __init__(self, desktop: Desktop, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desktop = desktop
        self._said: dict[str, ScreenState] = {}
        self.state = ScreenState.UNKNOWN
        self._messages: _MessageFilter | None = None
        self._bus: ScreenBus | None = None
        self._window = 0
        self.is_running = False

    @property
    def needs_bus(self) -> bool:
        """Tell whether `client_app.workers.screen_bus` will be loaded; loading it ahead on another thread is kind."""
        return bool(self._desktop.bus_signals) or self._desktop.login_service

    def start(self, window: int) -> None:
        """Begin to listen.

        Args:
            window: native id of a window of ours that lives until `stop`; used where the system tells windows.
        """
        if self.is_running:
            return
        self.is_running = True
        self._said.clear()
        self.state = ScreenState.UNKNOWN
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.commitDataRequest.connect(self._on_log_off)
        self._start_messages(window)
        calls = self._desktop.screen_calls
        if calls is not None and calls.start(lambda state: self._tell("calls", state)):
            self._tell("calls", ScreenState.ACTIVE)
        if self.needs_bus:
            from client_app.workers.screen_bus import ScreenBus

            self._bus = ScreenBus(self._desktop.bus_signals, self._tell, self)
            self._bus.listen(asks_login=self._desktop.login_service)

    def stop(self) -> None:
        """Hear nothing any more."""
        if not self.is_running:
            return
        self.is_running = False
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.commitDataRequest.disconnect(self._on_log_off)
            if self._messages is not None:
                application.removeNativeEventFilter(self._messages)
        if self._messages is not None and self._desktop.screen_messages is not None:
            self._desktop.screen_messages.detach(self._window)
        self._messages = None
        if self._desktop.screen_calls is not None:
            self._desktop.screen_calls.stop()
        if self._bus is not None:
            self._bus.stop()
            self._bus = None

    def _start_messages(self, window: int) -> None:
        messages, application = self._desktop.screen_messages, QGuiApplication.instance()
        if messages is None or application is None:
            return
        self._window = window
        self._messages = _MessageFilter(messages, self)
        application.installNativeEventFilter(self._messages)
        if messages.attach(window):
            # The customer has just worked with the window.
            self._tell("messages", ScreenState.ACTIVE)

    def heard(self, state: ScreenState) -> None:
        """Take what a message to our window said."""
        self._tell("messages", state)

    def _on_log_off(self, _manager: QSessionManager) -> None:
        self._tell("session manager", ScreenState.LOGGED_OFF)

    def _tell(self, source: str, state: ScreenState) -> None:
        if not self.is_running:
            return
        self._said[source] = state
        said = set(self._said.values())
        now = next((one for one in _STRONGEST_FIRST if one in said), ScreenState.UNKNOWN)
        if now is not self.state:
            self.state = now
            self.changed.emit(now)


class _MessageFilter(QAbstractNativeEventFilter):
    def __init__(self, messages: ScreenMessages, watch: ScreenWatch) -> None:
        super().__init__()
        self._messages = messages
        self._type = messages.event_type
        self._watch = watch

    def nativeEventFilter(  # noqa: N802 - Qt's name
        self, event_type: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        if event_type == self._type:
            state = self._messages.state_of(int(message))
            if state is not None:
                self._watch.heard(state)
        return False, 0
