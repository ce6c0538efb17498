"""Bodies of the pages from the session to the end: help, finish, stopped."""

from client_app.core import view_state_return
from client_app.core.brand_types import Brand
from client_app.core.errors import ErrorCode
from client_app.core.session import EndedBy, Phase, RemovalView, Session, StopReason
from client_app.core.view_state_finish import advice_of, fact_lines, remarks_of
from client_app.core.view_state_panel import notes_of, stage_of, warning_of
from client_app.core.view_state_types import (
    FinishView,
    HelpView,
    Removal,
    RemovalBody,
    StoppedView,
)
from client_app.core.view_state_words import closed_proven, contacts_of

ALARMING = frozenset({StopReason.NOT_THEM, StopReason.WRONG_WORD, StopReason.FROZEN})
"""Reasons after which the page says whom to call."""


def help_view(session: Session, brand: Brand) -> HelpView:
    """Return the body of step 6."""
    if session.phase in view_state_return.PHASES:
        return view_state_return.help_view(session, brand)
    peer = session.peer or session.asking
    return HelpView(
        stage=stage_of(session),
        own_number=session.anydesk_number,
        technician=session.case.technician_name if session.case else "",
        technician_numbers=session.case.anydesk_numbers if session.case else (),
        peer=peer.name_untrusted if peer else "",
        peer_number=peer.number if peer else "",
        since=session.peer.since if session.peer else "",
        notes=notes_of(session),
        warning=warning_of(session),
    )


def finish_view(session: Session, brand: Brand) -> FinishView:
    """Return the body of step 7."""
    alarming = (
        session.stop_reason is StopReason.NOT_THEM
        or session.ended_by is EndedBy.STRANGER
        or session.error in (ErrorCode.STRANGER_CONNECTED, ErrorCode.WRONG_WORD)
    )
    consent = session.consent
    return FinishView(
        closed=closed_proven(session),
        facts=fact_lines(session),
        advice=advice_of(session, brand),
        remarks=remarks_of(session),
        # Removing takes the stored records with it.
        has_order=consent is not None and session.phase is Phase.FINISHED,
        receipt_ready=consent is not None and consent.receipt_id is not None,
        saved_to=session.receipt_path,
        removal=removal_body(session),
        can_rate=session.phase is Phase.FINISHED
        and session.connected_once
        and not alarming
        and closed_proven(session),
        rating=session.rating,
        contacts=contacts_of(brand, session.language) if alarming else (),
        can_reopen_until=session.reopen_until
        if session.phase is Phase.FINISHED and closed_proven(session) and not alarming
        else "",
    )


def stopped_view(session: Session, brand: Brand) -> StoppedView:
    """Return the body of the page on which a case ends that was never started."""
    reason = session.stop_reason or StopReason.REFUSED
    contacts = contacts_of(brand, session.language) if reason in ALARMING else ()
    return StoppedView(reason=reason, contacts=contacts, removal=removal_body(session))


def removal_body(session: Session) -> RemovalBody:
    """Return where removing stands; it is not offered while AnyDesk may still run."""
    removal: RemovalView = session.removal
    if session.phase is Phase.REMOVED:
        return RemovalBody(Removal.DONE, (), removal.removed, removal.left)
    if session.phase is Phase.REMOVING:
        return RemovalBody(Removal.RUNNING, removal.planned)
    if not removal.planned or (session.ended_by is not None and not closed_proven(session)):
        return RemovalBody(Removal.NONE)
    stage = Removal.FOLDER_NEEDED if session.error is ErrorCode.UNSENT_RECORDS else Removal.OFFERED
    return RemovalBody(stage, removal.planned, left=removal.left)
