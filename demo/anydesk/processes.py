"""Starting more processes of the same executable, as AnyDesk does for its roles."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from demo.anydesk.places import own_program

_BREAKAWAY = 0x01000000
CRASHED = 0xC0000005
"""Exit status of a process that Windows ended for an access violation."""


def start_role(
    *switches: str,
    own_session: bool = False,
    program: Path | str = "",
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start this executable (or another one) with role switches; quiet, and detached from everything when asked."""
    command = [str(program) or own_program(), *switches]
    if sys.platform == "win32" and own_session:
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
        # As a program that wants to get away would try first.
        with contextlib.suppress(OSError):
            return _popen(command, environment, False, flags | _BREAKAWAY)
        return _popen(command, environment, False, flags)
    return _popen(command, environment, own_session, 0)


def _popen(
    command: list[str], environment: Mapping[str, str] | None, own_session: bool, flags: int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=own_session,
        creationflags=flags,
        env={**os.environ, **(environment or {})},
    )


def wait_or_kill(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait for the end of a process, then kill it."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def crash() -> None:
    """Ends this process as a fault in it would, without the system's dialog about it."""
    if sys.platform == "win32":
        os._exit(CRASHED - (1 << 32))
    import signal

    signal.raise_signal(signal.SIGABRT)
