"""From sessions to records: every vocabulary of the one side has its word on the other, and nothing is invented."""

from __future__ import annotations

import enum
from dataclasses import replace

import pytest

from client_app.core import session as core
from client_app.core.person import CustomerKind
from client_app.core.session import Act, BackupChoice, Control, EndedBy, PeerView, Session, StopReason
from client_app.core.steps import Step
from client_app.services.records import _BACKUPS, REFUSALS, Maker
from client_app.services.run import JoinedCase
from consent_record import acts, records
from consent_record.canonical import canonical_bytes
from consent_record.documents import DocumentKind
from consent_record.records import BackupKind, PersonKind
from tests.unit.services.bench import Bench
from tests.unit.services.ordering import AT, COMPANY_PERSON, PERSON, act, finished


@pytest.fixture
def ready(bench: Bench) -> tuple[Maker, Session, JoinedCase]:
    session = bench.session()
    return bench.consent._maker, session, bench.run.case()


def values(kind: type[enum.Enum]) -> set[str]:
    return {member.value for member in kind}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (core.InputWay, records.InputMethod),
        (core.InputOrigin, records.InputOrigin),
        (core.Document, DocumentKind),
        (CustomerKind, PersonKind),
    ],
    ids=lambda kind: f"{kind.__module__}.{kind.__name__}",
)
def test_vocabularies_are_the_same(ours: type[enum.Enum], theirs: type[enum.Enum]) -> None:
    assert values(ours) == values(theirs)


def test_controls_are_the_same() -> None:
    assert values(core.Control) == values(acts.Control) | values(acts.AgainControl)


def test_every_choice_has_a_word(ready: tuple[Maker, Session, JoinedCase]) -> None:
    assert set(_BACKUPS) == set(BackupChoice)
    assert set(_BACKUPS.values()) == set(BackupKind)
    assert set(REFUSALS) == set(StopReason) - {
        StopReason.FROZEN,
        StopReason.ENDED_BY_COMPANY,
        StopReason.NOT_RETURNED,
    }
    maker, session, case = ready
    for by in EndedBy:
        end = maker.session_end(replace(session, ended_by=by), case, consent_id=case.case_id)
        assert end.ended_by == by.value
    assert maker.session_end(session, case, consent_id=case.case_id).ended_by == "unknown"


def test_an_order_says_what_was_shown_ticked_and_typed(ready: tuple[Maker, Session, JoinedCase]) -> None:
    maker, session, case = ready
    texts = ("Jestem uprawniony.", "Będę przy komputerze.", "Zgadzam się.")
    session = replace(session, acts=(act(Control.AUTHORITY, *texts), act(Control.ORDER, "Zamawiam")))
    record = maker.consent(session, case, previous_record=None)
    assert (record.provider, record.technician_name) == ("BIT Service", "Anna Kowalska")
    assert (record.person.name, record.person.company, record.person.nip) == ("Jan Nowak", "", "")
    assert record.acts[0].texts == texts
    assert [a.control for a in record.acts] == ["authority", "order"]
    assert (record.acts[0].method.value, record.acts[0].origin.value) == ("keyboard", "local")
    assert record.price == case.statement.price
    assert (record.backup.kind, record.backup.made_on) == (BackupKind.HAVE_ONE, "2026-11-20")
    assert {d.kind for d in record.documents} == set(DocumentKind)
    assert record.recording == "none"
    assert record.displays[0].saved
    assert (record.run_id, record.system.value, record.language) == (maker.run.run_id, "linux", "pl")


def test_a_business_has_its_number_in_digits(ready: tuple[Maker, Session, JoinedCase]) -> None:
    maker, session, case = ready
    record = maker.consent(replace(session, person=COMPANY_PERSON), case, previous_record=None)
    assert (record.person.kind, record.person.nip) == (PersonKind.BUSINESS, "5261040828")
    assert record.person.company == "Nowak sp. z o.o."


def test_what_was_typed_as_a_business_does_not_stay_with_a_consumer(
    ready: tuple[Maker, Session, JoinedCase],
) -> None:
    maker, session, case = ready
    person = replace(COMPANY_PERSON, kind=CustomerKind.CONSUMER)
    record = maker.consent(replace(session, person=person), case, previous_record=None)
    assert (record.person.company, record.person.nip) == ("", "")


