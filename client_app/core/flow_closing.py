"""Rows of the end: closing AnyDesk, what was measured, the last page, removing; and how every end begins.

Rule: an end is local first. What closes AnyDesk is the first effect; who is told comes after it.
"""

from dataclasses import replace

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core import flow_reopen, flow_return
from client_app.core.errors import ErrorCode
from client_app.core.flow_table import Outcome, go, row, stay
from client_app.core.session import (
    ANYDESK_MAY_RUN,
    ORDERED_NOT_STARTED,
    Clock,
    EndedBy,
    PeerView,
    Phase,
    Session,
)

AFTER_END = frozenset({Phase.FINISHED, Phase.REMOVED, Phase.STOPPED})


def close(session: Session, by: EndedBy, error: ErrorCode | None = None) -> Outcome:
    """End the session: AnyDesk is closed before anybody is told, so that a dead network cannot delay it.

    Args:
        session: in which AnyDesk may run.
        by: who or what ends it.
        error: the code that the last page explains.
    """
    clocks = tuple(do.StopClock(clock) for clock in Clock)
    told = do.TellTechnician("ended", code=error.value if error else "")
    changes = peer_gone(session, "") if session.peer else {"asking": None}
    return go(
        session,
        Phase.CLOSING,
        do.CloseAnyDesk(by),
        *clocks,
        told,
        ended_by=by,
        error=error,
        presence=session.presence.settled(),
        **changes,
    )


def peer_gone(session: Session, at: str) -> dict[str, object]:
    """Return the changes by which nobody is connected any more; `at` is the UTC time, "" while unknown."""
    past = session.past_peers
    if session.peer is not None:
        past = (*past, replace(session.peer, until=at))
    return {"peer": None, "asking": None, "past_peers": past}


def stranger_told(peer: PeerView) -> do.TellTechnician:
    """Return what the technician's side is told of somebody who must not be here."""
    return do.TellTechnician("stranger", peer_number=peer.number, code=ErrorCode.STRANGER_CONNECTED.value)


def late_receipt(session: Session, event: ev.ReceiptVerified) -> Outcome:
    """Take in the receipt of an order that was accepted by phone before."""
    if session.consent is None or session.consent.record_id != event.record_id:
        return stay(session)
    consent = replace(session.consent, receipt_id=event.receipt_id, server_time=event.server_time)
    return stay(session, consent=consent, online=True)


# --- closing ------------------------------------------------------------------------------------------------------


@row(Phase.CLOSING, ev.AnyDeskClosed)
def _closed(session: Session, event: ev.AnyDeskClosed) -> Outcome:
    # Whoever was connected when we ended it was connected, at the latest, until nothing of AnyDesk was seen.
    past = (peer if peer.until else replace(peer, until=event.gone_at) for peer in session.past_peers)
    session = replace(session, past_peers=tuple(past))
    if session.ended_by is EndedBy.RESTART:
        restarting = flow_return.closed(session, event)
        if restarting is not None:
            return restarting
    proven = bool(event.facts) and all(f.holds is not False for f in event.facts)
    told = do.TellTechnician("closed_proven" if proven else "not_closed", code="" if proven else "K-48")
    error = (
        (session.error if session.error is not ErrorCode.NOT_CLOSED else None)
        if proven
        else ErrorCode.NOT_CLOSED
    )
    after, effects = go(
        session,
        Phase.FINISHED,
        do.RecordSession(),
        told,
        do.PlanRemoval(),
        closing=event.facts,
        found=event.found,
        error=error,
    )
    if session.ended_by is EndedBy.RESTART:
        return after, (*effects, do.CancelReturn(), do.TellTechnician("ended"))
    return after, (*effects, *flow_reopen.offer(after))


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
    error = session.error or ErrorCode.STRANGER_CONNECTED
    return stay(found, stranger_told(peer), error=error, stranger=peer)


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
    return late_receipt(session, event)


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
