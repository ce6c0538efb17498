"""The consent service: what is stored before anything is sent, answers by phone, and what a removal asks."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import msgspec
import pytest

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.ports import ConsentPort
from client_app.core.session import Money, Session, StopReason
from client_app.services.consent import is_exported
from client_app.services.outbox import RowState
from consent_record.acts import missing_acts
from consent_record.canonical import decode_canonical, sha256_hex
from consent_record.codes import offline_answer, parse_offline_code
from consent_record.receipt import Receipt
from consent_record.records import (
    Acceptance,
    ClosingProof,
    Consent,
    Record,
    Refusal,
    SessionEnd,
    SessionStart,
)
from tests.unit.services.bench import Bench
from tests.unit.services.company import SECRET, new_id
from tests.unit.services.ordering import finished
from tests.unit.services.server import problem

WRONG_ANSWER = pytest.mark.expect_log("client_app.services.consent", "offline_answer_wrong")


def code_of(act: Callable[[], object]) -> ErrorCode:
    with pytest.raises(CustomerError) as caught:
        act()
    return caught.value.code


def stored(bench: Bench, kind: type[Record] | None = None) -> list[Record]:
    found: list[Record] = [
        decode_canonical(row.record, cast(type[Record], Record)) for row in bench.outbox.without_receipt()
    ]
    return [record for record in found if kind is None or isinstance(record, kind)]


def answer_for(bench: Bench, code: str) -> str:
    return offline_answer(case_secret=SECRET, case_id=bench.company.case_id, code=code)


# --- refusals -----------------------------------------------------------------------------------------------------


def test_nothing_is_ordered_without_the_word(bench: Bench) -> None:
    session = bench.session()
    bench.begin_run()
    assert code_of(lambda: bench.consent.store_consent(session)) is ErrorCode.NO_PERMISSION
    bench.join()
    assert code_of(lambda: bench.consent.store_consent(session)) is ErrorCode.NO_PERMISSION
    assert stored(bench) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda s: replace(s, case=replace(s.case, price=Money(1))), ErrorCode.PRICE_CHANGED),
        (lambda s: replace(s, case=replace(s.case, price=Money(8000, "EUR"))), ErrorCode.PRICE_CHANGED),
        (lambda s: replace(s, case=replace(s.case, case_id=new_id())), ErrorCode.INTERNAL),
        (lambda s: replace(s, case=None), ErrorCode.INTERNAL),
        (lambda s: replace(s, documents=()), ErrorCode.DOCUMENTS_MISSING),
        (
            lambda s: replace(s, documents=tuple(replace(d, sha256="0" * 64) for d in s.documents)),
            ErrorCode.DOCUMENTS_CHANGED,
        ),
        (lambda s: replace(s, backup=None), ErrorCode.INTERNAL),
        (lambda s: replace(s, person=replace(s.person, kind=None)), ErrorCode.INTERNAL),
        (lambda s: replace(s, button_label="x" * 201), ErrorCode.INTERNAL),
        (lambda s: replace(s, person=replace(s.person, name="\ud800")), ErrorCode.INTERNAL),
    ],
    ids=[
        "price",
        "currency",
        "case",
        "no case",
        "no documents",
        "documents",
        "backup",
        "kind",
        "label",
        "text",
    ],
)
def test_an_order_that_does_not_fit_is_not_stored(
    bench: Bench, change: Callable[[Session], Session], code: ErrorCode
) -> None:
    session = change(bench.session())
    assert code_of(lambda: bench.consent.store_consent(session)) is code
    assert stored(bench) == []


def test_a_refusal_holds_no_person(bench: Bench) -> None:
    session = bench.session()
    bench.consent.store_refusal(session, StopReason.REFUSED)
    (record,) = stored(bench, Refusal)
    assert isinstance(record, Refusal)
    (row,) = bench.outbox.without_receipt()
    for word in ("Nowak", "jan@", "Prosta"):
        assert word.encode() not in row.record
    assert record.reason == "refused"
    assert {d.kind.value for d in record.documents} == {"price", "privacy"}


@pytest.mark.parametrize("reason", [StopReason.FROZEN, StopReason.ENDED_BY_COMPANY])
def test_what_the_company_stopped_is_no_refusal_of_the_customer(bench: Bench, reason: StopReason) -> None:
    bench.consent.store_refusal(bench.session(), reason)
    assert stored(bench) == []


# --- storing ------------------------------------------------------------------------------------------------------


def test_an_order_is_durable_before_anything_is_sent(bench: Bench) -> None:
    session = bench.session()
    asked = len(bench.asked)
    order = bench.consent.store_consent(session)
    assert len(bench.asked) == asked
    row = bench.outbox.get(order.record_id)
    assert row is not None
    assert row.state is RowState.UNSENT
    assert order.record_hash == sha256_hex(row.record) == row.record_hash
    assert parse_offline_code(order.offline_code) == order.offline_code
    record = decode_canonical(row.record, Consent)
    assert missing_acts(record) == ()
    assert record.statement_hash == bench.run.case().statement_hash
    assert record.previous_record is None


def test_a_second_order_of_the_case_names_the_first(bench: Bench) -> None:
    first = bench.order()
    bench.consent.send(first.record_id)
    bench.order()
    (second,) = stored(bench, Consent)
    assert isinstance(second, Consent)
    assert second.previous_record == first.record_hash


def test_an_order_that_was_not_accepted_is_not_named(bench: Bench) -> None:
    bench.order()
    bench.order()
    assert [r.previous_record for r in stored(bench, Consent) if isinstance(r, Consent)] == [None, None]


def test_the_records_of_a_session(bench: Bench) -> None:
    session = bench.session()
    order = bench.consent.store_consent(session)
    bench.consent.send(order.record_id)
    after = finished(session, order)
    bench.consent.store_session_start(after, "ab" * 32)
    bench.consent.store_session_end(after)
    start, end, closing = stored(bench)
    assert isinstance(start, SessionStart)
    assert (start.consent_id, start.consent_hash) == (order.record_id, order.record_hash)
    assert (start.acceptance, start.anydesk_sha256) == (Acceptance.ONLINE, "ab" * 32)
    assert isinstance(end, SessionEnd)
    assert end.ended_by == "customer"
    assert [(p.number, p.accepted_by) for p in end.peers] == [("111222333", "user")]
    assert isinstance(closing, ClosingProof)
    assert [(f.fact, f.holds) for f in closing.facts] == [("no_process_of_ours", True), ("port_closed", None)]
    assert closing.facts[1].measured_at == closing.created_at
    receipts, wait = bench.consent.send_due()
    assert (len(receipts), wait, bench.consent.unsent()) == (3, None, 0)


def test_a_session_without_a_consent_is_a_fault(bench: Bench) -> None:
    session = bench.session()
    assert code_of(lambda: bench.consent.store_session_start(session, "ab" * 32)) is ErrorCode.INTERNAL
    assert code_of(lambda: bench.consent.store_session_end(session)) is ErrorCode.INTERNAL


# --- answers by phone ---------------------------------------------------------------------------------------------


@WRONG_ANSWER
def test_five_wrong_answers_are_the_end_also_after_a_restart(bench: Bench) -> None:
    order = bench.order()
    right = answer_for(bench, order.offline_code)
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    run = bench.run
    tries = [bench.consent.check_answer(order.record_id, wrong).tries_left for _ in range(3)]
    # A restart of the program inside one run cannot happen; the count must not live in memory all the same.
    bench.begin_run()
    bench.consent._run = run
    tries += [bench.consent.check_answer(order.record_id, wrong).tries_left for _ in range(3)]
    assert tries == [4, 3, 2, 1, 0, 0]
    result = bench.consent.check_answer(order.record_id, right)
    assert (result.accepted, result.tries_left) == (False, 0)


@pytest.mark.parametrize("text", ["", "1234567", "123456789", "1234567a", "٣٣٣٣٣٣٣٣", "x" * 10_000])
def test_what_is_no_answer_costs_no_try(bench: Bench, text: str) -> None:
    order = bench.order()
    result = bench.consent.check_answer(order.record_id, text)
    assert (result.accepted, result.tries_left) == (False, 5)


@pytest.mark.parametrize("spelling", ["{0}", "{1} {2}", " {1}-{2}\n", "{1}.{2}"])
def test_a_right_answer_in_any_spelling(bench: Bench, spelling: str) -> None:
    order = bench.order()
    right = answer_for(bench, order.offline_code)
    text = spelling.format(right, right[:4], right[4:])
    assert bench.consent.check_answer(order.record_id, text).accepted


def test_an_answer_to_something_else(bench: Bench) -> None:
    bench.consent.store_refusal(bench.session(), StopReason.REFUSED)
    (refusal,) = bench.outbox.unsent()
    for record_id in (new_id(), refusal.record_id):
        with pytest.raises(CustomerError) as caught:
            bench.consent.check_answer(record_id, "12345678")
        assert caught.value.code is ErrorCode.NO_PERMISSION


def test_an_order_of_an_earlier_run_takes_no_answer(bench: Bench) -> None:
    order = bench.order()
    right = answer_for(bench, order.offline_code)
    bench.begin_run()
    assert code_of(lambda: bench.consent.check_answer(order.record_id, right)) is ErrorCode.NO_PERMISSION
    bench.confirm()
    assert code_of(lambda: bench.consent.check_answer(order.record_id, right)) is ErrorCode.NO_PERMISSION


def test_a_start_after_an_answer_says_so(bench: Bench) -> None:
    session = bench.session()
    order = bench.consent.store_consent(session)
    assert bench.consent.check_answer(order.record_id, answer_for(bench, order.offline_code)).accepted
    bench.consent.store_session_start(finished(session, order), "ab" * 32)
    (start,) = stored(bench, SessionStart)
    assert isinstance(start, SessionStart)
    assert start.acceptance is Acceptance.OFFLINE


# --- receipts and saving elsewhere --------------------------------------------------------------------------------


def test_the_receipt_is_given_as_it_came(bench: Bench) -> None:
    order = bench.order()
    assert bench.consent.receipt_bytes(order.record_id) is None
    bench.consent.send(order.record_id)
    data = bench.consent.receipt_bytes(order.record_id)
    assert data is not None
    assert decode_canonical(data, Receipt).body.record_hash == order.record_hash
    assert bench.consent.receipt_bytes(new_id()) is None


def test_a_receipt_that_was_changed_in_the_file_is_not_given(bench: Bench) -> None:
    order = bench.order()
    bench.consent.send(order.record_id)
    data = bench.consent.receipt_bytes(order.record_id) or b""
    bench.outbox.note_receipt(
        order.record_id, data.replace(b'"late":false', b'"late":true'), receipt_id="", server_time=""
    )
    assert code_of(lambda: bench.consent.receipt_bytes(order.record_id)) is ErrorCode.RECEIPT_WRONG


@pytest.mark.expect_log("client_app.services.delivery", "record_refused")
def test_unsent_and_refused_records_are_saved_as_they_are(bench: Bench, tmp_path: Path) -> None:
    refused, waiting, sent = bench.order(), bench.order(), bench.order()
    bench.instead = lambda asked: problem("record.price_differs", 409)
    code_of(lambda: bench.consent.send(refused.record_id))
    bench.instead = None
    bench.consent.send(sent.record_id)
    assert bench.consent.unsent() == 2
    folder = tmp_path / "kept"
    folder.mkdir()
    paths = bench.consent.export_unsent(folder)
    assert [path.name for path in paths] == [f"consent-{o.record_id}.json" for o in (refused, waiting)]
    rows = bench.outbox.without_receipt()
    assert [path.read_bytes() for path in paths] == [row.record for row in rows]
    assert all(is_exported(row) for row in rows)
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}
    paths[0].write_bytes(b"changed")
    paths[1].unlink()
    assert not any(is_exported(row) for row in bench.outbox.without_receipt())
    json.loads(rows[0].record)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(bench: Bench, tmp_path: Path) -> None:
    bench.order()
    folder = tmp_path / "kept"
    folder.mkdir(mode=0o500)
    assert code_of(lambda: bench.consent.export_unsent(folder)) is ErrorCode.CANNOT_SAVE


def test_a_folder_that_is_not_there(bench: Bench, tmp_path: Path) -> None:
    bench.order()
    assert code_of(lambda: bench.consent.export_unsent(tmp_path / "nowhere")) is ErrorCode.CANNOT_SAVE
    assert not is_exported(bench.outbox.without_receipt()[0])


def test_the_service_fits_its_port(bench: Bench) -> None:
    port: ConsentPort = bench.consent
    assert port.unsent() == 0
    assert msgspec.json.encode(port.send_due()) == b"[[],null]"
