"""The guardian's pipe: everything that is not exactly the protocol is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_app.services.guardian.protocol import (
    MAX_LINE,
    ProtocolError,
    Question,
    Verb,
    decode,
    encode,
    read_question,
    read_request,
    read_start,
)

HASH = "a" * 64
FILE = {"name": "anydesk", "sha256": HASH, "size": 3}


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"{}",
        b"{}\n",
        b"[]\n",
        b'{"v":2}\n',
        b'{"v":"1"}\n',
        b'{"v":1',
        b"\xff\n",
        b"[" * 30_000 + b"\n",
        b'{"v":1,"x":"' + b"x" * MAX_LINE + b'"}\n',
    ],
)
def test_lines_that_are_no_messages(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(line)


def test_a_message_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(ProtocolError):
        encode({"x": "x" * MAX_LINE})


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"id": "1", "verb": "quit"},
        {"id": True, "verb": "quit"},
        {"id": 1},
        {"id": 1, "verb": "run"},
        {"id": 1, "verb": None},
    ],
)
def test_requests_without_id_or_known_verb(message: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        read_request(message)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"folder": "/x", "files": []},
        {"folder": 1, "files": [FILE]},
        {"folder": "/x", "files": [FILE] * 300},
        {"folder": "/x", "files": ["anydesk"]},
        {"folder": "/x", "files": [FILE | {"name": "../sh"}]},
        {"folder": "/x", "files": [FILE | {"name": "/bin/sh"}]},
        {"folder": "/x", "files": [FILE | {"sha256": "A" * 64}]},
        {"folder": "/x", "files": [FILE | {"sha256": HASH[1:]}]},
        {"folder": "/x", "files": [FILE | {"size": -1}]},
        {"folder": "/x", "files": [FILE | {"size": True}]},
        {"folder": "/x", "files": [FILE | {"size": 1.5}]},
    ],
)
def test_start_requests_that_are_none(message: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        read_start(message)


@pytest.mark.parametrize("question", [None, "", "--install", "--set-password", "--get-id; rm", "get-id"])
def test_only_two_questions_exist(question: object) -> None:
    with pytest.raises(ProtocolError):
        read_question({"question": question})
    assert {one.value for one in Question} == {"--get-id", "--get-status"}


def test_round_trip() -> None:
    message = decode(encode({"id": 7, "verb": "start", "folder": "/x", "files": [FILE]}))
    assert read_request(message) == (7, Verb.START)
    assert read_start(message).files[0].name == "anydesk"


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    try:
        message = decode(data + b"\n")
        read_request(message)
        read_start(message)
    except ProtocolError:
        return


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json(value: Any) -> None:
    message = {"v": 1, "id": 1, "verb": value, "folder": value, "files": value, "question": value}
    line = json.dumps(message).encode() + b"\n"
    for read in (read_request, read_start, read_question):
        try:
            read(decode(line))
        except ProtocolError:
            continue
