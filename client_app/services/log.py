"""The log file by allow-list: an event's name and a few named fields; everything else is written as "redacted".

Rule: no text that a person typed, no token, no payload and no address can reach the file, whoever logs it. A record
is printed only if its message is a plain event name; its `extra` fields only if they stand in `ALLOWED`.
"""

from __future__ import annotations

import enum
import logging
import logging.handlers
import os
import re
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from client_app.services.files import PRIVATE_FILE, make_private_folder
from client_app.services.paths import LOG_KEPT

ALLOWED = frozenset(
    {
        "code", "count", "error_type", "exit_code", "fact", "fault", "holds", "kind", "language", "phase", "port",
        "reason", "record_id", "record_kind", "retry_after", "seconds", "setting", "state", "status", "step",
        "tries", "version",
    }
)  # fmt: skip
"""Names of the fields that may be printed. None of them is ever given what a person typed."""

LOGGER = "client_app"
FILE_BYTES = 256 * 1024
REDACTED = "redacted"

# Both are shorter than a token, a nonce or a hash (64 signs).
_EVENT = re.compile(r"[a-z][a-z_]{1,39}")
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,47}")
_DICTATED = re.compile(r"[0-9]{6,}")
"""Digits alone are case codes, answers or AnyDesk numbers."""

_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class AllowListFormatter(logging.Formatter):
    """One line a record: time, level, logger, event, allowed fields; for exceptions type and places, no message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line (and for an exception one line a stack entry)."""
        is_event = not record.args and isinstance(record.msg, str) and _EVENT.fullmatch(record.msg)
        event = record.msg if is_event else REDACTED
        fields = [
            f"{name}={_printed(name, value)}"
            for name, value in sorted(vars(record).items())
            if name not in _ORDINARY
        ]
        head = f"{self.formatTime(record)} {record.levelname} {record.name} {event}"
        return "\n".join([" ".join([head, *fields]), *_places(record)])


def _printed(name: str, value: Any) -> str:
    if name not in ALLOWED:
        return REDACTED
    if isinstance(value, enum.Enum):
        value = value.value
    if value is None or isinstance(value, bool | float):
        return str(value)
    text = str(value) if isinstance(value, int | str) else ""
    if _DICTATED.fullmatch(text) or not _VALUE.fullmatch(text):
        return REDACTED
    return text


def _places(record: logging.LogRecord) -> list[str]:
    # The message of an exception may hold anything (a path, an answer of the server), so only its type is printed.
    if not record.exc_info or record.exc_info[0] is None:
        return []
    kind, _error, trace = record.exc_info
    frames = traceback.extract_tb(trace)[-12:]
    return [
        f"  {kind.__name__}",
        *(f"    {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames),
    ]


class _PrivateHandler(logging.handlers.RotatingFileHandler):
    """A rotating file that only this user can read."""

    def _open(self) -> TextIOWrapper:
        def opener(path: str, flags: int) -> int:
            return os.open(path, flags, PRIVATE_FILE)

        return TextIOWrapper(open(self.baseFilename, "ab", opener=opener), encoding="utf-8")


def start_log(file: Path) -> Callable[[], None]:
    """Write the program's log records to `file` from now on.

    Args:
        file: its folder is made when it is missing.

    Returns:
        What ends it: closes the file and never opens it again (removal calls this before it deletes the file).

    Raises:
        OSError: the file cannot be written.
    """
    make_private_folder(file.parent)
    handler = _PrivateHandler(file, maxBytes=FILE_BYTES, backupCount=LOG_KEPT, encoding="utf-8")
    handler.setFormatter(AllowListFormatter())
    logger = logging.getLogger(LOGGER)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)

    def stop() -> None:
        logger.removeHandler(handler)
        handler.close()

    return stop
