"""kill -9 of the client at each phase: nothing of AnyDesk is left, nothing is lost, nothing is said that is not so."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from client_app.core.errors import ErrorCode
from client_app.core.session import Phase
from client_app.platforms.linux.processes import LinuxProcessTable
from client_app.services.anydesk.session import AnyDeskSession
from client_app.services.guardian.client import GuardianClient
from client_app.services.release import CompanyAnyDesk
from demo.anydesk.faults import Faults
from demo.world import World
from tests.integration.customer import Customer, Program, let_in
from tests.integration.evidence import (
    NOTHING_LEFT_SECONDS,
    Kept,
    alive,
    anydesk_processes,
    assert_never_started,
    assert_no_crash,
    family,
    kept_records,
    stored_records,
    wait_until,
    was_started,
)
from tests.integration.killing import ChildClient, Times
from tests.integration.relay import Fault, Relay

pytestmark = pytest.mark.timeout(120)

NewChild = Callable[[Phase], ChildClient]


@pytest.fixture(scope="module")
def times() -> Iterator[Times]:
    """Collects how long it took; printed at the end (pytest -s shows it)."""
    measured = Times()
    yield measured
    print("\nuntil nothing was left\n  " + "\n  ".join(measured.table()))


@pytest.fixture(scope="session")
def world(relayed: World) -> World:
    """Clients of this module reach the backend through the relay, which can hold a request."""
    return relayed


@pytest.fixture
def new_child(world: World, relay: Relay, tmp_path: Path) -> Iterator[NewChild]:
    """Starts clients, each with a home and data of its own; ends what still runs."""
    made: list[ChildClient] = []

    def make(until: Phase) -> ChildClient:
        made.append(ChildClient(world, tmp_path / f"child-{len(made)}", until))
        return made[-1]

    yield make
    for child in made:
        child.end()
        assert child.errors == ""
        assert_no_crash(child.data)


@pytest.fixture
def run_again(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[ChildClient], Program]]:
    """Starts the program again with the data of one that was killed."""
    made: list[Program] = []

    def make(child: ChildClient) -> Program:
        monkeypatch.setenv("HOME", str(child.home))
        made.append(Program(child.world.company, qtbot, child.data))
        return made[-1]

    yield make
    for program in made:
        program.leave()


RunAgain = Callable[[ChildClient], Program]


def assert_backend_has(child: ChildClient, kept: list[Kept]) -> None:
    """The backend's file holds exactly what the client had stored: each record once, byte for byte, in order."""
    stored = stored_records(child.world.backend.database, child.case_id)
    assert [(s.record_id, s.canonical) for s in stored] == [(k.record_id, k.record) for k in kept]
    receipts = {s.record_id: s.receipt for s in stored}
    assert all(k.receipt == receipts[k.record_id] for k in kept_records(child.data))


def assert_nobody_says_it_is_closed(child: ChildClient) -> None:
    """A session whose client was killed is neither ended nor proven closed by anybody's word."""
    kinds = {record.kind for record in stored_records(child.world.backend.database, child.case_id)}
    assert not kinds & {"session_end", "closing"}
    case = child.world.technician.case(child.case_id)
    assert case["state"] in ("ordered", "in_session")
    assert not {"ended", "closed_proven", "state.ended"} & {line["kind"] for line in case["timeline"]}


# --- before the order ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "phase", [Phase.WORD, Phase.DETAILS, Phase.TERMS, Phase.COMPUTER, Phase.ORDER], ids=lambda p: p.value
)
def test_killed_before_the_order(
    phase: Phase, new_child: NewChild, run_again: RunAgain, times: Times
) -> None:
    """Nothing was ordered: nothing is stored, nothing is sent, nothing was ever started."""
    child = new_child(phase)
    child.wait_for(phase=phase.value)
    times.note("kill before the order", child.kill())
    assert_never_started(child.remote, child.data)
    program = run_again(child)
    program.wait_until_all_is_sent()
    assert program.session.error is None
    assert kept_records(child.data) == []
    assert_backend_has(child, [])


def test_a_second_client_is_refused_until_the_first_one_is_dead(
    relay: Relay, new_child: NewChild, run_again: RunAgain
) -> None:
    first = new_child(Phase.WORD)
    first.wait_for(phase=Phase.WORD.value)
    second = run_again(first)
    second.wait_for(lambda: second.session.error is not None, "a refusal")
    assert second.session.error is ErrorCode.ALREADY_RUNNING
    assert second.controller.services is None
    assert second.session.documents == ()
    second.leave()
    first.kill()
    third = run_again(first)
    third.wait_for(lambda: third.controller.services is not None, "services")
    assert third.session.error is None


# --- the order ----------------------------------------------------------------------------------------------------


def test_killed_while_the_order_is_on_its_way(
    relay: Relay, new_child: NewChild, run_again: RunAgain, times: Times
) -> None:
    """It was durable before it was sent, so the next run sends it; that starts nothing."""
    relay.lose("PUT /v1/records/", Fault.HELD)
    child = new_child(Phase.WAITING)
    sending = child.wait_for(phase=Phase.SENDING.value)
    relay.wait_for_loss()
    times.note("kill while sending", child.kill())
    kept = kept_records(child.data)
    assert [(k.record_id, k.kind, k.state) for k in kept] == [(sending["record_id"], "consent", "unsent")]
    relay.cut()
    relay.heal()
    program = run_again(child)
    program.wait_until_all_is_sent()
    assert_backend_has(child, kept)
    assert program.session.phase is Phase.CODE
    assert_never_started(child.remote, child.data)


