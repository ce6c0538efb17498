"""The client's side of elevation: one question to the customer, one guardian with more rights for the next start.

Rule: without the customer's yes, and whenever anything is not as it must be, the guardian with the user's own rights is
used; elevation never stands between a customer and help.
"""

from __future__ import annotations

import contextlib
import logging
import threading

from client_app.core.anydesk_system import SpawnedGuardian
from client_app.core.elevation import ElevatedStarter, ElevationError, ElevationOutcome

_log = logging.getLogger(__name__)


class ElevationService:
    """`ElevationPort`, and the source from which a run takes its guardian.

    Args:
        starter: this system's half; None where there are no elevated guardians.
    """

    def __init__(self, starter: ElevatedStarter | None) -> None:
        self._starter = starter
        self._asking, self._lock = threading.Lock(), threading.Lock()
        self._ready: SpawnedGuardian | None = None

    def ask(self) -> ElevationOutcome:
        """Ask through the system's window and keep the guardian for the next start of AnyDesk."""
        if self._starter is None:
            return ElevationOutcome.NOT_SUPPORTED
        with self._asking:
            if self._ready is not None and not self._ready.wait(0.0):
                return ElevationOutcome.STARTED
            try:
                started = self._starter.start()
                with self._lock:
                    self._ready = started
                outcome = ElevationOutcome.STARTED
            except ElevationError as error:
                outcome = error.outcome
        _log.info("elevation", extra={"state": outcome})
        return outcome

    def take(self) -> SpawnedGuardian | None:
        """Give the guardian that is ready, once; None when there is none, it ended, or the customer is being asked."""
        with self._lock:
            ready, self._ready = self._ready, None
        return ready if ready is not None and not ready.wait(0.0) else None

    def let_go(self) -> None:
        """Let a guardian that was never used end."""
        ready = self.take()
        if ready is not None:
            with contextlib.suppress(OSError):
                ready.stdin.close()
