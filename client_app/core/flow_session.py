"""Rows from the order to the end: sending, offline acceptance, AnyDesk, closing, finish.

`StartAnyDesk` stands in exactly two rows: after a verified receipt and after a right offline answer (and a retry of
a start that had one of them).
"""

from dataclasses import replace

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.flow_consent import STOPPING_CODES, stopped
from client_app.core.flow_table import Outcome, go, row, stay
from client_app.core.session import (
    ANYDESK_MAY_RUN,
    ORDERED_NOT_STARTED,
    Clock,
    Control,
    EndedBy,
    PeerView,
    Phase,
    Session,
    StopReason,
)

OPEN_SESSION = frozenset({Phase.STARTING, Phase.WAITING, Phase.CONNECTED})
"""AnyDesk may run and nobody has asked for the end yet."""

AFTER_END = frozenset({Phase.FINISHED, Phase.REMOVED, Phase.STOPPED})

GO_OFFLINE = frozenset({ErrorCode.NO_CONNECTION, ErrorCode.SERVER_TROUBLE, ErrorCode.CONNECTION_INSPECTED})
"""Failures of delivery after which the technician can accept by phone."""

ORDER_AGAIN = frozenset({ErrorCode.PRICE_CHANGED, ErrorCode.RECORD_REFUSED})
"""The backend refused the order: it was never accepted, so the customer is back on the order page."""


# --- storing and sending ------------------------------------------------------------------------------------------


@row(Phase.STORING, ev.ConsentStored)
def _stored(session: Session, event: ev.ConsentStored) -> Outcome:
    effect = do.SendConsent(event.consent.record_id)
    return go(session, Phase.SENDING, effect, consent=event.consent, ticket=session.ticket + 1)


@row(Phase.STORING, ev.TaskFailed)
def _not_stored(session: Session, event: ev.TaskFailed) -> Outcome:
    return go(session, Phase.ORDER, error=event.code, acts=_without_order(session))


@row((Phase.SENDING, Phase.OFFLINE), ev.ReceiptVerified)
def _receipt(session: Session, event: ev.ReceiptVerified) -> Outcome:
    if session.consent is None or session.consent.record_id != event.record_id:
        return stay(session)
    consent = replace(session.consent, receipt_id=event.receipt_id, server_time=event.server_time)
    return go(session, Phase.STARTING, do.StartAnyDesk(event.record_id), consent=consent, online=True)


@row((Phase.SENDING, Phase.OFFLINE), ev.SendingFailed)
def _not_sent(session: Session, event: ev.SendingFailed) -> Outcome:
    if event.code in STOPPING_CODES:
        return stopped(session, STOPPING_CODES[event.code], error=event.code)
    if event.code is ErrorCode.DOCUMENTS_CHANGED:
        kept = (Control.ORDER, Control.ACCEPT_TERMS, Control.ACCEPT_PRICE)
        acts = tuple(a for a in session.acts if a.control not in kept)
        return go(session, Phase.TERMS, do.LoadDocuments(), error=event.code, acts=acts, consent=None)
    if event.code in ORDER_AGAIN:
        return go(session, Phase.ORDER, error=event.code, acts=_without_order(session), consent=None)
    phase = Phase.OFFLINE if event.code in GO_OFFLINE else session.phase
    return go(session, phase, error=event.code, online=False)


@row((Phase.SENDING, Phase.OFFLINE), ev.RetryPressed)
def _send_again(session: Session, _event: ev.RetryPressed) -> Outcome:
    if session.consent is None:
        return stay(session)
    return go(session, None, do.SendConsent(session.consent.record_id), ticket=session.ticket + 1)


@row(Phase.OFFLINE, ev.AnswerTyped)
def _answer_typed(session: Session, event: ev.AnswerTyped) -> Outcome:
    if session.answer_tries_left <= 0:
        return go(session, error=ErrorCode.ANSWER_TRIES_OVER)
    return go(session, None, do.CheckOfflineAnswer(event.text_untrusted), ticket=session.ticket + 1)


@row(Phase.OFFLINE, ev.OfflineAccepted)
def _answer_right(session: Session, _event: ev.OfflineAccepted) -> Outcome:
    if session.consent is None:
        return stay(session)
    consent = replace(session.consent, accepted_offline=True)
    return go(session, Phase.STARTING, do.StartAnyDesk(consent.record_id), consent=consent)


