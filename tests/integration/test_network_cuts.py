"""The network fails at each step, in each way: nothing starts without a receipt or a right answer, nothing is lost.

Real client services, real backend, real stand-in; between client and backend a relay that loses what a test names.
"""

from collections.abc import Callable

import pytest

from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.session import EndedBy, Phase
from consent_record.canonical import decode
from consent_record.receipt import Receipt
from demo.world import TECHNICIAN_NUMBER, World
from tests.integration.conftest import MakeCustomer
from tests.integration.customer import Customer
from tests.integration.cutting import NETWORK, WHOLE_SESSION, send_order, timeline, wait_for_records
from tests.integration.evidence import (
    anydesk_processes,
    assert_never_started,
    kept_records,
    stored_records,
)
from tests.integration.relay import Fault, Relay

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("quick_second_look")]

LOSSES = [Fault.REQUEST_LOST, Fault.ANSWER_LOST, Fault.ANSWER_HALF]
STABLE = {
    *(Phase.WORD, Phase.DETAILS, Phase.TERMS, Phase.COMPUTER, Phase.ORDER),
    *(Phase.WAITING, Phase.CONNECTED, Phase.FINISHED),
}
"""Phases in which the program waits for a person."""


@pytest.fixture(scope="session")
def world(relayed: World) -> World:
    """Clients of this module reach the backend through the relay."""
    return relayed


@pytest.fixture(autouse=True)
def _relay_first(relay: Relay) -> None:
    """The relay outlives the customers."""


# --- before the order ---------------------------------------------------------------------------------------------


def test_a_backend_that_was_never_reached_leads_to_no_session(
    relay: Relay, make_customer: MakeCustomer
) -> None:
    relay.cut()
    customer = make_customer()
    code = customer.world.technician.case(customer.case_id)["code"]
    customer.wait_for(lambda: bool(customer.session.documents), "the documents that came with the program")
    assert all(document.bundled for document in customer.session.documents)
    customer.do(ev.CodeTyped(code))
    for _ in range(3):
        customer.wait_for(lambda: customer.session.phase is Phase.CODE, "the code's page again")
        assert customer.session.error is ErrorCode.NO_CONNECTION
        customer.do(ev.RetryPressed())
        assert customer.session.phase is Phase.JOINING
    customer.until(Phase.CODE)
    # No way around: nothing that the later pages do means anything here.
    customer.give_details()
    customer.order()
    customer.do(ev.AnswerTyped("12345678"), ev.NextPressed())
    customer.until(Phase.CODE)
    assert customer.session.case is None
    assert customer.session.consent is None
    assert kept_records(customer.data) == []
    assert_never_started(customer.remote, customer.data)
    assert customer.world.technician.case(customer.case_id)["state"] == "open"


@pytest.mark.parametrize("fault", LOSSES, ids=lambda fault: fault.value)
def test_documents_that_do_not_arrive_are_the_bundled_ones(
    relay: Relay, make_customer: MakeCustomer, fault: Fault
) -> None:
    relay.lose("GET /v1/documents", fault)
    customer = make_customer()
    customer.wait_for(lambda: bool(customer.session.documents), "the documents that came with the program")
    assert all(document.bundled for document in customer.session.documents)
    relay.heal()
    customer.come_to(Phase.TERMS)
    assert customer.session.error is None


@pytest.mark.parametrize("fault", LOSSES, ids=lambda fault: fault.value)
def test_a_join_that_was_lost_is_tried_again(relay: Relay, customer: Customer, fault: Fault) -> None:
    relay.lose("POST /v1/cases/join", fault)
    customer.type_code()
    customer.wait_for(lambda: customer.session.error is not None, "a code")
    assert (customer.session.phase, customer.session.error) == (Phase.CODE, ErrorCode.NO_CONNECTION)
    relay.heal()
    customer.do(ev.RetryPressed())
    customer.until(Phase.WORD)
    assert customer.session.error is None
    # The backend may have answered before: the same computer is not taken for another one.
    assert customer.world.technician.case(customer.case_id)["alerts"] == []


