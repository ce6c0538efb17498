"""Joins window and flow to the desktop: who pressed, where AnyDesk's windows are, whether the screen is locked.

Rule: what tells of the screen runs only while AnyDesk may run; its heavy part is loaded on another thread.
"""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from client_app.core import events as ev
from client_app.core.desktop import Desktop, Rect
from client_app.core.session import ANYDESK_MAY_RUN, Session
from client_app.platforms import UnsupportedSystemError, anydesk_system
from client_app.platforms.desktop import desktop
from client_app.workers.desktop_input import InputOrigins, device_name
from client_app.workers.screen_watch import ScreenWatch
from client_app.workers.tasks import Lane

if TYPE_CHECKING:
    from client_app.core.anydesk_system import ProcessTable
    from client_app.core.desktop import WindowsOfAnyDesk, WindowsOnScreen
    from client_app.ui.wizard import HelpWizard
    from client_app.workers.controller import Controller

_NAME = "anydesk"


class Desk(QObject):
    """One run's desktop. Made and used on the window's thread, after the services are there."""

    def __init__(
        self,
        wizard: HelpWizard,
        controller: Controller,
        folder: Path,
        parent: QObject,
        system: Desktop | None = None,
    ) -> None:
        """Join; from now on acts know where their input came from.

        Args:
            wizard: the window.
            controller: gets what happens as events.
            folder: where copies of AnyDesk lie that this program starts.
            parent: Qt parent.
            system: what tells of this desktop; the system's own half when left out.
        """
        super().__init__(parent)
        self._wizard, self._controller = wizard, controller
        self._system = desktop(device_name) if system is None else system
        self._origins = InputOrigins(self._system.input) if self._system.input is not None else None
        if self._origins is not None:
            self._origins.install()
            wizard.origin_of = self._origins.memory.origin
        if self._system.windows is not None:
            wizard.anydesk_windows = windows_of_anydesk(self._system.windows, folder)
        self.screen = ScreenWatch(self._system, self)
        self.screen.changed.connect(lambda state: controller.dispatch(ev.ScreenChanged(state)))
        self._is_wanted = False
        controller.session_changed.connect(self._on_session)
        self._on_session(controller.session)

    def leave(self) -> None:
        """Look at nothing any more."""
        self._is_wanted = False
        self.screen.stop()
        self._close_keys()
        self._wizard.origin_of = None
        if self._origins is not None:
            self._origins.remove()
            self._origins = None

    def _on_session(self, session: Session) -> None:
        is_wanted = session.phase in ANYDESK_MAY_RUN
        if is_wanted == self._is_wanted:
            return
        self._is_wanted = is_wanted
        if not is_wanted:
            self.screen.stop()
            self._close_keys()
            return
        if self._system.key_sources is not None and is_on_x11():
            self._system.key_sources.open(has_keyboard=QGuiApplication.focusWindow() is not None)
        if self.screen.needs_bus:
            self._controller.runner.submit(
                Lane.GENERAL, _load_bus, lambda _loaded: self._start(), lambda _error: self._start()
            )
        else:
            self._start()

    def _close_keys(self) -> None:
        if self._system.key_sources is not None:
            self._system.key_sources.close()

    def _start(self) -> None:
        if self._is_wanted:
            self.screen.start(int(self._wizard.winId()))


def is_on_x11() -> bool:
    """Tell whether this program's windows are an X server's; under Wayland another one hears of no key of theirs."""
    return QGuiApplication.platformName() == "xcb"


def _load_bus() -> None:
    import client_app.workers.screen_bus  # noqa: F401 - loaded here so that the window does not wait for it


def windows_of_anydesk(windows: WindowsOnScreen, folder: Path) -> WindowsOfAnyDesk:
    """Return a way to find AnyDesk's windows: those of programs in `folder`, and of any that is called AnyDesk."""
    table: ProcessTable | None = None
    try:
        table = anydesk_system().processes
    except UnsupportedSystemError:
        return lambda: None
    inside = str(folder).casefold()

    def find() -> tuple[Rect, ...] | None:
        seen = windows.seen()
        return (
            None if seen is None else tuple(one.place for one in seen if _is_anydesk(table, one.pid, inside))
        )

    return find


def _is_anydesk(table: ProcessTable, pid: int, inside: str) -> bool:
    identity = table.identify(pid)
    image = identity.image.casefold() if identity is not None else ""
    return bool(image) and (image.startswith(inside) or _NAME in PurePath(image.replace("\\", "/")).name)
