"""macOS's way of holding AnyDesk, with real processes on this system: killed, crashed, logged off, nothing is left.

What this cannot show: kqueue, fork beside macOS's own libraries, and the real AnyDesk.app.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from demo.anydesk.remote import Faults
from tests.contracts.world import AnyDeskWorld, wait_for
from tests.integration.guardian.real_client import LIMIT_SECONDS, RealClient
from tests.integration.killing import Times


@pytest.fixture(scope="module")
def times() -> Iterator[Times]:
    """Collects how long it took; printed at the end (pytest -s shows it)."""
    measured = Times()
    yield measured
    print("\nuntil nothing was left (macOS's way)\n  " + "\n  ".join(measured.table()))


@pytest.fixture
def client(world: AnyDeskWorld, times: Times) -> Iterator[RealClient]:
    client = RealClient(
        world, Faults(ignore_sigterm=True), times, "tests.integration.guardian.macos_guardian"
    )
    yield client
    client.close()


@pytest.mark.parametrize("who", ["client", "guardian", "supervisor", "client guardian", "client supervisor"])
def test_somebody_is_killed(client: RealClient, who: str) -> None:
    pids = {"guardian": client.inner.pid, "supervisor": client.guardian, "client": client.process.pid}
    for one in who.split():
        os.kill(pids[one], signal.SIGKILL)
    client.wait_until_nothing_is_left(f"{who} killed")
    processes = client.world.system.processes
    wait_for(lambda: processes.identify(pids["guardian"]) is None, LIMIT_SECONDS)
    # The supervisor looks for a while whether something comes back.
    wait_for(lambda: processes.identify(pids["supervisor"]) is None, 2 * LIMIT_SECONDS)


def test_the_customer_logs_off(client: RealClient) -> None:
    for pid in client.whole_session():
        os.kill(pid, signal.SIGTERM)
    client.wait_until_nothing_is_left("log-off")
