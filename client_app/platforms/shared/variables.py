"""Reading one variable of another process's environment, through psutil (imported when it is used)."""

from __future__ import annotations


def variable_of(pid: int, name: str) -> str | None:
    """Return a variable of a process of this user; None when it is not set or may not be read."""
    import psutil

    try:
        return psutil.Process(pid).environ().get(name)
    except (psutil.Error, OSError):
        return None