@pytest.mark.parametrize("fault", LOSSES, ids=lambda fault: fault.value)
def test_a_word_that_was_lost_is_picked_again(relay: Relay, customer: Customer, fault: Fault) -> None:
    customer.come_to(Phase.WORD)
    relay.lose("POST /v1/cases/", fault)
    customer.pick_word()
    customer.wait_for(lambda: customer.session.error is not None, "a code")
    assert (customer.session.phase, customer.session.error) == (Phase.WORD, ErrorCode.NO_CONNECTION)
    assert not customer.session.word_confirmed
    relay.heal()
    customer.come_to(Phase.DETAILS)
    assert customer.session.error is None


def test_a_wrong_word_whose_answer_was_lost_stays_wrong(relay: Relay, customer: Customer) -> None:
    customer.come_to(Phase.WORD)
    right = customer.world.technician.case(customer.case_id)["word"]
    assert customer.session.case is not None
    wrong = next(word for word in customer.session.case.words if word != right)
    relay.lose("POST /v1/cases/", Fault.ANSWER_LOST)
    customer.do(ev.WordPicked(wrong))
    # Either the pick is answered by nothing, or the console's answer to the step report says it first.
    customer.wait_for(lambda: customer.session.error is not None, "a code")
    assert customer.session.error in (ErrorCode.NO_CONNECTION, ErrorCode.CASE_FROZEN)
    relay.heal()
    customer.do(ev.WordPicked(right))
    customer.until(Phase.STOPPED)
    assert customer.session.error in (ErrorCode.WRONG_WORD, ErrorCode.CASE_FROZEN)
    assert_never_started(customer.remote, customer.data)


# --- every step of one session ------------------------------------------------------------------------------------


def test_the_network_is_gone_at_every_step_of_one_session(relay: Relay, customer: Customer) -> None:
    """A cut before each act of the customer; where it is felt, a code is shown, and trying again goes on."""
    customer.wait_for(lambda: bool(customer.session.documents), "documents")

    def retry() -> None:
        customer.do(ev.RetryPressed())

    def end() -> None:
        customer.do(ev.EndPressed())

    steps: tuple[tuple[Callable[[], None], Callable[[], None], Phase], ...] = (
        (customer.type_code, retry, Phase.WORD),
        (customer.pick_word, customer.pick_word, Phase.DETAILS),
        (customer.give_details, retry, Phase.TERMS),
        (customer.accept_terms, retry, Phase.COMPUTER),
        (customer.answer_backup, retry, Phase.ORDER),
        (customer.order, retry, Phase.WAITING),
        (customer.let_in, retry, Phase.CONNECTED),
        (end, retry, Phase.FINISHED),
    )
    felt = []
    for do, again, there in steps:
        relay.cut()
        do()
        customer.wait_for_code_or(there)
        if customer.session.phase is not there:
            felt.append(there)
            assert customer.session.error in NETWORK
            assert_never_started(customer.remote, customer.data)
            relay.heal()
            again()
            customer.until(there)
        assert customer.session.error is None
        relay.heal()
    assert felt == [Phase.WORD, Phase.DETAILS, Phase.WAITING]
    wait_for_records(customer, WHOLE_SESSION)


@pytest.mark.long
@pytest.mark.parametrize(
    "phase", [p for p in Phase if p.value not in ("offline", "removing", "removed", "stopped")]
)
def test_cut_on_entering_a_phase(relay: Relay, customer: Customer, phase: Phase) -> None:
    """The same at the very moment in which a phase begins, the network staying away until the program is stuck."""
    customer.when(phase, relay.cut)
    path = (
        (Phase.CODE, customer.type_code),
        (Phase.WORD, customer.pick_word),
        (Phase.DETAILS, customer.give_details),
        (Phase.TERMS, customer.accept_terms),
        (Phase.COMPUTER, customer.answer_backup),
        (Phase.ORDER, customer.order),
        (Phase.WAITING, customer.let_in),
        (Phase.CONNECTED, lambda: customer.do(ev.EndPressed())),
    )
    for here, act in path:
        customer.until(here)
        act()
        customer.wait_for_code_or(*STABLE - {here})
        while customer.session.error is not None:
            assert customer.session.error in NETWORK
            assert customer.session.phase in (Phase.CODE, Phase.WORD, Phase.OFFLINE)
            assert_never_started(customer.remote, customer.data)
            relay.heal()
            if customer.session.phase is Phase.WORD:
                customer.pick_word()
            else:
                customer.do(ev.RetryPressed())
            customer.wait_for_code_or(*STABLE - {here})
    relay.heal()
    customer.until(Phase.FINISHED)
    wait_for_records(customer, WHOLE_SESSION)


