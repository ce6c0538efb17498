"""How long a customer waits for the first window, against a bare PySide6 window on the same screen."""

from __future__ import annotations

from collections.abc import Iterator

from demo.world import EXAMPLE
from resources.compile import compile_brand
from tests.bench import launch, machine, stats
from tests.bench.rows import Goal, Row, Run, Sense

PAIRS = 41
QUIET_SECONDS = 120.0


def measure(run: Run) -> Iterator[Row]:
    """Yield the one row of this family."""
    company = run.folder / "company"
    compile_brand(EXAMPLE, company / "brand.json", {})
    quiet = machine.Quiet(QUIET_SECONDS)
    with machine.screen() as screen:
        client = [
            *machine.program("first_window"),
            "--company",
            str(company),
            "--data",
            str(run.folder / "data"),
        ]
        environment = machine.surroundings(screen, run.folder)
        pairs = launch.time_pairs(
            client, machine.program("bare_window"), environment, run.times(PAIRS), quiet
        )
    ratios = stats.summary(stats.paired_ratios(pairs.values, pairs.floors))
    yield Row(
        name="start.first_window_ratio",
        value=ratios.median,
        unit="x",
        floor=1.0,
        goal=Goal(Sense.AT_MOST, 1.25),
        how=f"median of {ratios.count} pairs ({ratios.least:.2f}..{ratios.most:.2f}), from before the start of the "
        f"process to the first painted window, on {screen}; the client {stats.summary(pairs.values)} ms, a bare "
        f"PySide6 window {stats.summary(pairs.floors)} ms; held back {quiet.held_seconds:.0f} s for quiet",
    )