@row(Phase.OFFLINE, ev.OfflineRejected)
def _answer_wrong(session: Session, event: ev.OfflineRejected) -> Outcome:
    code = ErrorCode.ANSWER_WRONG if event.tries_left > 0 else ErrorCode.ANSWER_TRIES_OVER
    return go(session, error=code, answer_tries_left=event.tries_left)


@row(ORDERED_NOT_STARTED, ev.RefusePressed, ev.EndPressed)
def _given_up(session: Session, _event: ev.Event) -> Outcome:
    return stopped(session, StopReason.REFUSED)


@row(ORDERED_NOT_STARTED, ev.NotThemPressed)
def _not_them_after_order(session: Session, _event: ev.NotThemPressed) -> Outcome:
    return stopped(session, StopReason.NOT_THEM, do.TellTechnician("not_them"))


@row(ORDERED_NOT_STARTED, ev.WindowCloseConfirmed)
def _closed_after_order(session: Session, _event: ev.WindowCloseConfirmed) -> Outcome:
    return stay(session, do.Leave())


@row(ORDERED_NOT_STARTED, ev.StatusReceived)
def _status_after_order(session: Session, event: ev.StatusReceived) -> Outcome:
    if event.frozen:
        return stopped(session, StopReason.FROZEN, error=ErrorCode.CASE_FROZEN)
    if event.end_requested:
        return stopped(session, StopReason.ENDED_BY_COMPANY, error=ErrorCode.CASE_ENDED)
    return stay(session)


# --- AnyDesk ------------------------------------------------------------------------------------------------------


@row(OPEN_SESSION, ev.AnyDeskStarted)
def _started(session: Session, _event: ev.AnyDeskStarted) -> Outcome:
    return stay(session, do.TellTechnician("anydesk_started"), anydesk_running=True)


@row((Phase.STARTING, Phase.WAITING, Phase.CONNECTED), ev.AnyDeskNumbered)
def _numbered(session: Session, event: ev.AnyDeskNumbered) -> Outcome:
    told = do.TellTechnician("anydesk_number", anydesk_number=event.number)
    if session.phase is not Phase.STARTING:
        return stay(session, told, anydesk_number=event.number)
    return go(session, Phase.WAITING, told, _wait_clock(session), anydesk_number=event.number)


@row(Phase.STARTING, ev.AnyDeskFailed)
def _not_started(session: Session, event: ev.AnyDeskFailed) -> Outcome:
    return go(session, error=event.code)


@row(Phase.STARTING, ev.RetryPressed)
def _start_again(session: Session, _event: ev.RetryPressed) -> Outcome:
    consent = session.consent
    allowed = consent is not None and (consent.receipt_id or consent.accepted_offline)
    if consent is None or not allowed or session.error is None or session.anydesk_running:
        return stay(session)
    return go(session, None, do.StartAnyDesk(consent.record_id))


@row((Phase.STARTING, Phase.WAITING, Phase.CONNECTED), ev.ReceiptVerified)
def _late_receipt(session: Session, event: ev.ReceiptVerified) -> Outcome:
    if session.consent is None or session.consent.record_id != event.record_id:
        return stay(session)
    consent = replace(session.consent, receipt_id=event.receipt_id, server_time=event.server_time)
    return stay(session, consent=consent, online=True)


@row((Phase.STARTING, Phase.WAITING), ev.PeerAsked)
def _asked(session: Session, event: ev.PeerAsked) -> Outcome:
    told = do.TellTechnician("someone_asks", peer_number=event.peer.number)
    if not _is_known(session, event.peer):
        return _stranger(session, event.peer, was_connected=False)
    return go(session, None, told, asking=event.peer)


@row(OPEN_SESSION, ev.PeerConnected)
def _connected(session: Session, event: ev.PeerConnected) -> Outcome:
    if not _is_known(session, event.peer) or event.peer.accepted_by in ("password", "token"):
        return _stranger(session, event.peer, was_connected=True)
    first = (
        ()
        if session.connected_once or session.case is None
        else (do.StartClock(Clock.SESSION, session.case.session_seconds),)
    )
    told = do.TellTechnician("connected", peer_number=event.peer.number)
    wait_over = do.StopClock(Clock.NO_CONNECTION)
    return go(
        session, Phase.CONNECTED, told, wait_over, *first, peer=event.peer, asking=None, connected_once=True
    )


