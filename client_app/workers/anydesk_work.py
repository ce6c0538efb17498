"""Tasks around AnyDesk: start under a permission, its events as events of the flow, close and prove."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from client_app.core import events as ev
from client_app.core.anydesk import AnyDeskEvent, AnyDeskState, ClosingProof, Fact, HowAccepted, Peer
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.services import Services
from client_app.core.session import ANYDESK_MAY_RUN, EndedBy, FactView, FoundView, PeerView, Session
from client_app.workers.tasks import Lane, TaskRunner


def now() -> str:
    """Return the time as records write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class AnyDeskWork:
    """Between the AnyDesk port and the flow."""

    def __init__(
        self,
        runner: TaskRunner,
        dispatch: Callable[[ev.Event], None],
        session: Callable[[], Session],
        record_stored: Callable[[Services], None],
    ) -> None:
        """Prepare.

        Args:
            runner: of the tasks.
            dispatch: lets an event happen.
            session: the present state.
            record_stored: called when the record of the start lies in the outbox and can be sent.
        """
        self._runner = runner
        self._dispatch = dispatch
        self._session = session
        self._record_stored = record_stored
        # Starting and ending exclude each other, and an end that was asked for forbids a start still on its way:
        # otherwise AnyDesk could come up after the closing facts were measured.
        self._gate = threading.Lock()
        self._end_wanted = threading.Event()
        self._is_in_conflict = False
        """Read and written by the thread that delivers AnyDesk's events, one after the other."""

    def start(self, services: Services, record_id: str) -> None:
        """Start AnyDesk: the permission is asked for here and now, from the stored evidence."""
        session = self._session()
        numbers = frozenset(session.case.anydesk_numbers if session.case else ())
        self._end_wanted = end_wanted = threading.Event()

        def work() -> None:
            permission = services.consent.permission(record_id)
            prepared = services.anydesk.prepare(numbers)
            unread = ev.SettingsUnread(tuple(setting.value for setting in prepared.unknown))
            self._runner.deliver(lambda: self._dispatch(unread))
            with self._gate:
                if end_wanted.is_set():
                    raise CustomerError(ErrorCode.ANYDESK_NOT_STARTED, "the end was asked for first")
                services.anydesk.start(permission, numbers, self._on_event)
            try:
                services.consent.store_session_start(session, prepared.sha256)
            except Exception:
                # A session that cannot be written down must not go on, whatever the reason.
                services.anydesk.end(EndedBy.UNKNOWN)
                raise

        def done(_none: None) -> None:
            self._dispatch(ev.AnyDeskStarted())
            self._record_stored(services)

        self._runner.submit(
            Lane.ANYDESK, work, done, lambda error: self._dispatch(ev.AnyDeskFailed(error.code))
        )

    def close(self, services: Services, by: EndedBy) -> None:
        """Close AnyDesk and measure; a measurement that fails proves nothing, so it ends as not closed."""
        self._end_wanted.set()
        self._runner.submit(
            Lane.CLOSING,
            lambda: self._end(services, by),
            lambda proof: self._dispatch(
                ev.AnyDeskClosed(
                    facts_of(proof), found_of(proof, services.returning.own_entry), gone_at(proof)
                )
            ),
            lambda _error: self._dispatch(ev.AnyDeskClosed(())),
        )

    def end_now(self, services: Services) -> None:
        """End AnyDesk because the program ends; the guardian would do the same a moment later."""
        self._end_wanted.set()
        if self._session().phase in ANYDESK_MAY_RUN:
            self._end(services, EndedBy.WINDOW)

    def _end(self, services: Services, by: EndedBy) -> ClosingProof:
        with self._gate:
            return services.anydesk.end(by)

    def _on_event(self, event: AnyDeskEvent) -> None:
        found = translate(event)
        is_in_conflict = bool(event.conflict) or event.state is AnyDeskState.UNEXPECTED
        if self._is_in_conflict and not is_in_conflict:
            found = (*found, ev.SignalsAgreed())
        self._is_in_conflict = is_in_conflict
        for translated in found:
            self._runner.deliver(lambda wanted=translated: self._dispatch(wanted))  # type: ignore[misc]


def translate(event: AnyDeskEvent) -> tuple[ev.Event, ...]:
    """Return the flow's events for one event of AnyDesk; the order matters (a stranger before everything)."""
    found: list[ev.Event] = []
    peer = _view(event.peer)
    if event.is_stranger and peer is not None:
        # Signals that contradict each other about the peer leave it without a number: then the page says so, too.
        doubt = (ev.SignalsDisagreed(hides_peer=False),) if event.conflict else ()
        return (*doubt, ev.StrangerCut(peer, was_connected=event.state is AnyDeskState.CONNECTED))
    if event.state is AnyDeskState.GONE:
        return (ev.AnyDeskGone(event.error or ErrorCode.ANYDESK_DIED),)
    if event.state is AnyDeskState.UNGUARDED:
        return (ev.GuardianLost(),)
    if event.left_by is not None:
        found.append(ev.PeerLeft(event.left_by, now()))
    if event.state is AnyDeskState.READY and event.number:
        found.append(ev.AnyDeskNumbered(event.number))
    elif event.state is AnyDeskState.ASKING and peer is not None:
        found.append(ev.PeerAsked(peer))
    elif event.state is AnyDeskState.CONNECTED and peer is not None:
        found.append(ev.PeerConnected(peer))
    elif event.state is AnyDeskState.NO_NETWORK:
        found.append(ev.NetworkLost())
    elif event.error is not None:
        found.append(ev.ActionFailed(event.error))
    if event.conflict or event.state is AnyDeskState.UNEXPECTED:
        found.append(ev.SignalsDisagreed(hides_peer=event.state is AnyDeskState.UNEXPECTED))
    return tuple(found)


def facts_of(proof: ClosingProof) -> tuple[FactView, ...]:
    """Return the facts for the page and the record."""
    return tuple(FactView(f.fact.value, f.holds, f.fact.text, f.measured_at) for f in proof.facts)


def found_of(proof: ClosingProof, own_entry: str = "") -> FoundView:
    """Return what else was found, for the page alone; the entry for our own return is nobody else's."""
    new = tuple(name for name in proof.new_entries if name != own_entry)
    return FoundView(proof.ended, new, proof.remote_tools)


def gone_at(proof: ClosingProof) -> str:
    """Return when the first look that saw nothing of AnyDesk was made, "" when none did."""
    looks = (fact for fact in (*proof.at_once, *proof.facts) if fact.fact is Fact.NO_PROCESS and fact.holds)
    return next((fact.measured_at for fact in looks), "")


def _view(peer: Peer | None) -> PeerView | None:
    if peer is None:
        return None
    accepted_by = peer.how.value if peer.how is not HowAccepted.REFUSED else HowAccepted.UNEXPECTED.value
    return PeerView(peer.number, peer.name_untrusted, now(), accepted_by)
