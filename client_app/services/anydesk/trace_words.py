"""Pure parser of AnyDesk's trace lines and of connection_trace.txt: closed vocabularies, machine-made ids.

A trace line is `level date time role pid tid [thread] module - message`. Display names are text from the other side and
may contain anything, so a number is taken only from the end of a line that AnyDesk wrote itself, and every phrase only
from the module that says it. Several phrases stand for each event, since wording changes between releases.
Times in the files are not used (their time zone is not certain).
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from client_app.core.anydesk import HowAccepted

MAX_LINE = 4096
"""Longer lines are cut in the middle: the head says what, the end says who."""
MAX_NAME = 100


class Word(enum.Enum):
    """What a trace line says."""

    RELAY_REACHED = "relay_reached"
    ASKED = "asked"
    PEER_ID = "peer_id"
    PEER_NAMED = "peer_named"
    NAME_OPEN = "name_open"
    """A name without the number that AnyDesk writes after it: it may hold a line's end, and more may follow of it."""
    NAME_TORN = "name_torn"
    """What follows a name is no line of AnyDesk's: the name held a line's end, and what stood there is not believed."""
    FLAGGED = "flagged"
    AUTH_CLICK = "auth_click"
    AUTH_PASSWORD = "auth_password"
    AUTH_TOKEN = "auth_token"
    AUTH_UNEXPECTED = "auth_unexpected"
    RUNNING = "running"
    ELEVATION = "elevation"
    CLOSED_REMOTE = "closed_remote"
    CLOSED_LOCAL = "closed_local"
    CLOSED = "closed"
    EXITING = "exiting"
    UNEXPECTED = "unexpected"
    """A line in the format that says nothing we know."""


@dataclass(frozen=True)
class TraceEvent:
    """One line: `number` is the peer's where the word names one, else ""."""

    word: Word
    number: str = ""
    name_untrusted: str = ""


@dataclass(frozen=True)
class ConnectionLine:
    """One line of connection_trace.txt: how somebody was let in (or refused) and the number."""

    how: HowAccepted
    number: str


_LINE = re.compile(
    r"\s*[a-z]{3,10}\s+\d{4}-\d\d-\d\d\s+\d\d:\d\d:\d\d\.\d{1,6}\s+\w{2,16}\s+(?:[a-z]\S{0,40}\s+)?\d{1,10}\s+\d{1,20}"
    r"(?:\s+\d{1,20})?\s+(?P<module>[A-Za-z_][\w.:-]{0,80})\s+-\s?(?P<message>.*)",
    re.DOTALL,
)
_ID = r"(?P<number>[1-9][0-9]{5,11})"
_PREFIX = re.compile(r"\d{1,3}: ")
_NAME_BEGINS = "Incoming session request: "
_FLAGS = re.compile(r"Remote OS: .*\bConnection flags: (?P<flags>[\w ]+)")

_SOCKET, _BACKEND, _SESSION, _RELAY, _MAIN = (
    "anynet.any_socket",
    "app.backend_session",
    "app.session",
    "relay",
    "main",
)
_SESSIONS = (_BACKEND, _SESSION)

# module or modules, pattern, word. The first that fits counts.
_WORDS: tuple[tuple[tuple[str, ...], re.Pattern[str], Word], ...] = tuple(
    (modules, re.compile(pattern, re.DOTALL), word)
    for modules, pattern, word in (
        ((_SOCKET,), rf"Accept request from {_ID} \(via [^()]{{1,100}}\)\.?", Word.ASKED),
        ((_SOCKET,), rf"Client-ID: {_ID} \(FPR: [0-9a-f]{{4,64}}\)\.?", Word.PEER_ID),
        ((_BACKEND,), rf"Incoming session request: (?P<name>.*) \({_ID}\)", Word.PEER_NAMED),
        (_SESSIONS, r"Authenticated by local user(?: \(elevated\))?\.?", Word.AUTH_CLICK),
        (_SESSIONS, r"Authenticated with correct passphrase.{0,100}", Word.AUTH_PASSWORD),
        (_SESSIONS, r"Authenticated with permanent token\.?", Word.AUTH_TOKEN),
        (_SESSIONS, r"Authenticated .{1,200}", Word.AUTH_UNEXPECTED),
        (_SESSIONS, r"Session started.{0,100}|Entering processing loop.{0,20}", Word.RUNNING),
        (_SESSIONS, r"Elevated backend requested.{0,100}", Word.ELEVATION),
        (_SESSIONS, r"Session closed by .{1,200}|The socket was closed remotely\.?", Word.CLOSED_REMOTE),
        (
            _SESSIONS,
            r"Session closed locally.{0,200}|The user has requested a connection quit\.?",
            Word.CLOSED_LOCAL,
        ),
        ((*_SESSIONS, _SOCKET), r"Session stopped\.?|Received quit\.?", Word.CLOSED),
        ((_RELAY,), r"External address: .{3,100}|Connection established.{0,20}", Word.RELAY_REACHED),
        ((_MAIN,), r"Exiting normally.{0,20}", Word.EXITING),
    )
)
_HOW = {
    "User": HowAccepted.CLICK,
    "Passwd": HowAccepted.PASSWORD,
    "Token": HowAccepted.TOKEN,
    "REJECTED": HowAccepted.REFUSED,
}
_CONNECTION = re.compile(
    rf"Incoming\s+\d{{4}}-\d\d-\d\d,? +\d\d:\d\d\s+(?P<how>[A-Za-z_]+)\b.*\s{_ID}\s*", re.DOTALL
)


def parse_trace_line(line: str) -> TraceEvent | None:
    """Return what a line of a trace file says; None when it is no line of that format (part of a longer text, say)."""
    if " - " not in line[:MAX_LINE]:
        return None
    match = _LINE.fullmatch(_cut(line))
    if match is None:
        return None
    module, message = match["module"], _PREFIX.sub("", match["message"].rstrip("\r\n "), count=1)
    flags = _FLAGS.fullmatch(message) if module == _BACKEND else None
    if flags is not None:
        return TraceEvent(Word.FLAGGED if "scam" in flags["flags"].split() else Word.UNEXPECTED)
    for modules, pattern, word in _WORDS:
        if _is_module(module, modules) and (found := pattern.fullmatch(message)):
            groups = found.groupdict()
            return TraceEvent(word, groups.get("number") or "", _plain(groups.get("name") or ""))
    is_open = module == _BACKEND and message.startswith(_NAME_BEGINS)
    return TraceEvent(Word.NAME_OPEN if is_open else Word.UNEXPECTED)


def parse_connection_line(line: str) -> ConnectionLine | None:
    """Return what a line of connection_trace.txt says; None when it is not one."""
    if "Incoming" not in line[:MAX_LINE]:
        return None
    match = _CONNECTION.fullmatch(_cut(line).strip())
    if match is None:
        return None
    return ConnectionLine(_HOW.get(match["how"], HowAccepted.UNEXPECTED), match["number"])


def _plain(name_untrusted: str) -> str:
    """Return a name as it may be shown: no sign that turns the direction of writing or begins a line."""
    return "".join(sign if sign.isprintable() else " " for sign in name_untrusted[:MAX_NAME])


def _cut(line: str) -> str:
    return line if len(line) <= MAX_LINE else line[: MAX_LINE // 2] + line[-MAX_LINE // 2 :]


def _is_module(module: str, modules: tuple[str, ...]) -> bool:
    if modules == (_RELAY,):
        return module.startswith("anynet.") and "relay" in module
    return module in modules