@row(OPEN_SESSION, ev.StrangerCut)
def _stranger_cut(session: Session, event: ev.StrangerCut) -> Outcome:
    return _stranger(session, event.peer, was_connected=event.was_connected)


@row((Phase.STARTING, Phase.WAITING), ev.PeerLeft)
def _request_gone(session: Session, _event: ev.PeerLeft) -> Outcome:
    return go(session, asking=None)


@row(Phase.CONNECTED, ev.PeerLeft)
def _left(session: Session, event: ev.PeerLeft) -> Outcome:
    told = do.TellTechnician("disconnected", peer_number=session.peer.number if session.peer else "")
    return go(session, Phase.WAITING, told, _wait_clock(session), **_peer_gone(session, event.at))


@row(OPEN_SESSION, ev.EndPressed)
def _end_pressed(session: Session, _event: ev.EndPressed) -> Outcome:
    return _close(session, EndedBy.CUSTOMER)


@row(OPEN_SESSION, ev.NotThemPressed)
def _not_them_in_session(session: Session, _event: ev.NotThemPressed) -> Outcome:
    closing, wanted = _close(session, EndedBy.CUSTOMER)
    return replace(closing, stop_reason=StopReason.NOT_THEM), (*wanted, do.TellTechnician("not_them"))


@row(OPEN_SESSION, ev.WindowCloseConfirmed)
def _window_closed(session: Session, _event: ev.WindowCloseConfirmed) -> Outcome:
    return _close(session, EndedBy.WINDOW)


@row(OPEN_SESSION, ev.ClockRanOut)
def _clock(session: Session, event: ev.ClockRanOut) -> Outcome:
    if event.clock is Clock.SESSION:
        return _close(session, EndedBy.CLOCK)
    if event.clock is Clock.NO_CONNECTION and session.phase is not Phase.CONNECTED:
        return _close(session, EndedBy.NO_CONNECTION)
    return stay(session)


@row(OPEN_SESSION, ev.AnyDeskGone)
def _anydesk_gone(session: Session, _event: ev.AnyDeskGone) -> Outcome:
    return _close(session, EndedBy.ANYDESK, error=ErrorCode.ANYDESK_DIED)


@row(OPEN_SESSION, ev.GuardianLost)
def _guardian_lost(session: Session, _event: ev.GuardianLost) -> Outcome:
    return _close(session, EndedBy.UNKNOWN, error=ErrorCode.GUARDIAN_LOST)


@row(OPEN_SESSION, ev.StatusReceived)
def _status_in_session(session: Session, event: ev.StatusReceived) -> Outcome:
    if event.end_requested or event.frozen:
        return _close(session, EndedBy.TECHNICIAN)
    return stay(session)


# --- closing and finish -------------------------------------------------------------------------------------------


@row(Phase.CLOSING, ev.AnyDeskClosed)
def _closed(session: Session, event: ev.AnyDeskClosed) -> Outcome:
    proven = bool(event.facts) and all(f.holds is not False for f in event.facts)
    told = do.TellTechnician("closed_proven" if proven else "not_closed", code="" if proven else "K-48")
    error = (
        (session.error if session.error is not ErrorCode.NOT_CLOSED else None)
        if proven
        else ErrorCode.NOT_CLOSED
    )
    return go(
        session, Phase.FINISHED, do.RecordSession(), told, do.PlanRemoval(), closing=event.facts, error=error
    )


@row(Phase.CLOSING, ev.PeerConnected, ev.StrangerCut)
def _found_afterwards(session: Session, event: ev.PeerConnected | ev.StrangerCut) -> Outcome:
    """AnyDesk's log, read to its end, names somebody who was in for a moment: then the record names them too."""
    peer = event.peer
    was_connected = isinstance(event, ev.PeerConnected) or event.was_connected
    if not was_connected or any(past.number == peer.number for past in session.past_peers):
        return stay(session)
    found = replace(session, past_peers=(*session.past_peers, peer))
    if isinstance(event, ev.PeerConnected) or session.ended_by is EndedBy.STRANGER:
        return stay(found)
    return stay(found, _stranger_told(peer), error=session.error or ErrorCode.STRANGER_CONNECTED)


@row(Phase.FINISHED, ev.RetryPressed)
def _close_again(session: Session, _event: ev.RetryPressed) -> Outcome:
    if session.error is not ErrorCode.NOT_CLOSED or session.ended_by is None:
        return stay(session)
    return go(session, Phase.CLOSING, do.CloseAnyDesk(session.ended_by))


