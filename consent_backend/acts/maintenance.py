"""What runs by itself every minute: ending what is over, forgetting what must not be kept."""

from datetime import timedelta

from consent_backend.acts.moving import EndedBy, move
from consent_backend.case_states import Trigger
from consent_backend.settings import ABANDONED_HOURS
from consent_backend.store.cases import expired_cases, forget_codes
from consent_backend.store.limits import drop_old
from consent_backend.store.people import drop_dead_sessions
from consent_backend.store.work import Work
from consent_record.fields import timestamp

EVERY_SECONDS = 60.0
CODE_REMEMBERED = timedelta(hours=1)
"""So long an expired code is told apart from an unknown one; then it may be given out again."""


def maintain(work: Work) -> int:
    """End expired and abandoned cases, drop old counters, sessions and codes.

    Returns:
        How many cases were ended.
    """
    abandoned = timestamp(work.now - timedelta(hours=ABANDONED_HOURS))
    cases = expired_cases(work.connection, now=work.now_text, abandoned_before=abandoned)
    for case in cases:
        move(work, case, Trigger.EXPIRED, by=EndedBy.TIME)
    forget_codes(work, expired_before=timestamp(work.now - CODE_REMEMBERED))
    drop_old(work)
    drop_dead_sessions(work)
    return len(cases)
