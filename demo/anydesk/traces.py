"""The stand-in's log files, line by line as AnyDesk writes them."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

_BOM = b"\xff\xfe"


class LogFile:
    """A file that lines are appended to, in UTF-8 or in UTF-16 with a byte order mark."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self._wide = encoding == "utf-16"
        self._lock = threading.Lock()

    def append(self, line: str) -> None:
        data = (line + "\n").encode("utf-16-le" if self._wide else "utf-8", "surrogatepass")
        with self._lock, self.path.open("ab") as file:
            file.write(_BOM + data if self._wide and file.tell() == 0 else data)

    def rotate(self) -> None:
        """Moves the file aside; the next line begins a new one."""
        with self._lock:
            self.path.replace(self.path.with_name(self.path.name + ".1"))

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
        self.log.append(f"{head} {'':>5} {module:>32} - {message}")


def connection_line(how: str, alias: str, number: str) -> str:
    """Return a line of connection_trace.txt; without an alias the number stands twice."""
    stamp = time.strftime("%Y-%m-%d, %H:%M", time.gmtime())
    return f"Incoming    {stamp}    {how:<34}{alias or number:<13}{number}"
