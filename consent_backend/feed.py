"""The live feed: which cases changed, told to every open console. Lives in the event loop's thread alone.

A console that was cut off learns from the revision whether it missed something, and then asks for everything.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

HEARTBEAT_SECONDS = 15.0
MOST_LISTENERS = 500


@dataclass(frozen=True)
class Change:
    """What to tell a console: changed cases (None: any, ask anew), or a heartbeat when `cases` is empty."""

    revision: str
    cases: frozenset[str] | None


@dataclass(eq=False)
class _Listener:
    pending: set[str] = field(default_factory=set)
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Feed:
    """Hands changes to listeners; a slow listener gets them merged, never a growing queue."""

    def __init__(self) -> None:
        self._boot = secrets.token_hex(4)
        self._count = 0
        self._listeners: set[_Listener] = set()
        self._is_closed = False

    @property
    def revision(self) -> str:
        """Names the present state; differs after each change and each start."""
        return f"{self._boot}-{self._count}"

    @property
    def is_full(self) -> bool:
        """Whether as many listen as are allowed."""
        return len(self._listeners) >= MOST_LISTENERS

    def publish(self, cases: frozenset[str]) -> None:
        """Tell every listener that cases changed."""
        self._count += 1
        for listener in self._listeners:
            listener.pending |= cases
            listener.woken.set()

    def close(self) -> None:
        """End every listener's stream; the server stops."""
        self._is_closed = True
        for listener in self._listeners:
            listener.woken.set()

    async def listen(self, last_seen: str | None) -> AsyncIterator[Change]:
        """Yield changes and heartbeats until the feed is closed.

        Args:
            last_seen: the revision that the listener knows; anything but the present one makes it ask anew.
        """
        listener = _Listener()
        self._listeners.add(listener)
        try:
            yield Change(self.revision, frozenset() if last_seen == self.revision else None)
            while not self._is_closed:
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        await listener.woken.wait()
                except TimeoutError:
                    yield Change(self.revision, frozenset())
                    continue
                listener.woken.clear()
                cases, listener.pending = frozenset(listener.pending), set()
                if cases:
                    yield Change(self.revision, cases)
        finally:
            self._listeners.discard(listener)