def test_the_polish_text_is_agreed_whatever_was_read(
    bench: Bench, ready: tuple[Maker, Session, JoinedCase]
) -> None:
    maker, session, case = ready
    english = bench.company.publish(DocumentKind.TERMS, "# terms", language="en", binding=False)
    bench.company.documents = (*bench.company.documents, english)
    documents = bench.backend.load_documents()
    shown = next(d for d in documents if d.language == "en")
    session = replace(
        session, language="en", documents=documents, readings=(core.Reading(shown.kind, shown.sha256, AT),)
    )
    record = maker.consent(session, case, previous_record=None)
    assert {d.language for d in record.documents} == {"pl"}
    assert [d.document.language for d in record.displays] == ["en"]


def test_a_text_that_was_replaced_is_no_part_of_the_order(ready: tuple[Maker, Session, JoinedCase]) -> None:
    maker, session, case = ready
    old = core.Reading(core.Document.TERMS, "ab" * 32, AT)
    session = replace(session, readings=(old, *session.readings))
    record = maker.consent(session, case, previous_record=None)
    assert "ab" * 32 not in {d.document.sha256 for d in record.displays}


@pytest.mark.parametrize("step", list(Step))
def test_a_refusal_names_its_step(ready: tuple[Maker, Session, JoinedCase], step: Step) -> None:
    maker, session, case = ready
    stopped = replace(session, phase=core.Phase.STOPPED, stopped_on=step)
    assert maker.refusal(stopped, case, StopReason.REFUSED).step == step.value


@pytest.mark.parametrize("reason", list(REFUSALS))
def test_no_refusal_holds_anything_of_the_person(
    ready: tuple[Maker, Session, JoinedCase], reason: StopReason
) -> None:
    maker, session, case = ready
    for person in (PERSON, COMPANY_PERSON):
        data = canonical_bytes(maker.refusal(replace(session, person=person), case, reason)).decode()
        assert not [
            v
            for v in (person.name, person.email, person.address, person.company, person.nip)
            if v and v in data
        ]


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        (PeerView("111 222 333", "", AT, "user"), ("111222333", "user", AT, None)),
        (PeerView("111222333", "", "yesterday", "magic", "later"), ("111222333", "unknown", None, None)),
        (PeerView("111222333", "<b>", AT, "password", AT), ("111222333", "password", AT, AT)),
    ],
    ids=["blanks", "odd words", "whole"],
)
def test_peers(
    ready: tuple[Maker, Session, JoinedCase],
    peer: PeerView,
    expected: tuple[str, str, str | None, str | None],
) -> None:
    maker, session, case = ready
    end = maker.session_end(replace(session, peer=peer), case, consent_id=case.case_id)
    (found,) = end.peers
    number, how, since, until = expected
    assert (found.number, found.accepted_by) == (number, how)
    assert (found.connected_at, found.disconnected_at) == (since or end.created_at, until)
    assert "<b>" not in canonical_bytes(end).decode()


@pytest.mark.expect_log("client_app.services.records", "peer_without_number")
@pytest.mark.parametrize("number", ["", "anna@firma", "12345", "1" * 13])
def test_a_peer_without_a_number_is_not_given_one(
    ready: tuple[Maker, Session, JoinedCase], number: str
) -> None:
    maker, session, case = ready
    end = maker.session_end(replace(session, peer=PeerView(number)), case, consent_id=case.case_id)
    assert end.peers == ()


def test_everyone_who_was_connected_is_named(ready: tuple[Maker, Session, JoinedCase]) -> None:
    maker, session, case = ready
    after = finished(session, core.ConsentView(case.case_id, "ab" * 32, "x"))
    after = replace(after, peer=PeerView("999888777", "", AT))
    end = maker.session_end(after, case, consent_id=case.case_id)
    assert [p.number for p in end.peers] == ["111222333", "999888777"]


def test_ids_are_never_used_twice(ready: tuple[Maker, Session, JoinedCase]) -> None:
    maker, session, case = ready
    ids = {maker.consent(session, case, previous_record=None).record_id for _ in range(5)}
    assert len(ids) == 5
    assert isinstance(session.acts[0], Act)
