"""The second fence of macOS: a process above the guardian that ends what is left when the guardian is killed.

The system ends nothing together with a parent here, so the guardian says beforehand what it starts. Known limit: a
process that left AnyDesk's session, whose image is not AnyDesk's and whose parents are gone is found by nobody then.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable

SWEEP_SECONDS = 2.0
_LOOK_SECONDS = 0.02


class Notes:
    """A pipe from the guardian to its supervisor; a few short lines in its life, so that it never fills."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()

    def write_only(self) -> None:
        """Be the guardian's end."""
        os.close(self._reader)

    def tell(self, folder: str, session: int) -> None:
        """Say what is being started; a supervisor that is gone is noticed elsewhere."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._writer, json.dumps([folder, session]).encode() + b"\n")

    def read_all(self) -> tuple[str, frozenset[int]]:
        """Be the supervisor's end, after the guardian is gone: return the folder and the sessions, "" for nothing."""
        os.close(self._writer)
        with os.fdopen(self._reader, "rb") as stream:
            # A last line that was cut off said nothing that the one before it did not.
            lines = [line for line in stream.read().splitlines(keepends=True) if line.endswith(b"\n")]
        said = [json.loads(line) for line in lines]
        return (said[-1][0] if said else ""), frozenset(one[1] for one in said if one[1])


def supervise(guardian: int, notes: Notes, end_what_is_left: Callable[[str, frozenset[int]], None]) -> None:
    """Wait for the guardian's end, end the rest by force, end with its code. Never returns.

    Args:
        guardian: the child.
        notes: what it said.
        end_what_is_left: looks once and ends what it finds, in a folder and in sessions.
    """
    # The client's pipes belong to the guardian alone: their end must be seen when it ends.
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    status = os.waitpid(guardian, 0)[1]
    folder, sessions = notes.read_all()
    deadline = time.monotonic() + SWEEP_SECONDS
    # A guardian that ended by itself with 0 has looked and found nothing left.
    while status != 0 and folder and time.monotonic() < deadline:
        end_what_is_left(folder, sessions)
        time.sleep(_LOOK_SECONDS)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 1)
