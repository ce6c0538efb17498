"""The hands and eyes of the customer: real events on real widgets, found by object name; every wait has a limit."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QScrollArea, QWidget

W = TypeVar("W", bound=QWidget)
T = TypeVar("T")

LIMIT_SECONDS = 20.0
LEFT = Qt.MouseButton.LeftButton


class NotThereError(AssertionError):
    """What a customer would look for is not on the screen, or cannot be used."""


class Hands:
    """Acts on the top-level windows of this process.

    Args:
        actions: every act is noted here, in words.
    """

    def __init__(self, actions: list[str]) -> None:
        self._actions = actions

    def find(self, name: str, kind: type[W]) -> W:
        """Return the visible widget with an object name.

        Raises:
            NotThereError: there is none that can be seen.
        """
        for window in QApplication.topLevelWidgets():
            found = window.findChildren(kind, name)
            if isinstance(window, kind) and window.objectName() == name:
                found = [window, *found]
            for widget in found:
                if widget.isVisible():
                    return widget
        raise NotThereError(f"no visible {kind.__name__} named {name}")

    def can_press(self, name: str) -> bool:
        """Tell whether a button can be seen and pressed."""
        try:
            return self.find(name, QAbstractButton).isEnabled()
        except NotThereError:
            return False

    def press(self, name: str, action: str) -> None:
        """Press a button or tick a box with the mouse, as soon as it can be used."""
        self.wait(lambda: self.can_press(name), f"{name} can be pressed")
        button = self.find(name, QAbstractButton)
        self._bring_into_view(button)
        self._actions.append(action)
        QTest.mouseClick(button, LEFT, Qt.KeyboardModifier.NoModifier, self._spot(button))

    def type(self, name: str, text: str, action: str) -> None:
        """Type into a field key by key."""
        field = self.find(name, QLineEdit)
        self._bring_into_view(field)
        field.setFocus()
        field.selectAll()
        self._actions.append(action)
        QTest.keyClicks(field, text)

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = LIMIT_SECONDS) -> None:
        """Let the window live until something is true.

        Raises:
            NotThereError: it did not become true in time.
        """
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise NotThereError(f"not within {seconds:.0f} s: {what}")
            self.live(0.01)

    def live(self, seconds: float) -> None:
        """Let the window live for a moment."""
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    def beside(self, work: Callable[[], T], what: str) -> T:
        """Let somebody else do something on another thread while the window lives."""
        outcome: list[T] = []
        errors: list[BaseException] = []

        def run() -> None:
            try:
                outcome.append(work())
            except BaseException as error:  # noqa: BLE001 - raised again below, on the caller's thread
                errors.append(error)

        thread = threading.Thread(target=run, name=what, daemon=True)
        thread.start()
        self.wait(lambda: not thread.is_alive(), what, 2 * LIMIT_SECONDS)
        if errors:
            raise errors[0]
        return outcome[0]

    def photograph(self, window: QWidget, file: Path) -> None:
        """Keep a picture of a window as it is now."""
        self.live(0.05)
        if not window.grab().save(str(file)):
            raise NotThereError(f"the picture {file.name} could not be saved")

    def _bring_into_view(self, widget: QWidget) -> None:
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget)
            parent = parent.parentWidget()
        self.live(0.01)

    @staticmethod
    def _spot(button: QAbstractButton) -> QPoint:
        # A tick box is as wide as its text, but only its left part belongs to it in every style.
        return QPoint(min(12, button.width() // 2), button.height() // 2)