# --- sending the order --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", LOSSES, ids=lambda fault: fault.value)
def test_an_order_or_receipt_that_was_lost(relay: Relay, customer: Customer, fault: Fault) -> None:
    """Also after the backend has stored it: the same order once, with the same receipt, and only then AnyDesk."""
    customer.come_to(Phase.ORDER)
    relay.lose("PUT /v1/records/", fault)
    send_order(customer)
    consent = customer.session.consent
    assert consent is not None
    database = customer.world.backend.database
    before = stored_records(database, customer.case_id)
    assert [record.record_id for record in before] == (
        [] if fault is Fault.REQUEST_LOST else [consent.record_id]
    )
    relay.heal()
    customer.do(ev.RetryPressed())
    customer.until(Phase.WAITING)
    customer.wait_for(lambda: customer.session.anydesk_running, "AnyDesk")
    first = stored_records(database, customer.case_id)[0]
    assert before in ([], [first])
    kept = kept_records(customer.data)[0]
    assert (kept.record, kept.receipt) == (first.canonical, first.receipt)
    assert customer.session.consent is not None
    assert customer.session.consent.receipt_id == decode(first.receipt, Receipt).body.receipt_id
    assert not first.late


@pytest.mark.long
def test_a_network_that_swallows_everything_is_found_out(relay: Relay, customer: Customer) -> None:
    """No reset, no refusal, only silence: the waits end by themselves and the customer sees a code."""
    customer.come_to(Phase.ORDER)
    relay.silence()
    send_order(customer)
    relay.heal()
    customer.do(ev.RetryPressed())
    customer.until(Phase.WAITING)


@pytest.mark.long
def test_a_slow_network_is_only_slow(relay: Relay, customer: Customer) -> None:
    relay.slow(0.7)
    customer.come_to(Phase.FINISHED)
    assert customer.session.error is None


# --- while AnyDesk runs -------------------------------------------------------------------------------------------


def test_a_session_without_the_network_is_ended_and_proven_and_reported_later(
    relay: Relay, customer: Customer
) -> None:
    """Cut while the customer waits: the technician comes in over AnyDesk's own network, the customer ends it."""
    customer.come_to(Phase.WAITING)
    wait_for_records(customer, ["consent", "session_start"])
    relay.cut()
    customer.come_to(Phase.FINISHED)
    session = customer.session
    assert session.ended_by is EndedBy.CUSTOMER
    assert [peer.number for peer in session.past_peers] == [TECHNICIAN_NUMBER]
    assert session.closing
    assert [fact for fact in session.closing if fact.holds is False] == []
    assert anydesk_processes(customer.data) == ()
    customer.wait_for(lambda: len(kept_records(customer.data)) == 4, "the end in the outbox")
    assert [k.state for k in kept_records(customer.data)] == ["verified"] * 2 + ["unsent"] * 2
    # The console has heard of nothing, so it must not say that it is over.
    assert customer.world.technician.case(customer.case_id)["state"] == "in_session"
    relay.heal()
    wait_for_records(customer, WHOLE_SESSION)
    customer.wait_for(lambda: timeline(customer).count("closed_proven") == 1, "the end on the console")
    assert customer.world.technician.case(customer.case_id)["state"] == "ended"


def test_the_end_is_stored_although_a_record_before_it_is_stuck_on_the_way(
    relay: Relay, customer: Customer
) -> None:
    """The network swallows; the customer ends and leaves at once: storing must not have waited behind sending."""
    customer.when(Phase.STARTING, lambda: relay.lose("PUT /v1/records/", Fault.HELD))
    customer.come_to(Phase.WAITING)
    relay.wait_for_loss()
    customer.do(ev.EndPressed())
    customer.until(Phase.FINISHED)
    customer.do(ev.NextPressed())
    customer.leave()
    assert [(k.kind, k.state) for k in kept_records(customer.data)] == [
        ("consent", "verified"),
        ("session_start", "unsent"),
        ("session_end", "unsent"),
        ("closing", "unsent"),
    ]
