"""The backend's answers: what is believed, and what is not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from client_app.core.effects import ReportStep, TellTechnician
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.person import CustomerKind, Person
from client_app.core.session import Document
from client_app.services.backend import Backend, person_of
from consent_record.case import CaseRules
from consent_record.fields import timestamp
from consent_record.records import PersonKind
from consent_record.wire import (
    CaseState,
    CaseStatus,
    EventKind,
    Health,
    PersonDraft,
    WordAnswer,
    WordOutcome,
)
from tests.unit.services.bench import Bench
from tests.unit.services.company import KNOWN_NUMBER, RIGHT_WORD, WORDS, new_id
from tests.unit.services.server import problem, reply


def refused(act: Callable[[], object]) -> ErrorCode:
    with pytest.raises(CustomerError) as caught:
        act()
    return caught.value.code


def answering(bench: Bench, suffix: str, answer: bytes | msgspec.Struct | None) -> None:
    """Let one path answer in its own way, the others well."""
    data = reply(msgspec.json.encode(answer)) if isinstance(answer, msgspec.Struct) else answer
    bench.instead = lambda asked: data if asked.path.endswith(suffix) else bench.good(asked)


# --- joining: refusals --------------------------------------------------------------------------------------------


def changed_join(**changes: Any) -> Callable[[Bench], bytes | msgspec.Struct]:
    return lambda bench: bench.company.join_answer(bench.run.nonce, **changes)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (changed_join(client_nonce="00" * 32), ErrorCode.NOT_THE_COMPANY),
        (changed_join(case_id=new_id()), ErrorCode.NOT_THE_COMPANY),
        (changed_join(expires_at="2022-01-01T00:00:00Z"), ErrorCode.CODE_EXPIRED),
        (changed_join(issued_at="2019-01-01T00:00:00Z"), ErrorCode.NOT_THE_COMPANY),
        (changed_join(issued_at="2021-13-01T00:00:00Z"), ErrorCode.NOT_THE_COMPANY),
        (changed_join(statement_version=2), ErrorCode.ANSWER_UNEXPECTED),
        (lambda b: b.company.impostor().join_answer(b.run.nonce), ErrorCode.NOT_THE_COMPANY),
        (
            lambda b: msgspec.structs.replace(b.company.join_answer(b.run.nonce), words=WORDS[:8]),
            ErrorCode.ANSWER_UNEXPECTED,
        ),
        (
            lambda b: msgspec.structs.replace(b.company.join_answer(b.run.nonce), words=(WORDS[0],) * 9),
            ErrorCode.ANSWER_UNEXPECTED,
        ),
        (lambda b: reply(b"<html>sign in to the hotel</html>"), ErrorCode.ANSWER_UNEXPECTED),
        (lambda b: reply(b"{}"), ErrorCode.ANSWER_UNEXPECTED),
        (lambda b: reply(b"\xff\xfe"), ErrorCode.ANSWER_UNEXPECTED),
        (lambda b: reply(b"[" * 100_000), ErrorCode.ANSWER_UNEXPECTED),
        (lambda b: problem("case.code_unknown", 404), ErrorCode.CODE_UNKNOWN),
        (lambda b: problem("case.code_used", 409), ErrorCode.CODE_USED),
        (lambda b: problem("case.code_expired", 409), ErrorCode.CODE_EXPIRED),
        (lambda b: problem("case.frozen", 409), ErrorCode.CASE_FROZEN),
        (lambda b: problem("request.rate_limited", 429), ErrorCode.TOO_MANY_TRIES),
    ],
    ids=[
        "another nonce",
        "another case",
        "over",
        "before the certificate",
        "no date",
        "statement of tomorrow",
        "another root",
        "eight words",
        "the same words",
        "a hotel page",
        "empty",
        "no utf-8",
        "nested",
        "code unknown",
        "code used",
        "code expired",
        "frozen",
        "too many",
    ],
)
def test_a_join_answer_that_is_not_believed(
    bench: Bench, make: Callable[[Bench], bytes | msgspec.Struct], code: ErrorCode
) -> None:
    answering(bench, "/join", make(bench))
    assert refused(bench.join) is code
    assert refused(bench.run.case) is ErrorCode.INTERNAL


def test_a_changed_byte_in_the_statement(bench: Bench) -> None:
    answer = bench.company.join_answer(bench.run.nonce)
    body = msgspec.json.encode(answer).replace(b'"amount":8000', b'"amount":9000')
    answering(bench, "/join", reply(body))
    assert refused(bench.join) is ErrorCode.NOT_THE_COMPANY


@pytest.mark.parametrize("root_key", ["", "00" * 32])
def test_without_the_right_root_nothing_is_believed(bench: Bench, root_key: str) -> None:
    bench.root_key = root_key
    bench.begin_run()
    assert refused(bench.join) is ErrorCode.NOT_THE_COMPANY


# --- joining ------------------------------------------------------------------------------------------------------


def test_a_case(bench: Bench) -> None:
    case = bench.join()
    assert case.case_id == bench.company.case_id
    assert (case.technician_name, case.anydesk_numbers) == ("Anna Kowalska", (KNOWN_NUMBER,))
    assert (case.price.amount, case.price.currency, case.words) == (8000, "PLN", WORDS)
    assert {kind for kind, _language, _hash in case.documents} == set(Document)
    sent = msgspec.json.decode(bench.asked[0].body)
    assert sent == {
        "code": "123456782",
        "nonce": bench.run.nonce,
        "client_version": "0.1.0",
        "system": "linux",
        "language": "pl",
    }


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [(CaseRules(session_seconds=60, no_connection_seconds=30), (60, 30)),
     (CaseRules(session_seconds=10**6, no_connection_seconds=10**6), (8 * 3600, 600)),
     (CaseRules(session_seconds=-5, no_connection_seconds=0), (0, 0))],
    ids=["stricter", "laxer", "senseless"],
)  # fmt: skip
def test_limits_only_get_stricter(bench: Bench, theirs: CaseRules, expected: tuple[int, int]) -> None:
    answering(bench, "/join", bench.company.join_answer(bench.run.nonce, rules=theirs))
    case = bench.join()
    assert (case.session_seconds, case.no_connection_seconds) == expected


def test_joining_again_keeps_what_was_confirmed_and_another_case_does_not(bench: Bench) -> None:
    bench.confirm()
    bench.join()
    assert bench.run.confirmed_case().case_id == bench.company.case_id
    bench.company.case_id = new_id()
    bench.join()
    assert refused(bench.run.confirmed_case) is ErrorCode.NO_PERMISSION
    assert refused(bench.run.case_secret) is ErrorCode.NO_PERMISSION


def test_nothing_secret_is_printed(bench: Bench) -> None:
    bench.confirm()
    shown = f"{bench.run!r} {bench.run.case()!r}"
    assert bench.company.token not in shown
    assert bench.run.case_secret() not in shown
    assert bench.run.nonce not in f"{bench.run!r}"


# --- the word -----------------------------------------------------------------------------------------------------


def test_a_wrong_word_confirms_nothing(bench: Bench) -> None:
    bench.join()
    assert not bench.backend.check_word("kot").right
    assert refused(bench.run.confirmed_case) is ErrorCode.NO_PERMISSION


@pytest.mark.parametrize(
    "answer",
    [
        WordAnswer(outcome=WordOutcome.UNEXPECTED),
        reply(b'{"outcome": "maybe"}'),
        reply(b'{"outcome": "right", "case_secret": "short"}'),
        reply(b"true"),
        problem("case.frozen", 409),
        None,
    ],
    ids=["unexpected", "maybe", "short secret", "no struct", "frozen", "cut"],
)
def test_a_word_answer_that_is_not_understood_confirms_nothing(
    bench: Bench, answer: bytes | msgspec.Struct | None
) -> None:
    bench.join()
    answering(bench, "/word", answer)
    refused(lambda: bench.backend.check_word(RIGHT_WORD))
    assert refused(bench.run.confirmed_case) is ErrorCode.NO_PERMISSION


def test_a_right_word_without_a_secret_confirms_the_caller_but_not_offline(bench: Bench) -> None:
    bench.join()
    answering(bench, "/word", WordAnswer(outcome=WordOutcome.RIGHT))
    assert bench.backend.check_word(RIGHT_WORD).right
    assert refused(bench.run.case_secret) is ErrorCode.NO_PERMISSION


def test_the_word_is_asked_before_a_case(bench: Bench) -> None:
    assert refused(lambda: bench.backend.check_word("las")) is ErrorCode.INTERNAL
    assert bench.asked == []


def test_details_come_with_the_right_word(bench: Bench) -> None:
    bench.join()
    draft = PersonDraft(kind=PersonKind.BUSINESS, name="Jan", company="Nowak", nip="5261040828")
    answering(bench, "/word", WordAnswer(outcome=WordOutcome.RIGHT, details=draft, case_secret="ab" * 32))
    assert bench.backend.check_word(RIGHT_WORD).details == Person(
        CustomerKind.BUSINESS, "Jan", "", "", "Nowak", "5261040828"
    )
    assert person_of(PersonDraft()) == Person()


# --- telling ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"state": CaseState.JOINED}, (False, False, False)),
        ({"state": CaseState.FROZEN}, (False, False, True)),
        ({"state": CaseState.ENDED}, (False, True, False)),
        ({"state": CaseState.IN_SESSION, "end_requested": True}, (False, True, False)),
        ({"state": CaseState.WORD_CONFIRMED, "no_backup_agreed": True}, (True, False, False)),
    ],
    ids=["nothing", "frozen", "ended", "end requested", "no backup agreed"],
)
def test_what_the_technician_decided(
    bench: Bench, status: dict[str, Any], expected: tuple[bool, bool, bool]
) -> None:
    bench.join()
    answering(bench, bench.company.case_id, CaseStatus(server_time=timestamp(), **status))
    view = bench.backend.status()
    assert (view.no_backup_agreed, view.end_requested, view.frozen) == expected
    assert bench.asked[-1].headers["authorization"] == f"Bearer {bench.company.token}"


def test_a_state_of_tomorrow_is_not_guessed(bench: Bench) -> None:
    bench.join()
    for body in (
        b'{"state": "levitating", "server_time": "2026-01-01T00:00:00Z"}',
        b'{"state": "unexpected"}',
    ):
        answering(bench, bench.company.case_id, reply(body))
        assert refused(bench.backend.status) is ErrorCode.ANSWER_UNEXPECTED


def test_a_step_is_told(bench: Bench) -> None:
    bench.join()
    bench.backend.report_step(ReportStep("terms", "problem", "K-21", ("accept_terms",), asks_no_backup=True))
    asked = bench.asked[-1]
    sent = msgspec.json.decode(asked.body)
    assert (asked.method, asked.path) == ("PUT", f"/v1/cases/{bench.company.case_id}/step")
    assert sent.pop("at")
    assert sent == {
        "step": "terms",
        "state": "problem",
        "code": "K-21",
        "missing": ["accept_terms"],
        "asks_no_backup": True,
    }


def event_ids(bench: Bench) -> list[str]:
    return [msgspec.json.decode(a.body)["event_id"] for a in bench.asked if a.path.endswith("/events")]


def test_an_event_told_again_is_the_same_event(bench: Bench) -> None:
    bench.join()
    event, equal = TellTechnician("connected"), TellTechnician("connected")
    for told in (event, equal, event):
        bench.backend.tell(told)
    first, second, third = event_ids(bench)
    assert first == third != second


def test_an_event_that_was_lost_on_the_way_keeps_its_id(bench: Bench) -> None:
    bench.join()
    event = TellTechnician("stranger", peer_number="999888777", code="K-47")
    answering(bench, "/events", None)
    assert refused(lambda: bench.backend.tell(event)) is ErrorCode.NO_CONNECTION
    bench.instead = None
    bench.backend.tell(event)
    assert len(set(event_ids(bench))) == 1


@pytest.mark.parametrize(
    ("number", "sent"), [("", None), ("111222333", "111222333"), ("anna@firma", None), ("1" * 20, None)]
)
def test_only_numbers_are_told_as_numbers(bench: Bench, number: str, sent: str | None) -> None:
    bench.join()
    bench.backend.tell(TellTechnician("connected", peer_number=number), rating=5)
    body = msgspec.json.decode(bench.asked[-1].body)
    assert (body["peer_number"], body["rating"]) == (sent, 5)


def test_every_event_of_the_flow_is_known_to_the_wire() -> None:
    """The kinds stand as text in the flow's rows; each must be a member of the wire's vocabulary."""
    import re
    from pathlib import Path

    import client_app.core

    rows = "".join(
        file.read_text(encoding="utf-8") for file in Path(client_app.core.__path__[0]).glob("*.py")
    )
    kinds = set(re.findall(r'TellTechnician\(\s*"([a-z_]+)"', rows))
    assert kinds
    assert kinds <= {kind.value for kind in EventKind}


# --- health -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Health(status="maintenance", version="1", server_time=timestamp()), ErrorCode.SERVER_TROUBLE),
        (reply(b"ok"), ErrorCode.ANSWER_UNEXPECTED),
        (reply(b"", 500), ErrorCode.SERVER_TROUBLE),
        (None, ErrorCode.NO_CONNECTION),
    ],
    ids=["maintenance", "text", "500", "cut"],
)
def test_a_backend_that_is_not_well(
    bench: Bench, answer: bytes | msgspec.Struct | None, code: ErrorCode
) -> None:
    answering(bench, "/health", answer)
    assert refused(bench.backend.check_health) is code


def test_a_backend_that_is_well(bench: Bench) -> None:
    bench.backend.check_health()


def test_calls_from_several_threads_do_not_disturb_each_other(bench: Bench) -> None:
    bench.join()
    seen: list[object] = []

    def ask() -> None:
        for _ in range(10):
            seen.append(bench.backend.status())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(seen) == 40


def test_the_service_fits_its_port(bench: Bench) -> None:
    from client_app.core.ports import BackendPort

    port: BackendPort = bench.backend
    assert isinstance(port, Backend)
    assert replace(bench.join(), words=()).words == ()
