"""How this run of the stand-in behaves and misbehaves: read from faults.json in its data folder at the start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple


class Faults(NamedTuple):
    """Every member can be set in the file; what is left out behaves well.

    `number` "" keeps the one in system.conf or makes one. Times are in seconds. `encoding` is "utf-8" or "utf-16"
    (with a byte order mark, little endian, as seen on Windows).
    """

    number: str = ""
    alias: str = ""
    start_delay: float = 0.15
    online_delay: float = 0.1
    offline: bool = False
    encoding: str = "utf-8"
    ignore_sigterm: bool = False
    hang_queries: bool = False
    dies_at_once: bool = False
    hands_over: bool = False
    grandchild_at_start: bool = False
    install_disallowed: bool = True


def read_faults(path: Path) -> Faults:
    """Return the switches of a file; the default ones when there is none."""
    try:
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Faults()
    return Faults(**data)


def write_faults(path: Path, faults: Faults) -> None:
    """Write the file that the next start reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(faults._asdict()), "utf-8")
