"""A second run of the program for the same case: after "finish later", and after the first run died."""

import pytest

from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.session import Phase
from tests.integration.conftest import MakeCustomer
from tests.integration.customer import Customer
from tests.integration.evidence import assert_never_started

pytestmark = pytest.mark.timeout(60)


def test_finish_later_with_the_same_code(customer: Customer, make_customer: MakeCustomer) -> None:
    """The same code opens the case on another day, in another run; the word is asked anew and is another one."""
    customer.come_to(Phase.TERMS)
    assert customer.session.case is not None
    words = customer.session.case.words
    customer.do(ev.PostponePressed())
    technician = customer.world.technician
    customer.wait_for(lambda: technician.case(customer.case_id)["state"] == "postponed", "the console")
    customer.leave()

    again = make_customer()
    again.case_id = customer.case_id
    again.come_to(Phase.WORD)
    assert again.session.case is not None
    assert again.session.case.words != words
    again.come_to(Phase.ORDER)
    assert technician.case(customer.case_id)["alerts"] == []


def test_another_run_without_postponing_is_another_computer(
    customer: Customer, make_customer: MakeCustomer
) -> None:
    """The backend cannot tell a program that died from a stranger with the code: it refuses and says so."""
    customer.come_to(Phase.DETAILS)
    customer.leave()

    again = make_customer()
    again.case_id = customer.case_id
    again.type_code()
    again.wait_for_code_or(Phase.WORD)
    assert (again.session.phase, again.session.error) == (Phase.CODE, ErrorCode.CODE_USED)
    alerts = again.world.technician.case(customer.case_id)["alerts"]
    assert [alert["kind"] for alert in alerts] == ["code_used"]
    assert_never_started(again.remote, again.data)
