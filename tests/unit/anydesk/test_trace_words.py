"""The parser of AnyDesk's logs: forged names, foreign lines and garbage first, then every phrase."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_app.core.anydesk import HowAccepted
from client_app.services.anydesk.trace_words import (
    MAX_NAME,
    ConnectionLine,
    TraceEvent,
    Word,
    parse_connection_line,
    parse_trace_line,
)

HEAD = "   info 2024-02-16 20:29:04.298       back   4668   6440                   "
NUMBER = "221436813"


def heard(module: str, message: str) -> TraceEvent | None:
    return parse_trace_line(f"{HEAD}{module} - {message}")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Richard Beard", "Richard Beard"),
        ("-", "-"),
        ("Bank (123456789)", "Bank (123456789)"),
        ("x (123456789", "x (123456789"),
        ("Zażółć \u202e)9876543(", "Zażółć  )9876543("),
        ("a" * 500, "a" * MAX_NAME),
    ],
)
def test_the_number_is_the_one_at_the_end_whatever_the_name_says(name: str, shown: str) -> None:
    event = heard("app.backend_session", f"Incoming session request: {name} ({NUMBER})")
    assert event == TraceEvent(Word.PEER_NAMED, NUMBER, shown)


@pytest.mark.parametrize(
    "message",
    [
        f"Incoming session request: x ({NUMBER}) y",
        f"Incoming session request: x {NUMBER}",
        "Incoming session request: x (12)",
        "Incoming session request: x (0214368130)",
        "Incoming session request: x (2214368130000)",
        "Incoming session request: x (২২১৪৩৬৮১৩)",
    ],
)
def test_no_number_is_taken_from_anywhere_else(message: str) -> None:
    assert heard("app.backend_session", message) in (TraceEvent(Word.UNEXPECTED), TraceEvent(Word.NAME_OPEN))


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("app.backend_session", f"Accept request from {NUMBER} (via relay)."),
        ("anynet.any_socket", f"Incoming session request: x ({NUMBER})"),
        ("app.chat", "Authenticated by local user."),
        ("app.chat", "Session closed by remote side: desk_rt_user_close"),
        ("anynet.any_socket", "Authenticated by local user."),
    ],
)
def test_a_phrase_counts_only_from_the_module_that_says_it(module: str, message: str) -> None:
    assert heard(module, message) == TraceEvent(Word.UNEXPECTED)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        "some text",
        "Authenticated by local user.",
        "app.session - Authenticated by local user.",
        "   info yesterday  back 1 2 app.session - Authenticated by local user.",
        "2024-02-16 20:29:04.298 back 1 2 app.session - Authenticated by local user.",
    ],
)
def test_what_is_no_line_of_the_format_is_nothing(line: str) -> None:
    assert parse_trace_line(line) is None


@pytest.mark.parametrize(
    ("module", "message", "event"),
    [
        (
            "anynet.any_socket",
            f"Accept request from {NUMBER} (via relay-1a2b).",
            TraceEvent(Word.ASKED, NUMBER),
        ),
        ("anynet.any_socket", f"Client-ID: {NUMBER} (FPR: 5f2d8a11).", TraceEvent(Word.PEER_ID, NUMBER)),
        (
            "app.backend_session",
            "Remote OS: Windows, Connection flags: direct scam paid 3",
            TraceEvent(Word.FLAGGED),
        ),
        (
            "app.backend_session",
            "Remote OS: Linux, Connection flags: direct paid",
            TraceEvent(Word.UNEXPECTED),
        ),
        ("app.session", "Authenticated by local user.", TraceEvent(Word.AUTH_CLICK)),
        ("app.session", "Authenticated by local user (elevated).", TraceEvent(Word.AUTH_CLICK)),
        ("app.session", "3: Authenticated by local user.", TraceEvent(Word.AUTH_CLICK)),
        ("app.session", "Authenticated with correct passphrase.", TraceEvent(Word.AUTH_PASSWORD)),
        (
            "app.session",
            "Authenticated with correct passphrase of profile '_unattended_access'.",
            TraceEvent(Word.AUTH_PASSWORD),
        ),
        ("app.session", "Authenticated with permanent token.", TraceEvent(Word.AUTH_TOKEN)),
        ("app.session", "Authenticated by a new method.", TraceEvent(Word.AUTH_UNEXPECTED)),
        ("app.backend_session", "Session started, authentication ok", TraceEvent(Word.RUNNING)),
        ("app.backend_session", "Entering processing loop", TraceEvent(Word.RUNNING)),
        ("app.backend_session", "Elevated backend requested", TraceEvent(Word.ELEVATION)),
        ("app.session", "Session closed by remote side: desk_rt_user_close", TraceEvent(Word.CLOSED_REMOTE)),
        ("app.backend_session", "The socket was closed remotely.", TraceEvent(Word.CLOSED_REMOTE)),
        ("app.session", "Session closed locally: desk_rt_ipc_error", TraceEvent(Word.CLOSED_LOCAL)),
        ("app.backend_session", "The user has requested a connection quit.", TraceEvent(Word.CLOSED_LOCAL)),
        ("app.session", "Session stopped.", TraceEvent(Word.CLOSED)),
        ("anynet.any_socket", "Received quit.", TraceEvent(Word.CLOSED)),
        ("anynet.relay_conn", "External address: 198.51.100.20:50112", TraceEvent(Word.RELAY_REACHED)),
        ("anynet.main_relay_conn", "Connection established.", TraceEvent(Word.RELAY_REACHED)),
        ("main", "Exiting normally", TraceEvent(Word.EXITING)),
        ("app.prepare_task", "something new", TraceEvent(Word.UNEXPECTED)),
    ],
)
def test_every_phrase(module: str, message: str, event: TraceEvent) -> None:
    assert heard(module, message) == event


@pytest.mark.parametrize("level", ["info", "warning", "error", "debug"])
@pytest.mark.parametrize("thread", ["", "   12"])
def test_forms_of_the_head(level: str, thread: str) -> None:
    line = (
        f"{level:>7} 2024-02-16 20:29:04.298       lsvc   4668   6440{thread}      main - Exiting normally\r"
    )
    assert parse_trace_line(line) == TraceEvent(Word.EXITING)


@pytest.mark.parametrize(
    ("line", "parsed"),
    [
        (
            "Incoming    2024-02-16, 20:29    User                              221436813    221436813",
            ConnectionLine(HowAccepted.CLICK, NUMBER),
        ),
        (
            "Incoming 2024-02-16, 20:29 Passwd anna@bit 221436813\r",
            ConnectionLine(HowAccepted.PASSWORD, NUMBER),
        ),
        ("Incoming 2024-02-16, 20:29 Token 987654321 221436813", ConnectionLine(HowAccepted.TOKEN, NUMBER)),
        (
            "Incoming 2024-02-16, 20:29 REJECTED anna@bit 221436813",
            ConnectionLine(HowAccepted.REFUSED, NUMBER),
        ),
        (
            "Incoming 2024-02-16, 20:29 Magic anna@bit 221436813",
            ConnectionLine(HowAccepted.UNEXPECTED, NUMBER),
        ),
        ("Outgoing 2024-02-16, 20:29 User anna@bit 221436813", None),
        ("Incoming 2024-02-16, 20:29 User anna@bit", None),
        ("", None),
    ],
)
def test_connection_lines(line: str, parsed: ConnectionLine | None) -> None:
    assert parse_connection_line(line) == parsed


@given(st.text())
def test_any_text_is_parsed_without_an_exception(text: str) -> None:
    parse_trace_line(text)
    parse_connection_line(text)
    for module in ("app.backend_session", "app.session", "anynet.any_socket"):
        event = heard(module, text)
        assert event is None or event.number.isdecimal() or not event.number


@given(st.text(), st.integers(10**5, 10**10 - 1))
def test_a_name_never_becomes_a_number(name: str, number: int) -> None:
    event = heard("app.backend_session", f"Incoming session request: {name} ({number})")
    assert event is None or event.number in (str(number), "")


@pytest.mark.parametrize(
    "line",
    [
        HEAD + "app.backend_session - Incoming session request: " + "(1" * 50_000,
        HEAD + " " * 100_000 + "x",
        " " * 100_000,
        HEAD + "app.session - Authenticated " + "a" * 1_000_000,
        "info 2024-02-16 20:29:04.298 " + "1 " * 100_000,
    ],
    ids=["brackets", "blanks in", "blanks", "long", "numbers"],
)
def test_long_lines_take_no_time(line: str) -> None:
    begun = time.perf_counter()
    parse_trace_line(line)
    parse_connection_line(line)
    assert time.perf_counter() - begun < 0.2


def test_a_long_name_does_not_hide_the_number_at_the_end() -> None:
    event = heard("app.backend_session", f"Incoming session request: {'x' * 100_000} ({NUMBER})")
    assert event is not None
    assert (event.word, event.number) == (Word.PEER_NAMED, NUMBER)


def test_a_name_cannot_turn_the_writing_or_begin_a_line() -> None:
    name = "An\u202ena\u2028technik\x85x\u200d"
    event = heard("app.backend_session", f"Incoming session request: {name} (123456789)")
    assert event is not None
    assert event.name_untrusted == "An na technik x "
