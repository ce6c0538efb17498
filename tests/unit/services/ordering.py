"""Sessions as they stand when a customer orders, and what happens in them afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from client_app.core.person import CustomerKind, Person
from client_app.core.session import (
    Act,
    BackupChoice,
    CaseView,
    ConsentView,
    Control,
    DocumentText,
    EndedBy,
    FactView,
    InputOrigin,
    InputWay,
    PeerView,
    Phase,
    Reading,
    Session,
)

AT = "2026-11-22T11:58:00.000000Z"
PERSON = Person(CustomerKind.CONSUMER, " Jan Nowak ", "jan@example.com", "ul. Prosta 1, 00-001 Warszawa")
COMPANY_PERSON = Person(
    CustomerKind.BUSINESS,
    "Jan Nowak",
    "jan@example.com",
    "ul. Prosta 1",
    "Nowak sp. z o.o.",
    "PL 526-104-08-28",
)


def act(control: Control, *texts: str) -> Act:
    """An act on a control."""
    return Act(control, AT, InputWay.KEYBOARD, InputOrigin.LOCAL, texts or (f"text of {control.value}",))


def ordered(case: CaseView, documents: tuple[DocumentText, ...]) -> Session:
    """A session on which the order button was just pressed."""
    readings = tuple(Reading(d.kind, d.sha256, AT, 12, True, saved=True) for d in documents[:2])
    return Session(
        phase=Phase.STORING,
        case=case,
        word_confirmed=True,
        person=PERSON,
        documents=documents,
        readings=readings,
        acts=tuple(act(c) for c in Control if c is not Control.NO_BACKUP),
        backup=BackupChoice.HAVE_ONE,
        backup_made_on=date(2026, 11, 20),
        button_label="Zamawiam z obowiązkiem zapłaty",
    )


def finished(session: Session, consent: ConsentView) -> Session:
    """The same session after help: one peer, ended by the customer, two facts."""
    return replace(
        session,
        phase=Phase.FINISHED,
        consent=consent,
        past_peers=(PeerView("111222333", "Anna", AT, "user", "2026-11-22T12:30:00Z"),),
        ended_by=EndedBy.CUSTOMER,
        closing=(FactView("no_process_of_ours", True, "t", AT), FactView("port_closed", None, "t")),
    )
