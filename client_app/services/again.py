"""What must lie in the outbox before AnyDesk may be started once more under one order. Pure; reads rows, stores none.

Rule: each start uses up the record under which it happened. A second start needs a reopening of its own that follows
the last session of this very run: after an agreed restart, or after an end by accident.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec import UNSET

from client_app.services.outbox import Row
from consent_record.acts import ACCIDENTAL_ENDS, REOPENED_BY, AgainControl, is_deliberate
from consent_record.canonical import decode_canonical, sha256_hex
from consent_record.errors import RecordError
from consent_record.records import Reopening, Restart, SessionEnd, SessionStart

REOPENING_KIND = "reopening"
T = TypeVar("T", Reopening, Restart, SessionEnd, SessionStart)


class NotAgainError(Exception):
    """AnyDesk may not be started under this record; the text says for the log why."""


def read(row: Row, kind: type[T]) -> T:
    """Read a stored record and demand that bytes, hash and ids fit each other.

    Raises:
        NotAgainError: they do not.
    """
    if sha256_hex(row.record) != row.record_hash:
        raise NotAgainError(f"{row.kind}: stored bytes and stored hash differ")
    try:
        record = decode_canonical(row.record, kind)
    except RecordError as error:
        raise NotAgainError(f"{row.kind}: {error.code}") from error
    if (record.record_id, record.case_id, record.run_id) != (row.record_id, row.case_id, row.run_id):
        raise NotAgainError(f"{row.kind}: stored record and stored ids differ")
    return record


def is_agreed_restart(row: Row) -> bool:
    """Tell whether a row is a restart that somebody at this computer agreed to."""
    if row.kind != "restart":
        return False
    try:
        return is_deliberate(read(row, Restart).act, AgainControl.RESTART)
    except NotAgainError:
        return False


def check_unused(row: Row, history: Sequence[Row]) -> None:
    """Demand that AnyDesk was not started under a record yet.

    Args:
        row: a consent or a reopening.
        history: every record of its run, oldest first.

    Raises:
        NotAgainError: it was, or a stored start cannot be read.
    """
    for start in _starts(history):
        under = start.consent_id if start.reopening_id is UNSET else start.reopening_id
        if under == row.record_id:
            raise NotAgainError("AnyDesk was started under this record before")


def check_reopening(row: Row, history: Sequence[Row]) -> Row:
    """Check a reopening against what came before it; its own receipt or answer is not looked at.

    Args:
        row: of the kind reopening.
        history: every record of this run, oldest first.

    Returns:
        The consent that it reopens.

    Raises:
        NotAgainError: it does not follow the last session, or reopens another consent.
    """
    record = read(row, Reopening)
    consent = next((found for found in history if found.record_id == record.consent_id), None)
    if consent is None or (consent.kind, consent.record_hash) != ("consent", record.consent_hash):
        raise NotAgainError("it reopens no consent of this run")
    if not is_deliberate(record.act, REOPENED_BY[record.reason]):
        raise NotAgainError("nobody at this computer pressed the button")
    places = [place for place, found in enumerate(history) if found.record_hash == record.previous_record]
    if not places:
        raise NotAgainError("what it follows is not there")
    _check_previous(history[places[0]], record)
    starts = [place for place, found in enumerate(history) if found.kind == "session_start"]
    if not starts:
        raise NotAgainError("AnyDesk was never started under the consent")
    if places[0] < starts[-1]:
        raise NotAgainError("it follows a session that is not the last")
    return consent


def follows_restart(row: Row) -> bool:
    """Tell whether a reopening goes on after a restart; the other reason is an accidental end.

    Raises:
        NotAgainError: its bytes do not fit.
    """
    return read(row, Reopening).reason == "restart"


def _check_previous(row: Row, record: Reopening) -> None:
    if record.reason == "restart":
        if not is_agreed_restart(row) or read(row, Restart).consent_id != record.consent_id:
            raise NotAgainError("no restart was agreed to")
        return
    if row.kind != "session_end":
        raise NotAgainError("it follows no session")
    end = read(row, SessionEnd)
    if end.ended_by not in ACCIDENTAL_ENDS or end.consent_id != record.consent_id:
        raise NotAgainError("the session did not end by accident")


def _starts(history: Sequence[Row]) -> list[SessionStart]:
    return [read(row, SessionStart) for row in history if row.kind == "session_start"]
