"""Blocking work with a hard end: it runs in a thread of its own, and the caller waits no longer than the limit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class LimitReachedError(Exception):
    """The work was not done within its limit."""


class _Work(Generic[T]):
    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self.done = threading.Event()
        self.values: list[T] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.values.append(self._work())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            self.error = error
        finally:
            self.done.set()


def run_bounded(
    work: Callable[[], T], *, seconds: float, name: str, on_limit: Callable[[], None] | None = None
) -> T:
    """Return what `work` returns, or raise what it raises.

    Args:
        work: called in a daemon thread, because name look-ups and system calls cannot be interrupted otherwise.
        seconds: longest time that the caller waits.
        name: of the thread.
        on_limit: called when the time is over; should make the work end soon (close its socket, say).

    Raises:
        LimitReachedError: the time is over. The thread may go on for a while; nobody waits for it.
    """
    box = _Work(work)
    threading.Thread(target=box.run, name=name, daemon=True).start()
    if not box.done.wait(seconds):
        if on_limit is not None:
            on_limit()
        raise LimitReachedError(f"{name}: not done after {seconds:g} s")
    if box.error is not None:
        raise box.error
    return box.values[0]
