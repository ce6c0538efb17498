"""What tests with a failing network or backend have in common."""

from client_app.core.errors import ErrorCode
from client_app.core.session import Phase
from tests.integration.customer import Customer
from tests.integration.evidence import assert_never_started, kept_records, stored_kinds, stored_records

NETWORK = {ErrorCode.NO_CONNECTION, ErrorCode.SERVER_TROUBLE, ErrorCode.CONNECTION_INSPECTED}
"""Codes of a network that fails."""

WHOLE_SESSION = ["consent", "session_start", "session_end", "closing"]
"""Kinds of the records of a session, in order."""


def send_order(customer: Customer) -> None:
    """Press the order button and wait until delivery has failed with a code that people can read out."""
    customer.order()
    customer.until(Phase.OFFLINE)
    assert customer.session.error in NETWORK
    assert_never_started(customer.remote, customer.data)


def wait_for_records(customer: Customer, kinds: list[str]) -> None:
    """Wait until the backend's file holds exactly these records of the case and the client all their receipts.

    Raises:
        AssertionError: it does not; or record or receipt are not the same bytes on both sides.
    """
    database = customer.world.backend.database
    customer.wait_for(lambda: stored_kinds(database, customer.case_id) == kinds, f"stored {kinds}")
    customer.wait_until_all_is_sent()
    kept, stored = kept_records(customer.data), stored_records(database, customer.case_id)
    assert [(k.record_id, k.record, k.receipt) for k in kept] == [
        (s.record_id, s.canonical, s.receipt) for s in stored
    ]


def timeline(customer: Customer) -> list[str]:
    """Return the kinds of the console's timeline."""
    return [line["kind"] for line in customer.world.technician.case(customer.case_id)["timeline"]]
