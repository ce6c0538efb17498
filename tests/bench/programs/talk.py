"""How a measured program is spoken to: one JSON object a line, on standard input and output."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QSocketNotifier

Message = dict[str, Any]


def say(**message: Any) -> None:
    """Say something to whoever started this program."""
    os.write(sys.stdout.fileno(), json.dumps(message).encode() + b"\n")


def listen(hear: Callable[[Message], None]) -> QSocketNotifier:
    """Call `hear` in the window's thread with each message; the program ends when nobody speaks any more.

    Returns:
        What must be kept for as long as there is something to hear.
    """
    unread = bytearray()

    def on_readable() -> None:
        piece = os.read(sys.stdin.fileno(), 65536)
        if not piece:
            QCoreApplication.quit()
            return
        unread.extend(piece)
        while b"\n" in unread:
            line, _, rest = bytes(unread).partition(b"\n")
            unread[:] = rest
            hear(json.loads(line))

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(on_readable)
    return notifier


def say_usage() -> None:
    """Say what this process has used so far: seconds of processor time and switches from one thread to another."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    say(cpu_seconds=time.process_time(), switches=used.ru_nvcsw + used.ru_nivcsw)
