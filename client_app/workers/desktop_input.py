"""Remembers where the last buttons and keys came from, as the window system said while it handed them over.

Rule: an act counts as local only if everything that led to it was: with anything injected beside it, it is injected.
Window thread only.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication
from PySide6.QtGui import QInputDevice

from client_app.core.desktop import InputMessages
from client_app.core.session import InputOrigin

REMEMBERED_SECONDS = 1.0
"""The toolkit queues what it receives, so an act follows its message a little later; much later it has none."""
_AT_LEAST = 2
"""Pressing and letting go, however long a hand held the button."""


class OriginMemory:
    """The origins of the last inputs. `now` returns seconds that only grow."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._inputs: deque[tuple[float, InputOrigin]] = deque(maxlen=64)

    def note(self, origin: InputOrigin) -> None:
        """Remember one input."""
        self._inputs.append((self._now(), origin))

    def origin(self) -> InputOrigin:
        """Return the origin of an act that happens now.

        UNKNOWN when no input came just before it (assistive technology operates a control without any), or when the
        system did not tell of one of them.
        """
        now = self._now()
        if not self._inputs or now - self._inputs[-1][0] > REMEMBERED_SECONDS:
            return InputOrigin.UNKNOWN
        recent = [
            origin
            for place, (at, origin) in enumerate(reversed(self._inputs))
            if place < _AT_LEAST or now - at <= REMEMBERED_SECONDS
        ]
        for weaker in (InputOrigin.INJECTED, InputOrigin.UNKNOWN):
            if weaker in recent:
                return weaker
        return InputOrigin.LOCAL


class InputOrigins(QAbstractNativeEventFilter):
    """Looks at the window system's messages while it is installed; changes and keeps nothing of them."""

    def __init__(self, messages: InputMessages, memory: OriginMemory | None = None) -> None:
        super().__init__()
        self._messages = messages
        self._type = messages.event_type
        self.memory = memory or OriginMemory()

    def install(self) -> None:
        """Begin to look."""
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(self)

    def remove(self) -> None:
        """Stop looking; Qt keeps no reference of its own, so this comes before the end of this object."""
        application = QCoreApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self)

    def nativeEventFilter(  # noqa: N802 - Qt's name
        self, event_type: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        """Note buttons and keys and let every message pass."""
        if event_type == self._type:
            origin = self._messages.origin_of(int(message))
            if origin is not None:
                self.memory.note(origin)
        return False, 0


def device_name(device: int) -> str:
    """Return the window system's name of an input device; "" when it is not known."""
    return next((found.name() for found in QInputDevice.devices() if found.systemId() == device), "")
