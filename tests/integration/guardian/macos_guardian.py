"""macOS's guardian on this system, with its own table of processes; only the wait for an exit is this system's."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Sequence

from client_app.platforms.macos.containment import MacContainment
from client_app.services.guardian.run import run_guardian


def wait_for_any_exit(pids: Sequence[int]) -> None:
    """Block until one of some processes is gone (a kqueue is macOS's)."""
    poller = select.poll()
    for pid in pids:
        try:
            poller.register(os.pidfd_open(pid), select.POLLIN)
        except ProcessLookupError:
            return
    poller.poll()


if __name__ == "__main__":
    containment = MacContainment(wait_for_exit=wait_for_any_exit)
    os._exit(run_guardian(sys.stdin.buffer, sys.stdout.buffer, containment))