def test_killed_after_the_backend_stored_the_order(
    relay: Relay, new_child: NewChild, run_again: RunAgain
) -> None:
    """The receipt was lost with the client: the next run asks again and gets the very same one."""
    relay.lose("PUT /v1/records/", Fault.ANSWER_LOST)
    child = new_child(Phase.WAITING)
    child.wait_for(phase=Phase.OFFLINE.value)
    child.kill()
    before = stored_records(child.world.backend.database, child.case_id)
    assert [record.kind for record in before] == ["consent"]
    relay.heal()
    run_again(child).wait_until_all_is_sent()
    assert stored_records(child.world.backend.database, child.case_id) == before
    assert [k.receipt for k in kept_records(child.data)] == [before[0].receipt]
    assert_never_started(child.remote, child.data)


@pytest.mark.parametrize(
    "milliseconds",
    [
        0,
        *(pytest.param(ms, marks=pytest.mark.long) for ms in (5, 10, 15, 20, 30, 40)),
        60,
        *(pytest.param(ms, marks=pytest.mark.long) for ms in (90, 120, 160, 200, 250, 350)),
        300,
        *(pytest.param(ms, marks=pytest.mark.long) for ms in (400, 450, 500, 600, 700, 800)),
    ],
)
def test_killed_some_time_after_the_order_button(
    milliseconds: int, new_child: NewChild, run_again: RunAgain, times: Times
) -> None:
    """Storing, sending, verifying, copying, starting: whatever the moment hits, the evidence is ahead of AnyDesk."""
    child = new_child(Phase.ORDER)
    child.wait_for(phase=Phase.ORDER.value)
    child.tell("order")
    threading.Event().wait(milliseconds / 1000)
    times.note("kill between order and session", child.kill())
    kept = kept_records(child.data)
    assert [k.kind for k in kept] in ([], ["consent"], ["consent", "session_start"])
    if was_started(child.remote):
        assert kept[0].state == "verified"
    run_again(child).wait_until_all_is_sent()
    assert_backend_has(child, kept)


# --- the session --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", [Phase.WAITING, Phase.CONNECTED, Phase.CLOSING], ids=lambda p: p.value)
def test_killed_in_a_session(phase: Phase, new_child: NewChild, run_again: RunAgain, times: Times) -> None:
    """AnyDesk goes with the client, a grandchild that hid itself too; the session is not called closed.

    The connected one does not obey when it is asked to end, which takes the longest.
    """
    child = new_child(Phase.ORDER)
    child.remote.prepare(Faults(ignore_sigterm=phase is Phase.CONNECTED))
    child.wait_for(phase=Phase.ORDER.value)
    child.tell("order")
    child.wait_for(phase=Phase.WAITING.value, anydesk_running=True)
    child.remote.wait_until_online()
    child.remote.spawn_grandchild()
    if phase is not Phase.WAITING:
        let_in(child.remote)
        child.wait_for(phase=Phase.CONNECTED.value)
    assert len(anydesk_processes(child.data)) >= 4
    if phase is Phase.CLOSING:
        child.tell("end")
        child.wait_for(phase=Phase.CLOSING.value)
    times.note(f"kill in a session ({phase.value})", child.kill())
    kept = kept_records(child.data)
    assert [k.kind for k in kept] == ["consent", "session_start"]
    run_again(child).wait_until_all_is_sent()
    assert_backend_has(child, kept)
    assert_nobody_says_it_is_closed(child)


def test_killed_when_the_session_was_just_over(
    relay: Relay, new_child: NewChild, run_again: RunAgain
) -> None:
    """The end is stored or it is not; what is stored arrives once."""
    child = new_child(Phase.WAITING)
    child.wait_for(phase=Phase.WAITING.value, anydesk_running=True)
    child.tell("end")
    child.wait_for(phase=Phase.FINISHED.value)
    child.kill()
    kept = kept_records(child.data)
    assert [k.kind for k in kept] == ["consent", "session_start", "session_end", "closing"][: len(kept)]
    assert len(kept) >= 2
    run_again(child).wait_until_all_is_sent()
    assert_backend_has(child, kept)


# --- the guardian -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("quick_second_look")
@pytest.mark.parametrize("end", ["pipe", "guardian", "supervisor"])
def test_the_guardian_is_lost(end: str, customer: Customer, times: Times) -> None:
    """The client lives on: AnyDesk goes all the same, and the customer is told why."""
    customer.come_to(Phase.CONNECTED)
    customer.remote.spawn_grandchild()
    ours = anydesk_processes(customer.data)
    assert len(ours) >= 4
    guardian = guardian_of(customer)
    # What was spawned is the supervisor; below it are the guardian and, adopted or not, all of AnyDesk.
    supervisor = LinuxProcessTable().identify(guardian.pid)
    assert supervisor is not None
    (below,) = set(family(supervisor.pid)) - set(ours)
    if end == "pipe":
        guardian._process.stdin.close()
    else:
        os.kill(below.pid if end == "guardian" else supervisor.pid, signal.SIGKILL)
    left = wait_until(
        lambda: not anydesk_processes(customer.data), "nothing of AnyDesk is left", NOTHING_LEFT_SECONDS
    )
    times.note(f"the {end} is lost", left)
    wait_until(lambda: not alive((supervisor, below)), "the guardian is gone", NOTHING_LEFT_SECONDS)
    customer.until(Phase.FINISHED)
    assert customer.session.error is ErrorCode.GUARDIAN_LOST
    assert [fact.fact for fact in customer.session.closing if fact.holds is False] == []


def guardian_of(customer: Customer) -> GuardianClient:
    """Return the client's end of the guardian's pipe."""
    services = customer.controller.services
    assert services is not None
    assert isinstance(services.anydesk, CompanyAnyDesk)
    session = services.anydesk._session
    assert isinstance(session, AnyDeskSession)
    assert session._run is not None
    return session._run.guardian
