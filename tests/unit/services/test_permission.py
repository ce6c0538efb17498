"""Nothing starts AnyDesk without a verified receipt or a right answer: every way around, tried and refused."""

from __future__ import annotations

import ast
import copy
import dataclasses
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

import client_app
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.ports import PERMISSION_SEAL, StartPermission
from client_app.core.session import StopReason
from client_app.services.outbox import RowState
from consent_record.codes import offline_answer, offline_code
from tests.unit.services.bench import Bench
from tests.unit.services.company import SECRET, new_id
from tests.unit.services.server import problem

pytestmark = [
    pytest.mark.expect_log("client_app.services.consent", "no_permission"),
]


def no_permission(bench: Bench, record_id: str) -> None:
    with pytest.raises(CustomerError) as caught:
        bench.permission(record_id)
    assert caught.value.code is ErrorCode.NO_PERMISSION


def right_answer(bench: Bench, record_hash: str) -> str:
    return offline_answer(case_secret=SECRET, case_id=bench.company.case_id, code=offline_code(record_hash))


def put_receipt(bench: Bench, record_id: str, data: bytes) -> None:
    """Put bytes where a verified receipt lies, as somebody who can write the file could."""
    bench.outbox.note_receipt(record_id, data, receipt_id="x", server_time="x")


# --- no evidence --------------------------------------------------------------------------------------------------


def test_no_such_record(bench: Bench) -> None:
    bench.confirm()
    no_permission(bench, new_id())


def test_an_unsent_record(bench: Bench) -> None:
    no_permission(bench, bench.order().record_id)


def test_a_record_that_could_not_be_sent(bench: Bench) -> None:
    order = bench.order()
    bench.cut()
    with pytest.raises(CustomerError):
        bench.consent.send(order.record_id)
    no_permission(bench, order.record_id)


@pytest.mark.expect_log("client_app.services.delivery", "record_refused")
def test_a_refused_record(bench: Bench) -> None:
    order = bench.order()
    bench.instead = lambda _asked: problem("record.price_differs", 409)
    with pytest.raises(CustomerError):
        bench.consent.send(order.record_id)
    no_permission(bench, order.record_id)


def test_a_record_of_another_kind_with_a_receipt(bench: Bench) -> None:
    bench.consent.store_refusal(bench.session(), StopReason.REFUSED)
    (receipts, _wait) = bench.consent.send_due()
    no_permission(bench, receipts[0].record_id)


# --- wrong receipts in the outbox itself --------------------------------------------------------------------------

Forge = Callable[[Bench, bytes], bytes]


def _of_another_record(bench: Bench, _record: bytes) -> bytes:
    other = bench.order()
    row = bench.outbox.get(other.record_id)
    assert row is not None
    return bench.company.receipt(row.record)