@row((*ANYDESK_MAY_RUN, *AFTER_END, *ORDERED_NOT_STARTED), ev.DocumentsLoaded)
def _documents_later(session: Session, event: ev.DocumentsLoaded) -> Outcome:
    return stay(session)


@row((Phase.CLOSING, Phase.FINISHED), ev.ReceiptVerified)
def _receipt_after_end(session: Session, event: ev.ReceiptVerified) -> Outcome:
    return _late_receipt(session, event)


@row((Phase.FINISHED, Phase.STOPPED), ev.RemovalPlanned)
def _removal_planned(session: Session, event: ev.RemovalPlanned) -> Outcome:
    return stay(session, removal=event.removal)


@row((Phase.FINISHED, Phase.STOPPED), ev.RemovalAsked)
def _removal_asked(session: Session, event: ev.RemovalAsked) -> Outcome:
    if session.error is ErrorCode.NOT_CLOSED or session.is_known_open:
        return stay(session)
    return go(session, Phase.REMOVING, do.Remove(event.export_folder), ticket=session.ticket + 1)


@row(Phase.REMOVING, ev.Removed)
def _removed(session: Session, event: ev.Removed) -> Outcome:
    error = ErrorCode.REMOVED_PARTLY if event.removal.left else None
    return go(session, Phase.REMOVED, removal=event.removal, error=error)


@row(Phase.REMOVING, ev.TaskFailed)
def _not_removed(session: Session, event: ev.TaskFailed) -> Outcome:
    back = Phase.STOPPED if session.ended_by is None else Phase.FINISHED
    return go(session, back, error=event.code)


@row((*AFTER_END, Phase.CLOSING), ev.ReceiptSaved)
def _saved(session: Session, event: ev.ReceiptSaved) -> Outcome:
    return stay(session, receipt_path=event.path)


@row(Phase.FINISHED, ev.Rated)
def _rated(session: Session, event: ev.Rated) -> Outcome:
    if event.stars not in range(1, 6):
        return stay(session)
    return stay(session, do.SendRating(event.stars), rating=event.stars)


@row(AFTER_END, ev.NextPressed, ev.WindowCloseConfirmed)
def _leave(session: Session, _event: ev.Event) -> Outcome:
    return stay(session, do.Leave())


def _close(session: Session, by: EndedBy, error: ErrorCode | None = None) -> Outcome:
    # Local first: closing is asked for before anybody is told, so that a dead network cannot delay it.
    clocks = (do.StopClock(Clock.NO_CONNECTION), do.StopClock(Clock.SESSION))
    told = do.TellTechnician("ended", code=error.value if error else "")
    changes = _peer_gone(session, "") if session.peer else {"asking": None}
    return go(session, Phase.CLOSING, do.CloseAnyDesk(by), *clocks, told, ended_by=by, error=error, **changes)


def _stranger(session: Session, peer: PeerView, *, was_connected: bool) -> Outcome:
    # Who only asked was never connected, and no record may say so; who was there before stays on record.
    if was_connected:
        before = session.peer
        past = (
            session.past_peers
            if before is None or before.number == peer.number
            else (*session.past_peers, before)
        )
        session = replace(session, peer=peer, past_peers=past)
    closing, wanted = _close(session, EndedBy.STRANGER, ErrorCode.STRANGER_CONNECTED)
    return closing, (*wanted, _stranger_told(peer))


def _stranger_told(peer: PeerView) -> do.TellTechnician:
    return do.TellTechnician("stranger", peer_number=peer.number, code=ErrorCode.STRANGER_CONNECTED.value)


def _is_known(session: Session, peer: PeerView) -> bool:
    return session.case is not None and peer.number in session.case.anydesk_numbers


def _peer_gone(session: Session, at: str) -> dict[str, object]:
    past = session.past_peers
    if session.peer is not None:
        past = (*past, replace(session.peer, until=at))
    return {"peer": None, "asking": None, "past_peers": past}


def _wait_clock(session: Session) -> do.StartClock:
    return do.StartClock(Clock.NO_CONNECTION, session.case.no_connection_seconds if session.case else 600)


def _without_order(session: Session) -> tuple[object, ...]:
    return tuple(a for a in session.acts if a.control is not Control.ORDER)
