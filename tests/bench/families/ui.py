"""How long the window takes to answer: the next page, another language."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

from tests.bench import machine, stats
from tests.bench.rows import Goal, Row, Run, Sense

ROUNDS = 8
LIMIT_SECONDS = 120
PAGE_LIMIT_MS, LANGUAGE_LIMIT_MS = 50.0, 100.0


def measure(run: Run) -> Iterator[Row]:
    """Yield the rows of this family."""
    with machine.screen() as screen:
        command = [*machine.program("window_speed"), str(run.times(ROUNDS))]
        environment = machine.surroundings(screen, run.folder)
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=True
        )
    found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    first, change = stats.summary(found["first_change"]), stats.summary(found["change"])
    language = stats.summary(found["language"])
    path = f"from the new state to the end of the painting, on {screen}"
    yield Row(
        name="ui.page_change_ms",
        value=max(first.most, change.median),
        unit="ms",
        goal=Goal(Sense.BELOW, PAGE_LIMIT_MS),
        how=f"slowest page when first shown, {path}; first shown {first}, later {change} ms",
    )
    yield Row(
        name="ui.language_switch_ms",
        value=language.most,
        unit="ms",
        goal=Goal(Sense.BELOW, LANGUAGE_LIMIT_MS),
        how=f"slowest of {language.count} switches on every page, {path}; {language} ms",
    )
