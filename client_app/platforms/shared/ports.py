"""Listening TCP ports of this computer, through psutil (imported when it is used)."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def listening_ports() -> Mapping[int, int | None] | None:
    """Return ports with the pid of who listens (None when it is somebody else's process); None when not readable."""
    import psutil

    try:
        connections = psutil.net_connections(kind="tcp")
    except (psutil.Error, OSError):
        return None
    found: dict[int, int | None] = {}
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr:
            port = connection.laddr.port
            found[port] = found.get(port) or connection.pid
    return found


def listening_of(pids: Collection[int]) -> Mapping[int, int | None]:
    """Return ports that these processes listen on; those that ended or may not be looked into are left out.

    The whole table takes ten times as long, because each open file of each process is looked at for its owner.
    """
    import psutil

    found: dict[int, int | None] = {}
    for pid in pids:
        try:
            connections = psutil.Process(pid).net_connections(kind="tcp")
        except (psutil.Error, OSError):
            continue
        listening = (one.laddr.port for one in connections if one.status == psutil.CONN_LISTEN and one.laddr)
        found.update(dict.fromkeys(listening, pid))
    return found
