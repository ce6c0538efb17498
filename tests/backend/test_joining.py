"""Joining by code, the word check, and what a client may report: refusals first."""

from __future__ import annotations

import secrets
from pathlib import Path
from uuid import uuid4

import pytest

from consent_backend.words import word_list
from consent_record.canonical import hash_of
from consent_record.case import check_case
from consent_record.codes import parse_case_code
from consent_record.errors import RecordError
from consent_record.fields import moment_of, timestamp
from consent_record.keys import parse_public_key
from demo.backend_process import TECHNICIAN_NAME, TECHNICIAN_PASSWORD, BackendProcess, start
from tests.backend.actors import Client, Console, problem


@pytest.mark.parametrize("code", ["", "123", "123456789", "12345678a", "٣٣٣٣٣٣٣٣٣", "1" * 400, "000 000 000"])
def test_a_code_that_is_none_is_unknown(code: str, backend: BackendProcess) -> None:
    assert problem(Client(backend.url).try_join(code)) == (404, "case.code_unknown")


def test_guessing_codes_is_stopped_for_the_guesser_alone(console: Console, backend: BackendProcess) -> None:
    guesser = Client(backend.url)
    answers = [guesser.try_join("123456782") for _ in range(11)]
    assert [a.status_code for a in answers[:10]] == [404] * 10
    assert problem(answers[10]) == (429, "request.rate_limited")
    assert 0 < int(answers[10].headers["retry-after"]) <= 600
    code = str(console.open_case()["code"])
    assert problem(guesser.try_join(code)) == (429, "request.rate_limited")
    assert Client(backend.url).try_join(code).status_code == 200


def test_a_used_code_is_refused_to_another_client_and_alarms(
    console: Console, backend: BackendProcess
) -> None:
    case = console.open_case()
    first = Client(backend.url).join(case["code"])
    second = Client(backend.url)
    assert problem(second.try_join(case["code"])) == (409, "case.code_used")
    assert problem(second.try_join(case["code"])) == (409, "case.code_used")
    assert [a["kind"] for a in console.case(case["case_id"])["alerts"]] == ["code_used"]
    assert first.status()["state"] == "joined"


def test_tries_at_one_code_are_limited_from_every_address(console: Console, backend: BackendProcess) -> None:
    case = console.open_case()
    Client(backend.url).join(case["code"])
    statuses = [Client(backend.url).try_join(case["code"]).status_code for _ in range(11)]
    assert statuses == [409] * 10 + [429]


def test_the_same_client_gets_the_same_answer_again(console: Console, backend: BackendProcess) -> None:
    code = console.open_case()["code"]
    client = Client(backend.url)
    first, second = client.try_join(code), client.try_join(f" {code[:3]} {code[3:6]}-{code[6:]} ")
    assert first.status_code == 200
    assert first.content == second.content


def test_the_statement_is_for_this_client_and_by_this_company(
    backend: BackendProcess, joined: Client
) -> None:
    root = parse_public_key(backend.root_path.read_text("ascii"))
    signed = joined.case.statement
    now = moment_of(timestamp())
    check_case(signed, root_key=root, nonce=joined.nonce, now=now)
    with pytest.raises(RecordError, match="other_nonce"):
        check_case(signed, root_key=root, nonce=secrets.token_hex(32), now=now)
    with pytest.raises(RecordError, match="other_root"):
        check_case(signed, root_key="ab" * 32, nonce=joined.nonce, now=now)
    statement = signed.statement
    assert statement.technician_name == "Anna Przykład"
    assert statement.anydesk_numbers == ("123456789",)
    assert statement.price.amount == 12000
    kinds = [(d.kind.value, d.language) for d in statement.documents]
    assert kinds == [("terms", "en"), ("terms", "pl"), ("price", "pl"), ("privacy", "pl")]


def test_nine_different_words_hold_the_right_one(console: Console, joined: Client) -> None:
    words = joined.case.words
    assert len(set(words)) == 9
    assert set(words) <= set(word_list("pl"))
    assert console.case(joined.case.case_id)["word"] in words


def test_no_details_before_the_word(joined: Client) -> None:
    assert set(joined.status()) == {
        "state",
        "no_backup_agreed",
        "end_requested",
        "restart_requested",
        "server_time",
    }
    assert "Kowalski" not in joined.try_join(code="").text


@pytest.mark.parametrize("word", ["", "kot", "another"])
def test_one_wrong_word_freezes_the_case(word: str, console: Console, joined: Client) -> None:
    right = console.case(joined.case.case_id)["word"]
    picked = next(w for w in joined.case.words if w != right) if word == "another" else word
    answer = joined.pick(picked).json()
    assert answer == {"outcome": "frozen", "details": None, "case_secret": None}
    assert joined.pick(right).json()["outcome"] == "frozen"
    shown = console.case(joined.case.case_id)
    assert (shown["state"], [a["kind"] for a in shown["alerts"]]) == ("frozen", ["wrong_word"])


def test_the_right_word_opens_the_details_every_time(console: Console, joined: Client) -> None:
    word = console.case(joined.case.case_id)["word"]
    first, second = joined.pick(word), joined.pick(word)
    assert first.json() == second.json()
    assert first.json()["details"]["name"] == "Jan Kowalski"
    assert len(first.json()["case_secret"]) == 64


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "word"), ("GET", ""), ("PUT", "step"), ("POST", "events")]
)
def test_a_token_opens_its_own_case_only(method: str, path: str, console: Console, joined: Client) -> None:
    other = Client(joined.url).join(str(console.open_case()["code"]))
    bodies = {
        "word": {"word": "x"},
        "": None,
        "step": {"step": "terms", "state": "shown", "at": timestamp()},
        "events": {"event_id": str(uuid4()), "kind": "connected", "at": timestamp()},
    }
    answer = joined.call(method, f"/v1/cases/{other.case.case_id}/{path}".rstrip("/"), bodies[path])
    assert problem(answer) == (401, "case.token")
    assert console.case(other.case.case_id)["state"] == "joined"


