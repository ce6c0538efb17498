"""From "closed" to "proved": ends the ways back, measures all facts, waits, and measures them again.

Rule: the facts that count were measured at least `wait_seconds` after the last thing that was ended. What can be ended
and comes back is ended once more; after that it is told as it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from client_app.core.anydesk import ClosingFact, ClosingProof, Fact
from client_app.core.anydesk_system import AnyDeskSystem, DataPlaces
from client_app.services.anydesk.before import Before
from client_app.services.anydesk.facts import FactMeter, make_fact
from client_app.services.anydesk.ownership import Ownership
from client_app.services.anydesk.remote_tools import running_remote_tools
from client_app.services.anydesk.run import Run
from client_app.services.anydesk.ways_back import Ended, WaysBack

OnFirst = Callable[[tuple[ClosingFact, ...]], None]


class Prover:
    """One proof of one run, or of none.

    Args:
        system: this system's half.
        ownership: tells which client is ours.
        places: where our client keeps its settings.
        before: how it was before the start.
        run: what was closed; None when nothing was started.
        with_guardian: whether the run's guardian can still be asked.
    """

    def __init__(
        self,
        system: AnyDeskSystem,
        ownership: Ownership,
        places: DataPlaces,
        before: Before,
        run: Run | None,
        *,
        with_guardian: bool,
    ) -> None:
        self._system, self._run = system, run
        self._ways = WaysBack(system, ownership, before, places)
        self._meter = FactMeter(
            system,
            places,
            ownership,
            self._ways,
            before,
            run.guardian if run is not None and with_guardian else None,
            run.main if run is not None else None,
            run.ports if run is not None else frozenset(),
            run.signalled if run is not None else frozenset(),
        )

    def prove(self, wait_seconds: float, on_first: OnFirst | None, seconds_to_close: float) -> ClosingProof:
        """Measure twice, or three times when something came back; the last facts about us are the caller's to add."""
        ended = [self._end()]
        closed_at = time.monotonic()
        first = self._meter.measure()
        if on_first is not None:
            on_first(first)
        _wait_until(closed_at + wait_seconds)
        facts = self._meter.measure()
        if any(fact.holds is False for fact in facts):
            again = self._end()
            if again.is_any:
                ended.append(again)
                _wait_until(time.monotonic() + wait_seconds)
                facts = self._meter.measure()
        names = tuple(dict.fromkeys(name for one in ended for name in one.entries))
        return ClosingProof(
            first,
            facts,
            seconds_to_close,
            ended=names,
            new_entries=self._ways.others_new(),
            remote_tools=running_remote_tools(self._system),
        )

    def _end(self) -> Ended:
        ended = self._ways.end()
        if ended.processes:
            self._meter.was_signalled(ended.processes)
        return ended


def last_facts(run: Run, *, quit_guardian: bool) -> tuple[ClosingFact, ...]:
    """Let the guardian end and delete the private copy; return the two facts about it."""
    guardian = run.guardian
    is_ended = guardian.quit() if quit_guardian else guardian.has_ended()
    return (
        make_fact(Fact.GUARDIAN_ENDED, is_ended, f"pid {guardian.pid}"),
        make_fact(Fact.COPY_REMOVED, run.copy.remove()),
    )


def _wait_until(moment: float) -> None:
    while (left := moment - time.monotonic()) > 0:
        time.sleep(left)
