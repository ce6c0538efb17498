"""The console's pages: behind a password, safe against foreign forms and foreign text, working without scripts."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest

from consent_record.canonical import hash_of
from consent_record.codes import offline_answer, offline_code
from demo.backend_process import TECHNICIAN_NAME, TECHNICIAN_PASSWORD, BackendProcess
from tests.backend.actors import TIMEOUT, Client, Console, http_session
from tests.backend.browser import Browser, tags

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"


PAGES = [
    "/console/",
    "/console/cases/new",
    "/console/me",
    "/console/fragments/cases",
    f"/console/cases/{uuid4()}",
]
FORMS = [
    "/console/cases",
    f"/console/cases/{uuid4()}/end",
    f"/console/cases/{uuid4()}/agree-no-backup",
    f"/console/cases/{uuid4()}/offline-answer",
    "/console/alerts/1/seen",
    "/console/me/numbers",
    "/console/me/password",
    "/console/sign-out",
]


@pytest.mark.parametrize("path", PAGES)
def test_pages_lead_to_the_sign_in(path: str, backend: BackendProcess) -> None:
    answer = http_session().get(backend.url + path, timeout=TIMEOUT, allow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in")
    assert answer.content == b""


@pytest.mark.parametrize("path", FORMS)
def test_forms_do_nothing_when_signed_out(path: str, backend: BackendProcess) -> None:
    answer = Browser(backend.url).post(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in")


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", ["", "0" * 64, "ż"])
def test_a_form_without_our_token_is_refused(path: str, token: str, browser: Browser) -> None:
    browser.csrf = token
    answer = browser.post(path)
    assert answer.status_code == 403
    assert "Strona była zbyt stara" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_another_site_is_refused(
    headers: dict[str, str], browser: Browser, backend: BackendProcess
) -> None:
    assert browser.post("/console/me/numbers", {"numbers": "1"}, **headers).status_code == 403
    fields = {"name": TECHNICIAN_NAME, "password": TECHNICIAN_PASSWORD}
    fresh = Browser(backend.url)
    assert fresh.post("/console/sign-in", fields, **headers).status_code == 403
    assert not fresh.http.cookies


def test_a_form_from_our_own_page_is_taken(browser: Browser) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": browser.url}
    assert browser.post("/console/me/numbers", {"numbers": "123 456 789"}, **headers).status_code == 303


@pytest.mark.parametrize("body", [b"\xff=1", b"%FF=1", b"a", b"&".join(b"a=1" for _ in range(100))])
def test_a_broken_form_is_refused(body: bytes, browser: Browser) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = browser.http.post(f"{browser.url}/console/cases", data=body, headers=headers, timeout=TIMEOUT)
    assert answer.status_code == 400
    json_body = browser.http.post(f"{browser.url}/console/cases", json={}, timeout=TIMEOUT)
    assert json_body.status_code == 415


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(backend: BackendProcess) -> None:
    answer = Browser(backend.url).post(
        "/console/sign-in", {"name": TECHNICIAN_NAME, "password": TECHNICIAN_PASSWORD}
    )
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("pz_console=")
    assert {"httponly", "samesite=strict", "path=/console"} <= {part.strip() for part in cookie.split(";")}


def test_a_wrong_password_says_so_and_keeps_the_name(backend: BackendProcess) -> None:
    answer = Browser(backend.url).post("/console/sign-in", {"name": EVIL, "password": "wrong"})
    assert answer.status_code == 401
    assert "Nazwa lub hasło są niepoprawne." in answer.text
    assert "set-cookie" not in answer.headers
    assert ("script", {}) not in tags(answer.text)
    assert EVIL.lower() in unescape(answer.text)


def test_signing_out_ends_the_session(browser: Browser) -> None:
    token = browser.http.cookies["pz_console"]
    assert browser.post("/console/sign-out").headers["location"] == "/console/sign-in"
    answer = http_session().get(
        f"{browser.url}/console/", cookies={"pz_console": token}, timeout=TIMEOUT, allow_redirects=False
    )
    assert answer.headers["location"] == "/console/sign-in"


def test_pages_load_nothing_but_our_files(browser: Browser, console: Console) -> None:
    case = console.open_case()
    for path in ("/console/", "/console/cases/new", "/console/me", f"/console/cases/{case['case_id']}"):
        answer = browser.get(path)
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        for tag, attributes in tags(answer.text):
            assert not [name for name in attributes if name.startswith("on") or name == "style"], (
                tag,
                attributes,
            )
            assert tag != "style"
            if tag in ("script", "link", "img"):
                address = attributes.get("src") or attributes.get("href") or ""
                assert address.startswith("/console/static/")
                assert browser.get(address).status_code == 200


def test_text_from_outside_is_shown_and_never_run(
    browser: Browser, console: Console, backend: BackendProcess
) -> None:
    details = {"name": EVIL, "email": EVIL, "address": EVIL, "company": EVIL}
    case = console.open_case(
        problem=EVIL, phone=EVIL, details=details, price={"amount": 1, "description": EVIL}
    )
    client = Client(backend.url).join(case["code"])
    client.step(code=EVIL, missing=["accept_terms", "x" * 60])
    client.event("stranger", code=EVIL)
    for path in (
        "/console/",
        f"/console/cases/{case['case_id']}",
        f"/console/fragments/cases/{case['case_id']}",
    ):
        page = browser.get(path).text
        assert EVIL in unescape(page)
        for tag, attributes in tags(page):
            assert tag != "img"
            assert tag != "script" or attributes.get("src", "").startswith("/console/static/")  # type: ignore[union-attr]
            assert not [name for name in attributes if name.startswith("on")]


def test_a_case_from_form_to_end_without_scripts(browser: Browser, backend: BackendProcess) -> None:
    browser.get("/console/cases/new")
    fields = {
        "problem": "Nie działa poczta",
        "amount": "120,5",
        "price_for": "Diagnoza",
        "phone": "600 100 200",
        "language": "pl",
        "kind": "consumer",
        "name": "Żaneta Ćwikła",
        "email": "z@example.pl",
        "address": "",
        "company": "",
        "nip": "",
        "planned_at": "",
    }
    opened = browser.post("/console/cases", fields)
    assert opened.status_code == 303, opened.text
    path = opened.headers["location"]
    page = browser.get(path).text
    assert "Powiedz je pierwszy, nigdy o nie nie pytaj." in page
    code = re.search(r'<p class="big">(\d{3} \d{3} \d{3})</p>', page)
    word = re.search(r"Powiedz to słowo</h2>\s*<p class=\"big\">([^<]+)</p>", page)
    assert code is not None
    assert word is not None
    client = Client(backend.url).join(code[1]).confirm(unescape(word[1]))
    assert client.case.statement.statement.price.amount == 12050
    assert client.word_answer is not None
    assert client.word_answer.details is not None
    assert client.word_answer.details.name == "Żaneta Ćwikła"

    client.step(step="computer", state="waiting", asks_no_backup=True, missing=["no_backup"])
    assert "oświadczenie: brak kopii zapasowej" in browser.get(path).text
    assert browser.post(f"{path}/agree-no-backup").status_code == 303
    assert client.status()["no_backup_agreed"]

    offline = offline_code(hash_of(client.consent()))
    answered = browser.post(f"{path}/offline-answer", {"code": offline})
    secret = client.word_answer.case_secret or ""
    digits = offline_answer(case_secret=secret, case_id=client.case.case_id, code=offline)
    assert f"{digits[:4]} {digits[4:]}" in answered.text
    wrong = browser.post(f"{path}/offline-answer", {"code": "nonsense"})
    assert wrong.status_code == 422
    assert "któryś znak źle usłyszano" in wrong.text

    client.event("anydesk_number", anydesk_number="987654321")
    assert "987 654 321" in browser.get(path).text
    assert browser.post(f"{path}/end").status_code == 303
    assert client.status()["end_requested"]
    assert browser.post(f"{path}/end").status_code == 303
    assert client.status()["state"] == "ended"
    assert "Żaneta" not in browser.get(path).text


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "dużo"},
        {"amount": "1,234"},
        {"amount": "-5"},
        {"problem": ""},
        {"planned_at": "jutro"},
        {"name": "x" * 201},
    ],
)
def test_a_wrong_form_comes_back_with_a_sentence_and_what_was_typed(
    changes: dict[str, str], browser: Browser
) -> None:
    fields = {"problem": "Nie działa poczta", "amount": "120", "price_for": "Diagnoza", **changes}
    answer = browser.post("/console/cases", fields)
    assert answer.status_code == 422
    assert 'class="problem" role="alert"' in answer.text
    assert "Diagnoza" in answer.text


def test_the_receipt_is_a_file(browser: Browser, confirmed: Client) -> None:
    consent = confirmed.consent()
    receipt = confirmed.put(consent).content
    path = f"/console/cases/{confirmed.case.case_id}"
    link = f"{path}/receipts/{consent.record_id}"
    assert link in browser.get(path).text
    answer = browser.get(link)
    assert answer.content == receipt
    assert answer.headers["content-disposition"].startswith("attachment")


def test_the_language_is_switched_and_leads_only_to_our_pages(browser: Browser) -> None:
    assert "Nowa sprawa" in browser.get("/console/").text
    assert "New case" in browser.get("/console/language/en?back=/console/").text
    assert "Nowa sprawa" in browser.get("/console/language/xx").text
    for back in (
        "https://evil.example/console/",
        "//evil.example/console/",
        "/\\evil.example",
        "/v1/health",
        "javascript:x",
    ):
        answer = browser.http.get(
            f"{browser.url}/console/language/pl",
            params={"back": back},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        assert answer.headers["location"] == "/console/"


def test_a_page_that_is_not_there_says_so(browser: Browser) -> None:
    answer = browser.get("/console/nothing")
    assert answer.status_code == 404
    assert "Pod tym adresem nic nie ma." in answer.text
    assert browser.get(f"/console/cases/{uuid4()}").status_code == 404


def test_every_page_warns_of_a_root_key_on_the_server(browser: Browser, backend: BackendProcess) -> None:
    for path in ("/console/", "/console/me", "/console/cases/new"):
        assert "klucz główny leży na tym serwerze" in browser.get(path).text
    assert "klucz główny" in http_session().get(f"{backend.url}/console/sign-in", timeout=TIMEOUT).text
