"""The wizard on a table: joined to the real flow, with nobody behind the effects. Tests play the world's answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent, QMouseEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.flow import advance
from client_app.core.session import Phase, Session
from client_app.ui.wizard import HelpWizard
from demo.scenes import Scene

W = TypeVar("W", bound=QWidget)
E = TypeVar("E", bound=ev.Event)
LEFT = Qt.MouseButton.LeftButton


class KeptFiles:
    """Stands in for the system's file dialogs: answers at once with the given path, or not at all."""

    def __init__(self, answer: str = "") -> None:
        self.answer = answer
        self.asked: list[str] = []

    def save(self, parent: QWidget, title: str, name: str, pattern: str, done: Callable[[str], None]) -> None:
        self.asked.append(name)
        if self.answer:
            done(self.answer)

    def folder(self, parent: QWidget, title: str, done: Callable[[str], None]) -> None:
        self.asked.append(title)
        if self.answer:
            done(self.answer)


class Table:
    """A wizard whose intents go through the flow and whose sessions come back, as in the program."""

    def __init__(self, wizard: HelpWizard, qtbot: QtBot) -> None:
        self.wizard = wizard
        self.qtbot = qtbot
        self.session = Session(language=wizard.translator.language)
        self.effects: list[do.Effect] = []
        self.events: list[ev.Event] = []
        self.files = KeptFiles()
        wizard.paperwork.files = self.files
        wizard.intent.connect(self.happen)

    # --- the flow -----------------------------------------------------------------------------------------------

    def happen(self, event: ev.Event) -> None:
        """Let an event happen, from the window or from the world."""
        self.events.append(event)
        before = self.session
        self.session, effects = advance(before, event)
        self.effects += effects
        if self.session != before:
            self.wizard.render(self.session)

    def put(self, scene: Scene | Session) -> None:
        """Show a state as it is."""
        self.wizard.close_overlay()
        self.session = scene.session if isinstance(scene, Scene) else scene
        self.wizard.render(self.session)
        if isinstance(scene, Scene) and scene.then is not None:
            scene.then(self.wizard)
        self.live()
        self.events.clear()
        self.effects.clear()

    def is_in(self, phase: Phase) -> bool:
        """Tell whether the flow is in a phase."""
        return self.session.phase is phase

    def of(self, kind: type[E]) -> list[E]:
        """Return the events of a kind so far."""
        return [event for event in self.events if isinstance(event, kind)]

    def has_effect(self, kind: type[do.Effect]) -> bool:
        """Tell whether an effect of a kind was wanted."""
        return any(isinstance(effect, kind) for effect in self.effects)

    # --- hands and eyes -----------------------------------------------------------------------------------------

    def live(self) -> None:
        """Let the window handle what waits."""
        for _turn in range(3):
            QApplication.processEvents()

    def find(self, name: str, kind: type[W]) -> W:
        """Return the visible widget of a name, in the wizard or its panel."""
        tops: list[QWidget] = [self.wizard, *([self.wizard.panel] if self.wizard.panel is not None else [])]
        for top in tops:
            for child in top.findChildren(kind, name):
                if child.isVisible():
                    return child
        raise LookupError(f"no visible {kind.__name__} named {name}")

    def sees(self, name: str) -> bool:
        """Tell whether a widget of a name can be seen."""
        try:
            self.find(name, QWidget)
        except LookupError:
            return False
        return True

    def button(self, name: str) -> QPushButton:
        """Return a button."""
        return self.find(name, QPushButton)

    def click(self, name: str) -> None:
        """Click a button or box with the mouse."""
        control = self.find(name, QAbstractButton)
        self.wizard.current_page().scroller.ensureWidgetVisible(control)
        QTest.mouseClick(control, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(12, control.height() // 2))
        self.live()

    def key(
        self, key: Qt.Key, times: int = 1, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press a key where the focus is."""
        for _time in range(times):
            target = self.focus()
            QTest.keyClick(target, key, modifier)
            self.live()

    def focus(self) -> QWidget:
        """Return the widget that has the focus; the window when none has."""
        focused: QWidget | None = QApplication.focusWidget()
        return focused if focused is not None else self.wizard

    def tab_to(self, name: str, limit: int = 40) -> None:
        """Go to a widget by Tab alone."""
        for _step in range(limit):
            if self.focus().objectName() == name:
                return
            self.key(Qt.Key.Key_Tab)
        raise LookupError(f"Tab never reaches {name}")

    def type(self, text: str) -> None:
        """Type where the focus is."""
        QTest.keyClicks(self.focus(), text)
        self.live()


def touch(control: QWidget) -> None:
    """Click a control as a touch screen does: Qt turns the touch into a mouse event of that device."""
    device = QPointingDevice(
        "touch screen",
        7,
        QInputDevice.DeviceType.TouchScreen,
        QPointingDevice.PointerType.Finger,
        QInputDevice.Capability.Position,
        1,
        0,
    )
    spot = QPointF(12, control.height() / 2)
    none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    for kind, buttons in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
        place = QPointF(control.mapToGlobal(spot.toPoint()))
        event = QMouseEvent(kind, spot, place, left, buttons, Qt.KeyboardModifier.NoModifier, device)
        QApplication.sendEvent(control, event)


def press_key(target: QObject, key: Qt.Key) -> None:
    """Send a key to one widget only, pressed and released."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))
