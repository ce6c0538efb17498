"""Clients as processes of their own, and what is left of them after a kill -9; with the times that it took."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client_app.core.session import Phase
from demo.anydesk.remote import StandInRemote
from demo.world import ROOT, World
from tests.integration.customer import open_case
from tests.integration.evidence import NOTHING_LEFT_SECONDS, alive, anydesk_processes, family, wait_until

LIMIT_SECONDS = 30.0


@dataclass
class Times:
    """Seconds from an end to the moment in which nothing was left, by what ended."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def note(self, what: str, seconds: float) -> None:
        """Add one measurement."""
        self.seconds.setdefault(what, []).append(seconds)

    def table(self) -> list[str]:
        """Return a line for each kind of end."""
        return [
            f"{what}: {len(all_)} times, median {sorted(all_)[len(all_) // 2] * 1000:.0f} ms, "
            f"longest {max(all_) * 1000:.0f} ms"
            for what, all_ in sorted(self.seconds.items())
        ]


class ChildClient:
    """One client in a process of its own, with a home and data folder below `folder`; see `child.py`.

    Args:
        world: to act in.
        folder: where home and data are made, or lie already.
        until: the phase that it comes to by itself.
    """

    def __init__(self, world: World, folder: Path, until: Phase) -> None:
        self.world = world
        self.data, self.home = folder / "data", folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        self.remote = StandInRemote(world.standin.program, self.home)
        self.case_id = open_case(world)
        self.lines: list[dict[str, Any]] = []
        self._rest = b""
        case = world.technician.case(self.case_id)
        arguments = (str(world.company), str(self.data), case["code"], case["word"], until.value)
        self._errors = (folder / "stderr.txt").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.child", *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(self.home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )

    @property
    def errors(self) -> str:
        """What the process wrote to its standard error."""
        return Path(self._errors.name).read_text("utf-8")

    def wait_for(self, **wanted: Any) -> dict[str, Any]:
        """Read what the client prints until a line has all the given values, and return it.

        Raises:
            AssertionError: no such line came within the limit.
        """
        ends = time.monotonic() + LIMIT_SECONDS
        position = 0
        while True:
            for line in self.lines[position:]:
                if all(line[name] == value for name, value in wanted.items()):
                    return line
            position = len(self.lines)
            left = ends - time.monotonic()
            is_there = left > 0 and self._read(left)
            assert is_there, f"never {wanted}: {self.lines[-3:]} {self.errors}"

    def tell(self, command: str) -> None:
        """Give a command."""
        assert self.process.stdin is not None
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()

    def kill(self) -> float:
        """Kill it as nothing can prevent (SIGKILL); return the seconds until nothing of it or of AnyDesk was left.

        Raises:
            AssertionError: something was left after `NOTHING_LEFT_SECONDS`.
        """
        offspring = family(self.process.pid)
        begun = time.monotonic()
        self.process.kill()

        def left() -> tuple[object, ...]:
            return (*alive(offspring), *anydesk_processes(self.data))

        wait_until(lambda: not left(), "nothing is left of the client", NOTHING_LEFT_SECONDS)
        seconds = time.monotonic() - begun
        self.end()
        return seconds

    def end(self) -> None:
        """End it by force, if it still runs, and close its pipes."""
        self.process.kill()
        self.process.wait(LIMIT_SECONDS)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self._errors.close()

    def _read(self, seconds: float) -> bool:
        assert self.process.stdout is not None
        readable, _, _ = select.select([self.process.stdout], [], [], seconds)
        piece = os.read(self.process.stdout.fileno(), 65536) if readable else b""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        self.lines += [json.loads(line) for line in lines]
        return bool(piece)
