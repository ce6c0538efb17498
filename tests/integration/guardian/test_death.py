"""Nothing of AnyDesk outlives us: the client, the guardian, its supervisor and their whole group are killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.core.anydesk import AnyDeskState, Fact
from client_app.core.session import EndedBy
from demo.anydesk.remote import Faults
from tests.contracts.world import AnyDeskWorld, wait_for
from tests.integration.guardian.real_client import LIMIT_SECONDS, RealClient
from tests.integration.killing import Times


@pytest.fixture(scope="module")
def times() -> Iterator[Times]:
    """Collects how long it took; printed at the end (pytest -s shows it)."""
    measured = Times()
    yield measured
    print("\nuntil nothing was left\n  " + "\n  ".join(measured.table()))


@pytest.fixture(params=[Faults(), Faults(ignore_sigterm=True)], ids=["polite", "stubborn"])
def client(world: AnyDeskWorld, request: pytest.FixtureRequest, times: Times) -> Iterator[RealClient]:
    client = RealClient(world, request.param, times)
    yield client
    client.close()


def guardian_is_gone(client: RealClient) -> bool:
    return client.world.system.processes.identify(client.guardian) is None


def test_the_client_is_killed(client: RealClient) -> None:
    client.process.kill()
    client.wait_until_nothing_is_left("client killed")
    wait_for(lambda: guardian_is_gone(client), LIMIT_SECONDS)


def test_the_clients_whole_group_is_killed(client: RealClient) -> None:
    os.killpg(client.process.pid, signal.SIGKILL)
    client.wait_until_nothing_is_left("group killed")


def test_the_supervisor_is_killed(client: RealClient) -> None:
    os.kill(client.guardian, signal.SIGKILL)
    client.wait_until_nothing_is_left("supervisor killed")


def test_the_guardian_below_it_is_killed(client: RealClient) -> None:
    os.kill(client.inner.pid, signal.SIGKILL)
    client.wait_until_nothing_is_left("guardian killed")
    wait_for(lambda: guardian_is_gone(client), LIMIT_SECONDS)


def test_client_and_guardian_are_killed_together(client: RealClient) -> None:
    os.kill(client.inner.pid, signal.SIGKILL)
    client.process.kill()
    client.wait_until_nothing_is_left("client and guardian killed")


def test_client_and_supervisor_are_killed_together(client: RealClient) -> None:
    os.kill(client.guardian, signal.SIGKILL)
    client.process.kill()
    client.wait_until_nothing_is_left("client and supervisor killed")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_guardian_is_asked_to_end(client: RealClient, number: signal.Signals) -> None:
    os.kill(client.inner.pid, number)
    client.wait_until_nothing_is_left("guardian asked")


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT], ids=lambda one: one.name)
@pytest.mark.parametrize("which", ["client", "guardian", "supervisor"])
def test_one_of_us_crashes(client: RealClient, number: signal.Signals, which: str) -> None:
    pids = {"client": client.process.pid, "guardian": client.inner.pid, "supervisor": client.guardian}
    os.kill(pids[which], number)
    client.wait_until_nothing_is_left(f"{which} crashed")
    wait_for(lambda: guardian_is_gone(client), LIMIT_SECONDS)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda one: one.name)
def test_the_customer_logs_off(client: RealClient, number: signal.Signals) -> None:
    """The system tells every process of the session, in no order that anybody may rely on."""
    for pid in client.whole_session():
        os.kill(pid, number)
    client.wait_until_nothing_is_left(f"log-off ({number.name})")
    wait_for(lambda: guardian_is_gone(client), LIMIT_SECONDS)


def test_a_client_that_only_hangs_holds_nothing_up_when_it_is_killed(client: RealClient) -> None:
    os.kill(client.process.pid, signal.SIGSTOP)
    assert len(client.world.own_processes()) == 5
    client.process.kill()
    client.wait_until_nothing_is_left("stopped client killed")


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
