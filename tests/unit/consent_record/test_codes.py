"""Codes that are dictated: every single slip is found, the right one is read however it is typed."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from consent_record.codes import (
    OFFLINE_ALPHABET,
    group_digits,
    is_offline_answer,
    new_case_code,
    offline_answer,
    offline_code,
    parse_case_code,
    parse_offline_code,
)
from consent_record.errors import MalformedError
from tests.unit.consent_record.samples import uuid

HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)
SECRET = "0b" * 32


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "code.length"),
        ("12345678", "code.length"),
        ("1234567820", "code.length"),
        ("12345678a", "code.length"),
        ("١٢٣٤٥٦٧٨٢", "code.length"),
        ("²34567820", "code.length"),
        ("123456781", "code.check"),
    ],
)
def test_what_is_no_case_code_is_refused(text: str, code: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_case_code(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "123456782",
        " 123 456 782 ",
        "123-456-782",
        "123–456–782",
        "123.456.782",
        "1\u00a023\t456\n782",
    ],
)
def test_a_case_code_is_read_however_it_is_typed(text: str) -> None:
    assert parse_case_code(text) == "123456782"


@given(st.integers(min_value=0, max_value=8), st.integers(min_value=1, max_value=9))
def test_every_misheard_digit_is_found(position: int, shift: int) -> None:
    code = new_case_code()
    wrong = str((int(code[position]) + shift) % 10)
    with pytest.raises(MalformedError, match=r"code\.check"):
        parse_case_code(code[:position] + wrong + code[position + 1 :])


@given(st.integers(min_value=0, max_value=7))
def test_two_swapped_digits_are_found_but_for_nine_and_nought(position: int) -> None:
    code = new_case_code()
    pair = code[position : position + 2]
    assume(pair[0] != pair[1] and set(pair) != {"0", "9"})
    with pytest.raises(MalformedError, match=r"code\.check"):
        parse_case_code(code[:position] + pair[::-1] + code[position + 2 :])


def test_case_codes_are_random_and_readable() -> None:
    codes = {new_case_code() for _ in range(500)}
    assert len(codes) > 495
    assert {parse_case_code(group_digits(code)) for code in codes} == codes
    assert group_digits("123456782") == "123 456 782"


@given(HASHES)
def test_an_offline_code_is_read_however_it_is_typed(record_hash: str) -> None:
    code = offline_code(record_hash)
    assert len(code) == 13
    assert parse_offline_code(code) == code
    spoken = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert parse_offline_code(spoken) == code


@given(HASHES, st.integers(min_value=0, max_value=10), st.sampled_from(OFFLINE_ALPHABET))
def test_every_misheard_character_is_found_but_for_nought_and_z(
    record_hash: str, position: int, wrong: str
) -> None:
    code = offline_code(record_hash).replace("-", "")
    assume(code[position] != wrong and {code[position], wrong} != {"0", "Z"})
    with pytest.raises(MalformedError, match=r"offline\.check"):
        parse_offline_code(code[:position] + wrong + code[position + 1 :])


@given(HASHES, st.integers(min_value=0, max_value=8))
def test_two_swapped_characters_are_found(record_hash: str, position: int) -> None:
    code = offline_code(record_hash).replace("-", "")
    pair = code[position : position + 2]
    assume(pair[0] != pair[1] and set(pair) != {"0", "Z"})
    with pytest.raises(MalformedError, match=r"offline\.check"):
        parse_offline_code(code[:position] + pair[::-1] + code[position + 2 :])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "offline.length"),
        ("7ZK3Q-9M2PD", "offline.length"),
        ("7ZK3Q-9M2PD-XX", "offline.length"),
        ("7ZK3Q-9M2PD-U", "offline.character"),
        ("7ZK3Ą-9M2PD-X", "offline.character"),
    ],
)
def test_what_is_no_offline_code_is_refused(text: str, code: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_offline_code(text)
    assert caught.value.code == code


@given(st.text())
def test_no_text_does_worse_than_a_refusal(text: str) -> None:
    for parse in (parse_case_code, parse_offline_code):
        with contextlib.suppress(MalformedError):
            assert parse(text)


@given(HASHES, HASHES)
def test_an_answer_is_for_one_code_one_case_one_secret(first: str, second: str) -> None:
    code, other = offline_code(first), offline_code(second)
    assume(code != other)
    answer = offline_answer(case_secret=SECRET, case_id=uuid(1), code=code)
    assert len(answer) == 8
    assert answer.isdigit()
    assert is_offline_answer(f" {answer[:4]} {answer[4:]}\n", case_secret=SECRET, case_id=uuid(1), code=code)
    for secret, case_id, asked in (
        ("0c" * 32, uuid(1), code),
        (SECRET, uuid(2), code),
        (SECRET, uuid(1), other),
    ):
        if offline_answer(case_secret=secret, case_id=case_id, code=asked) != answer:
            assert not is_offline_answer(answer, case_secret=secret, case_id=case_id, code=asked)


def test_the_answer_is_the_same_in_every_implementation() -> None:
    """A vector for docs/protocol.md."""
    assert offline_code("00" * 32) == "00000-00000-0"
    assert offline_code("ff" * 32) == "ZZZZZ-ZZZZZ-0"
    code = offline_code("0123456789abcdef" * 4)
    assert code == "04HMA-SW9NF-G"
    assert offline_answer(case_secret=SECRET, case_id=uuid(1), code=code) == "33349064"


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "١٢٣٤٥٦٧٨", "12e45678", "\x00" * 8])
def test_a_wrong_answer_opens_nothing(typed: str) -> None:
    code = offline_code("ab" * 32)
    assert not is_offline_answer(typed, case_secret=SECRET, case_id=uuid(1), code=code)
