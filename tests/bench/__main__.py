"""`python -m tests.bench [family ...] [long]`: measure, print, write build/bench/results.json; 1 when a row fails."""

from __future__ import annotations

import shutil
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.bench import families, machine, report
from tests.bench.rows import Row, Run

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "build" / "bench"
EXIT_MISSED, EXIT_USAGE = 1, 2


def main(arguments: list[str]) -> int:
    """Run the families that were named, or all."""
    known = families.names()
    wanted = [name for name in arguments if name != "long"] or known
    if unknown := [name for name in wanted if name not in known]:
        print(
            f"bench: no family {', '.join(unknown)}; there is {', '.join(known)}, and long", file=sys.stderr
        )
        return EXIT_USAGE
    rows: list[Row] = []
    broken: list[str] = []
    print(f"bench: {machine.describe()}", flush=True)
    for name in wanted:
        try:
            rows += measured(name, is_long="long" in arguments)
        except Exception:  # noqa: BLE001 - the numbers of the other families are kept; the exit code tells
            traceback.print_exc()
            broken.append(name)
    code = conclude(rows, FOLDER / "results.json")
    if broken:
        print(f"bench: could not be measured: {', '.join(broken)}", file=sys.stderr)
    return EXIT_MISSED if broken else code


def conclude(rows: Sequence[Row], file: Path) -> int:
    """Write and print the rows; returns the exit code, which is 0 only when there are rows and all of them hold."""
    report.write(rows, file)
    print(f"\n{report.table(rows)}")
    missed = [row.name for row in rows if not row.holds]
    if missed:
        print(f"\nbench: does not hold: {', '.join(missed)}", file=sys.stderr)
    return EXIT_MISSED if missed or not rows else 0


def measured(name: str, *, is_long: bool) -> list[Row]:
    """Measure one family in a folder of its own."""
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"bench: {name} ...", flush=True)
    started = time.monotonic()
    rows = list(families.load(name).measure(Run(folder, is_long)))
    print(f"bench: {name} took {time.monotonic() - started:.0f} s", flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
