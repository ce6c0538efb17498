"""How this run of the stand-in behaves and misbehaves: read from faults.json in its data folder at the start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple


class Faults(NamedTuple):
    """Every member can be set in the file; what is left out behaves well. Times are in seconds.

    Attributes:
        number: its own number; "" keeps the one in system.conf or makes one.
        alias: its own alias; without one `--get-alias` answers with the number.
        start_delay: until it has its number; answers are empty till then.
        online_delay: from the number to the network.
        offline: it never reaches the network.
        encoding: of its logs: "utf-8", or "utf-16" (little endian with a byte order mark, as seen on Windows).
        ignore_sigterm: polite requests to end (SIGTERM, on Windows WM_CLOSE) are ignored.
        hang_queries: `--get-id` and the like never answer.
        dies_at_once: the window ends as soon as it is started.
        hands_over: the started process starts another one and ends.
        grandchild_at_start: a process detaches itself from all its parents.
        install_disallowed: as a custom client whose installation is disallowed.
        elevated: it has an administrator's rights; a switch here, never the real ones.
        remove_delay: from the end of `--remove` to the real removal.
        system_unit: its service is a system unit below `.stand-in-root` and not a user's unit (Linux).
        foreign_phrases: its traces speak another language.
        torn_lines: every line of a log arrives in two pieces.
        direct_port: TCP port for direct connections of an installed client (7070 with AnyDesk); 0 for none.
        relay: port that AnyDesk would use ("443") -> port on this machine where a stand-in for the relay may listen;
            empty: no relay is needed to be online.
        disclaimer: this custom client shows a text of its own before it is used.
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
    elevated: bool = False
    remove_delay: float = 1.0
    system_unit: bool = False
    foreign_phrases: bool = False
    torn_lines: bool = False
    direct_port: int = 0
    relay: dict[str, int] = {}  # noqa: RUF012  (a tuple's default, never changed)
    disclaimer: str = ""


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
