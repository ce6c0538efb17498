"""Counters against guessing, in the database so that every process sees the same. Keys are keyed hashes."""

from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from consent_backend.store.tables import RATE_LIMITS
from consent_backend.store.work import Work
from consent_record.fields import moment_of, timestamp


def _open_window(work: Work, key: str) -> tuple[str, int] | None:
    columns = RATE_LIMITS.c
    query = select(columns.window_ends, columns["count"]).where(columns.key == key)
    row = work.connection.execute(query).one_or_none()
    if row is None or row[0] <= work.now_text:
        return None
    return str(row[0]), int(row[1])


def seconds_blocked(work: Work, key: str, *, allowed: int) -> int:
    """Return for how many seconds `key` has used up its `allowed` counts; 0 when it has not."""
    window = _open_window(work, key)
    if window is None or window[1] < allowed:
        return 0
    return max(1, round((moment_of(window[0]) - work.now).total_seconds()))


def count(work: Work, key: str, *, window: timedelta) -> int:
    """Count once and return the counts of the present window, which begins with the first one."""
    present = _open_window(work, key)
    if present is not None:
        statement = update(RATE_LIMITS).where(RATE_LIMITS.c.key == key)
        work.connection.execute(statement.values(count=present[1] + 1))
        return present[1] + 1
    reset(work, key)
    ends = timestamp(work.now + window)
    work.connection.execute(insert(RATE_LIMITS).values(key=key, window_ends=ends, count=1))
    return 1


def reset(work: Work, key: str) -> None:
    """Forget the counts of a key."""
    work.connection.execute(delete(RATE_LIMITS).where(RATE_LIMITS.c.key == key))


def drop_old(work: Work) -> None:
    """Delete counters whose window is over."""
    work.connection.execute(delete(RATE_LIMITS).where(RATE_LIMITS.c.window_ends <= work.now_text))
