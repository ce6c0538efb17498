"""What a run of the demo leaves behind: build/demo/report.json, filled while it happens, never afterwards."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Consent:
    """The order, and whether two independent lookers agree that it is there."""

    record_id: str = ""
    receipt: str = ""
    root: str = ""
    verified: bool = False
    stored_by_backend: bool = False


@dataclass
class AnyDesk:
    """What was seen of AnyDesk. `left_running`: processes of its image path found by the demo's own look."""

    started: bool = False
    number: str = ""
    incoming_seen: bool = False
    ended_by: str = ""
    left_running: list[str] = field(default_factory=list)


@dataclass
class Removal:
    """What removing deleted and left, compared with listings of the home folder before and after."""

    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@dataclass
class Report:
    """The whole report; `problems` is empty when everything held. `pictures` are by step, the others by name."""

    steps: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    consent: Consent = field(default_factory=Consent)
    anydesk: AnyDesk = field(default_factory=AnyDesk)
    closing: list[dict[str, Any]] = field(default_factory=list)
    removal: Removal = field(default_factory=Removal)
    pictures: dict[str, str] = field(default_factory=dict)
    more_pictures: dict[str, str] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    longest_block_ms: float = 0.0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def demand(self, holds: bool, problem: str) -> bool:
        """Note a problem unless `holds`; returns `holds`."""
        if not holds:
            self.problems.append(problem)
        return holds

    def write(self, file: Path) -> None:
        """Write the report as JSON."""
        file.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
