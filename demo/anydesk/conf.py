"""The stand-in's settings files: `key=value`, one a line, keeping what it does not know."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

_REPLACE_SECONDS = 2.0


def read_conf(path: Path) -> dict[str, str]:
    """Return the settings of a file, in order; none when it is not there."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def update_conf(path: Path, values: Mapping[str, str], *, without: str = "") -> None:
    """Set some keys and replace the file at once, so that a reader never sees a half.

    Args:
        path: the file.
        values: what to set.
        without: every other key that begins with this text goes.
    """
    kept = {
        key: value for key, value in read_conf(path).items() if not without or not key.startswith(without)
    }
    new = path.with_name(path.name + ".new")
    new.write_text("".join(f"{key}={value}\n" for key, value in (kept | dict(values)).items()), "utf-8")
    replace(new, path)


def replace(new: Path, path: Path) -> None:
    """Move a file over another; on Windows somebody may just be reading that, so try for a while."""
    deadline = time.monotonic() + _REPLACE_SECONDS
    while True:
        try:
            new.replace(path)
            return
        except PermissionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
