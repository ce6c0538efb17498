"""How often something may be tried, by whom, before the answer is "later"."""

from dataclasses import dataclass
from datetime import timedelta

from consent_backend.problems import N_, too_many
from consent_backend.store import limits
from consent_backend.store.work import Work
from consent_backend.tokens import keyed_hash


@dataclass(frozen=True)
class Limit:
    """At most `allowed` counts in a window that begins with the first."""

    name: str
    allowed: int
    window: timedelta


JOIN_PER_ADDRESS = Limit("join-address", 10, timedelta(minutes=10))
"""Wrong codes from one address: 10^8 codes, so that guessing one takes centuries."""
JOIN_IN_A_FLOOD = Limit("join-address", 2, timedelta(minutes=10))
"""The same counts while a flood of wrong codes comes in: the program checks the check digit, so that honest customers
hardly ever send a wrong one."""
JOIN_OVERALL = Limit("join-overall", 200, timedelta(minutes=10))
"""Wrong codes from everybody together; beyond it is a flood. Nobody is shut out by it who has sent none."""
JOIN_PER_CODE = Limit("join-code", 10, timedelta(minutes=10))
"""Tries at one code by clients it does not belong to."""
SIGN_IN_PER_ADDRESS = Limit("sign-in-address", 30, timedelta(minutes=10))
SIGN_IN_FAILURES = Limit("sign-in-failures", 3, timedelta(hours=1))
"""Failures of one name from one address before each further one costs a growing delay. The address is part
of the key, so that nobody can lock somebody else out."""

LONGEST_DELAY_SECONDS = 900


@dataclass(frozen=True)
class Guard:
    """The limits inside one transaction; what is counted stays although the act is refused."""

    work: Work
    secret: bytes

    def check(self, limit: Limit, *parts: str) -> None:
        """Refuse when the limit is used up.

        Raises:
            ApiError: `request.rate_limited` with Retry-After.
        """
        seconds = limits.seconds_blocked(self.work, self._key(limit.name, *parts), allowed=limit.allowed)
        if seconds:
            raise too_many(N_("too many attempts; try again later"), seconds, keeps_writes=True)

    def is_used_up(self, limit: Limit, *parts: str) -> bool:
        """Tell whether nothing is left of the limit."""
        return bool(limits.seconds_blocked(self.work, self._key(limit.name, *parts), allowed=limit.allowed))

    def count(self, limit: Limit, *parts: str) -> int:
        """Count one attempt."""
        return limits.count(self.work, self._key(limit.name, *parts), window=limit.window)

    def forget(self, limit: Limit, *parts: str) -> None:
        """Forget the counts after a success."""
        limits.reset(self.work, self._key(limit.name, *parts))

    def check_delay(self, limit: Limit, *parts: str) -> None:
        """Refuse while a delay set by `count_with_delay` runs."""
        seconds = limits.seconds_blocked(self.work, self._key(limit.name, "delay", *parts), allowed=1)
        if seconds:
            raise too_many(N_("too many attempts; try again later"), seconds, keeps_writes=True)

    def count_with_delay(self, limit: Limit, *parts: str) -> None:
        """Count one attempt; from `limit.allowed` on each one doubles the wait for the next."""
        beyond = self.count(limit, *parts) - limit.allowed
        if beyond >= 0:
            seconds = min(LONGEST_DELAY_SECONDS, 2 ** min(beyond + 1, 16))
            key = self._key(limit.name, "delay", *parts)
            limits.reset(self.work, key)
            limits.count(self.work, key, window=timedelta(seconds=seconds))

    def _key(self, *parts: str) -> str:
        return keyed_hash(self.secret, *parts)
