"""The table of what is uncertain about AnyDesk: what is assumed, what depends on it, and how a look confirms it.

Rule: one row for each assumption that no document settles. `judge` says only what was seen; what the run did not
come to is NOT_SEEN, never a guess. docs/anydesk-field-check.md is printed from this table.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from client_app.services.field_check.observation import Observation


class Verdict(enum.Enum):
    """What a look at a real AnyDesk says to an assumption."""

    FITS = "fits"
    DIFFERS = "DIFFERS"
    NOT_SEEN = "not seen"
    BY_HAND = "by hand"


@dataclass(frozen=True)
class Finding:
    """A verdict and what was seen, in words without names or texts from outside."""

    verdict: Verdict
    seen: str = ""


Judge = Callable[[Observation], Finding]


@dataclass(frozen=True)
class Row:
    """One assumption.

    Attributes:
        row_id: stable name, to be quoted.
        question: what a real AnyDesk is asked.
        assumed: what this program takes for true.
        matters: what goes wrong otherwise, and where that is in the code.
        how: what the technician does so that the row is reached.
        judge: None for a row that only a person can look at.
        systems: where the row applies.
    """

    row_id: str
    question: str
    assumed: str
    matters: str
    how: str
    judge: Judge | None = None
    systems: tuple[str, ...] = ("windows", "macos", "linux")

    def finding(self, seen: Observation) -> Finding:
        """Return what was seen for this row."""
        return Finding(Verdict.BY_HAND) if self.judge is None else self.judge(seen)


NOT_SEEN = Finding(Verdict.NOT_SEEN)


def fits(is_so: bool, seen: str) -> Finding:
    """Return FITS or DIFFERS with what was seen."""
    return Finding(Verdict.FITS if is_so else Verdict.DIFFERS, seen)
