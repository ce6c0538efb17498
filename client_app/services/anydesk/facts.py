"""The closing facts, each measured by a look at the system; what cannot be looked at is unknown and is said to be.

Rule: a fact holds only because something was seen now, never because an earlier step succeeded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from client_app.core.anydesk import ClosingFact, Fact
from client_app.core.anydesk_system import AnyDeskSystem, DataPlaces, PersistentEntry, ProcessIdentity
from client_app.services.anydesk.answers import Status, read_status
from client_app.services.anydesk.before import Before, read_profiles
from client_app.services.anydesk.ownership import Ownership
from client_app.services.anydesk.scrub import is_own_profile
from client_app.services.anydesk.settings import (
    UnreadableSettingsError,
    has_password,
    read_settings,
)
from client_app.services.anydesk.ways_back import WaysBack
from client_app.services.guardian.client import GuardianClient, GuardianError
from client_app.services.guardian.protocol import Question

Finding = tuple[bool | None, str]
Look = tuple[Fact, Callable[[], Finding]]


class FactMeter:
    """Measures the facts of one run.

    Args:
        system: this system's half.
        places: where our client keeps its settings.
        ownership: tells which client is ours.
        ways: the ways back, and which processes are ours.
        before: how it was before the start.
        guardian: of this run, None when there was none.
        main: the process that was started, None when nothing was.
        ports: TCP ports that our processes listened on just before closing; None when that could not be seen.
        signalled: processes that were told to end, to show that no foreign one is among them.
    """

    def __init__(
        self,
        system: AnyDeskSystem,
        places: DataPlaces,
        ownership: Ownership,
        ways: WaysBack,
        before: Before,
        guardian: GuardianClient | None,
        main: ProcessIdentity | None,
        ports: frozenset[int] | None,
        signalled: frozenset[ProcessIdentity],
    ) -> None:
        self._system, self._places, self._before = system, places, before
        self._ownership, self._ways = ownership, ways
        self._guardian, self._main = guardian, main
        self._ports, self._signalled = ports, signalled
        # A program that does not answer is asked once only: the second look must not take as long again.
        self._is_silent = False

    def was_signalled(self, processes: Iterable[ProcessIdentity]) -> None:
        """Takes note of more processes that were told to end."""
        self._signalled |= frozenset(processes)

    def measure(self) -> tuple[ClosingFact, ...]:
        """Return all facts that can be measured while the guardian is still there."""
        processes = _look(
            (Fact.NO_PROCESS, self._no_process),
            (Fact.NO_CHILD, self._no_child),
            (Fact.WINDOW_GONE, self._window_gone),
        )
        # The question is a process of ours itself: asked only now, beside looks that do not count processes.
        with ThreadPoolExecutor(max_workers=1) as beside:
            answer = beside.submit(_look, (Fact.NOT_RUNNING, self._not_running))
            rest = self._measure_rest()
        return (*processes, *answer.result(), *rest)

    def _measure_rest(self) -> tuple[ClosingFact, ...]:
        return _look(
            (Fact.NO_SERVICE, self._no_service),
            (Fact.NO_AUTOSTART, self._no_autostart),
            (Fact.NO_PASSWORD, self._no_password),
            (Fact.NO_PROFILE, self._no_profile),
            (Fact.PORT_CLOSED, self._port_closed),
            (Fact.FOREIGN_UNTOUCHED, self._foreign_untouched),
        )

    def _no_process(self) -> Finding:
        left = self._ways.processes()
        return not left, _pids(left)

    def _no_child(self) -> Finding:
        if self._main is None:
            return True, "nothing was started"
        if self._guardian is None:
            return None, "the guardian has ended"
        try:
            left = self._guardian.members()
        except GuardianError as error:
            return None, f"guardian {error.reason}"
        return not left, _pids(left)

    def _window_gone(self) -> Finding:
        if self._main is None:
            return True, "nothing was started"
        now = self._system.processes.identify(self._main.pid)
        return now is None or now.created != self._main.created, f"pid {self._main.pid}"

    def _not_running(self) -> Finding:
        if self._guardian is None or self._is_silent:
            return None, "nobody to ask" if self._guardian is None else "did not answer before"
        try:
            status = read_status(self._guardian.ask(Question.STATUS))
        except GuardianError as error:
            return None, f"guardian {error.reason}"
        if status is Status.NOT_RUNNING:
            return True, status.value
        self._is_silent = status is Status.NO_ANSWER
        # An answer that only a running service gives shows that it runs; silence shows nothing.
        return (False if status in (Status.ONLINE, Status.OFFLINE) else None), status.value

    def _no_service(self) -> Finding:
        return self._no_entry(self._system.persistence.services(), self._before.services)

    def _no_autostart(self) -> Finding:
        return self._no_entry(self._system.persistence.autostarts(), self._before.autostarts)

    def _no_entry(
        self, now: Iterable[PersistentEntry] | None, before: frozenset[PersistentEntry] | None
    ) -> Finding:
        if now is None:
            return None, "cannot be listed"
        entries = frozenset(now)
        new = frozenset() if before is None else entries - before
        ours = [entry for entry in entries if self._is_ours(entry, is_new=entry in new)]
        if ours:
            return False, ", ".join(sorted(entry.name for entry in ours))
        return True, f"{len(entries)} looked at, {len(new)} new"

    def _is_ours(self, entry: PersistentEntry, *, is_new: bool) -> bool:
        # One that was there before and has the same bytes is the customer's own AnyDesk of the same release.
        if is_new and any(map(self._ownership.has_our_bytes, self._ownership.images(entry))):
            return True
        return self._ownership.starts_ours(entry) or self._ownership.mentions_ours(entry)

    def _no_password(self) -> Finding:
        try:
            settings = read_settings(self._places)
        except UnreadableSettingsError as error:
            return None, f"{error} cannot be read"
        if settings is None:
            return True, "no settings were written"
        return not has_password(settings), f"{len(settings)} settings looked at"

    def _no_profile(self) -> Finding:
        now, before = read_profiles(self._places), self._before.profiles
        if now is None or before is None:
            return None, "settings cannot be read"
        # AnyDesk writes its own profiles at its first start; their names begin with an underscore.
        new = sorted(name for name in now - before if not is_own_profile(name))
        return not new, f"{len(new)} new"

    def _port_closed(self) -> Finding:
        if self._ports is None:
            return None, "ports could not be seen before closing"
        listening = self._system.processes.listening()
        if listening is None:
            return None, "ports cannot be seen"
        open_still = [port for port in sorted(self._ports) if port in listening]
        foreign = [port for port in open_still if self._is_foreign(listening[port])]
        left = [port for port in open_still if port not in foreign]
        return not left, f"{len(self._ports)} were open, {len(foreign)} taken by other programs"

    def _is_foreign(self, pid: int | None) -> bool:
        identity = None if pid is None else self._system.processes.identify(pid)
        image = "" if identity is None else identity.image
        return bool(image) and not image.startswith(self._ownership.roots)

    def _foreign_untouched(self) -> Finding:
        foreign = self._before.foreign
        touched = [identity for identity in foreign if identity in self._signalled]
        if touched:
            return False, _pids(touched)
        alive = [one for one in foreign if _same(self._system.processes.identify(one.pid), one)]
        if len(alive) == len(foreign):
            return True, f"{len(foreign)} processes, all still there"
        return None, f"{len(foreign) - len(alive)} ended meanwhile, not by this program"


def make_fact(fact: Fact, holds: bool | None, detail: str = "") -> ClosingFact:
    """Return a fact measured now."""
    measured_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return ClosingFact(fact, holds, detail, measured_at)


def _look(*looks: Look) -> tuple[ClosingFact, ...]:
    return tuple(make_fact(fact, *look()) for fact, look in looks)


def _same(now: ProcessIdentity | None, then: ProcessIdentity) -> bool:
    return now is not None and now.created == then.created


def _pids(identities: Iterable[ProcessIdentity]) -> str:
    pids = [str(identity.pid) for identity in identities]
    return f"pids {', '.join(pids)}" if pids else "none"
