"""Closing from a random state with random faults, reproducible by a seed: for the benchmark and for a short test.

What is looked at afterwards is looked at from outside too: every process that works for the run's own home folder.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from client_app.core.anydesk import AnyDeskRefusedError, AnyDeskState, ClosingFact, Fact
from client_app.core.session import EndedBy
from demo.anydesk.remote import Faults, NotRunningError, OrderError
from demo.anydesk.supervisor import Supervisor
from tests.contracts.world import STRANGER, TECHNICIAN, AnyDeskWorld

_STATE_SECONDS = 5.0
# Each fault with how often it is there.
_FAULTS: dict[str, tuple[object, float]] = {
    "ignore_sigterm": (True, 0.25),
    "hang_queries": (True, 0.15),
    "dies_at_once": (True, 0.04),
    "hands_over": (True, 0.12),
    "grandchild_at_start": (True, 0.2),
    "offline": (True, 0.1),
    "encoding": ("utf-16", 0.3),
    "foreign_phrases": (True, 0.1),
    "torn_lines": (True, 0.1),
}
_INSTALLABLE = {"elevated": True, "install_disallowed": False}


@dataclass(frozen=True)
class Closed:
    """One closing.

    Attributes:
        seed: makes the same run again.
        deeds: what had happened before.
        seconds: from asking for the end to the look that saw no process of ours.
        proof_seconds: from asking for the end to the whole proof.
        broken: names of facts that do not hold.
        left: pids of processes of this run that were still there after it.
    """

    seed: int
    deeds: tuple[str, ...]
    seconds: float
    proof_seconds: float
    broken: tuple[str, ...]
    left: tuple[int, ...]


def close_randomly(home: Path, seed: int) -> Closed:
    """Bring a new AnyDesk into some state, close it and say how that went. `home` must be this process's HOME."""
    chance = random.Random(seed)
    world = AnyDeskWorld(home)
    deeds: list[str] = []
    try:
        # A service manager of the run's own, which starts again what it shall keep running.
        with Supervisor(home):
            _bring_into_a_state(world, chance, deeds)
            return _close(world, seed, tuple(deeds))
    finally:
        world.end_everything()


def _bring_into_a_state(world: AnyDeskWorld, chance: random.Random, deeds: list[str]) -> None:
    known = {name: wanted for name, wanted in _FAULTS.items() if name in Faults._fields}
    faults = {name: value for name, (value, share) in known.items() if chance.random() < share}
    deeds += sorted(faults)
    if is_installable := chance.random() < 0.25:
        faults |= _INSTALLABLE
        deeds.append("installable")
    try:
        world.start(Faults(**faults))  # type: ignore[arg-type]
    except AnyDeskRefusedError as refused:
        deeds.append(refused.reason)
        return
    if chance.random() < 0.85 and not faults.get("offline"):
        with contextlib.suppress(AssertionError):
            world.events.wait(lambda event: event.state is AnyDeskState.READY, _STATE_SECONDS)
    names = chance.choices(list(_DEEDS), k=chance.randint(0, 5))
    for name in (*names, "installed") if is_installable else names:
        deeds.append(name)
        # What does not fit the present state is refused by the stand-in; then nothing happens.
        with contextlib.suppress(OrderError, NotRunningError, OSError, TimeoutError):
            _DEEDS[name](world)


def _install(world: AnyDeskWorld) -> None:
    world.remote.install_as_service(world.home / "installed")


_DEEDS: dict[str, Callable[[AnyDeskWorld], object]] = {
    "installed": _install,
    "asked": lambda world: world.remote.incoming(TECHNICIAN, alias="anna@bit", name="Anna"),
    "accepted": lambda world: world.remote.accept(),
    "refused": lambda world: world.remote.refuse(),
    "left": lambda world: world.remote.disconnect("remote"),
    "stranger": lambda world: world.remote.incoming(STRANGER, name=f"Anna ({TECHNICIAN})"),
    "token": lambda world: world.remote.incoming(TECHNICIAN, how="Token"),
    "offline now": lambda world: world.remote.go_offline(),
    "hung": lambda world: world.remote.hang(),
    "service crashed": lambda world: world.remote.crash("service"),
    "window crashed": lambda world: world.remote.crash("window"),
    "window closed": lambda world: world.remote.close_window(),
    "grandchild": lambda world: world.remote.spawn_grandchild(),
    "rotated": lambda world: world.remote.change_log("rotate"),
    "password": lambda world: world.remote.set_unattended_password(),
    "autostart": lambda world: world.remote.add_autostart(),
}


def _close(world: AnyDeskWorld, seed: int, deeds: tuple[str, ...]) -> Closed:
    firsts: list[tuple[ClosingFact, ...]] = []
    asked_at, begun = time.time(), time.monotonic()
    proof = world.session.end(EndedBy.CUSTOMER, firsts.append)
    whole = time.monotonic() - begun
    looks = [_gone(facts) for facts in (*firsts, proof.facts)]
    seen_at = next((moment for moment in looks if moment is not None), None)
    seconds = float("inf") if seen_at is None else seen_at - asked_at
    broken = tuple(sorted(fact.fact.value for fact in proof.facts if fact.holds is False))
    return Closed(seed, deeds, seconds, whole, broken, tuple(_processes_of(world.home)))


def _gone(facts: tuple[ClosingFact, ...]) -> float | None:
    """Return when a look saw that nothing of ours runs."""
    held = (fact for fact in facts if fact.fact is Fact.NO_PROCESS and fact.holds)
    return next((datetime.fromisoformat(fact.measured_at).timestamp() for fact in held), None)


def _processes_of(home: Path) -> Iterator[int]:
    """Yield the processes that work for a home folder and are not this one (Linux)."""
    wanted = b"HOME=" + str(home).encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and entry.name != str(_own_pid()):
            with contextlib.suppress(OSError):
                is_manager = b"demo.anydesk.supervisor" in (entry / "cmdline").read_bytes()
                if wanted in (entry / "environ").read_bytes().split(b"\0") and not is_manager:
                    yield int(entry.name)


def _own_pid() -> int:
    return int(Path("/proc/self").resolve().name)
