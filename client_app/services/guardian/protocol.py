"""What client and guardian say to each other: JSON lines over a private pipe, versioned, capped, with fixed verbs.

Rule: the guardian does nothing that is not a verb here, and the only program it starts is the one whose hash it
computed itself.
"""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

VERSION = 1
MAX_LINE = 64 * 1024
"""Bytes in one line, its end included."""
MAX_FILES = 200
"""Files of one program; AnyDesk is one file, a macOS bundle some dozens."""

Message = dict[str, Any]


class ProtocolError(Exception):
    """A message is not one of this protocol; the text says why and holds nothing of the message."""


class Verb(enum.Enum):
    """Everything that a guardian can be asked."""

    START = "start"
    STATUS = "status"
    ASK = "ask"
    CLOSE = "close"
    QUIT = "quit"


class Question(enum.Enum):
    """The switches of AnyDesk that may be run besides starting it."""

    NUMBER = "--get-id"
    STATUS = "--get-status"


class Report(enum.Enum):
    """What the guardian says by itself."""

    READY = "ready"
    MAIN_ENDED = "main_ended"
    ALL_ENDED = "all_ended"


@dataclass(frozen=True)
class FileClaim:
    """A file that must be there: name relative to the folder ("/" between parts), SHA-256 in hex, size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class StartRequest:
    """What to start: a private folder and the files in it, the program first."""

    folder: str
    files: tuple[FileClaim, ...]


def encode(message: Message) -> bytes:
    """Return a message as one line."""
    data = json.dumps({"v": VERSION, **message}, separators=(",", ":")).encode() + b"\n"
    if len(data) > MAX_LINE:
        raise ProtocolError("a message is too long")
    return data


def decode(line: bytes) -> Message:
    """Return the message of one line.

    Raises:
        ProtocolError: no complete line, not JSON, not an object, or of another version.
    """
    if len(line) > MAX_LINE or not line.endswith(b"\n"):
        raise ProtocolError("a line is too long or incomplete")
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        raise ProtocolError("a line is not JSON") from None
    if not isinstance(message, dict) or message.get("v") != VERSION:
        raise ProtocolError("a message is of another version")
    return message


def read_request(message: Message) -> tuple[int, Verb]:
    """Return a request's id and verb.

    Raises:
        ProtocolError: there is no usable id, or the verb is not known.
    """
    number = message.get("id")
    if not isinstance(number, int) or isinstance(number, bool):
        raise ProtocolError("a request has no id")
    try:
        return number, Verb(message.get("verb"))
    except ValueError:
        raise ProtocolError("the verb is not known") from None


def read_start(message: Message) -> StartRequest:
    """Return the checked content of a start request.

    Raises:
        ProtocolError: a name leaves the folder, a hash is not one, or there are no or too many files.
    """
    folder, files = message.get("folder"), message.get("files")
    if not isinstance(folder, str) or not isinstance(files, list) or not 0 < len(files) <= MAX_FILES:
        raise ProtocolError("a start request is incomplete")
    return StartRequest(folder, tuple(_read_file(entry) for entry in files))


def _read_file(entry: object) -> FileClaim:
    if not isinstance(entry, dict):
        raise ProtocolError("a file is no object")
    name, sha256, size = entry.get("name"), entry.get("sha256"), entry.get("size")
    if not isinstance(name, str) or not is_plain_name(name):
        raise ProtocolError("a file name leaves its folder")
    if not isinstance(sha256, str) or len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ProtocolError("a hash is not one")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ProtocolError("a size is not one")
    return FileClaim(name, sha256, size)


def is_plain_name(name: str) -> bool:
    """Whether a relative name stays in its folder on every system."""
    path = PurePosixPath(name)
    return (
        0 < len(name) <= 500
        and name == path.as_posix()
        and bool(path.parts)
        and not path.is_absolute()
        and not PureWindowsPath(name).drive
        and not any(part in ("..", ".") for part in path.parts)
        and not any(character in name for character in '\\:\0\n"')
    )


def read_question(message: Message) -> Question:
    """Return which question is asked.

    Raises:
        ProtocolError: it is not one of the known ones.
    """
    try:
        return Question(message.get("question"))
    except ValueError:
        raise ProtocolError("the question is not known") from None
