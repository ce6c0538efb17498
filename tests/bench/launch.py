"""Times programs from just before they are started to a line that they print, pair by pair."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.bench.machine import Quiet

WARM_UPS = 2
RUN_SECONDS = 60.0


class ProgramError(RuntimeError):
    """A measured program did not do what it is there for; the message holds what it printed."""


@dataclass
class Pairs:
    """Times of two programs in milliseconds; the same place in both lists is one pair."""

    values: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)


def time_pairs(
    command: Sequence[str], floor: Sequence[str], environment: Mapping[str, str], count: int, quiet: Quiet
) -> Pairs:
    """Start both programs in turn, `count` times after the warm-ups.

    Which of a pair comes first changes from pair to pair, so that a machine that grows slower favours none.

    Raises:
        ProgramError: a program failed.
    """
    pairs = Pairs()
    for number in range(WARM_UPS + count):
        order = [(command, pairs.values), (floor, pairs.floors)]
        for argv, times in order if number % 2 else reversed(order):
            quiet.wait()
            milliseconds = time_to_paint(argv, environment)
            if number >= WARM_UPS:
                times.append(milliseconds)
    return pairs


def time_to_paint(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Start a program and return the milliseconds from before its start to the moment that it prints (PAINTED ns).

    Raises:
        ProgramError: it failed, printed no moment, or did not end.
    """
    started = time.perf_counter_ns()
    try:
        run = subprocess.run(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        said = f"{error.stdout!r} {error.stderr!r}"
        raise ProgramError(f"{command}: not painted after {RUN_SECONDS:.0f} s; it said {said}") from error
    for line in run.stdout.splitlines():
        word, _, moment = line.partition(" ")
        if word == "PAINTED" and run.returncode == 0:
            return (int(moment) - started) / 1e6
    raise ProgramError(f"{command}: ended with {run.returncode}\n{run.stdout}{run.stderr}")
