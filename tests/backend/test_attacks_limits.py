"""Attacks on the limits against guessing: false addresses, many addresses, and shutting somebody else out."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copytree

import pytest
import requests

from consent_backend.acts.limits import JOIN_IN_A_FLOOD, JOIN_OVERALL, JOIN_PER_ADDRESS
from consent_backend.addresses import guesser_of, parse_proxy
from demo.backend_process import TECHNICIAN_NAME, TECHNICIAN_PASSWORD, BackendProcess, start
from tests.backend.actors import TIMEOUT, Client, Console, http_session, problem

WRONG = "123456782"
PROXY = "127.77.0.1"
PROXIES = (parse_proxy("10.0.0.0/8"), parse_proxy("::1"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "guesser"),
    [
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["", ",,,"], "10.0.0.1"),
        ("::ffff:203.0.113.5", [], "203.0.113.5"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("2001:db8:1:2:3::4", [], "2001:db8:1::/48"),
        ("::1", ["2001:db8:1:ffff::9"], "2001:db8:1::/48"),
        ("fe80::1%eth0", [], "fe80::/48"),
        ("testclient", ["198.51.100.1"], "testclient"),
    ],
)
def test_only_a_named_proxy_is_believed(peer: str, forwarded: list[str], guesser: str) -> None:
    assert guesser_of(peer, forwarded, PROXIES) == guesser


def test_a_chain_without_an_end_is_not_followed() -> None:
    assert guesser_of("10.0.0.1", [",".join(["10.0.0.1"] * 100_000)], PROXIES) == "10.0.0.1"


def _join(session: requests.Session, url: str, code: str, **headers: str) -> requests.Response:
    body = {"code": code, "nonce": "ab" * 32, "client_version": "0", "system": "linux", "language": "pl"}
    return session.post(f"{url}/v1/cases/join", json=body, headers=headers, timeout=TIMEOUT)


def test_a_header_does_not_make_a_new_guesser(backend: BackendProcess) -> None:
    session = http_session()
    for number in range(JOIN_PER_ADDRESS.allowed):
        false = {"X-Forwarded-For": f"198.51.100.{number}", "Forwarded": f"for=198.51.100.{number}"}
        assert problem(_join(session, backend.url, WRONG, **false)) == (404, "case.code_unknown")
    last = _join(session, backend.url, WRONG, **{"X-Forwarded-For": "198.51.100.99", "X-Real-IP": "1.2.3.4"})
    assert problem(last) == (429, "request.rate_limited")


@pytest.fixture
def behind_proxy(prepared_data: Path, tmp_path: Path) -> Iterator[BackendProcess]:
    """A backend that believes one proxy."""
    copytree(prepared_data, tmp_path / "data")
    running = start(tmp_path / "data", extra=("--proxy", PROXY))
    try:
        yield running
    finally:
        running.stop()
    assert "unforeseen" not in running.log_path.read_text("utf-8")


def test_a_guesser_behind_the_proxy_shuts_nobody_else_out(behind_proxy: BackendProcess) -> None:
    proxy = http_session(PROXY)
    for _ in range(JOIN_PER_ADDRESS.allowed):
        _join(proxy, behind_proxy.url, WRONG, **{"X-Forwarded-For": "8.8.8.8, 198.51.100.7"})
    guesser = _join(proxy, behind_proxy.url, WRONG, **{"X-Forwarded-For": "9.9.9.9, 198.51.100.7"})
    assert problem(guesser) == (429, "request.rate_limited")
    other = _join(proxy, behind_proxy.url, WRONG, **{"X-Forwarded-For": "198.51.100.8"})
    assert problem(other) == (404, "case.code_unknown")


def test_guessing_from_many_addresses_is_slowed_and_customers_get_in(
    own_backend: BackendProcess,
) -> None:
    console = Console(own_backend.url, TECHNICIAN_NAME, TECHNICIAN_PASSWORD)
    guessers = [Client(own_backend.url) for _ in range(JOIN_OVERALL.allowed // JOIN_PER_ADDRESS.allowed)]
    for guesser in guessers:
        for _ in range(JOIN_PER_ADDRESS.allowed):
            assert guesser.try_join(WRONG).status_code == 404
    fresh = Client(own_backend.url)
    statuses = [fresh.try_join(WRONG).status_code for _ in range(JOIN_IN_A_FLOOD.allowed + 1)]
    assert statuses == [404] * JOIN_IN_A_FLOOD.allowed + [429]
    assert Client(own_backend.url).try_join(str(console.open_case()["code"])).status_code == 200


def test_strangers_cannot_shut_the_customer_out_of_the_case(
    backend: BackendProcess, console: Console
) -> None:
    code = str(console.open_case()["code"])
    customer = Client(backend.url).join(code)
    assert [Client(backend.url).try_join(code).status_code for _ in range(12)] == [409] * 10 + [429] * 2
    again = customer.try_join(code)
    assert again.status_code == 200
    assert again.json()["token"] == customer.case.token


def test_nine_words_at_once_are_one_try(backend: BackendProcess, console: Console) -> None:
    case = console.open_case()
    client = Client(backend.url).join(str(case["code"]))
    wrong = [word for word in client.case.words if word != case["word"]]
    assert client.pick(wrong[0]).json()["outcome"] == "frozen"
    with ThreadPoolExecutor(9) as pool:
        answers = list(
            pool.map(
                lambda word: Client(backend.url, joined=client.joined).pick(word).json(), client.case.words
            )
        )
    assert {answer["outcome"] for answer in answers} == {"frozen"}
    assert {answer.get("case_secret") for answer in answers} == {None}


def test_nine_words_raced_against_each_other_open_nothing_twice(
    backend: BackendProcess, console: Console
) -> None:
    """Whatever comes first, a wrong word among them freezes the case, and nothing is ordered in a frozen one."""
    case = console.open_case()
    client = Client(backend.url).join(str(case["code"]))
    with ThreadPoolExecutor(9) as pool:
        list(pool.map(lambda w: Client(backend.url, joined=client.joined).pick(w), client.case.words))
    assert client.status()["state"] == "frozen"
    assert problem(client.put(client.consent())) == (409, "case.frozen")
