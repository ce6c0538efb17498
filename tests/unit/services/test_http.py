"""The HTTP door: what it refuses, how it ends, and what it sends. Real sockets on loopback."""

from __future__ import annotations

import socket
import threading
import time
from datetime import UTC, datetime

import pytest

from client_app.core.errors import CustomerError, ErrorCode
from client_app.services.http import Door, Limits, Method, checked_host, is_this_computer
from client_app.services.problems import BackendProblemError
from consent_record.wire import ANSWER_LIMIT_BYTES, ProblemCode
from tests.unit.services.server import Asked, Handler, problem, reply, serving, unused_port

QUICK = Limits(connect_seconds=1.0, read_seconds=0.3, total_seconds=1.0)


def door(url: str, **more: object) -> Door:
    return Door(url, agent="test/1", **more)  # type: ignore[arg-type]


def code_of(server_answer: Handler, limits: Limits = QUICK) -> ErrorCode:
    with serving(server_answer) as server, pytest.raises(CustomerError) as caught:
        door(server.url, limits=limits).call(Method.GET, "/v1/health")
    return caught.value.code


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://backend.example",
        "http://192.168.1.5:8000",
        "http://127.0.0.1.example",
        "http://localhost.example",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https://user:pass@backend.example",
        "https://backend.example/?q=1",
        "https://backend.example/#x",
        "https://",
        "https://[::1",
        "https://backend.example:99999999",
    ],
)
def test_addresses_that_are_never_called(url: str) -> None:
    with pytest.raises(CustomerError) as caught:
        door(url).call(Method.GET, "/v1/health")
    assert caught.value.code is ErrorCode.NO_BACKEND_SET


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://backend.example", "backend.example"),
        ("https://backend.example:8443/pomoc", "backend.example"),
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("http://[::1]:8000", "::1"),
        ("http://localhost:8000", "localhost"),
    ],
)
def test_addresses_that_may_be_called(url: str, host: str) -> None:
    assert checked_host(url) == host


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.nip.example", False),
    ],
)
def test_what_this_computer_is(host: str, local: bool) -> None:
    assert is_this_computer(host) is local


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_refused_and_not_followed(status: int) -> None:
    def answer(asked: Asked, _socket: socket.socket) -> bytes:
        return reply(status=status, headers={"Location": "/v1/elsewhere"})

    with serving(answer) as server, pytest.raises(CustomerError) as caught:
        door(server.url).call(Method.POST, "/v1/cases/join", body=b"{}")
    assert caught.value.code is ErrorCode.ANSWER_UNEXPECTED
    assert [asked.path for asked in server.asked] == ["/v1/cases/join"]


def test_an_answer_that_is_announced_too_large_is_not_read() -> None:
    head = f"HTTP/1.1 200 X\r\nContent-Length: {ANSWER_LIMIT_BYTES + 1}\r\n\r\n".encode()
    assert code_of(lambda _a, _s: head + b"x" * 1000) is ErrorCode.ANSWER_UNEXPECTED


def test_an_answer_without_an_end_is_cut_at_the_limit() -> None:
    def answer(_asked: Asked, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n")
        for _ in range(ANSWER_LIMIT_BYTES // 65536 + 2):
            connection.sendall(b"x" * 65536)

    assert code_of(answer, Limits(1.0, 5.0, 10.0)) is ErrorCode.ANSWER_UNEXPECTED


def test_a_compressed_answer_is_refused() -> None:
    def answer(_asked: Asked, _socket: socket.socket) -> bytes:
        return reply(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})

    assert code_of(answer) is ErrorCode.ANSWER_UNEXPECTED


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda _a, _s: None, id="closed without an answer"),
        pytest.param(lambda _a, _s: b"HTTP/1.1 200 X\r\nContent-Length: 10\r\n\r\nabc", id="half a body"),
        pytest.param(lambda _a, _s: b"\x16\x03\x01 not http at all\r\n\r\n", id="no http"),
        pytest.param(lambda _a, s: s.recv(1), id="silent"),
    ],
)
def test_a_broken_answer_is_no_connection(answer: Handler) -> None:
    def once(asked: Asked, connection: socket.socket) -> bytes | None:
        data = answer(asked, connection)
        if data:
            connection.sendall(data)
        return None

    assert code_of(once) is ErrorCode.NO_CONNECTION


def test_nobody_listens() -> None:
    with pytest.raises(CustomerError) as caught:
        door(f"http://127.0.0.1:{unused_port()}").call(Method.GET, "/v1/health")
    assert caught.value.code is ErrorCode.NO_CONNECTION


def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(CustomerError) as caught:
        door("https://backend.invalid", limits=QUICK).call(Method.GET, "/v1/health")
    assert caught.value.code is ErrorCode.NO_CONNECTION


# --- every call ends ----------------------------------------------------------------------------------------------


def _drip(connection: socket.socket, data: bytes, stop: float) -> None:
    pause, end = threading.Event(), time.monotonic() + stop
    while time.monotonic() < end:
        connection.sendall(data)
        pause.wait(0.02)


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 X\r\n", b"X-Drip: 1\r\n"),
        (b"HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["status line", "headers", "body", "chunks"],
)
def test_a_server_that_drips_ends_within_the_limit(head: bytes, piece: bytes) -> None:
    def answer(_asked: Asked, connection: socket.socket) -> None:
        connection.sendall(head)
        _drip(connection, piece, 5)

    begun = time.monotonic()
    assert code_of(answer) is ErrorCode.NO_CONNECTION
    assert time.monotonic() - begun < QUICK.total_seconds + 1.0


