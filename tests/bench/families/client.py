"""What the client costs while help goes on: memory, idle load, and how long its window ever stood still."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator

import psutil

from demo.world import TECHNICIAN_NUMBER, World, living_world
from tests.bench import machine
from tests.bench.dialogue import Dialogue
from tests.bench.launch import ProgramError
from tests.bench.rows import Goal, Row, Run, Sense

IDLE_SECONDS = 20
SETTLE_SECONDS = 4.0
PATH_SECONDS = 240
MEGABYTE = 1e6


def measure(run: Run) -> Iterator[Row]:
    """Yield the rows of this family."""
    with machine.screen() as screen:
        environment = machine.surroundings(screen, run.folder)
        with living_world(run.folder / "world") as world:
            yield from _session(world, environment, run, screen)
        yield _longest_block(environment, run, screen)


def _session(world: World, environment: dict[str, str], run: Run, screen: machine.Screen) -> Iterator[Row]:
    """Memory and idle load of a client in a session, beside a bare window that does nothing in the same seconds."""
    seconds = run.times(IDLE_SECONDS)
    environment = environment | {"HOME": str(world.home)}
    options = ["--company", str(world.company), "--data", str(run.folder / "data")]
    said = run.folder / "client.log"
    with (
        said.open("w", encoding="utf-8") as client_errors,
        (run.folder / "bare.log").open("w", encoding="utf-8") as bare_errors,
        Dialogue([*machine.program("session"), *options], environment, client_errors) as client,
        Dialogue(machine.program("idle_window"), environment, bare_errors) as bare,
    ):
        come_to_the_session(client, world)
        bare.hear(lambda message: "ready" in message, "the bare window")
        time.sleep(SETTLE_SECONDS)
        before = [(talk.ask(do="usage"), time.monotonic()) for talk in (client, bare)]
        time.sleep(seconds)
        after = [(talk.ask(do="usage"), time.monotonic()) for talk in (client, bare)]
        memory, bare_memory = _resident(client.pid), _resident(bare.pid)
        guardian = sum(_resident(child.pid) for child in psutil.Process(client.pid).children())
        client.tell(do="end")
        client.hear(lambda message: message.get("phase") == "finished", "the end of the session")
    (load, switches), (bare_load, bare_switches) = (_load(*pair) for pair in zip(before, after, strict=True))
    where = f"connected to the AnyDesk stand-in, wizard and panel on {screen}"
    yield Row(
        name="client.session_rss_mb",
        value=memory,
        unit="MB",
        floor=bare_memory,
        goal=Goal(Sense.BELOW, 120),
        how=f"resident memory of the client's process, {where}; its guardian beside it {guardian:.0f} MB; "
        "the floor is a bare PySide6 window",
    )
    yield Row(
        name="client.session_idle_cpu_percent",
        value=load,
        unit="%",
        floor=bare_load,
        goal=Goal(Sense.BELOW, 0.5),
        how=f"processor time of the client's process over {seconds} s, of one processor, {where}; "
        f"{switches:.1f} switches of threads a second; the floor is a bare window in the same seconds, "
        f"{bare_switches:.1f} switches",
    )


def come_to_the_session(client: Dialogue, world: World) -> None:
    """Do what leads to a session, as customer at the pipe, as technician at the console."""
    case = world.technician.open_case("Drukarka nie drukuje", 12300, "naprawa drukarki", {}, "pl")

    def until(phase: str) -> None:
        client.hear(lambda message: message.get("phase") == phase, phase)

    client.hear(lambda message: message.get("documents", 0) > 0, "the documents")
    client.tell(do="code", text=world.technician.case(case)["code"])
    until("word")
    client.tell(do="word", text=world.technician.case(case)["word"])
    until("details")
    client.tell(do="details")
    until("terms")
    client.tell(do="terms")
    client.hear(lambda m: m.get("phase") == "computer" and not m["checks_running"], "the checks")
    client.tell(do="backup")
    until("order")
    client.tell(do="order")
    until("waiting")
    world.remote.wait_until_online()
    world.remote.incoming(TECHNICIAN_NUMBER, alias="anna@bitservice", name="Anna")
    world.remote.accept()
    until("connected")


def _load(
    before: tuple[dict[str, float], float], after: tuple[dict[str, float], float]
) -> tuple[float, float]:
    """Return the share of one processor in percent and the switches a second between two moments."""
    (used, began), (used_later, ended) = before, after
    seconds = ended - began
    cpu = (used_later["cpu_seconds"] - used["cpu_seconds"]) / seconds
    return cpu * 100, (used_later["switches"] - used["switches"]) / seconds


def _resident(pid: int) -> float:
    return psutil.Process(pid).memory_info().rss / MEGABYTE


def _longest_block(environment: dict[str, str], run: Run, screen: machine.Screen) -> Row:
    """The whole path, from the first window to the end, by real events on real widgets under the watchdog."""
    command = [*machine.program("whole_path"), str(run.folder / "path")]
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATH_SECONDS,
        check=False,
    )
    if done.returncode:
        raise ProgramError(f"whole_path ended with {done.returncode}\n{done.stdout}{done.stderr}")
    found = json.loads(done.stdout.splitlines()[-1])
    (run.folder / "blocks.txt").write_text("\n".join(found["blocks"]), "utf-8")
    return Row(
        name="client.ui_block_max_ms",
        value=found["longest_ms"],
        unit="ms",
        goal=Goal(Sense.BELOW, 50),
        how=f"longest time away from the event loop in the product's code, {found['actions']} actions from the first "
        f"window (its building not counted) to the saved receipt, on {screen}; {_place(found['stack'])}",
    )


def _place(stack: str) -> str:
    """Return where the product stood, innermost first."""
    frames = [line.strip() for line in stack.splitlines() if f'"{machine.ROOT}/client_app' in line]
    places = [frame.replace(f"{machine.ROOT}/", "") for frame in reversed(frames[-3:])]
    return " in ".join(places) or "no stay long enough to be noted"
