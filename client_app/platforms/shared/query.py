"""Reading the short answer of a program that was just started, with a limit on time and length."""

from __future__ import annotations

import os
import subprocess
import threading

from client_app.core.anydesk_system import QueryAnswer
from client_app.platforms.shared.exits import wait_for_exit

MAX_OUTPUT = 4096
_AFTER_KILL_SECONDS = 1.0


def run_query(process: subprocess.Popen[bytes], seconds: float) -> QueryAnswer:
    """Wait for a process and return what it wrote to its pipe; kill it when the time is over."""
    output = bytearray()
    stream = process.stdout
    if stream is None:
        raise ValueError("the process has no pipe")

    def read() -> None:
        # Reads on to the end, so that a talkative program is not held up, but keeps only the beginning.
        while block := os.read(stream.fileno(), MAX_OUTPUT):
            output.extend(block[: MAX_OUTPUT - len(output)])

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    code = wait_for_exit(process, seconds)
    if code is None:
        process.kill()
        if wait_for_exit(process, _AFTER_KILL_SECONDS) is None:
            return QueryAnswer(None, bytes(output))
    reader.join(_AFTER_KILL_SECONDS)
    if not reader.is_alive():
        stream.close()
    return QueryAnswer(code, bytes(output))
