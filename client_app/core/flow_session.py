"""Rows from the order to the beginning of the end: sending, offline acceptance, AnyDesk, who is connected.

`StartAnyDesk` stands in exactly two rows here: after a verified receipt and after a right offline answer (and a retry
of a start that had one of them). A second start under the same order stands in `flow_reopen`.
"""

from dataclasses import replace

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core import flow_presence
from client_app.core.errors import ErrorCode
from client_app.core.flow_closing import close, late_receipt, peer_gone, stranger_told
from client_app.core.flow_consent import STOPPING_CODES, stopped
from client_app.core.flow_table import Outcome, go, row, stay
from client_app.core.session import (
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
    known = {"anydesk_number": event.number, "has_no_network": False}
    if session.phase is not Phase.STARTING:
        return stay(session, told, **known)
    return go(session, Phase.WAITING, told, _wait_clock(session), **known)


@row(Phase.STARTING, ev.AnyDeskFailed)
def _not_started(session: Session, event: ev.AnyDeskFailed) -> Outcome:
    return go(session, error=event.code)


@row((Phase.WAITING, Phase.CONNECTED), ev.AnyDeskFailed)
def _failed_after_its_number(session: Session, event: ev.AnyDeskFailed) -> Outcome:
    # It ran, and its start could not be written down: that is an end like any other, closed and proven.
    return close(session, EndedBy.UNKNOWN, error=event.code)


@row(Phase.STARTING, ev.RetryPressed)
def _start_again(session: Session, _event: ev.RetryPressed) -> Outcome:
    consent = session.consent
    allowed = consent is not None and (consent.receipt_id or consent.accepted_offline)
    if consent is None or not allowed or session.error is None or session.anydesk_running:
        return stay(session)
    # Once a session was opened again, the order's own receipt starts nothing any more.
    record = session.reopening or consent
    return go(session, None, do.StartAnyDesk(record.record_id))


@row((Phase.STARTING, Phase.WAITING, Phase.CONNECTED), ev.ReceiptVerified)
def _late_receipt(session: Session, event: ev.ReceiptVerified) -> Outcome:
    return late_receipt(session, event)


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
        session,
        Phase.CONNECTED,
        told,
        wait_over,
        *first,
        *flow_presence.begin(session),
        peer=event.peer,
        asking=None,
        connected_once=True,
        has_no_network=False,
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
    quiet, effects = flow_presence.end(session)
    return go(quiet, Phase.WAITING, told, _wait_clock(session), *effects, **peer_gone(session, event.at))


@row(OPEN_SESSION, ev.EndPressed)
def _end_pressed(session: Session, _event: ev.EndPressed) -> Outcome:
    return close(session, EndedBy.CUSTOMER)


@row(OPEN_SESSION, ev.NotThemPressed)
def _not_them_in_session(session: Session, _event: ev.NotThemPressed) -> Outcome:
    closing, wanted = close(session, EndedBy.CUSTOMER)
    return replace(closing, stop_reason=StopReason.NOT_THEM), (*wanted, do.TellTechnician("not_them"))


@row(OPEN_SESSION, ev.WindowCloseConfirmed)
def _window_closed(session: Session, _event: ev.WindowCloseConfirmed) -> Outcome:
    return close(session, EndedBy.WINDOW)


@row(OPEN_SESSION, ev.ClockRanOut)
def _clock(session: Session, event: ev.ClockRanOut) -> Outcome:
    match event.clock:
        case Clock.SESSION:
            return close(session, EndedBy.CLOCK)
        case Clock.NO_CONNECTION if session.phase is not Phase.CONNECTED:
            return close(session, EndedBy.NO_CONNECTION)
        case Clock.NO_CONNECTION:
            return stay(session)
        case _:
            return flow_presence.clock_ran_out(session, event)


@row(OPEN_SESSION, ev.AnyDeskGone)
def _anydesk_gone(session: Session, event: ev.AnyDeskGone) -> Outcome:
    return close(session, EndedBy.ANYDESK, error=event.error)


@row(OPEN_SESSION, ev.GuardianLost)
def _guardian_lost(session: Session, _event: ev.GuardianLost) -> Outcome:
    return close(session, EndedBy.UNKNOWN, error=ErrorCode.GUARDIAN_LOST)


@row(OPEN_SESSION, ev.StatusReceived)
def _status_in_session(session: Session, event: ev.StatusReceived) -> Outcome:
    if event.end_requested or event.frozen:
        return close(session, EndedBy.TECHNICIAN)
    return stay(session)


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
    closing, wanted = close(session, EndedBy.STRANGER, ErrorCode.STRANGER_CONNECTED)
    closing = replace(closing, stranger=peer)
    return closing, (*wanted, stranger_told(peer))


def _is_known(session: Session, peer: PeerView) -> bool:
    return session.case is not None and peer.number in session.case.anydesk_numbers


def _wait_clock(session: Session) -> do.StartClock:
    return do.StartClock(Clock.NO_CONNECTION, session.case.no_connection_seconds if session.case else 600)


def _without_order(session: Session) -> tuple[object, ...]:
    return tuple(a for a in session.acts if a.control is not Control.ORDER)
