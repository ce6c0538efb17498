"""Listening TCP ports of this computer, through psutil (imported when it is used)."""

from __future__ import annotations

from collections.abc import Mapping


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
