"""Nothing of AnyDesk outlives us: the client, the guardian, its supervisor and their whole group are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.core.anydesk import AnyDeskState, Fact
from client_app.core.anydesk_system import ProcessIdentity
from client_app.core.session import EndedBy
from client_app.platforms.linux.processes import descendants
from demo.anydesk.remote import Faults
from tests.contracts.world import ROOT, AnyDeskWorld, wait_for

LIMIT_SECONDS = 2.0


class RealClient:
    """A small process that starts AnyDesk as the program does, and then only lives."""

    def __init__(self, world: AnyDeskWorld, faults: Faults) -> None:
        self.world = world
        world.remote.prepare(faults)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.guardian.small_client"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.guardian = int(self.process.stdout.readline())
        world.remote.wait_until_online()
        world.remote.incoming("221436813", name="Anna")
        world.remote.accept()
        world.remote.spawn_grandchild()
        # Window, local service, local control, session backend, and the one that detached itself.
        wait_for(lambda: len(world.own_processes()) == 5)

    @property
    def inner(self) -> ProcessIdentity:
        """The guardian below its supervisor."""
        return next(
            one
            for one in descendants(self.world.system.processes.everything(), self.guardian)
            if not one.image.startswith(str(self.world.private_root))
        )

    def seconds_until_nothing_is_left(self) -> float:
        begun = time.monotonic()
        wait_for(lambda: not self.world.own_processes(), LIMIT_SECONDS)
        return time.monotonic() - begun

    def close(self) -> None:
        self.process.kill()
        self.process.wait(5)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


@pytest.fixture(params=[Faults(), Faults(ignore_sigterm=True)], ids=["polite", "stubborn"])
def client(world: AnyDeskWorld, request: pytest.FixtureRequest) -> Iterator[RealClient]:
    client = RealClient(world, request.param)
    yield client
    client.close()


def guardian_is_gone(client: RealClient) -> bool:
    return client.world.system.processes.identify(client.guardian) is None


def test_the_client_is_killed(client: RealClient) -> None:
    client.process.kill()
    client.seconds_until_nothing_is_left()
    wait_for(lambda: guardian_is_gone(client), LIMIT_SECONDS)


def test_the_clients_whole_group_is_killed(client: RealClient) -> None:
    os.killpg(client.process.pid, signal.SIGKILL)
    client.seconds_until_nothing_is_left()


def test_the_supervisor_is_killed(client: RealClient) -> None:
    os.kill(client.guardian, signal.SIGKILL)
    client.seconds_until_nothing_is_left()


def test_the_guardian_below_it_is_killed(client: RealClient) -> None:
    os.kill(client.inner.pid, signal.SIGKILL)
    client.seconds_until_nothing_is_left()
    wait_for(lambda: guardian_is_gone(client), LIMIT_SECONDS)


def test_client_and_guardian_are_killed_together(client: RealClient) -> None:
    os.kill(client.inner.pid, signal.SIGKILL)
    client.process.kill()
    client.seconds_until_nothing_is_left()


def test_client_and_supervisor_are_killed_together(client: RealClient) -> None:
    os.kill(client.guardian, signal.SIGKILL)
    client.process.kill()
    client.seconds_until_nothing_is_left()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_guardian_is_asked_to_end(client: RealClient, number: signal.Signals) -> None:
    os.kill(client.inner.pid, number)
    client.seconds_until_nothing_is_left()


def test_client_guardian_and_supervisor_die_at_once_and_the_next_start_cleans_up(
    client: RealClient, home: Path
) -> None:
    """The one case in which AnyDesk can survive: nobody is left to end it. The next prepare does."""
    inner = client.inner
    for pid in (client.guardian, inner.pid, client.process.pid):
        os.kill(pid, signal.SIGSTOP)
    for pid in (client.guardian, inner.pid, client.process.pid):
        os.kill(pid, signal.SIGKILL)
    client.process.wait(5)
    world = AnyDeskWorld(home)
    world.session.prepare(frozenset())
    assert world.own_processes() == []
    assert list(world.private_root.glob("run-*")) == []


@pytest.mark.usefixtures("short_second_look")
def test_our_own_guardian_dies_under_a_session(world: AnyDeskWorld) -> None:
    """The client notices, ends what is left by identity, and says what it cannot measure any more."""
    world.start_ready(Faults(ignore_sigterm=True))
    world.connect()
    run = world.session._run
    assert run is not None
    os.kill(run.guardian.pid, signal.SIGKILL)
    world.events.wait_state(AnyDeskState.UNGUARDED)
    assert world.own_processes() == []
    proof = world.session.end(EndedBy.UNKNOWN)
    found = {fact.fact: fact.holds for fact in proof.facts}
    assert found[Fact.NO_PROCESS] is True
    assert found[Fact.NO_CHILD] is None
    assert found[Fact.NOT_RUNNING] is None
    assert found[Fact.COPY_REMOVED] is True
