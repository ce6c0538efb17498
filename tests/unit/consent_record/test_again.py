"""Records of a restart and of a second start: old bytes stay what they were, an injected press agrees to nothing."""

from __future__ import annotations

import msgspec
import pytest
import rfc8785

from consent_record.acts import AgainControl, is_deliberate
from consent_record.canonical import canonical_bytes, decode_canonical
from consent_record.errors import MalformedError
from consent_record.receipt import check_receipt, read_receipt
from consent_record.records import InputOrigin, Record, SessionStart
from tests.unit.consent_record.samples import Company, again_records, session_records


def test_a_first_start_keeps_the_bytes_that_it_always_had() -> None:
    start = session_records()[0]
    names = set(msgspec.json.decode(canonical_bytes(start)))
    assert not names & {"reopening_id", "reopening_hash"}
    assert decode_canonical(canonical_bytes(start), SessionStart) == start


def test_a_reopening_cannot_be_left_empty() -> None:
    data = msgspec.to_builtins(again_records()[2])
    with pytest.raises(MalformedError):
        decode_canonical(rfc8785.dumps({**data, "reopening_id": None}), SessionStart)


@pytest.mark.parametrize("record", again_records(), ids=["restart", "reopening", "start"])
def test_every_one_has_a_receipt_that_verifies(record: Record) -> None:
    company = Company()
    receipt = read_receipt(canonical_bytes(company.receipt(record)))
    check_receipt(receipt, root_key=company.root_key)
    assert canonical_bytes(record) == rfc8785.dumps(msgspec.to_builtins(record))


def test_a_field_that_nobody_knows_is_refused() -> None:
    for record in again_records()[:2]:
        data = {**msgspec.to_builtins(record), "more": 1}
        with pytest.raises(MalformedError):
            decode_canonical(rfc8785.dumps(data), type(record))


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({}, True),
        ({"origin": InputOrigin.UNKNOWN}, True),
        ({"origin": InputOrigin.INJECTED}, False),
        ({"checked": False}, False),
        ({"texts": ()}, False),
        ({"texts": (" ",)}, False),
        ({"control": "continue_help"}, False),
    ],
)
def test_what_counts_as_an_agreement(change: dict[str, object], counts: bool) -> None:
    act = msgspec.structs.replace(again_records()[0].act, **change)
    assert is_deliberate(act, AgainControl.RESTART) is counts


@pytest.mark.parametrize("control", [c for c in AgainControl if c is not AgainControl.RESTART])
def test_where_nobody_is_connected_an_injected_press_counts(control: AgainControl) -> None:
    base = msgspec.structs.replace(again_records()[0].act, control=control.value)
    assert is_deliberate(msgspec.structs.replace(base, origin=InputOrigin.INJECTED), control)
    assert not is_deliberate(msgspec.structs.replace(base, texts=()), control)
