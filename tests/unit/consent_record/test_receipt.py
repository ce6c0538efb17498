"""The tampering table: every field of a receipt, changed alone, re-hashed, or signed again by somebody else."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import rfc8785

from consent_record.canonical import canonical_bytes, hash_of
from consent_record.errors import RecordError
from consent_record.keys import Role, sign
from consent_record.receipt import PURPOSE, LogProof, Receipt, check_receipt, commitment, read_receipt
from consent_record.records import Record
from consent_record.verify import Verdict, judge
from tests.unit.consent_record.samples import (
    HASH,
    NOW,
    Company,
    consent,
    every_record,
    in_arabic,
    session_records,
    uuid,
)

COMPANY = Company()
RECEIPT = COMPANY.receipt()
PLAIN: dict[str, Any] = json.loads(canonical_bytes(RECEIPT))

Path = tuple[str | int, ...]


def leaves(node: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the way to every value of a receipt."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from leaves(value, (*path, name))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, (*path, index))
    else:
        yield path


def changed(value: Any) -> list[Any]:
    """Return other values for a value: of the same form where there is one, and of another type."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if value is None:
        return [HASH, 0]
    text = str(value)
    digit = next((i for i in range(len(text) - 1, -1, -1) if text[i] in "0123456789abcdef"), None)
    found: list[Any] = [text + "x", ""] if text else ["x"]
    if digit is not None:
        other = "1" if text[digit] != "1" else "2"
        found.append(text[:digit] + other + text[digit + 1 :])
    return found


def with_value(path: Path, value: Any) -> bytes:
    """Return the canonical bytes of the receipt with one value replaced."""
    node = plain = copy.deepcopy(PLAIN)
    for step in path[:-1]:
        node = node[step]  # type: ignore[index]
    node[path[-1]] = value  # type: ignore[index]
    return rfc8785.dumps(plain)


def value_at(path: Path) -> Any:
    """Return the value at the end of a way."""
    node: Any = PLAIN
    for step in path:
        node = node[step]
    return node


TABLE = [
    pytest.param(path, other, id=f"{'.'.join(map(str, path))}-{number}")
    for path in leaves(PLAIN)
    for number, other in enumerate(changed(value_at(path)))
]


def signed_again(company: Company, record: Record, **changes: Any) -> bytes:
    """Return a receipt that a forger made consistently with keys of his own."""
    forged = company.receipt(record)
    return canonical_bytes(msgspec.structs.replace(forged, **changes))


def test_the_genuine_one_is_proven() -> None:
    judgement = judge(canonical_bytes(RECEIPT), root_key=COMPANY.root_key)
    assert (judgement.verdict, judgement.code) == (Verdict.PROVEN, "receipt.proven")
    assert "12050" not in " ".join(judgement.sentences)
    assert "120.50 PLN" in " ".join(judgement.sentences)


@pytest.mark.parametrize("record", every_record(), ids=lambda r: type(r).__name__)
def test_every_kind_of_record_has_receipts(record: Record) -> None:
    data = canonical_bytes(COMPANY.receipt(record, late=True))
    assert judge(data, root_key=COMPANY.root_key).verdict is Verdict.PROVEN
    assert read_receipt(data).record == record


def test_the_table_holds_every_field() -> None:
    paths: set[Any] = {param.values[0] for param in TABLE}
    assert len(paths) > 70
    assert {path[0] for path in paths} == {"body", "record", "signature", "certificate"}
    assert {("body", name) for name in PLAIN["body"]} <= paths
    assert {("certificate", "certificate", name) for name in PLAIN["certificate"]["certificate"]} <= paths


@pytest.mark.parametrize(("path", "value"), TABLE)
def test_one_changed_value_is_found(path: Path, value: Any) -> None:
    data = with_value(path, value)
    for root_key in (COMPANY.root_key, None):
        judgement = judge(data, root_key=root_key)
        assert judgement.verdict is Verdict.WRONG, judgement
        assert judgement.sentences[0].startswith("NOT VALID: ")


IN_RECORD = [param for param in TABLE if str(param.id).startswith("record.")]


@pytest.mark.parametrize(("path", "value"), IN_RECORD)
def test_a_changed_record_is_found_though_hashed_again(path: Path, value: Any) -> None:
    plain = json.loads(with_value(path, value))
    body = plain["body"]
    body["record_hash"] = hash_of(plain["record"])
    body["commitment"] = commitment(
        salt=body["salt"], record_hash=body["record_hash"], server_time=body["server_time"]
    )
    body["record_id"], body["case_id"] = plain["record"]["record_id"], plain["record"]["case_id"]
    judgement = judge(rfc8785.dumps(plain), root_key=COMPANY.root_key)
    assert judgement.verdict is Verdict.WRONG


