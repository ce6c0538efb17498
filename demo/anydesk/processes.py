"""Starting more processes of the same executable, as AnyDesk does for its roles."""

from __future__ import annotations

import subprocess
import sys

from demo.anydesk.places import own_program


def start_role(*switches: str, own_session: bool = False) -> subprocess.Popen[bytes]:
    """Start this executable again with role switches; quiet, and in a session of its own when asked."""
    flags = 0
    if sys.platform == "win32" and own_session:
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    return subprocess.Popen(
        [own_program(), *switches],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=own_session,
        creationflags=flags,
    )


def wait_or_kill(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait for the end of a process, then kill it."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
