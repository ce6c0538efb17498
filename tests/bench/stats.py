"""The few statistics that the benchmarks use."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Summary:
    """Of one series of measurements."""

    median: float
    least: float
    most: float
    count: int

    def __str__(self) -> str:
        return f"{self.median:.4g} ({self.least:.4g}..{self.most:.4g}, n={self.count})"


def summary(values: Sequence[float]) -> Summary:
    """Sum up a series.

    Raises:
        ValueError: it is empty.
    """
    if not values:
        raise ValueError("nothing was measured")
    return Summary(statistics.median(values), min(values), max(values), len(values))


def paired_ratios(values: Sequence[float], floors: Sequence[float]) -> list[float]:
    """Divide pair by pair: what slowed the machine down for one run of a pair slowed down the other as well.

    Raises:
        ValueError: not the same number of both, or a floor of zero.
    """
    if len(values) != len(floors):
        raise ValueError(f"{len(values)} values for {len(floors)} floors")
    if any(floor <= 0 for floor in floors):
        raise ValueError("a floor is not above zero")
    return [value / floor for value, floor in zip(values, floors, strict=True)]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest measured value that at least `share` (0 to 1) of all values do not exceed.

    Raises:
        ValueError: nothing was measured, or the share is no share.
    """
    if not values or not 0 <= share <= 1:
        raise ValueError("no values, or not a share")
    ordered = sorted(values)
    place = max(0, -(-len(ordered) * share // 1) - 1)
    return ordered[int(place)]
