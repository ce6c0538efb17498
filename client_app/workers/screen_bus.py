"""Hears on Linux's message buses that the screen is locked: screen savers, and the log-in service of systemd.

Rule: nothing here waits. A bus that is missing tells nothing, and the state stays unknown. Window thread only; loaded
when a session opens, because Qt's half of the buses takes 70 ms to load.
Source: org.freedesktop.login1(5), LockedHint and Active of a session.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusObjectPath,
    QDBusPendingCallWatcher,
    QDBusVariant,
)

from client_app.core.desktop import Bus
from client_app.core.presence import ScreenState

LOGIN = "org.freedesktop.login1"
_MANAGER, _SESSION = f"{LOGIN}.Manager", f"{LOGIN}.Session"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_ANSWER_MS = 2000
# Qt wants what SLOT() returns, a str; its type stubs say bytes.
_CHANGED = cast("bytes", SLOT("on_changed(bool)"))
_SESSION_CHANGED = cast("bytes", SLOT("on_session_changed()"))

Tell = Callable[[str, ScreenState], None]
"""Called with the name of a source and what it says now."""


class _Ear(QObject):
    """Hears one signal."""

    def __init__(self, source: Bus, tell: Tell, parent: QObject) -> None:
        super().__init__(parent)
        self.source = source
        self._tell = tell

    @Slot(bool)
    def on_changed(self, value: bool) -> None:
        state = self.source.on_true if value else self.source.on_false
        if state is not None:
            self._tell(f"{self.source.interface}{self.source.path}", state)


class ScreenBus(QObject):
    """Every source on the buses while it listens."""

    def __init__(
        self,
        signals: tuple[Bus, ...],
        tell: Tell,
        parent: QObject | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._tell = tell
        self._environment = os.environ if environment is None else environment
        self._ears = [_Ear(signal, tell, self) for signal in signals]
        self._session = ""
        self._asked: list[QDBusPendingCallWatcher] = []
        self._is_listening = False

    def listen(self, *, asks_login: bool) -> None:
        """Begin; with `asks_login` the log-in service is asked for its state as well."""
        self._is_listening = True
        for ear in self._ears:
            source = ear.source
            bus = _bus(source.is_system)
            if bus.isConnected():
                sender = LOGIN if source.is_system else ""
                bus.connect(sender, source.path, source.interface, source.signal, ear, _CHANGED)
        system = QDBusConnection.systemBus()
        if asks_login and system.isConnected():
            # "auto" is the session of the caller, or the one on the screen for what the desktop started as a service.
            name = self._environment.get("XDG_SESSION_ID", "auto")
            call = QDBusMessage.createMethodCall(LOGIN, "/org/freedesktop/login1", _MANAGER, "GetSession")
            call.setArguments([name])
            self._ask(call, self._on_session)

    def stop(self) -> None:
        """Hear nothing any more."""
        self._is_listening = False
        for ear in self._ears:
            source = ear.source
            sender = LOGIN if source.is_system else ""
            _bus(source.is_system).disconnect(
                sender, source.path, source.interface, source.signal, ear, _CHANGED
            )
        if self._session:
            for interface, signal in _SIGNALS_OF_SESSION:
                QDBusConnection.systemBus().disconnect(
                    LOGIN, self._session, interface, signal, self, _SESSION_CHANGED
                )
        self._session = ""

    def _on_session(self, arguments: list[object]) -> None:
        path = arguments[0] if arguments else None
        if not isinstance(path, QDBusObjectPath):
            return
        self._session = path.path()
        for interface, signal in _SIGNALS_OF_SESSION:
            QDBusConnection.systemBus().connect(
                LOGIN, self._session, interface, signal, self, _SESSION_CHANGED
            )
        self.on_session_changed()

    @Slot()
    def on_session_changed(self) -> None:
        """Ask what holds now; the signals say only that something changed, or that locking is wished for."""
        for name, yes, no in _MEANINGS:
            call = QDBusMessage.createMethodCall(LOGIN, self._session, _PROPERTIES, "Get")
            call.setArguments([_SESSION, name])
            self._ask(call, partial(self._on_property, name, yes, no))

    def _on_property(self, name: str, yes: ScreenState, no: ScreenState, arguments: list[object]) -> None:
        value = arguments[0] if arguments else None
        if isinstance(value, QDBusVariant):
            value = value.variant()
        if isinstance(value, bool):
            self._tell(f"{LOGIN}.{name}", yes if value else no)

    def _ask(self, call: QDBusMessage, answered: Callable[[list[object]], None]) -> None:
        # Watchers are kept until their answer: nothing else holds them.
        watcher = QDBusPendingCallWatcher(QDBusConnection.systemBus().asyncCall(call, _ANSWER_MS), self)
        self._asked.append(watcher)
        watcher.finished.connect(partial(self._on_answer, watcher, answered))

    def _on_answer(
        self,
        watcher: QDBusPendingCallWatcher,
        answered: Callable[[list[object]], None],
        _finished: object = None,
    ) -> None:
        if watcher in self._asked:
            self._asked.remove(watcher)
        if self._is_listening and not watcher.isError():
            answered(list(watcher.reply().arguments()))


_SIGNALS_OF_SESSION = ((_PROPERTIES, "PropertiesChanged"), (_SESSION, "Lock"), (_SESSION, "Unlock"))
_MEANINGS = (
    ("LockedHint", ScreenState.LOCKED, ScreenState.ACTIVE),
    ("Active", ScreenState.ACTIVE, ScreenState.SWITCHED_AWAY),
)


def _bus(is_system: bool) -> QDBusConnection:
    return QDBusConnection.systemBus() if is_system else QDBusConnection.sessionBus()