def test_the_socket_of_an_abandoned_call_is_shut() -> None:
    ended = threading.Event()

    def answer(_asked: Asked, connection: socket.socket) -> None:
        try:
            _drip(connection, b"H", 10)
        except OSError:
            ended.set()

    with serving(answer) as server:
        with pytest.raises(CustomerError):
            door(server.url, limits=QUICK).call(Method.GET, "/v1/health")
        assert ended.wait(5)


# --- what the backend says ----------------------------------------------------------------------------------------


def test_a_problem_keeps_its_code_and_its_retry_after() -> None:
    answer = problem("server.busy", 503, {"Retry-After": "7"})
    with serving(lambda _a, _s: answer) as server, pytest.raises(BackendProblemError) as caught:
        door(server.url).call(Method.GET, "/v1/health")
    error = caught.value
    assert (error.code, error.problem, error.status) == (ErrorCode.SERVER_TROUBLE, ProblemCode.BUSY, 503)
    assert error.retry_after_seconds == 7.0


def test_a_retry_after_that_is_a_date_counts_from_our_clock() -> None:
    answer = problem("request.rate_limited", 429, {"Retry-After": "Sun, 22 Nov 2026 10:00:30 GMT"})
    now = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)
    with serving(lambda _a, _s: answer) as server, pytest.raises(CustomerError) as caught:
        door(server.url, wall_clock=lambda: now).call(Method.GET, "/v1/health")
    assert caught.value.code is ErrorCode.TOO_MANY_TRIES
    assert caught.value.retry_after_seconds == 30.0


def test_an_error_answer_is_an_answer() -> None:
    """The library calls a 404 false; the door must not take it for none."""
    with serving(lambda _a, _s: problem("case.code_unknown", 404)) as server:
        with pytest.raises(CustomerError) as caught:
            door(server.url).call(Method.POST, "/v1/cases/join", body=b"{}")
    assert caught.value.code is ErrorCode.CODE_UNKNOWN


# --- what is sent -------------------------------------------------------------------------------------------------


def test_a_request_carries_what_it_must_and_no_more() -> None:
    with serving(lambda _a, _s: reply(b'{"ok":1}', headers={"Set-Cookie": "a=b; Path=/"})) as server:
        ours = door(server.url)
        bodies = [
            ours.call(
                Method.PUT, "/v1/records/1", body=b"{}", token="ab" * 32, headers={"Content-Digest": "x"}
            )
            for _ in range(2)
        ]
    assert bodies == [b'{"ok":1}'] * 2
    asked = server.asked[1]
    assert (asked.method, asked.path, asked.body) == ("PUT", "/v1/records/1", b"{}")
    assert asked.headers.pop("host") == f"127.0.0.1:{server.port}"
    assert asked.headers == {
        "accept": "application/json",
        "accept-encoding": "identity",
        "authorization": f"Bearer {'ab' * 32}",
        "content-digest": "x",
        "content-length": "2",
        "content-type": "application/json",
        "user-agent": "test/1",
    }
    assert server.connections == 1


def test_a_kept_connection_that_was_closed_is_replaced_at_once() -> None:
    served: list[int] = []

    def answer(_asked: Asked, connection: socket.socket) -> bytes | None:
        served.append(1)
        if len(served) == 2:
            return None
        return reply(b"{}")

    with serving(answer) as server:
        ours = door(server.url)
        assert [ours.call(Method.GET, "/v1/health") for _ in range(2)] == [b"{}", b"{}"]
    assert len(served) == 3


def test_a_fresh_connection_that_is_closed_is_not_tried_twice() -> None:
    with serving(lambda _a, _s: None) as server, pytest.raises(CustomerError):
        door(server.url).call(Method.GET, "/v1/health")
    assert len(server.asked) == 1


# --- proxies ------------------------------------------------------------------------------------------------------


def test_a_proxy_is_never_asked_about_this_computer() -> None:
    def never(_url: str) -> dict[str, str]:
        raise AssertionError("asked")

    with serving(lambda _a, _s: reply(b"{}")) as server:
        assert door(server.url, proxies=never).call(Method.GET, "/v1/health") == b"{}"


def test_another_computer_is_reached_through_the_proxy_that_was_found() -> None:
    with serving(lambda _a, _s: reply(status=502)) as proxy:
        asked: list[str] = []

        def find(url: str) -> dict[str, str]:
            asked.append(url)
            return {"https": proxy.url}

        with pytest.raises(CustomerError) as caught:
            door("https://backend.example", proxies=find, limits=QUICK).call(Method.GET, "/v1/health")
    assert asked == ["https://backend.example/v1/health"]
    assert [(a.method, a.path) for a in proxy.asked] == [("CONNECT", "backend.example:443")]
    assert caught.value.code is ErrorCode.NO_CONNECTION


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(lambda _a, _s: reply(status=502)) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(CustomerError):
            door("https://backend.invalid", limits=QUICK).call(Method.GET, "/v1/health")
    assert proxy.asked == []


def test_a_proxy_of_a_kind_that_is_not_spoken() -> None:
    ours = door("https://backend.example", proxies=lambda _u: {"https": "socks5://127.0.0.1:1"}, limits=QUICK)
    with pytest.raises(CustomerError) as caught:
        ours.call(Method.GET, "/v1/health")
    assert caught.value.code in (ErrorCode.NO_BACKEND_SET, ErrorCode.NO_CONNECTION)
