"""From answers to codes, and when to try again: the tables as a whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_app.core.errors import ErrorCode
from client_app.services.problems import CUSTOMER_CODES, FINAL, problem_of
from client_app.services.retry import LONGEST_SECONDS, retry_after_seconds, wait_seconds
from consent_record.wire import ProblemCode
from tests.unit.services.server import problem

NOW = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)
JSON = {"content-type": "application/problem+json"}


def body(code: str) -> bytes:
    return problem(code, 400).partition(b"\r\n\r\n")[2]


def test_every_code_of_the_wire_has_one_for_the_customer() -> None:
    assert set(CUSTOMER_CODES) == set(ProblemCode) - {ProblemCode.UNEXPECTED}
    assert set(CUSTOMER_CODES) >= FINAL


@pytest.mark.parametrize("code", [code for code in ProblemCode if code in CUSTOMER_CODES])
def test_a_code_is_taken_from_problem_json(code: ProblemCode) -> None:
    error = problem_of(400, JSON, body(code.value), NOW)
    assert (error.problem, error.code) == (code, CUSTOMER_CODES[code])


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, ErrorCode.ANSWER_UNEXPECTED),
        (401, ErrorCode.ANSWER_UNEXPECTED),
        (404, ErrorCode.ANSWER_UNEXPECTED),
        (407, ErrorCode.NO_CONNECTION),
        (418, ErrorCode.ANSWER_UNEXPECTED),
        (429, ErrorCode.TOO_MANY_TRIES),
        (500, ErrorCode.SERVER_TROUBLE),
        (502, ErrorCode.SERVER_TROUBLE),
        (503, ErrorCode.SERVER_TROUBLE),
        (504, ErrorCode.SERVER_TROUBLE),
    ],
)
@pytest.mark.parametrize(
    ("headers", "data"),
    [
        ({}, b""),
        ({"content-type": "text/html"}, b"<h1>Bad gateway</h1>"),
        ({"content-type": "application/json"}, body("case.frozen")),
        (JSON, b"no json"),
        (JSON, b"[]"),
        (JSON, body("a.code.of.tomorrow")),
        (JSON, b'{"code": 7}'),
        (JSON, b"\xff"),
    ],
    ids=["empty", "page", "wrong type", "no json", "list", "unknown code", "wrong shape", "no utf-8"],
)
def test_what_is_no_known_problem_is_judged_by_its_status(
    status: int, expected: ErrorCode, headers: dict[str, str], data: bytes
) -> None:
    error = problem_of(status, headers, data, NOW)
    assert (error.code, error.problem, error.is_final) == (expected, ProblemCode.UNEXPECTED, False)


@pytest.mark.parametrize(
    "code", [ProblemCode.TOKEN, ProblemCode.RATE_LIMITED, ProblemCode.BUSY, ProblemCode.INTERNAL]
)
def test_what_may_be_different_tomorrow_is_not_final(code: ProblemCode) -> None:
    assert not problem_of(400, JSON, body(code.value), NOW).is_final


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("99999999999999999999", 86_400.0),
        ("Sun, 22 Nov 2026 10:01:00 GMT", 60.0),
        ("Sun, 22 Nov 2026 09:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2099 09:00:00 GMT", 86_400.0),
        ("Sun, 22 Nov 2026 10:01:00 -0000", 60.0),
        ("Sun, 99 Nov 2026 10:01:00 GMT", None),
        ("٣", None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_raises(header: str) -> None:
    seconds = retry_after_seconds(header, NOW)
    assert seconds is None or 0.0 <= seconds <= 86_400.0


@given(st.integers(-5, 10_000), st.floats(0, 0.999999), st.none() | st.floats(0, 86_400))
def test_waiting_is_bounded_and_never_shorter_than_asked(
    tries: int, chance: float, asked: float | None
) -> None:
    wait = wait_seconds(tries, chance=chance, server_seconds=asked)
    assert 1.0 <= wait <= max(LONGEST_SECONDS, asked or 0.0)
    assert asked is None or wait >= asked


def test_waiting_doubles() -> None:
    assert [wait_seconds(n, chance=0.0) for n in (1, 2, 3, 4, 50)] == [1.0, 2.0, 4.0, 8.0, 300.0]
