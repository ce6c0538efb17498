"""Waiting for file changes by looking now and then, where the system gives no notification (a limit was reached)."""

from __future__ import annotations

import threading

from client_app.core.anydesk_system import ProcessIdentity

INTERVAL_SECONDS = 0.25
MAX_FOLLOWED = 32
"""Processes followed by one waiter of any kind; AnyDesk has three to six."""


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

    def follow(self, identity: ProcessIdentity) -> None:
        """Follow nothing: looking at processes again and again is what this program does not do."""

    def has_ended(self) -> bool:
        """Return False: nothing is followed."""
        return False

    def close(self) -> None:
        """Nothing to release."""
