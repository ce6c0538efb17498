"""Waiting for file changes by looking now and then, where no better way is built yet."""

from __future__ import annotations

import threading

INTERVAL_SECONDS = 0.25


class PollingWaiter:
    """`ChangeWaiter` that simply comes back four times a second; the caller looks at sizes, which costs little."""

    def __init__(self) -> None:
        self._woken = threading.Event()

    def wait(self, seconds: float) -> None:
        """Return after the interval, or `seconds` if that is less, or when woken."""
        self._woken.wait(min(seconds, INTERVAL_SECONDS))
        self._woken.clear()

    def wake(self) -> None:
        """End a wait."""
        self._woken.set()

    def close(self) -> None:
        """Nothing to release."""
