"""How a control was operated, and whether the system says that a device at this computer did it.

Rule: what is not seen is UNKNOWN, never guessed; injected input is told by the platform's port alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QInputDevice, QMouseEvent
from PySide6.QtWidgets import QWidget

from client_app.core.session import Act, Control, InputOrigin, InputWay

if TYPE_CHECKING:
    from client_app.ui.wizard import HelpWizard

OriginPort = Callable[[], InputOrigin]
"""Tells whether the input that is being handled came from a device at this computer."""

_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease})
_MOUSE = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease})
_TOUCH = frozenset({QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd})


def asked_late(wizard: HelpWizard) -> OriginPort:
    """Return the wizard's port as it is when it is asked: the platform's half comes after the pages."""

    def origin() -> InputOrigin:
        return wizard.origin_of() if wizard.origin_of is not None else InputOrigin.UNKNOWN

    return origin


class InputWatch(QObject):
    """Knows the input that is being handled by a control it watches, and makes an act of it.

    What a control does follows its input at once, before the event loop turns again. So an input is forgotten with the
    turn: an operation without input of its own is never given that of an earlier one.
    """

    def __init__(self, origin_of: OriginPort | None, parent: QObject) -> None:
        super().__init__(parent)
        self._origin_of = origin_of
        self._last: dict[str, InputWay] = {}

    def watch(self, control: QWidget) -> None:
        """Watch a control; its objectName is its key."""
        control.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note input events and let every event pass."""
        way = _way_of(event)
        if way is not None:
            self._last[watched.objectName()] = way
            QTimer.singleShot(0, self, self._last.clear)
        return False

    def act(self, control: Control, widget: QWidget, texts: tuple[str, ...]) -> Act:
        """Return the act that has just happened on a control, with the exact texts that it covers."""
        way = self._last.pop(widget.objectName(), None)
        if way is None:
            # No input event reached the control: assistive technology operated it, if any is there.
            way = InputWay.ASSISTIVE if QAccessible.isActive() else InputWay.UNKNOWN
        return Act(control, utc_now(), way, self._origin(), texts)

    def origin(self, widget: QWidget) -> InputOrigin:
        """Return where the input came from that has just operated a control, for what is recorded without more."""
        self._last.pop(widget.objectName(), None)
        return self._origin()

    def _origin(self) -> InputOrigin:
        return self._origin_of() if self._origin_of is not None else InputOrigin.UNKNOWN


def _way_of(event: QEvent) -> InputWay | None:
    kind = event.type()
    if kind in _TOUCH:
        return InputWay.TOUCH
    if kind in _KEYS:
        return InputWay.KEYBOARD
    if kind not in _MOUSE or not isinstance(event, QMouseEvent):
        return None
    # A touch that Qt or the window system turned into a mouse click is still a touch.
    touched = event.pointingDevice().type() == QInputDevice.DeviceType.TouchScreen
    synthesized = event.source() != Qt.MouseEventSource.MouseEventNotSynthesized
    return InputWay.TOUCH if touched or synthesized else InputWay.MOUSE


def utc_now() -> str:
    """Return the time as records hold it: RFC 3339, UTC, capital Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
