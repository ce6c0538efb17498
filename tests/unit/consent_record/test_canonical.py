"""The canonical form against the vectors of RFC 8785, and the fast way against the slow one."""

from __future__ import annotations

import json
import struct
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from consent_record.canonical import _is_plain, canonical_bytes, decode, decode_canonical, hash_of, sha256_hex
from consent_record.case import CaseStatement, Price, SignedCaseStatement
from consent_record.documents import PublishedDocument, SignedDocument
from consent_record.errors import MalformedError
from consent_record.receipt import Receipt
from consent_record.records import Act, Record, Refusal
from consent_record.release import SignedManifest
from tests.unit.consent_record.samples import consent, every_record

# RFC 8785, 3.2.2 and 3.2.3
EXAMPLE = r"""{
  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}"""
EXAMPLE_CANONICAL = (
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
    '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
)
SORTING = r"""{
  "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
  "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
}"""
SORTED_VALUES = [
    "Carriage Return",
    "One",
    "Control",
    "Latin Small Letter O With Diaeresis",
    "Euro Sign",
    "Emoji: Grinning Face",
    "Hebrew Letter Dalet With Dagesh",
]
# RFC 8785, appendix B
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}

SIGNED_TYPES = [
    Receipt,
    CaseStatement,
    SignedCaseStatement,
    SignedDocument,
    PublishedDocument,
    SignedManifest,
]


def test_the_example_of_the_rfc() -> None:
    assert canonical_bytes(json.loads(EXAMPLE)).decode("utf-8") == EXAMPLE_CANONICAL


def test_names_are_sorted_by_utf_16_units() -> None:
    assert list(json.loads(canonical_bytes(json.loads(SORTING))).values()) == SORTED_VALUES


@pytest.mark.parametrize("bits", NUMBERS)
def test_the_numbers_of_the_rfc(bits: str) -> None:
    number = struct.unpack(">d", bytes.fromhex(bits))[0]
    assert canonical_bytes(number).decode("ascii") == NUMBERS[bits]


@pytest.mark.parametrize(
    "value", [2**53, -(2**53), 2**70, float("nan"), float("inf"), "\ud800", {"a": "\udfff"}]
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(MalformedError, match=r"canonical\.impossible"):
        canonical_bytes(value)


@pytest.mark.parametrize("changes", [{"amount": 2**53}, {"amount": -(2**60)}, {"description": "\ud83d"}])
def test_the_fast_way_refuses_it_too(changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedError, match=r"canonical\.impossible"):
        canonical_bytes(msgspec.structs.replace(Price(amount=1), **changes))


def test_everything_that_is_signed_goes_the_fast_way() -> None:
    assert [kind.__name__ for kind in SIGNED_TYPES if not _is_plain(kind)] == []
    assert [type(r).__name__ for r in every_record() if not _is_plain(type(r))] == []


def test_other_types_go_the_slow_way() -> None:
    for annotation in (float, dict[str, int], Any, bytes, tuple[float, ...], dict[str, str] | None):
        kind = msgspec.defstruct("Kind", [("field", annotation)])
        assert not _is_plain(kind)
    assert not _is_plain(msgspec.defstruct("Named", [("ż", int)]))


@pytest.mark.parametrize("record", every_record(), ids=lambda r: type(r).__name__)
def test_the_fast_way_gives_the_bytes_of_the_slow_one(record: Record) -> None:
    assert canonical_bytes(record) == rfc8785.dumps(msgspec.to_builtins(record))


@given(st.text(), st.text(), st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1))
def test_both_ways_agree_on_any_text_and_integer(first: str, second: str, number: int) -> None:
    price = msgspec.structs.replace(Price(amount=1), amount=number, description=first, currency=second)
    assert canonical_bytes(price) == rfc8785.dumps(msgspec.to_builtins(price))


@given(st.lists(st.text(max_size=50), max_size=5), st.booleans())
def test_both_ways_agree_on_nested_values(texts: list[str], checked: bool) -> None:
    base = consent().acts[0]
    act: Act = msgspec.structs.replace(base, texts=tuple(texts), checked=checked)
    record = msgspec.structs.replace(consent(), acts=(act, base), previous_record=None)
    assert canonical_bytes(record) == rfc8785.dumps(msgspec.to_builtins(record))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "json.syntax"),
        (b"{", "json.syntax"),
        (b"\xff", "json.syntax"),
        (b'{"kind": "\xff"}', "json.syntax"),
        (b"[" * 100_000, "json.shape"),
        (b'{"step":' + b"[" * 100_000, "json.shape"),
        (b"{}", "json.shape"),
        (b"[]", "json.shape"),
        (b"1", "json.shape"),
    ],
)
def test_bad_json_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(MalformedError) as caught:
        decode(data, Refusal)
    assert caught.value.code == code


@pytest.mark.parametrize("kind", ["blank", "order", "escape", "twice", "two newlines", "default left out"])
def test_only_the_canonical_spelling_is_taken(kind: str) -> None:
    data = canonical_bytes(consent())
    plain = json.loads(data)
    changed = {
        "blank": data.replace(b":", b": ", 1),
        "order": json.dumps(
            dict(reversed(plain.items())), separators=(",", ":"), ensure_ascii=False
        ).encode(),
        "escape": data.replace("Ż".encode(), b"\\u017b"),
        "twice": data.replace(b'{"acceptance"', b'{"language":"pl","acceptance"', 1),
        "two newlines": data + b"\n\n",
        "default left out": data.replace(b'"recording":"none",', b""),
    }[kind]
    assert changed != data
    assert decode(changed.strip(), Record) == consent()  # type: ignore[arg-type]
    with pytest.raises(MalformedError, match="not_canonical"):
        decode_canonical(changed, Record)  # type: ignore[arg-type]


def test_one_newline_at_the_end_is_taken() -> None:
    record = consent()
    assert decode_canonical(canonical_bytes(record) + b"\n", Record) == record  # type: ignore[arg-type]


def test_the_hash_is_sha_256_in_lower_case() -> None:
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert hash_of({"b": 1, "a": 2}) == sha256_hex(b'{"a":2,"b":1}')
