"""The table for people and the list for programs."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

from tests.bench.rows import Row

HEADINGS = ("name", "value", "unit", "floor", "ratio", "goal", "holds")


def as_data(row: Row) -> dict[str, object]:
    """Return a row as results.json has it; numbers that are none become null."""
    return {
        "name": row.name,
        "value": _number(row.value),
        "unit": row.unit,
        "floor": _number(row.floor),
        "ratio": _number(row.ratio),
        "goal": str(row.goal),
        "holds": row.holds,
        "how": row.how,
    }


def write(rows: Sequence[Row], file: Path) -> None:
    """Write results.json, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps([as_data(row) for row in rows], indent=2, ensure_ascii=False) + "\n", "utf-8")
    part.replace(file)


def table(rows: Sequence[Row]) -> str:
    """Return the table, and below it how each number came about."""
    lines = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
    drawn = [
        "  ".join(
            cell.ljust(width) if place in (0, 2) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([*drawn, "", *(f"{row.name}: {row.how}" for row in rows)])


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        _short(row.value),
        row.unit,
        _short(row.floor),
        _short(row.ratio),
        str(row.goal),
        "yes" if row.holds else "NO",
    )


def _number(value: float | None) -> float | None:
    return round(value, 6) if value is not None and math.isfinite(value) else None


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
