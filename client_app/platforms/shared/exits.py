"""Waiting for the end of a child without looking again and again."""

from __future__ import annotations

import os
import select
import subprocess
import sys


def wait_for_exit(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    """Return a child's exit code, None when it did not end within the time.

    `Popen.wait` with a limit looks up to 50 ms apart on POSIX; a pidfd, where there is one, tells at once.
    """
    if sys.platform == "linux" and process.poll() is None:
        try:
            handle = os.pidfd_open(process.pid)
        except OSError:
            # Forbidden or unknown to this kernel; the usual wait does.
            handle = None
        if handle is not None:
            try:
                poller = select.poll()
                poller.register(handle, select.POLLIN)
                poller.poll(seconds * 1000)
            finally:
                os.close(handle)
            return process.poll()
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
