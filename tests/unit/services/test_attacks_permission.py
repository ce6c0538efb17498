"""An order counts in the run that it was made in: whoever sits there later is asked for word and button anew."""

from __future__ import annotations

import pytest

from client_app.core.errors import CustomerError, ErrorCode
from tests.unit.services.bench import Bench


@pytest.mark.expect_log("client_app.services.consent", "no_permission")
def test_a_receipt_of_another_run_gives_no_leave(bench: Bench) -> None:
    order = bench.order()
    bench.consent.send(order.record_id)
    assert bench.permission(order.record_id).record_id == order.record_id
    bench.begin_run()
    bench.confirm()
    with pytest.raises(CustomerError) as caught:
        bench.permission(order.record_id)
    assert caught.value.code is ErrorCode.NO_PERMISSION


def test_a_token_that_was_dropped_is_nowhere_in_the_file(bench: Bench) -> None:
    order = bench.order()
    row = bench.outbox.get(order.record_id)
    assert row is not None
    assert row.token
    bench.consent.send(order.record_id)
    bench.outbox.close()
    folder = bench.folder / "data"
    assert [p.name for p in folder.iterdir() if row.token.encode() in p.read_bytes()] == []
