"""The console's JSON interface: nobody without a password, each act only when it is its time."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import pytest

from consent_record.canonical import hash_of
from consent_record.codes import offline_code
from consent_record.fields import timestamp
from demo.backend_process import TECHNICIAN_NAME, TECHNICIAN_PASSWORD, BackendProcess
from tests.backend.actors import TIMEOUT, Client, Console, http_session, problem

NEW_CASE: dict[str, Any] = {"problem": "x", "price": {"amount": 1, "description": "y"}}

ENDPOINTS: list[tuple[str, str, Any]] = [
    ("GET", "/cases", None),
    ("POST", "/cases", NEW_CASE),
    ("GET", f"/cases/{uuid4()}", None),
    ("POST", f"/cases/{uuid4()}/offline-answer", {"code": "x"}),
    ("POST", f"/cases/{uuid4()}/agree-no-backup", None),
    ("POST", f"/cases/{uuid4()}/end", None),
    ("GET", f"/cases/{uuid4()}/receipts/{uuid4()}", None),
    ("PUT", "/numbers", {"numbers": []}),
    ("POST", "/password", {"old": "x", "new": "y"}),
    ("POST", "/alerts/1/seen", None),
    ("DELETE", "/sessions", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ENDPOINTS)
@pytest.mark.parametrize("token", ["", "Bearer x", "Bearer " + "0" * 64])
def test_without_a_session_nothing_works(
    method: str, path: str, body: Any, token: str, backend: BackendProcess
) -> None:
    url = f"{backend.url}/v1/console{path}"
    headers = {"Authorization": token} if token else {}
    answer = http_session().request(method, url, json=body, headers=headers, timeout=TIMEOUT)
    assert problem(answer) == (401, "console.signed_out")


def test_a_case_token_opens_no_console(joined: Client) -> None:
    assert problem(joined.call("GET", "/v1/console/cases")) == (401, "console.signed_out")


def test_a_console_token_opens_no_case(console: Console, joined: Client) -> None:
    token = str(console.http.headers["Authorization"])
    answer = joined.call("GET", f"/v1/cases/{joined.case.case_id}", Authorization=token)
    assert problem(answer) == (401, "case.token")


@pytest.mark.parametrize(
    ("name", "password"), [(TECHNICIAN_NAME, "wrong"), ("nobody", TECHNICIAN_PASSWORD), ("", "")]
)
def test_a_wrong_password_opens_nothing(name: str, password: str, backend: BackendProcess) -> None:
    url = f"{backend.url}/v1/console/sessions"
    answer = http_session().post(url, json={"name": name, "password": password}, timeout=TIMEOUT)
    assert problem(answer) == (401, "console.wrong_password")


def test_guessing_a_password_is_delayed_for_the_guesser_alone(backend: BackendProcess) -> None:
    url, guesser = f"{backend.url}/v1/console/sessions", http_session()
    wrong = {"name": TECHNICIAN_NAME, "password": "wrong"}
    statuses = [guesser.post(url, json=wrong, timeout=TIMEOUT).status_code for _ in range(3)]
    assert statuses == [401, 401, 401]
    delayed = guesser.post(url, json={**wrong, "password": TECHNICIAN_PASSWORD}, timeout=TIMEOUT)
    assert problem(delayed) == (429, "request.rate_limited")
    wait = int(delayed.headers["retry-after"])
    assert 1 <= wait <= 4
    Console(backend.url, TECHNICIAN_NAME, TECHNICIAN_PASSWORD)
    ends = time.monotonic() + 10
    while True:
        answer = guesser.post(url, json={**wrong, "password": TECHNICIAN_PASSWORD}, timeout=TIMEOUT)
        if answer.status_code == 200:
            break
        assert time.monotonic() < ends
        time.sleep(0.2)


def test_signing_out_ends_the_session(backend: BackendProcess) -> None:
    own = Console(backend.url, TECHNICIAN_NAME, TECHNICIAN_PASSWORD)
    assert own.http.delete(f"{own.url}/v1/console/sessions", timeout=TIMEOUT).status_code == 204
    assert problem(own.http.get(f"{own.url}/v1/console/cases", timeout=TIMEOUT)) == (
        401,
        "console.signed_out",
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"problem": "  "}, "console.bad_input"),
        ({"planned_at": "2000-01-01T00:00:00Z"}, "console.bad_input"),
        ({"planned_at": "2999-01-01T00:00:00Z"}, "console.bad_input"),
        ({"planned_at": "2026-13-01T00:00:00Z"}, "request.shape"),
        ({"price": {"amount": -1}}, "request.shape"),
        ({"price": {"amount": 1.5}}, "request.shape"),
        ({"details": {"name": "x" * 201}}, "request.shape"),
        ({"language": "polski"}, "request.shape"),
        ({"admin": True}, "request.shape"),
    ],
)
def test_a_case_that_makes_no_sense_is_refused(changes: dict[str, Any], code: str, console: Console) -> None:
    assert problem(console.post("/cases", {**NEW_CASE, **changes})) == (422, code)


def test_a_technician_without_a_number_opens_no_case(backend: BackendProcess) -> None:
    backend.run(
        "technician",
        "add",
        "ola",
        "--display-name",
        "Ola",
        "--password-stdin",
        text="a-long-password-of-ola\n",
    )
    own = Console(backend.url, "ola", "a-long-password-of-ola")
    assert problem(own.post("/cases", NEW_CASE)) == (409, "console.no_numbers")
    url = f"{own.url}/v1/console/numbers"
    bad = own.http.put(url, json={"numbers": ["12 34 56"]}, timeout=TIMEOUT)
    assert problem(bad) == (422, "request.shape")
    assert own.http.put(url, json={"numbers": ["123456789"]}, timeout=TIMEOUT).status_code == 204
    assert own.post("/cases", NEW_CASE).status_code == 201


def test_a_one_time_password_must_be_changed_first(backend: BackendProcess) -> None:
    printed = backend.run("technician", "add", "ewa", "--display-name", "Ewa")
    once = printed.rsplit(": ", 1)[1].strip()
    own = Console(backend.url, "ewa", once)
    assert problem(own.http.get(f"{own.url}/v1/console/cases", timeout=TIMEOUT)) == (
        403,
        "console.password_change",
    )
    assert problem(own.post("/password", {"old": once, "new": "short"})) == (422, "console.weak_password")
    assert problem(own.post("/password", {"old": "wrong", "new": "x" * 20})) == (
        403,
        "console.wrong_password",
    )
    assert problem(own.post("/password", {"old": once, "new": once})) == (422, "console.weak_password")
    old_session = dict(own.http.headers)
    answer = own.post("/password", {"old": once, "new": "a password of her own"})
    assert answer.status_code == 200
    own.http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    assert own.http.get(f"{own.url}/v1/console/cases", timeout=TIMEOUT).status_code == 200
    stale = http_session().get(f"{own.url}/v1/console/cases", headers=old_session, timeout=TIMEOUT)
    assert problem(stale) == (401, "console.signed_out")


def test_an_offline_code_is_answered_only_after_the_word(console: Console, joined: Client) -> None:
    code = offline_code("ab" * 32)
    path = f"/cases/{joined.case.case_id}/offline-answer"
    assert problem(console.post(path, {"code": code})) == (409, "console.not_now")
    joined.confirm(console.case(joined.case.case_id)["word"])
    swapped = code[1] + code[0] + code[2:]
    for wrong in ("", "ABC", swapped, code[:-1] + ("0" if code[-1] != "0" else "1"), "<script>"):
        assert problem(console.post(path, {"code": wrong})) == (422, "console.offline_code")
    answer = console.post(path, {"code": code.lower().replace("-", " ")}).json()
    assert len(answer["answer"]) == 8
    assert answer["tries_left"] == 4
    assert console.post(path, {"code": code}).json() == answer


def test_five_codes_are_answered_and_no_more(console: Console, confirmed: Client) -> None:
    path = f"/cases/{confirmed.case.case_id}/offline-answer"
    codes = [offline_code(hash_of(confirmed.consent())) for _ in range(6)]
    statuses = [console.post(path, {"code": code}).status_code for code in codes]
    assert statuses == [200, 200, 200, 200, 200, 409]
    assert console.post(path, {"code": codes[0]}).status_code == 200


def test_ending_before_the_order_is_at_once_and_after_it_by_the_client(
    console: Console, confirmed: Client
) -> None:
    case_id = confirmed.case.case_id
    consent = confirmed.consent()
    confirmed.put(consent)
    assert console.post(f"/cases/{case_id}/end").json()["state"] == "ordered"
    assert confirmed.status()["end_requested"]
    assert problem(confirmed.put(confirmed.consent(previous_record=hash_of(consent)))) == (409, "case.ended")
    assert confirmed.event("ended").json()["state"] == "ended"
    silent = console.open_case()
    assert console.post(f"/cases/{silent['case_id']}/end").json()["state"] == "ended"


def test_a_silent_client_does_not_keep_a_case_open(console: Console, confirmed: Client) -> None:
    confirmed.put(confirmed.consent())
    assert console.post(f"/cases/{confirmed.case.case_id}/end").json()["state"] == "ordered"
    assert console.post(f"/cases/{confirmed.case.case_id}/end").json()["state"] == "ended"


def test_alerts_stay_until_somebody_has_seen_them(console: Console, joined: Client) -> None:
    joined.event("stranger")
    alert = console.case(joined.case.case_id)["alerts"][0]
    listed = console.http.get(f"{console.url}/v1/console/cases", timeout=TIMEOUT).json()
    assert alert["number"] in [a["number"] for a in listed["alerts"]]
    assert console.post(f"/alerts/{alert['number']}/seen").status_code == 204
    assert problem(console.post(f"/alerts/{alert['number']}/seen")) == (404, "request.not_found")
    assert console.case(joined.case.case_id)["alerts"] == []


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "٣"])
def test_an_alert_that_is_none_is_not_found(number: str, console: Console) -> None:
    assert problem(console.post(f"/alerts/{number}/seen")) == (404, "request.not_found")


def test_the_receipt_is_shown_for_its_own_case_only(console: Console, confirmed: Client) -> None:
    consent = confirmed.consent()
    receipt = confirmed.put(consent).content
    url = f"{console.url}/v1/console/cases/{confirmed.case.case_id}/receipts/{consent.record_id}"
    assert console.http.get(url, timeout=TIMEOUT).content == receipt
    other = url.replace(confirmed.case.case_id, console.open_case()["case_id"])
    assert problem(console.http.get(other, timeout=TIMEOUT)) == (404, "record.unknown")


def test_new_numbers_reach_a_client_that_joins_again(console: Console, backend: BackendProcess) -> None:
    backend.run(
        "technician",
        "add",
        "iga",
        "--display-name",
        "Iga",
        "--password-stdin",
        text="a-long-password-of-iga\n",
    )
    backend.run("technician", "numbers", "iga", "111222333")
    own = Console(backend.url, "iga", "a-long-password-of-iga")
    case = own.open_case(planned_at=timestamp())
    client = Client(backend.url).join(case["code"])
    assert client.case.statement.statement.anydesk_numbers == ("111222333",)
    own.http.put(f"{own.url}/v1/console/numbers", json={"numbers": ["444555666"]}, timeout=TIMEOUT)
    assert client.join(case["code"]).case.statement.statement.anydesk_numbers == ("444555666",)
