"""The network is gone when the order is to be sent: the technician's answer on the phone, and nothing less, serves."""

import pytest

from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.session import Phase
from consent_record.canonical import decode
from consent_record.receipt import Receipt
from demo.world import World
from tests.integration.conftest import MakeCustomer
from tests.integration.customer import Customer
from tests.integration.cutting import send_order, wait_for_records
from tests.integration.evidence import (
    anydesk_processes,
    assert_never_started,
    stored_kinds,
    stored_records,
    wait_until,
)
from tests.integration.relay import Fault, Relay

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("quick_second_look")]


@pytest.fixture(scope="session")
def world(relayed: World) -> World:
    """Clients of this module reach the backend through the relay."""
    return relayed


@pytest.fixture(autouse=True)
def _relay_first(relay: Relay) -> None:
    """The relay outlives the customers."""


def test_an_order_accepted_by_phone(relay: Relay, customer: Customer) -> None:
    """The console answers the customer's code; AnyDesk starts; the order arrives late, is marked so and receipted."""
    customer.come_to(Phase.ORDER)
    relay.cut()
    send_order(customer)
    consent = customer.session.consent
    assert consent is not None
    answer = customer.world.technician.answer_offline(customer.case_id, consent.offline_code)
    assert customer.world.technician.case(customer.case_id)["offline_waiting"]
    customer.do(ev.AnswerTyped(f"{answer[:4]} {answer[4:]}"))
    customer.until(Phase.WAITING)
    customer.wait_for(lambda: customer.session.anydesk_running, "AnyDesk")
    assert anydesk_processes(customer.data)
    assert customer.session.consent is not None
    assert customer.session.consent.accepted_offline
    assert customer.session.consent.receipt_id is None
    assert stored_kinds(customer.world.backend.database, customer.case_id) == []
    relay.heal()
    wait_for_records(customer, ["consent", "session_start"])
    stored = stored_records(customer.world.backend.database, customer.case_id)
    assert [record.late for record in stored] == [True, True]
    assert decode(stored[0].receipt, Receipt).body.late
    customer.wait_for(
        lambda: customer.session.consent is not None and customer.session.consent.receipt_id is not None,
        "the receipt on the page",
    )
    assert not customer.world.technician.case(customer.case_id)["offline_waiting"]
    customer.come_to(Phase.CONNECTED)


@pytest.mark.expect_log("client_app.services.consent", "offline_answer_wrong")
def test_wrong_answers_start_nothing(relay: Relay, make_customer: MakeCustomer) -> None:
    """Five of them, the first one right for another case; then only the network helps."""
    customer, other = make_customer(), make_customer()
    other.come_to(Phase.DETAILS)
    customer.come_to(Phase.ORDER)
    relay.cut()
    send_order(customer)
    consent = customer.session.consent
    assert consent is not None
    technician = customer.world.technician
    for_other_case = technician.answer_offline(other.case_id, consent.offline_code)
    right = technician.answer_offline(customer.case_id, consent.offline_code)
    assert for_other_case != right
    wrong = [for_other_case, "00000000", right[::-1], f"{(int(right) + 1) % 10**8:08}", "99999999"]
    assert right not in wrong
    for left, answer in enumerate(wrong):
        customer.do(ev.AnswerTyped(answer))
        customer.wait_for_code_or()
        last = left == 4
        assert customer.session.answer_tries_left == 4 - left
        assert customer.session.error is (ErrorCode.ANSWER_TRIES_OVER if last else ErrorCode.ANSWER_WRONG)
        assert customer.session.phase is Phase.OFFLINE
    customer.do(ev.AnswerTyped(right))
    customer.wait_for(lambda: customer.session.error is ErrorCode.ANSWER_TRIES_OVER, "no sixth try")
    assert_never_started(customer.remote, customer.data)
    relay.heal()
    customer.do(ev.RetryPressed())
    customer.until(Phase.WAITING)


def test_an_answer_on_the_phone_for_an_order_that_had_arrived(relay: Relay, customer: Customer) -> None:
    """The receipt was lost, so both sides did it by phone; nothing is waited for and nothing is stored twice."""
    customer.come_to(Phase.ORDER)
    relay.lose("PUT /v1/records/", Fault.ANSWER_LOST)
    send_order(customer)
    consent = customer.session.consent
    assert consent is not None
    answer = customer.world.technician.answer_offline(customer.case_id, consent.offline_code)
    customer.do(ev.AnswerTyped(answer))
    customer.until(Phase.WAITING)
    relay.heal()
    wait_for_records(customer, ["consent", "session_start"])
    assert not customer.world.technician.case(customer.case_id)["offline_waiting"]


def test_an_order_given_up_while_offline_starts_nothing_when_it_arrives(
    relay: Relay, customer: Customer
) -> None:
    customer.come_to(Phase.ORDER)
    relay.cut()
    send_order(customer)
    customer.do(ev.RefusePressed())
    assert customer.session.phase is Phase.STOPPED
    relay.heal()
    wait_for_records(customer, ["consent", "refusal"])
    wait_until(lambda: not anydesk_processes(customer.data), "nothing")
    assert customer.session.phase is Phase.STOPPED
    assert_never_started(customer.remote, customer.data)
