"""When to try again: exponential waiting with jitter, never earlier than the other side asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_SECONDS = 2.0
LONGEST_SECONDS = 600.0
SERVER_LONGEST_SECONDS = 86_400.0
"""A Retry-After beyond a day is taken as a day."""


def wait_seconds(tries: int, *, chance: float, server_seconds: float | None = None) -> float:
    """Return how long to wait after the `tries`-th failure.

    Doubles from 2 s to 10 min; half of it is random ("equal jitter"), so that clients that failed together do not
    come back together.

    Args:
        tries: failures so far, from 1.
        chance: random number, 0 <= chance < 1.
        server_seconds: what Retry-After asked for.
    """
    full = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(max(tries, 1) - 1, 30))
    own = full / 2 + full / 2 * chance
    return max(own, server_seconds) if server_seconds is not None else own


def retry_after_seconds(value_untrusted: str | None, now: datetime) -> float | None:
    """Read a Retry-After header (RFC 9110, 10.2.3): seconds or a date; None when absent or not understood.

    Args:
        value_untrusted: the header.
        now: aware, the client's clock.
    """
    text = (value_untrusted or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), SERVER_LONGEST_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), SERVER_LONGEST_SECONDS)
