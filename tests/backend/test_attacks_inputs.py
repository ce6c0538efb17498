"""Attacks by what is sent: odd times, odd addresses, floods, text for places that outlive the case."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import closing

import msgspec
import pytest

from consent_backend.console.visit import own_path
from consent_record.acts import Control
from consent_record.canonical import canonical_bytes
from consent_record.records import InputOrigin
from demo.backend_process import BackendProcess
from tests.backend.actors import Client, Console, act, digest_of, problem
from tests.backend.browser import Browser

ODD_MOMENTS = (
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
    "0000-00-00T00:00:00Z",
    "9999-99-99T99:99:99.999999Z",
)


@pytest.mark.parametrize("moment", ODD_MOMENTS)
def test_no_moment_takes_the_case_from_the_technicians_eyes(
    moment: str, confirmed: Client, browser: Browser
) -> None:
    assert confirmed.step(at=moment).status_code == 200
    assert confirmed.event("connected", at=moment, peer_number="123456789").status_code == 200
    page = browser.get(f"/console/cases/{confirmed.case.case_id}")
    assert page.status_code == 200
    assert f"/console/cases/{confirmed.case.case_id}/end" in page.text


@pytest.mark.parametrize(
    "back",
    [
        "http://[",
        "//evil.example/console/",
        "/console//evil.example",
        "/console/../../evil",
        "/console/\\evil.example",
        "/console/%0d%0aX:1",
        "https://evil.example/console/",
        "javascript:alert(1)",
        "\x00/console/",
    ],
)
def test_a_way_back_leads_into_the_console_or_to_its_beginning(back: str, browser: Browser) -> None:
    assert own_path(back) in ("/console/", "/console/%0d%0aX:1")
    answer = browser.http.get(
        f"{browser.url}/console/language/pl", params={"back": back}, timeout=5, allow_redirects=False
    )
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/console/")
    assert "evil" not in answer.headers["location"]


@pytest.mark.parametrize("origin", ["http://[", "null", "", "http://", "http://evil.example", "file://"])
def test_a_form_of_an_origin_that_is_none_is_refused(origin: str, browser: Browser) -> None:
    answer = browser.post("/console/me/numbers", {"numbers": "111222333"}, Origin=origin)
    assert answer.status_code == 403


@pytest.mark.parametrize("kind", ["stranger", "not_closed", "not_them"])
def test_a_flood_of_alerts_is_one_alert(kind: str, confirmed: Client, console: Console) -> None:
    for _ in range(60):
        assert confirmed.event(kind).status_code == 200
    alerts = console.case(confirmed.case.case_id)["alerts"]
    assert [alert["kind"] for alert in alerts] == [kind]


def test_a_code_is_the_only_text_that_an_alert_keeps(own_backend: BackendProcess, confirm_at: object) -> None:
    assert callable(confirm_at)
    _console, client = confirm_at(own_backend)
    client.event("stranger", code="Jan Kowalski, jan@example.pl")
    client.put(client.refusal())
    client.event("not_closed", code="ul. Długa 1")
    with closing(sqlite3.connect(own_backend.database)) as connection:
        assert connection.execute("SELECT DISTINCT detail FROM alerts").fetchall() == [("",)]


@pytest.mark.parametrize("control", [c for c in Control if c is not Control.NO_BACKUP])
def test_an_order_through_another_program_counts_and_the_technician_is_told(
    control: Control, confirmed: Client, console: Console
) -> None:
    """An on-screen keyboard injects its presses; AnyDesk does not run before the order, so nobody else can."""
    acts = tuple(
        msgspec.structs.replace(a, origin=InputOrigin.INJECTED) if a.control == control.value else a
        for a in confirmed.consent().acts
    )
    assert confirmed.put(confirmed.consent(acts=acts)).status_code == 200
    case = console.case(confirmed.case.case_id)
    assert [alert["kind"] for alert in case["alerts"]] == ["injected_press"]
    assert "injected_press" in [event["kind"] for event in case["timeline"]]


def test_an_order_by_hand_warns_of_nothing(confirmed: Client, console: Console) -> None:
    unticked = msgspec.structs.replace(act(Control.ORDER), origin=InputOrigin.INJECTED, checked=False)
    assert confirmed.put(confirmed.consent(acts=(unticked, *confirmed.consent().acts))).status_code == 200
    assert console.case(confirmed.case.case_id)["alerts"] == []


def test_of_two_members_with_one_name_the_digest_decides(confirmed: Client) -> None:
    """What is stored is the canonical form of what was understood; a second member cannot hide in it."""
    consent = confirmed.consent()
    plain = canonical_bytes(consent)
    double = plain.replace(b'"amount":12000', b'"amount":1,"amount":12000')
    assert double != plain
    path = f"/v1/records/{consent.record_id}"
    wrong = confirmed.call("PUT", path, double, Content_Digest=digest_of(double))
    assert problem(wrong) == (400, "record.wrong_hash")
    right = confirmed.call("PUT", path, double, Content_Digest=digest_of(plain))
    assert right.status_code == 200
    assert right.json()["record"]["price"]["amount"] == 12000


@pytest.mark.parametrize(
    "changed",
    [
        (b'"amount":12000', b'"amount":"12000"'),
        (b'"amount":12000', b'"amount":12000.0'),
        (b'"amount":12000', b'"amount":1e400'),
        (b'"amount":12000', b'"amount":' + b"9" * 5000),
        (b'"Jan Kowalski"', b'"\\ud800"'),
        (b'"Jan Kowalski"', b'"\xed\xa0\x80"'),
        (b'"Jan Kowalski"', b"[" * 100_000),
        (b'"record_version":1', b'"record_version":2'),
        (b'"kind":"consent"', b'"kind":"consent","kind":"refusal"'),
    ],
)
def test_a_record_that_plays_tricks_is_refused(changed: tuple[bytes, bytes], confirmed: Client) -> None:
    consent = confirmed.consent()
    data = canonical_bytes(consent)
    assert changed[0] in data
    data = data.replace(*changed)
    answer = confirmed.call("PUT", f"/v1/records/{consent.record_id}", data, Content_Digest=digest_of(data))
    status, _code = problem(answer)
    assert 400 <= status < 500
    assert confirmed.call("GET", f"/v1/records/{consent.record_id}/receipt").status_code == 404


METHODS = ("HEAD", "OPTIONS", "TRACE", "PATCH", "DELETE", "BREW")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "path", ["/v1/health", "/v1/cases/join", "/v1/nothing", "/v1/records/%2e%2e/receipt"]
)
def test_no_method_and_no_path_gets_past_the_problems(
    method: str, path: str, backend: BackendProcess
) -> None:
    head, _body = _raw(backend, f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    if head.split(b" ", 2)[1] in (b"200", b"204"):
        assert method in ("HEAD", "OPTIONS")
        return
    assert head.split(b" ", 2)[1] in (b"400", b"401", b"404", b"405")
    assert b"content-type: application/problem+json" in head.lower()


SMUGGLED = b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 4\r\nContent-Length: 5\r\n",
        b"Content-Length: +4\r\n",
        b"Content-Length: 0x4\r\n",
        b"Content-Length: -1\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"X: a\r\n b: c\r\n",
        b"X: \x00\r\n",
    ],
)
def test_two_readings_of_one_request_are_none(headers: bytes, backend: BackendProcess) -> None:
    """Where a proxy and the backend could disagree on a request's end, the connection ends."""
    request = b"POST /v1/cases/join HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + headers
    head, body = _raw(backend, request + b"\r\n0\r\n\r\n" + SMUGGLED)
    assert head.startswith(b"HTTP/1.1 400")
    assert b"problem+json" in head
    assert b'"status":"ok"' not in body


def _raw(backend: BackendProcess, data: bytes) -> tuple[bytes, bytes]:
    with socket.create_connection(("127.0.0.1", backend.port), timeout=10) as link:
        link.sendall(data)
        link.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := link.recv(65536):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body
