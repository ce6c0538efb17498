"""The stand-in's log files, line by line as AnyDesk writes them."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from demo.anydesk.conf import replace
from demo.anydesk.faults import Faults

_BOM = b"\xff\xfe"
_TORN_SECONDS = 0.02
# Beginnings of messages in another language: no release is known to translate its traces, but phrases do change.
_FOREIGN = (
    ("Accept request from", "Anfrage angenommen von"),
    ("Incoming session request:", "Eingehende Sitzungsanfrage:"),
    ("Authenticated by local user", "Vom lokalen Benutzer zugelassen"),
    ("Authenticated with", "Zugelassen durch"),
    ("Session started", "Sitzung begonnen"),
    ("Entering processing loop", "Verarbeitung beginnt"),
    ("Session closed", "Sitzung geschlossen"),
    ("Session stopped", "Sitzung beendet"),
    ("The socket was closed remotely", "Die Verbindung wurde von der Gegenseite getrennt"),
    ("The user has requested a connection quit", "Der Benutzer hat die Verbindung beendet"),
    ("Received quit", "Ende empfangen"),
    ("External address:", "Externe Adresse:"),
    ("Connection established", "Verbindung hergestellt"),
)


class LogFile:
    """A file that lines are appended to, in UTF-8 or in UTF-16 with a byte order mark, whole or in pieces."""

    def __init__(self, path: Path, faults: Faults) -> None:
        self.path = path
        self.speaks_foreign = faults.foreign_phrases
        self._wide = faults.encoding == "utf-16"
        self._torn = faults.torn_lines
        self._lock = threading.Lock()

    def append(self, line: str) -> None:
        data = (line + "\n").encode("utf-16-le" if self._wide else "utf-8", "surrogatepass")
        with self._lock, self.path.open("ab") as file:
            data = _BOM + data if self._wide and file.tell() == 0 else data
            # An odd number of bytes: in UTF-16 the cut goes through a letter.
            pieces = (data[: len(data) // 2 | 1], data[len(data) // 2 | 1 :]) if self._torn else (data,)
            for number, piece in enumerate(pieces):
                if number:
                    time.sleep(_TORN_SECONDS)
                file.write(piece)
                file.flush()

    def rotate(self) -> None:
        """Moves the file aside; the next line begins a new one."""
        with self._lock:
            replace(self.path, self.path.with_name(self.path.name + ".1"))

    def truncate(self) -> None:
        """Empties the file in place."""
        with self._lock:
            os.truncate(self.path, 0)


class Trace:
    """anydesk.trace: `level date time role pid tid fiber module - message`, times in UTC."""

    def __init__(self, log: LogFile, role: str) -> None:
        self.log = log
        self._role = role

    def write(self, module: str, message: str, *, level: str = "info", role: str = "") -> None:
        now = time.time()
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}"
        tid = threading.get_native_id() % 1_000_000
        head = f"{level:>7} {stamp} {role or self._role:>10} {os.getpid():>6} {tid:>6}"
        text = _foreign(message) if self.log.speaks_foreign else message
        self.log.append(f"{head} {'':>5} {module:>32} - {text}")


def _foreign(message: str) -> str:
    for known, other in _FOREIGN:
        if message.startswith(known):
            return other + message.removeprefix(known)
    return message


def connection_line(how: str, alias: str, number: str) -> str:
    """Return a line of connection_trace.txt; without an alias the number stands twice."""
    stamp = time.strftime("%Y-%m-%d, %H:%M", time.gmtime())
    return f"Incoming    {stamp}    {how:<34}{alias or number:<13}{number}"
