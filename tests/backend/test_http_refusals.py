"""Bad input of every kind ends in problem+json with a stable code, whatever is wrong: bytes, shape, size, speed."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from consent_record.wire import BODY_LIMIT_BYTES, ProblemCode
from demo.backend_process import BackendProcess, start
from tests.backend.actors import TIMEOUT, Client, http_session, problem

JOIN = "/v1/cases/join"
POST_HEAD = b"POST /v1/cases/join HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
GOOD: dict[str, Any] = {
    "code": "x",
    "nonce": "ab" * 32,
    "client_version": "1",
    "system": "linux",
    "language": "pl",
}

BAD_BODIES: dict[str, tuple[bytes, int, str]] = {
    "empty": (b"", 400, "request.malformed"),
    "no JSON": (b"code=1", 400, "request.malformed"),
    "cut off": (json.dumps(GOOD).encode()[:-3], 400, "request.malformed"),
    "more after it": (json.dumps(GOOD).encode() + b"{}", 400, "request.malformed"),
    "not UTF-8 inside a text": (
        json.dumps(GOOD).encode().replace(b'"x"', b'"\xff"'),
        400,
        "request.not_utf8",
    ),
    "surrogates in UTF-8": (
        json.dumps(GOOD).encode().replace(b'"x"', b'"\xed\xa0\x80"'),
        400,
        "request.not_utf8",
    ),
    "UTF-16": (json.dumps(GOOD).encode("utf-16"), 400, "request.not_utf8"),
    "a byte order mark": (b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), 400, "request.malformed"),
    "a lone surrogate escape": (
        json.dumps(GOOD).encode().replace(b'"x"', b'"\\ud800"'),
        400,
        "request.malformed",
    ),
    "deep nesting": (b"[" * 100_000, 422, "request.shape"),
    "deep nesting in a field": (
        json.dumps(GOOD).encode().replace(b'"x"', b"[" * 50_000),
        422,
        "request.shape",
    ),
    "not a number": (json.dumps(GOOD).encode().replace(b'"x"', b"NaN"), 400, "request.malformed"),
    "a list": (b"[]", 422, "request.shape"),
    "null": (b"null", 422, "request.shape"),
    "an unknown field": (json.dumps({**GOOD, "admin": True}).encode(), 422, "request.shape"),
    "a missing field": (
        json.dumps({k: v for k, v in GOOD.items() if k != "nonce"}).encode(),
        422,
        "request.shape",
    ),
    "a wrong type": (json.dumps({**GOOD, "code": 123456789}).encode(), 422, "request.shape"),
    "an unknown system": (json.dumps({**GOOD, "system": "beos"}).encode(), 422, "request.shape"),
    "a nonce in capitals": (json.dumps({**GOOD, "nonce": "AB" * 32}).encode(), 422, "request.shape"),
    "a nonce with a newline": (
        json.dumps({**GOOD, "nonce": "ab" * 32 + "\n"}).encode(),
        422,
        "request.shape",
    ),
    "a long text": (json.dumps({**GOOD, "client_version": "1" * 201}).encode(), 422, "request.shape"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_refused_with_its_code(name: str, backend: BackendProcess) -> None:
    body, status, code = BAD_BODIES[name]
    assert problem(Client(backend.url).call("POST", JOIN, body)) == (status, code)


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/msgpack", ""]
)
def test_only_json_is_read(media_type: str, backend: BackendProcess) -> None:
    answer = Client(backend.url).call("POST", JOIN, json.dumps(GOOD).encode(), Content_Type=media_type)
    assert problem(answer) == (415, "request.media_type")


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/", "/v1/nothing", "/v1/cases", "/v1/records", "/v1/health/more", "/v1/%00"]
)
def test_nothing_there_is_said_as_a_problem(path: str, backend: BackendProcess) -> None:
    assert problem(http_session().get(backend.url + path, timeout=TIMEOUT)) == (404, "request.not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/v1/health"), ("GET", JOIN), ("POST", "/v1/documents"), ("PATCH", f"/v1/records/{uuid4()}")],
)
def test_a_wrong_method_is_told_the_right_ones(method: str, path: str, backend: BackendProcess) -> None:
    answer = http_session().request(method, backend.url + path, timeout=TIMEOUT)
    assert problem(answer) == (405, "request.method")
    assert answer.headers["allow"]


@pytest.mark.parametrize("case_id", ["1", "..%2f..", str(uuid4()).upper(), "' OR 1=1 --", "a" * 300])
def test_an_id_that_is_none_is_not_found(case_id: str, joined: Client) -> None:
    assert problem(joined.call("GET", f"/v1/cases/{case_id}"))[0] == 404
    assert problem(joined.call("GET", f"/v1/records/{case_id}/receipt"))[0] == 404


def test_a_large_body_is_refused_while_it_is_read(backend: BackendProcess) -> None:
    client = Client(backend.url)
    body = json.dumps({**GOOD, "client_version": "x" * BODY_LIMIT_BYTES}).encode()
    assert problem(client.call("POST", JOIN, body)) == (413, "request.too_large")
    with _connected(backend) as connection:
        connection.sendall(
            POST_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 5
        )
        assert _read_problem(connection) == (413, "request.too_large")


def test_a_body_of_the_largest_size_is_read(backend: BackendProcess) -> None:
    body = json.dumps(GOOD).encode()
    padded = body + b" " * (BODY_LIMIT_BYTES - len(body))
    assert problem(Client(backend.url).call("POST", JOIN, padded)) == (404, "case.code_unknown")


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40,
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /v1/health HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000 + b"\r\n\r\n",
        b"POST /v1/cases/join HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["TLS", "unknown version", "large head", "two lengths", "raw bytes in the path"],
)
def test_what_is_no_http_is_refused_as_a_problem(data: bytes, backend: BackendProcess) -> None:
    with _connected(backend) as connection:
        connection.sendall(data)
        assert _read_problem(connection)[0] in (400, 404)


def test_slow_requests_end_by_themselves(tmp_path: Path) -> None:
    running = start(tmp_path / "data", technician=False, extra=("--request-seconds", "0.5"))
    try:
        with _connected(running) as head, _connected(running) as body, _connected(running) as silent:
            began = time.monotonic()
            head.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n")
            body.sendall(POST_HEAD + b"Content-Length: 100\r\n\r\n{")
            for connection in (head, body, silent):
                assert _read_problem(connection) == (408, "request.malformed")
            assert time.monotonic() - began < 8
        assert http_session().get(f"{running.url}/v1/health", timeout=TIMEOUT).status_code == 200
    finally:
        running.stop()


def test_a_connection_that_breaks_off_harms_nothing(backend: BackendProcess) -> None:
    for _ in range(5):
        with _connected(backend) as connection:
            connection.sendall(b"PUT /v1/records/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
    assert http_session().get(f"{backend.url}/v1/health", timeout=TIMEOUT).status_code == 200


def test_every_code_of_the_contract_has_one_status() -> None:
    from consent_backend.problems import STATUS

    assert set(ProblemCode) <= set(STATUS)


def _connected(backend: BackendProcess) -> socket.socket:
    return socket.create_connection(("127.0.0.1", backend.port), timeout=10)


def _read_problem(connection: socket.socket) -> tuple[int, str]:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        assert piece, data
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    fields = {
        k.strip().lower(): v.strip()
        for k, _, v in (line.partition(":") for line in head.decode().split("\r\n")[1:])
    }
    while len(rest) < int(fields["content-length"]):
        rest += connection.recv(65536)
    assert fields["content-type"] == "application/problem+json"
    return int(head.split()[1]), json.loads(rest)["code"]
