"""One row of the benchmarks: what was measured, against which floor, and whether it holds."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Sense(enum.Enum):
    """Which side of the goal is the good one."""

    AT_MOST = "<="
    BELOW = "<"
    AT_LEAST = ">="


@dataclass(frozen=True)
class Goal:
    """What a value must reach."""

    sense: Sense
    limit: float

    def holds(self, value: float) -> bool:
        """Tell whether a value reaches the goal; what could not be measured (NaN) does not."""
        match self.sense:
            case Sense.AT_MOST:
                return value <= self.limit
            case Sense.BELOW:
                return value < self.limit
            case Sense.AT_LEAST:
                return value >= self.limit

    def __str__(self) -> str:
        return f"{self.sense.value} {self.limit:g}"


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes:
        name: family and what is measured, `start.first_window_ratio`.
        value: in `unit`.
        goal: what the value must reach.
        how: method, runs, spread, in one line.
        floor: the least that is possible here, in the same unit and from the same run; None when there is none.
    """

    name: str
    value: float
    unit: str
    goal: Goal
    how: str
    floor: float | None = None

    @property
    def ratio(self) -> float | None:
        """Value over floor, or None without a floor that can be divided by."""
        return self.value / self.floor if self.floor else None

    @property
    def holds(self) -> bool:
        """Tell whether the goal is reached."""
        return self.goal.holds(self.value)


@dataclass(frozen=True)
class Run:
    """What a family is told. `folder` is its own, empty; `long` asks for more runs."""

    folder: Path
    long: bool = False

    def times(self, normal: int) -> int:
        """Return the number of runs to make where `normal` are usual."""
        return normal * 3 if self.long else normal


class Family(Protocol):
    """A module of `tests/bench/families`."""

    def measure(self, run: Run) -> Iterable[Row]:
        """Yield rows as they are measured."""