def test_an_ended_case_lets_nobody_in(console: Console, backend: BackendProcess) -> None:
    case = console.open_case()
    client = Client(backend.url).join(case["code"])
    console.post(f"/cases/{case['case_id']}/end")
    assert problem(client.try_join(case["code"])) == (409, "case.ended")
    assert problem(client.pick(case["word"])) == (409, "case.ended")


def test_without_documents_nobody_joins(tmp_path: Path) -> None:
    running = start(tmp_path / "data")
    try:
        console = Console(running.url, TECHNICIAN_NAME, TECHNICIAN_PASSWORD)
        assert problem(Client(running.url).try_join(console.open_case()["code"])) == (
            409,
            "document.none_published",
        )
        file = tmp_path / "terms.md"
        file.write_text("# Regulamin", "utf-8")
        running.publish("terms", "pl", file)
        answer = Client(running.url).try_join(console.open_case()["code"])
        assert problem(answer) == (409, "document.none_published")
        assert "privacy" in answer.json()["detail"]
    finally:
        running.stop()


def test_steps_are_shown_live_and_an_older_report_changes_nothing(console: Console, joined: Client) -> None:
    joined.step(
        step="computer", state="problem", code="K-21", missing=["accept_terms"], at="2026-01-01T10:00:00Z"
    )
    joined.step(step="terms", at="2026-01-01T09:00:00Z")
    shown = console.case(joined.case.case_id)
    assert (shown["step"], shown["step_number"], shown["step_state"]) == ("computer", 4, "problem")
    assert (shown["step_code"], shown["missing"]) == ("K-21", ["accept_terms"])


def test_the_same_event_twice_is_stored_once(console: Console, joined: Client) -> None:
    event_id = str(uuid4())
    for _ in range(3):
        assert (
            joined.event("anydesk_number", event_id=event_id, anydesk_number="987654321").status_code == 200
        )
    shown = console.case(joined.case.case_id)
    assert shown["anydesk_number"] == "987654321"
    assert [e["kind"] for e in shown["timeline"]].count("anydesk_number") == 1


@pytest.mark.parametrize(
    "changes", [{"kind": "rating"}, {"kind": "rating", "rating": 6}, {"kind": "connected", "rating": 3}]
)
def test_a_rating_that_is_none_is_refused(changes: dict[str, object], joined: Client) -> None:
    assert problem(joined.event(**changes)) == (422, "request.shape")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "alert"), [("stranger", "stranger"), ("not_closed", "not_closed"), ("not_them", "not_them")]
)
def test_bad_events_raise_alerts(kind: str, alert: str, console: Console, joined: Client) -> None:
    joined.event(kind)
    assert [a["kind"] for a in console.case(joined.case.case_id)["alerts"]] == [alert]


def test_a_postponed_case_goes_on_with_the_same_code_and_a_new_word(
    console: Console, backend: BackendProcess
) -> None:
    case = console.open_case()
    client = Client(backend.url).join(case["code"]).confirm(case["word"])
    before = client.case.words
    assert client.event("postponed").json()["state"] == "postponed"
    assert problem(client.put(client.consent())) == (403, "case.word_needed")
    client.join(case["code"])
    assert client.case.words != before
    assert client.status()["state"] == "joined"
    client.confirm(console.case(case["case_id"])["word"])
    assert client.put(client.consent()).status_code == 200


def test_a_session_that_ended_by_accident_can_be_opened_again(
    console: Console, backend: BackendProcess
) -> None:
    case = console.open_case()
    client = Client(backend.url).join(case["code"]).confirm(case["word"])
    consent = client.consent()
    client.put(consent)
    client.put(client.session_start(consent))
    assert client.event("ended").json()["state"] == "ended"
    client.join(case["code"])
    assert problem(client.put(client.consent())) == (403, "case.word_needed")
    client.confirm(console.case(case["case_id"])["word"])
    assert problem(client.put(client.consent())) == (409, "record.conflict")
    assert client.put(client.consent(previous_record=hash_of(consent))).status_code == 200


def test_codes_are_nine_digits_with_a_check_digit(console: Console) -> None:
    case = console.open_case()
    assert parse_case_code(case["code_grouped"]) == case["code"]


def test_a_new_run_takes_a_postponed_case_over(console: Console, backend: BackendProcess) -> None:
    case = console.open_case()
    old = Client(backend.url).join(case["code"]).confirm(case["word"])
    unsent, order = old.refusal("postponed"), old.consent()
    old.event("postponed")
    new = Client(backend.url).join(case["code"])
    assert problem(old.call("GET", f"/v1/cases/{case['case_id']}")) == (401, "case.token")
    assert problem(old.pick(console.case(case["case_id"])["word"])) == (401, "case.token")
    assert problem(old.put(order)) == (401, "case.token")
    first = old.put(unsent)
    assert first.status_code == 200
    assert old.call("GET", f"/v1/records/{unsent.record_id}/receipt").content == first.content
    assert new.status()["state"] == "joined"
    new.confirm(console.case(case["case_id"])["word"])
    assert new.put(new.consent()).status_code == 200
    assert problem(Client(backend.url).try_join(case["code"])) == (409, "case.code_used")
