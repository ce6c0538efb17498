"""Listening TCP ports of Linux, read from /proc: what the kernel says, and which process holds the socket.

Source: proc(5), /proc/net/tcp (state 0A is LISTEN, field 10 the inode) and /proc/<pid>/fd. Not through psutil: closing
AnyDesk would wait until that was loaded.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

_TABLES = ("net/tcp", "net/tcp6")
_LISTEN = b"0A"
_SOCKET = "socket:["


def listening_ports(
    of: Collection[int] | None = None, proc: Path = Path("/proc")
) -> Mapping[int, int | None] | None:
    """Return ports with the pid of who listens (None when it is somebody else's process); None when not readable.

    Args:
        of: only what these processes listen on.
        proc: where the kernel's files are.
    """
    try:
        sockets = {inode: port for table in _TABLES for inode, port in _read(proc / table)}
    except (OSError, ValueError, IndexError):
        return None
    pids = (int(name) for name in os.listdir(proc) if name.isdecimal()) if of is None else of
    owned = {sockets[inode]: pid for pid in pids for inode in _sockets_of(proc, pid) if inode in sockets}
    return owned if of is not None else dict.fromkeys(sockets.values()) | owned


def _read(table: Path) -> Iterable[tuple[int, int]]:
    # Without IPv6 the second table is missing.
    with contextlib.suppress(FileNotFoundError):
        for line in table.read_bytes().splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTEN:
                yield int(fields[9]), int(fields[1].rpartition(b":")[2], 16)


def _sockets_of(proc: Path, pid: int) -> Iterable[int]:
    folder = f"{proc}/{pid}/fd"
    try:
        names = os.listdir(folder)
    except OSError:
        # It ended, or belongs to somebody else.
        return
    for name in names:
        with contextlib.suppress(OSError):
            target = os.readlink(f"{folder}/{name}")
            if target.startswith(_SOCKET):
                yield int(target[len(_SOCKET) : -1])
