"""AnyDesk in a session: how fast it is closed from any state, when the proof is there, what watching it costs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from demo.world import living_world
from tests.bench import machine, stats
from tests.bench.dialogue import Dialogue
from tests.bench.families.client import SETTLE_SECONDS, come_to_the_session
from tests.bench.launch import ProgramError
from tests.bench.rows import Goal, Row, Run, Sense

CLOSINGS, PROOFS, AT_A_TIME = 200, 20, 4
CLOSE_LIMIT_SECONDS, PROOF_LIMIT_SECONDS = 2.0, 6.0
SECOND_LOOK_SECONDS = 5.0
WATCH_SECONDS, LONG_WATCH_SECONDS = 120, 600
PANEL_LIMIT_PERCENT = 0.2
TRACE_LIMIT_MB = 10.0
_RUN_SECONDS = 20.0

Closing = dict[str, Any]


def measure(run: Run) -> Iterator[Row]:
    """Yield the rows of this family."""
    yield _closing(run)
    yield _proof(run)
    yield _garbage(run)
    with machine.screen() as screen:
        yield _panel(run, screen)


def _closing(run: Run) -> Row:
    closed = _close(run, "closing", first=1, count=run.times(CLOSINGS), second_look_seconds=0.0)
    seconds = [one["seconds"] for one in closed]
    return Row(
        name="anydesk.close_p99_s",
        value=stats.percentile(seconds, 0.99),
        unit="s",
        goal=Goal(Sense.BELOW, CLOSE_LIMIT_SECONDS),
        how=f"from asking for the end to the look that saw no process of ours; {stats.summary(seconds)} s over random "
        f"states with random faults, {AT_A_TIME} at a time; {_failed(closed)}",
    )


def _proof(run: Run) -> Row:
    count = run.times(PROOFS)
    closed = _close(run, "proof", first=50_001, count=count, second_look_seconds=SECOND_LOOK_SECONDS)
    seconds = [one["proof_seconds"] for one in closed]
    return Row(
        name="anydesk.proof_s",
        value=max(seconds),
        unit="s",
        goal=Goal(Sense.BELOW, PROOF_LIMIT_SECONDS),
        floor=SECOND_LOOK_SECONDS,
        how=f"slowest, from asking for the end to all facts seen twice, {SECOND_LOOK_SECONDS:g} s apart (the floor); "
        f"{stats.summary(seconds)} s from random states, {AT_A_TIME} at a time; {_failed(closed)}",
    )


def _close(run: Run, name: str, *, first: int, count: int, second_look_seconds: float) -> list[Closing]:
    """Run `count` seeds in as many processes as run at a time, each with a share of them."""
    environment = machine.surroundings(machine.Screen("offscreen"), run.folder)
    share = -(-count // AT_A_TIME)
    workers = []
    for number in range(AT_A_TIME):
        own = min(share, count - number * share)
        folder, begin = run.folder / f"{name}-{number}", first + number * share
        command = [*machine.program("closing"), str(folder), str(begin), str(own), str(second_look_seconds)]
        with (run.folder / f"{name}-{number}.log").open("w", encoding="utf-8") as said:
            workers.append(
                subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=said, text=True)
            )
    closed: list[Closing] = []
    limit = time.monotonic() + share * _RUN_SECONDS
    for worker in workers:
        try:
            out, _ = worker.communicate(timeout=max(1.0, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            for one in workers:
                one.kill()
            raise ProgramError(f"{name}: not done after {share * _RUN_SECONDS:.0f} s") from None
        closed += [json.loads(line) for line in out.splitlines()]
    if len(closed) != count:
        raise ProgramError(f"{name}: {len(closed)} of {count} runs; see {run.folder}/{name}-*.log")
    (run.folder / f"{name}.json").write_text(json.dumps(closed, indent=0), "utf-8")
    return closed


def _failed(closed: list[Closing]) -> str:
    """Say how many left something; a row of seconds must not hide it."""
    left = [one["seed"] for one in closed if one["left"] or one["broken"]]
    if left:
        raise ProgramError(f"something was left, or a fact did not hold, with the seeds {left}")
    return "nothing left in any, all facts hold"


def _garbage(run: Run) -> Row:
    """How fast a log full of garbage is read, against splitting the same bytes into lines."""
    command = [*machine.program("garbage"), str(run.folder / "garbage"), str(run.times(3))]
    environment = machine.surroundings(machine.Screen("offscreen"), run.folder)
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise ProgramError(f"garbage ended with {done.returncode}\n{done.stdout}{done.stderr}")
    found = json.loads(done.stdout.splitlines()[-1])
    return Row(
        name="anydesk.garbage_mb_s",
        value=found["slowest_mb_s"],
        unit="MB/s",
        goal=Goal(Sense.AT_LEAST, TRACE_LIMIT_MB),
        floor=found["floor_mb_s"],
        how=f"slowest kind of garbage through tail, parser and picture: {found['slowest']}; {found['each']} MB/s; the "
        f"floor splits the same bytes into lines; at most {found['peak_mb']:.1f} MB of memory at a time",
    )


def _panel(run: Run, screen: machine.Screen) -> Row:
    """Client and guardian of a connected session with wizard and panel open, beside a window that does nothing."""
    seconds = LONG_WATCH_SECONDS if run.long else WATCH_SECONDS
    environment = machine.surroundings(screen, run.folder)
    with living_world(run.folder / "world") as world:
        environment = environment | {"HOME": str(world.home)}
        options = ["--company", str(world.company), "--data", str(run.folder / "data")]
        with (
            (run.folder / "client.log").open("w", encoding="utf-8") as client_errors,
            (run.folder / "bare.log").open("w", encoding="utf-8") as bare_errors,
            Dialogue([*machine.program("session"), *options], environment, client_errors) as client,
            Dialogue(machine.program("idle_window"), environment, bare_errors) as bare,
        ):
            come_to_the_session(client, world)
            bare.hear(lambda message: "ready" in message, "the bare window")
            time.sleep(SETTLE_SECONDS)
            own = _own_processes(client.pid)
            before = _used(own), _used([psutil.Process(bare.pid)]), time.monotonic()
            time.sleep(seconds)
            after = _used(own), _used([psutil.Process(bare.pid)]), time.monotonic()
            client.tell(do="end")
            client.hear(lambda message: message.get("phase") == "finished", "the end of the session")
    length = after[2] - before[2]
    guardian = [
        100 * (late - early) / length for early, late in zip(before[0][1:], after[0][1:], strict=True)
    ]
    return Row(
        name="anydesk.panel_cpu_percent",
        value=100 * (sum(after[0]) - sum(before[0])) / length,
        unit="%",
        floor=100 * (after[1][0] - before[1][0]) / length,
        goal=Goal(Sense.BELOW, PANEL_LIMIT_PERCENT),
        how=f"processor time over {seconds} s of the client's process and its guardian's {len(guardian)} "
        f"({sum(guardian):.3f} %), of one processor, connected, wizard and panel on {screen}; AnyDesk itself is not "
        "counted; the floor is a bare window in the same seconds",
    )


def _own_processes(pid: int) -> list[psutil.Process]:
    """Return the client and what it started that is ours: everything that runs on our interpreter."""
    client = psutil.Process(pid)
    ours = Path(sys.executable).resolve()
    children = [one for one in client.children(recursive=True) if Path(one.exe()).resolve() == ours]
    return [client, *children]


def _used(processes: list[psutil.Process]) -> list[float]:
    times = [process.cpu_times() for process in processes]
    return [one.user + one.system for one in times]
