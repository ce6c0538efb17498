"""Client, backend and stand-in over real sockets and processes: the main job, and what must not happen in it."""

import json

import pytest

from client_app.core.session import EndedBy, Phase
from demo.world import TECHNICIAN_NUMBER
from tests.integration.customer import Customer

pytestmark = pytest.mark.timeout(120)


def test_the_main_job(customer: Customer) -> None:
    customer.come_to(Phase.FINISHED)
    session = customer.session
    assert session.consent is not None
    assert session.ended_by is EndedBy.CUSTOMER
    assert len(session.closing) >= 8
    assert [f for f in session.closing if f.holds is False] == []
    assert session.past_peers[0].number == TECHNICIAN_NUMBER
    print(json.dumps([f.fact for f in session.closing if f.holds is None]))