@pytest.mark.parametrize("record", every_record(), ids=lambda r: type(r).__name__)
def test_a_forgery_under_another_root_is_refused_and_without_a_root_of_unknown_origin(record: Record) -> None:
    data = signed_again(Company(), record)
    judgement = judge(data, root_key=COMPANY.root_key)
    assert (judgement.verdict, judgement.code) == (Verdict.WRONG, "certificate.other_root")
    unknown = judge(data, root_key=None)
    assert (unknown.verdict, unknown.code) == (Verdict.ORIGIN_UNKNOWN, "receipt.origin_unknown")
    assert "ORIGIN UNKNOWN" in unknown.sentences[0]


def test_a_forger_with_our_certificate_but_not_our_key_is_refused() -> None:
    data = signed_again(Company(), consent(), certificate=COMPANY.certificate(Role.RECEIPT))
    for root_key in (COMPANY.root_key, None):
        assert judge(data, root_key=root_key).code == "signature.wrong"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.RECEIPT])
def test_a_key_of_another_role_makes_no_receipts(role: Role) -> None:
    body = RECEIPT.body
    forged = Receipt(
        body=body,
        record=RECEIPT.record,
        signature=sign(COMPANY.keys[role], PURPOSE, body),
        certificate=COMPANY.certificate(role),
    )
    assert judge(canonical_bytes(forged), root_key=COMPANY.root_key).code == "certificate.role"


def test_a_signature_for_another_purpose_makes_no_receipt() -> None:
    signature = sign(COMPANY.keys[Role.RECEIPT], "document", RECEIPT.body)
    forged = msgspec.structs.replace(RECEIPT, signature=signature)
    assert judge(canonical_bytes(forged), root_key=COMPANY.root_key).code == "signature.wrong"


@pytest.mark.parametrize(
    "time", ["2025-12-31T23:59:59.999999Z", "2027-01-01T00:00:00.000001Z", "2099-01-01T00:00:00Z"]
)
def test_a_clock_moved_out_of_the_keys_time_is_found(time: str) -> None:
    data = canonical_bytes(COMPANY.receipt(server_time=time))
    assert judge(data, root_key=COMPANY.root_key).code == "certificate.expired"


def test_a_receipt_stays_good_when_its_key_has_expired() -> None:
    old = COMPANY.receipt(server_time="2026-01-01T00:00:00.000000Z")
    assert judge(canonical_bytes(old), root_key=COMPANY.root_key).verdict is Verdict.PROVEN


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"record_hash": HASH}, "receipt.record_hash"),
        ({"record_id": uuid(77)}, "receipt.ids"),
        ({"case_id": uuid(77)}, "receipt.ids"),
        ({"salt": HASH}, "receipt.commitment"),
        ({"commitment": HASH}, "receipt.commitment"),
        ({"server_time": "2026-06-15T12:00:00.000001Z"}, "receipt.commitment"),
        ({"log": LogProof(position=0, size=1, path=(), head=HASH)}, "receipt.log"),
        ({"receipt_version": 2}, "receipt.version"),
    ],
)
def test_a_body_that_contradicts_itself_is_refused_though_truly_signed(
    changes: dict[str, Any], code: str
) -> None:
    body = msgspec.structs.replace(RECEIPT.body, **changes)
    signed = msgspec.structs.replace(
        RECEIPT, body=body, signature=sign(COMPANY.keys[Role.RECEIPT], PURPOSE, body)
    )
    assert judge(canonical_bytes(signed), root_key=COMPANY.root_key).code == code


def test_a_record_swapped_for_another_real_one_is_found() -> None:
    swapped = msgspec.structs.replace(RECEIPT, record=session_records()[0])
    assert judge(canonical_bytes(swapped), root_key=COMPANY.root_key).code == "receipt.record_hash"


@pytest.mark.parametrize("time", ["2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z"])
def test_a_time_that_is_none_is_refused(time: str) -> None:
    assert (
        judge(canonical_bytes(COMPANY.receipt(server_time=time)), root_key=COMPANY.root_key).code
        == "receipt.dates"
    )


def test_digits_of_other_scripts_are_no_time() -> None:
    data = with_value(("body", "server_time"), in_arabic(NOW))
    assert judge(data, root_key=COMPANY.root_key).code == "json.shape"


@pytest.mark.parametrize("cut", [0, 1, 100, -1, -2])
def test_a_cut_file_is_refused(cut: int) -> None:
    assert judge(canonical_bytes(RECEIPT)[:cut], root_key=COMPANY.root_key).verdict is Verdict.WRONG


def test_every_single_changed_byte_is_found() -> None:
    data = canonical_bytes(RECEIPT)
    for position in range(0, len(data), 7):
        for replacement in (b" ", b"0", b"\xff"):
            tampered = data[:position] + replacement + data[position + 1 :]
            if tampered != data:
                assert judge(tampered, root_key=COMPANY.root_key).verdict is Verdict.WRONG, position


def test_checking_raises_with_the_reason() -> None:
    with pytest.raises(RecordError) as caught:
        check_receipt(msgspec.structs.replace(RECEIPT, record=session_records()[1]), root_key=None)
    assert caught.value.code == "receipt.record_hash"
    assert "not the one that was signed" in caught.value.reason
