"""Delivery: what counts as delivered, what is tried again and when, what is parked. Time is the test's."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

import msgspec
import pytest
from nacl.signing import SigningKey

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.session import StopReason
from client_app.services.outbox import RowState
from client_app.services.problems import FINAL
from consent_record.canonical import canonical_bytes
from consent_record.keys import Role
from consent_record.receipt import Receipt
from consent_record.wire import ProblemCode
from tests.unit.services.bench import Bench
from tests.unit.services.company import certified, new_id
from tests.unit.services.server import Asked, problem, reply

REFUSED = pytest.mark.expect_log("client_app.services.delivery", "record_refused")


def puts(bench: Bench) -> list[Asked]:
    return [asked for asked in bench.asked if asked.method == "PUT"]


def code_of(act: Callable[[], object]) -> ErrorCode:
    with pytest.raises(CustomerError) as caught:
        act()
    return caught.value.code


def on_records(bench: Bench, answer: Callable[[Asked], bytes | None]) -> None:
    bench.instead = lambda asked: answer(asked) if "/records/" in asked.path else bench.good(asked)


def changed_receipt(bench: Bench, asked: Asked, old: str, new: str) -> bytes:
    data = bench.company.receipt(asked.body)
    assert old.encode() in data
    return data.replace(old.encode(), new.encode())


def other_record(bench: Bench, asked: Asked, **changes: object) -> bytes:
    from consent_record.records import Consent

    record = msgspec.structs.replace(msgspec.json.decode(asked.body, type=Consent), **changes)
    return bench.company.receipt(record)


Wrong = Callable[[Bench, Asked], bytes]
WRONG: dict[str, Wrong] = {
    "nothing": lambda b, a: b"",
    "page": lambda b, a: b"<html>",
    "record itself": lambda b, a: a.body,
    "changed server time": lambda b, a: changed_receipt(b, a, '"server_time":"2', '"server_time":"3'),
    "changed price": lambda b, a: changed_receipt(b, a, '"amount":8000', '"amount":9000'),
    "a blank more": lambda b, a: b.company.receipt(a.body).replace(b'":', b'": ', 1),
    "cut off": lambda b, a: b.company.receipt(a.body)[:-20],
    "other root": lambda b, a: b.company.impostor().receipt(a.body),
    "key of another role": lambda b, a: b.company.receipt(a.body, key=b.company.case_key),
    "certified by nobody": lambda b, a: b.company.receipt(
        a.body, key=certified(SigningKey.generate(), Role.RECEIPT)
    ),
    "certificate over": lambda b, a: b.company.receipt(
        a.body, key=certified(b.company.root, Role.RECEIPT, end="2021-01-01T00:00:00Z")
    ),
    "another record": lambda b, a: other_record(b, a, record_id=new_id()),
    "another case": lambda b, a: other_record(b, a, case_id=new_id()),
    "another text in it": lambda b, a: other_record(b, a, button_label="Kupuję"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_receipt_that_does_not_check_out_is_none(bench: Bench, name: str) -> None:
    order = bench.order()
    on_records(bench, lambda asked: reply(WRONG[name](bench, asked)))
    assert code_of(lambda: bench.consent.send(order.record_id)) is ErrorCode.RECEIPT_WRONG
    row = bench.outbox.get(order.record_id)
    assert row is not None
    assert (row.state, row.receipt, row.tries) == (RowState.UNSENT, None, 1)
    assert bench.consent.unsent() == 1
    assert bench.consent.receipt_bytes(order.record_id) is None


@REFUSED
@pytest.mark.parametrize("code", [code for code in ProblemCode if code in FINAL])
def test_a_final_refusal_parks_the_record(bench: Bench, code: ProblemCode) -> None:
    order = bench.order()
    on_records(bench, lambda _asked: problem(code.value, 409))
    code_of(lambda: bench.consent.send(order.record_id))
    row = bench.outbox.get(order.record_id)
    assert row is not None
    assert (row.state, row.reason) == (RowState.REFUSED, code.value)
    sent = len(puts(bench))
    assert code_of(lambda: bench.consent.send(order.record_id)) is ErrorCode.RECORD_REFUSED
    assert bench.consent.send_due() == ((), None)
    assert len(puts(bench)) == sent
    assert bench.consent.unsent() == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, ErrorCode.NO_CONNECTION),
        (problem("server.busy", 503), ErrorCode.SERVER_TROUBLE),
        (problem("server.internal", 500), ErrorCode.SERVER_TROUBLE),
        (problem("request.rate_limited", 429), ErrorCode.TOO_MANY_TRIES),
        (problem("case.token", 401), ErrorCode.CASE_ENDED),
        (problem("record.unknown", 409), ErrorCode.ANSWER_UNEXPECTED),
        (problem("something.new", 400), ErrorCode.ANSWER_UNEXPECTED),
        (reply(b"gone", 410), ErrorCode.ANSWER_UNEXPECTED),
    ],
    ids=["cut", "busy", "internal", "rate", "token", "unknown", "new code", "410"],
)
def test_everything_else_is_tried_again(bench: Bench, answer: bytes | None, code: ErrorCode) -> None:
    order = bench.order()
    on_records(bench, lambda _asked: answer)
    assert code_of(lambda: bench.consent.send(order.record_id)) is code
    _receipts, wait = bench.consent.send_due()
    assert wait is not None
    assert 1.0 <= wait <= 2.0
    bench.instead = None
    bench.now += 3
    ((receipt,), wait) = bench.consent.send_due()
    assert (receipt.record_id, wait) == (order.record_id, None)


def test_retry_after_is_honoured_by_the_program_and_by_a_person(bench: Bench) -> None:
    order = bench.order()
    on_records(bench, lambda _asked: problem("server.busy", 503, {"Retry-After": "120"}))
    code_of(lambda: bench.consent.send(order.record_id))
    bench.instead = None
    sent = len(puts(bench))
    bench.now += 119
    with pytest.raises(CustomerError) as caught:
        bench.consent.send(order.record_id)
    assert caught.value.code is ErrorCode.SERVER_TROUBLE
    assert caught.value.retry_after_seconds == pytest.approx(1.0, abs=0.01)
    _none, wait = bench.consent.send_due()
    assert wait == pytest.approx(1.0, abs=0.01)
    assert len(puts(bench)) == sent
    bench.now += 1.01
    assert bench.consent.send(order.record_id).record_id == order.record_id


def test_our_own_backoff_does_not_hold_a_person_up(bench: Bench) -> None:
    order = bench.order()
    on_records(bench, lambda _asked: None)
    for _ in range(6):
        code_of(lambda: bench.consent.send(order.record_id))
    receipts, wait = bench.consent.send_due()
    assert receipts == ()
    assert wait is not None
    assert wait > 20
    bench.instead = None
    assert bench.consent.send(order.record_id).record_id == order.record_id


def test_backoff_grows_and_has_an_end(bench: Bench) -> None:
    order = bench.order()
    on_records(bench, lambda _asked: None)
    waits = []
    for _ in range(14):
        code_of(lambda: bench.consent.send(order.record_id))
        waits.append(bench.consent.send_due()[1] or 0.0)
    assert waits[0] <= 2.0
    assert waits[4] > waits[0]
    assert 300.0 <= waits[-1] <= 600.0


def test_a_record_is_sent_as_it_was_stored(bench: Bench) -> None:
    order = bench.order()
    bench.consent.send(order.record_id)
    row = bench.outbox.get(order.record_id)
    assert row is not None
    (asked,) = puts(bench)
    assert (asked.path, asked.body) == (f"/v1/records/{order.record_id}", row.record)
    assert asked.headers["authorization"] == f"Bearer {bench.company.token}"
    digest = base64.b64encode(hashlib.sha256(row.record).digest()).decode()
    assert asked.headers["content-digest"] == f"sha-256=:{digest}:"


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_bytes(bench: Bench) -> None:
    order = bench.order()
    on_records(bench, lambda _asked: None)
    code_of(lambda: bench.consent.send(order.record_id))
    bench.instead = None
    bench.consent.send(order.record_id)
    assert len(puts(bench)) >= 2
    assert len({(asked.path, asked.body) for asked in puts(bench)}) == 1


def test_a_verified_record_is_not_sent_again(bench: Bench) -> None:
    order = bench.order()
    receipt = bench.consent.send(order.record_id)
    assert bench.consent.send(order.record_id) == receipt
    assert len(puts(bench)) == 1
    data = bench.consent.receipt_bytes(order.record_id)
    assert data is not None
    assert canonical_bytes(msgspec.json.decode(data, type=Receipt)) == data


def test_an_unknown_record(bench: Bench) -> None:
    assert code_of(lambda: bench.consent.send(new_id())) is ErrorCode.CANNOT_STORE


# --- several records ----------------------------------------------------------------------------------------------


def three_records(bench: Bench) -> tuple[str, ...]:
    """An order, a refusal of the same case, and a refusal of another case, in this order."""
    bench.order()
    bench.consent.store_refusal(bench.session(), StopReason.REFUSED)
    bench.company.case_id = new_id()
    bench.consent.store_refusal(bench.session(), StopReason.REFUSED)
    return tuple(row.record_id for row in bench.outbox.unsent())


def test_records_are_sent_in_the_order_they_were_made(bench: Bench) -> None:
    ids = three_records(bench)
    receipts, wait = bench.consent.send_due()
    assert tuple(r.record_id for r in receipts) == ids
    assert wait is None


def test_a_record_that_waits_holds_back_its_own_case_only(bench: Bench) -> None:
    first, second, other = three_records(bench)
    on_records(bench, lambda a: problem("server.busy", 503) if a.path.endswith(first) else bench.good(a))
    receipts, wait = bench.consent.send_due()
    assert [r.record_id for r in receipts] == [other]
    assert wait is not None
    assert wait >= 1.0
    bench.instead = None
    bench.now += 10
    receipts, wait = bench.consent.send_due()
    assert [r.record_id for r in receipts] == [first, second]


@REFUSED
def test_a_refused_record_does_not_hold_back_the_next(bench: Bench) -> None:
    first, second, other = three_records(bench)
    on_records(
        bench, lambda a: problem("price.x", 409) if a.path.endswith(other) else
        problem("record.price_differs", 409) if a.path.endswith(first) else bench.good(a)
    )  # fmt: skip
    receipts, _wait = bench.consent.send_due()
    assert [r.record_id for r in receipts] == [second]


def test_without_a_connection_one_try_is_enough(bench: Bench) -> None:
    three_records(bench)
    bench.cut()
    receipts, wait = bench.consent.send_due()
    assert receipts == ()
    # The kept connection was closed, so the one record was sent twice; no other was tried.
    assert len({asked.path for asked in puts(bench)}) == 1
    assert wait is not None
    assert wait >= 1.0


def test_another_run_sends_what_an_earlier_one_stored(bench: Bench) -> None:
    ids = three_records(bench)
    bench.begin_run()
    receipts, wait = bench.consent.send_due()
    assert tuple(r.record_id for r in receipts) == ids
    assert wait is None


def test_after_removal_there_is_nothing_to_send(bench: Bench) -> None:
    three_records(bench)
    bench.outbox.close()
    assert bench.consent.send_due() == ((), None)
    assert bench.consent.unsent() == 0
