"""The panel's sentences that depend on the time, and when each next changes. Pure: the time comes from outside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from client_app.ui.i18n import Translator

MINUTE = 60
LAST_STEP = 10
"""In the last minute the time left is told in steps of so many seconds."""


def now() -> datetime:
    """Return the time, UTC."""
    return datetime.now(UTC)


def moment_of(text: str) -> datetime | None:
    """Return a time in RFC 3339 form; None if it cannot be read."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def elapsed(since: str, at: datetime, _: Translator) -> tuple[str, float | None]:
    """Return "since 10:15 · 12 minutes", and in how many seconds that changes; nothing without a time.

    In the first minute there is nothing to count yet.
    """
    began = moment_of(since)
    if began is None:
        return "", None
    seconds = max(0.0, (at - began).total_seconds())
    whole = int(seconds) // MINUTE
    minutes = _.plural("{number} minute", "{number} minutes", whole)
    started = _("since {time}").format(time=_.clock_time(since))
    return f"{started} · {minutes}" if whole else started, MINUTE - seconds % MINUTE


def time_left(ends_at: str, at: datetime, _: Translator) -> tuple[str, float | None]:
    """Return how long there is to answer, and in how many seconds that sentence changes; nothing without an end."""
    ends = moment_of(ends_at)
    if ends is None:
        return "", None
    seconds = max(0.0, (ends - at).total_seconds())
    if seconds > MINUTE:
        minutes = int(-(-seconds // MINUTE))
        words = _.plural("{number} minute left to answer", "{number} minutes left to answer", minutes)
        return words, seconds - (minutes - 1) * MINUTE
    tens = int(-(-seconds // LAST_STEP)) * LAST_STEP
    words = _.plural("{number} second left to answer", "{number} seconds left to answer", tens)
    return words, (seconds - (tens - LAST_STEP)) if seconds > 0 else None
