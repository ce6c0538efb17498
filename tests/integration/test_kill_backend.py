"""kill -9 of the backend at each phase, and a restart on the same port and data: nothing that was answered is lost."""

import threading
from collections.abc import Callable, Iterator

import pytest
import requests

from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.session import EndedBy, Phase
from client_app.services.backend import Backend
from consent_backend.store.readback import read_back
from demo.backend_process import BackendProcess
from demo.world import TECHNICIAN_NUMBER
from tests.integration.customer import Customer
from tests.integration.cutting import WHOLE_SESSION, wait_for_records
from tests.integration.evidence import (
    anydesk_processes,
    assert_never_started,
    kept_records,
    stored_records,
)

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("quick_second_look")]


@pytest.fixture
def backend(customer: Customer) -> Iterator[BackendProcess]:
    """The backend; it lives again when the test is over, and has never met anything unforeseen."""
    backend = customer.world.backend
    yield backend
    if backend.process.poll() is not None:
        backend.restart()
    assert "Traceback" not in backend.log_path.read_text("utf-8")


def wait_for_state(customer: Customer, *states: str) -> None:
    """Let the program run until the console shows the case in one of the states."""
    technician = customer.world.technician
    customer.wait_for(lambda: technician.case(customer.case_id)["state"] in states, "the console")


def test_the_backend_is_killed_at_every_step_of_one_session(
    customer: Customer, backend: BackendProcess
) -> None:
    """Dead before each act; where that is felt, a code is shown; after the restart trying again goes on."""
    customer.wait_for(lambda: bool(customer.session.documents), "documents")
    case = customer.world.technician.case(customer.case_id)
    code, word = ev.CodeTyped(case["code"]), ev.WordPicked(case["word"])
    retry, end = ev.RetryPressed(), ev.EndPressed()
    steps: tuple[tuple[Callable[[], None], ev.Event, Phase], ...] = (
        (lambda: customer.do(code), retry, Phase.WORD),
        (lambda: customer.do(word), word, Phase.DETAILS),
        (customer.give_details, retry, Phase.TERMS),
        (customer.accept_terms, retry, Phase.COMPUTER),
        (customer.answer_backup, retry, Phase.ORDER),
        (customer.order, retry, Phase.WAITING),
        (customer.let_in, retry, Phase.CONNECTED),
        (lambda: customer.do(end), retry, Phase.FINISHED),
    )
    felt, known = [], "open"
    for do, again, there in steps:
        before = stored_records(backend.database, customer.case_id)
        backend.kill()
        do()
        customer.wait_for_code_or(there)
        is_felt = customer.session.phase is not there
        if is_felt:
            felt.append(there)
            assert customer.session.error is ErrorCode.NO_CONNECTION
            assert_never_started(customer.remote, customer.data)
        backend.restart()
        assert stored_records(backend.database, customer.case_id) == before
        # What the backend had answered it still knows; the technician need not sign in again.
        assert customer.world.technician.case(customer.case_id)["state"] == known
        if is_felt:
            customer.do(again)
            customer.until(there)
        assert customer.session.error is None
        expected = {Phase.WORD: "joined", Phase.DETAILS: "word_confirmed", Phase.WAITING: "in_session"}
        known = expected.get(there, known)
        wait_for_state(customer, known, "ended")
    assert felt == [Phase.WORD, Phase.DETAILS, Phase.WAITING]
    wait_for_records(customer, WHOLE_SESSION)


@pytest.mark.parametrize(
    "milliseconds",
    [
        0,
        8,
        *(pytest.param(ms, marks=pytest.mark.long) for ms in (2, 4, 6, 10, 12, 15, 20, 25, 30, 40, 60, 100)),
    ],
)
def test_killed_some_time_after_the_order_button(
    milliseconds: int, customer: Customer, backend: BackendProcess
) -> None:
    """Before, while or after the order is committed: the customer tries again and has it once, with one receipt."""
    customer.come_to(Phase.ORDER)
    customer.order()
    threading.Event().wait(milliseconds / 1000)
    backend.kill()
    before = stored_records(backend.database, customer.case_id)
    customer.wait_for_code_or(Phase.WAITING)
    if customer.session.phase is Phase.OFFLINE:
        assert customer.session.error is ErrorCode.NO_CONNECTION
        assert_never_started(customer.remote, customer.data)
    backend.restart()
    if customer.session.phase is Phase.OFFLINE:
        customer.do(ev.RetryPressed())
    customer.until(Phase.WAITING)
    wait_for_records(customer, WHOLE_SESSION[:2])
    assert stored_records(backend.database, customer.case_id)[: len(before)] == before


def test_a_receipt_reads_back_the_same_over_the_wire(customer: Customer, backend: BackendProcess) -> None:
    """The bytes that the client verified are the bytes on the disk, and the bytes that are answered for ever."""
    customer.come_to(Phase.WAITING)
    consent, services = customer.session.consent, customer.controller.services
    assert consent is not None
    assert services is not None
    assert isinstance(services.backend, Backend)
    mine = services.consent.receipt_bytes(consent.record_id)
    backend.kill()
    on_disk = read_back(backend.database, consent.record_id)
    backend.restart()
    answer = requests.get(
        f"{backend.url}/v1/records/{consent.record_id}/receipt",
        headers={"Authorization": f"Bearer {services.backend._run.case().token}"},
        timeout=(3, 10),
        proxies={"http": "", "https": ""},
    )
    assert answer.status_code == 200
    assert on_disk is not None
    assert mine == on_disk.receipt == answer.content


def test_a_session_is_ended_and_proven_while_the_backend_is_dead(
    customer: Customer, backend: BackendProcess
) -> None:
    """Closing needs nobody; the end is told when there is somebody again."""
    customer.come_to(Phase.WAITING)
    wait_for_records(customer, WHOLE_SESSION[:2])
    backend.kill()
    customer.come_to(Phase.FINISHED)
    assert customer.session.ended_by is EndedBy.CUSTOMER
    assert [peer.number for peer in customer.session.past_peers] == [TECHNICIAN_NUMBER]
    assert len(customer.session.closing) >= 8
    assert [fact for fact in customer.session.closing if fact.holds is False] == []
    assert anydesk_processes(customer.data) == ()
    customer.wait_for(lambda: len(kept_records(customer.data)) == 4, "the end in the outbox")
    backend.restart()
    wait_for_records(customer, WHOLE_SESSION)
