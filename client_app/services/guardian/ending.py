"""Ending processes in three steps: ask the window, ask every process, make every process end. One place for all.

Rule: every wait has a limit; what is left is looked at, never assumed. New members that appear meanwhile are ended
with the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from client_app.core.anydesk_system import ProcessIdentity

_LOOK_SECONDS = 0.01


@dataclass(frozen=True)
class Limits:
    """How long each step may take, in seconds. The sum keeps closing under 2 s, and the proof 5 s later within 6 s."""

    polite: float = 0.35
    asked: float = 0.2
    forced: float = 0.8


CLIENT_DIED = Limits(polite=0.0, asked=0.25, forced=1.0)
"""Nobody looks after the session any more: no time for politeness."""


@dataclass(frozen=True)
class Ending:
    """What ending did: who was ended by asking or by force, who is left, and how long it took."""

    asked: tuple[ProcessIdentity, ...]
    forced: tuple[ProcessIdentity, ...]
    left: tuple[ProcessIdentity, ...]
    seconds: float


def end_members(
    members: Callable[[], tuple[ProcessIdentity, ...]],
    end: Callable[[ProcessIdentity, bool], None],
    close_window: Callable[[], None] | None,
    limits: Limits,
) -> Ending:
    """End all members.

    Args:
        members: looks who is there now.
        end: asks (False) or makes (True) one member end.
        close_window: asks as a person would; None leaves that step out.
        limits: for each step.
    """
    begun = time.monotonic()
    asked: dict[ProcessIdentity, None] = {}
    forced: dict[ProcessIdentity, None] = {}

    def wait(seconds: float, step: Callable[[ProcessIdentity], None] | None) -> tuple[ProcessIdentity, ...]:
        deadline = time.monotonic() + seconds
        while present := members():
            for member in present:
                if step is not None:
                    step(member)
            if time.monotonic() >= deadline:
                return present
            time.sleep(_LOOK_SECONDS)
        return ()

    def ask_once(member: ProcessIdentity) -> None:
        if member not in asked:
            asked[member] = None
            end(member, False)

    def force(member: ProcessIdentity) -> None:
        forced[member] = None
        end(member, True)

    left = members()
    if left and close_window is not None and limits.polite > 0:
        close_window()
        left = wait(limits.polite, None)
    if left and limits.asked > 0:
        left = wait(limits.asked, ask_once)
    if left:
        left = wait(limits.forced, force)
    return Ending(tuple(asked), tuple(forced), left, time.monotonic() - begun)