FORGED: dict[str, Forge] = {
    "empty": lambda b, r: b"",
    "another record": _of_another_record,
    "another case": lambda b, r: b.company.receipt(r.replace(b.company.case_id.encode(), new_id().encode())),
    "another root": lambda b, r: b.company.impostor().receipt(r),
    "another role": lambda b, r: b.company.receipt(r, key=b.company.document_key),
    "changed byte": lambda b, r: b.company.receipt(r).replace(b'"late":false', b'"late":true'),
    "changed record": lambda b, r: b.company.receipt(r.replace(b'"amount":8000', b'"amount":8001')),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_receipt_in_the_outbox(bench: Bench, name: str) -> None:
    order = bench.order()
    row = bench.outbox.get(order.record_id)
    assert row is not None
    put_receipt(bench, order.record_id, FORGED[name](bench, row.record))
    no_permission(bench, order.record_id)


def test_a_receipt_of_another_root_than_this_program_pins(bench: Bench) -> None:
    order = bench.order()
    bench.consent.send(order.record_id)
    bench.consent._root_key = bench.company.impostor().root_key
    no_permission(bench, order.record_id)
    bench.consent._root_key = ""
    no_permission(bench, order.record_id)


def test_a_record_of_another_case_of_the_same_company(bench: Bench) -> None:
    order = bench.order()
    bench.consent.send(order.record_id)
    bench.company.case_id = new_id()
    bench.confirm()
    no_permission(bench, order.record_id)


def test_a_receipt_without_the_word_in_this_run(bench: Bench) -> None:
    order = bench.order()
    bench.consent.send(order.record_id)
    bench.begin_run()
    no_permission(bench, order.record_id)
    bench.join()
    no_permission(bench, order.record_id)


def test_stored_bytes_that_were_changed_in_the_file(bench: Bench) -> None:
    order = bench.order()
    bench.consent.send(order.record_id)
    bench.outbox.close()
    with sqlite3.connect(bench.folder / "data" / "outbox.sqlite3") as file:
        file.execute("DROP TRIGGER record_stays")
        file.execute("UPDATE records SET record = CAST(replace(record, '8000', '9000') AS BLOB)")
    file.close()
    run = bench.run
    bench.begin_run()
    bench.consent._run = run
    no_permission(bench, order.record_id)


# --- wrong answers ------------------------------------------------------------------------------------------------


def forged_mark(bench: Bench, record_id: str, answer: str, run_id: str | None = None) -> None:
    bench.outbox.note_answer(record_id, answer=answer, run_id=run_id or bench.run.run_id)


@pytest.mark.expect_log("client_app.services.consent", "offline_answer_wrong")
def test_a_wrong_answer(bench: Bench) -> None:
    order = bench.order()
    right = right_answer(bench, order.record_hash)
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    assert not bench.consent.check_answer(order.record_id, wrong).accepted
    no_permission(bench, order.record_id)


@pytest.mark.expect_log("client_app.services.consent", "offline_answer_wrong")
def test_the_answer_of_another_case(bench: Bench) -> None:
    order = bench.order()
    other = offline_answer(case_secret=SECRET, case_id=new_id(), code=order.offline_code)
    assert not bench.consent.check_answer(order.record_id, other).accepted
    no_permission(bench, order.record_id)


def test_an_answer_that_was_written_into_the_file(bench: Bench) -> None:
    order = bench.order()
    forged_mark(bench, order.record_id, "12345678")
    no_permission(bench, order.record_id)


def test_a_right_answer_to_another_order(bench: Bench) -> None:
    order, other = bench.order(), bench.order()
    forged_mark(bench, order.record_id, right_answer(bench, other.record_hash))
    no_permission(bench, order.record_id)


def test_a_right_answer_of_another_run(bench: Bench) -> None:
    order = bench.order()
    assert bench.consent.check_answer(order.record_id, right_answer(bench, order.record_hash)).accepted
    bench.begin_run()
    bench.confirm()
    no_permission(bench, order.record_id)
    forged_mark(bench, order.record_id, right_answer(bench, order.record_hash))
    no_permission(bench, order.record_id)


@pytest.mark.expect_log("client_app.services.delivery", "record_refused")
def test_an_order_that_was_refused_after_the_answer(bench: Bench) -> None:
    order = bench.order()
    assert bench.consent.check_answer(order.record_id, right_answer(bench, order.record_hash)).accepted
    bench.instead = lambda _asked: problem("record.price_differs", 409)
    with pytest.raises(CustomerError):
        bench.consent.send(order.record_id)
    no_permission(bench, order.record_id)


def test_a_right_answer_without_a_secret_of_this_run(bench: Bench) -> None:
    order = bench.order()
    answer = right_answer(bench, order.record_hash)
    bench.run.confirm_word(bench.company.case_id, None)
    with pytest.raises(CustomerError) as caught:
        bench.consent.check_answer(order.record_id, answer)
    assert caught.value.code is ErrorCode.NO_PERMISSION
    forged_mark(bench, order.record_id, answer)
    no_permission(bench, order.record_id)


# --- the type itself ----------------------------------------------------------------------------------------------

FIELDS = {"record_id": "r", "record_hash": "h", "case_id": "c", "offline": False}


@pytest.mark.filterwarnings("default")
def test_nobody_else_can_make_one(bench: Bench) -> None:
    for seal in ({}, {"seal": None}, {"seal": object()}, {"seal": True}, {"seal": "PERMISSION_SEAL"}):
        with pytest.raises(PermissionError):
            StartPermission(**FIELDS, **seal)  # type: ignore[arg-type]
    order = bench.order()
    no_permission(bench, order.record_id)
    bench.consent.send(order.record_id)
    permission = bench.permission(order.record_id)
    with pytest.raises(PermissionError):
        dataclasses.replace(permission, record_id="another")
    with pytest.raises(dataclasses.FrozenInstanceError):
        permission.record_id = "another"  # type: ignore[misc]
    assert copy.copy(permission) == permission
    assert "object" not in repr(permission)


def test_the_seal_is_named_in_two_modules_only(bench: Bench) -> None:
    no_permission(bench, bench.order().record_id)
    root = Path(client_app.__path__[0])
    naming = {
        file.relative_to(root).as_posix()
        for file in root.rglob("*.py")
        if any(
            getattr(node, "id", getattr(node, "attr", getattr(node, "name", ""))) == "PERMISSION_SEAL"
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        )
    }
    assert naming == {"core/ports.py", "services/permission.py"}
    assert PERMISSION_SEAL not in vars(StartPermission).values()


# --- and the two ways that lead there -----------------------------------------------------------------------------


def test_a_verified_receipt_gives_leave(bench: Bench) -> None:
    order = bench.order()
    no_permission(bench, order.record_id)
    bench.consent.send(order.record_id)
    permission = bench.permission(order.record_id)
    assert permission.record_id == order.record_id
    assert permission.record_hash == order.record_hash
    assert (permission.case_id, permission.offline) == (bench.company.case_id, False)


def test_a_right_answer_gives_leave_with_the_network_cut(bench: Bench) -> None:
    order = bench.order()
    bench.cut()
    no_permission(bench, order.record_id)
    spoken = right_answer(bench, order.record_hash)
    assert bench.consent.check_answer(order.record_id, f" {spoken[:4]} {spoken[4:]} ").accepted
    permission = bench.permission(order.record_id)
    assert (permission.record_hash, permission.offline) == (order.record_hash, True)


def test_a_late_receipt_takes_over_from_the_answer(bench: Bench) -> None:
    order = bench.order()
    no_permission(bench, order.record_id)
    assert bench.consent.check_answer(order.record_id, right_answer(bench, order.record_hash)).accepted
    bench.consent.send(order.record_id)
    row = bench.outbox.get(order.record_id)
    assert row is not None
    assert row.state is RowState.VERIFIED
    assert not bench.permission(order.record_id).offline
