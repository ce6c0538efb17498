"""Records: every refusal has its reason, the same bytes have the same receipt, nothing is stored twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from consent_backend.store.readback import read_back
from consent_record.acts import Control
from consent_record.canonical import canonical_bytes, hash_of
from consent_record.case import Price
from consent_record.codes import offline_answer, offline_code
from consent_record.keys import parse_public_key
from consent_record.receipt import check_receipt, read_receipt
from consent_record.records import Acceptance, Backup, BackupKind, Consent, Person, PersonKind, Record
from consent_record.verify import Verdict, judge
from demo.backend_process import BackendProcess
from tests.backend.actors import PERSON, Client, Console, act, digest_of, problem

Changes = Callable[[Client], dict[str, Any]]


def _without(*controls: Control) -> Changes:
    left = [c for c in Control if c is not Control.NO_BACKUP and c not in controls]
    return lambda _client: {"acts": tuple(act(c) for c in left)}


def _document(**changes: Any) -> Changes:
    def change(client: Client) -> dict[str, Any]:
        first, *rest = client.case.statement.statement.documents
        return {"documents": (msgspec.structs.replace(first, **changes), *rest)}

    return change


def _documents(pick: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> Changes:
    return lambda client: {"documents": pick(client.case.statement.statement.documents)}


def _person(**changes: Any) -> Changes:
    return lambda _client: {"person": msgspec.structs.replace(PERSON, **changes)}


REFUSED_CONSENTS: dict[str, tuple[Changes, int, str]] = {
    "no tick on the terms": (_without(Control.ACCEPT_TERMS), 422, "record.incomplete"),
    "no tick on the price": (_without(Control.ACCEPT_PRICE), 422, "record.incomplete"),
    "no authority": (_without(Control.AUTHORITY), 422, "record.incomplete"),
    "no early start of a consumer": (_without(Control.EARLY_START), 422, "record.incomplete"),
    "no order button": (_without(Control.ORDER), 422, "record.incomplete"),
    "a tick taken away again": (
        lambda _c: {"acts": tuple(act(c, checked=c is not Control.ACCEPT_TERMS) for c in Control)},
        422,
        "record.incomplete",
    ),
    "a tick without its text": (
        lambda _c: {"acts": tuple(act(c, text="" if c is Control.AUTHORITY else "x") for c in Control)},
        422,
        "record.incomplete",
    ),
    "a button without a label": (lambda _c: {"button_label": " "}, 422, "record.incomplete"),
    "no backup without the technician's yes": (
        lambda _c: {"backup": Backup(kind=BackupKind.NONE_AGREED), "acts": tuple(act(c) for c in Control)},
        422,
        "record.incomplete",
    ),
    "a higher price": (
        lambda _c: {"price": Price(amount=99000, description="Diagnoza i naprawa")},
        409,
        "record.price_differs",
    ),
    "another currency": (
        lambda _c: {"price": Price(amount=12000, currency="EUR", description="Diagnoza i naprawa")},
        409,
        "record.price_differs",
    ),
    "another purpose of the price": (lambda _c: {"price": Price(amount=12000)}, 409, "record.price_differs"),
    "a document never published": (_document(document_id=str(uuid4())), 422, "document.unknown"),
    "a document with another hash": (_document(sha256="00" * 32), 422, "document.wrong_hash"),
    "a document with another version": (_document(version=7), 422, "document.unknown"),
    "a document of another kind": (
        _documents(lambda d: tuple(msgspec.structs.replace(x, kind=d[-1].kind) for x in d)),
        422,
        "document.unknown",
    ),
    "no document": (_documents(lambda _d: ()), 422, "record.incomplete"),
    "no privacy notice": (
        _documents(lambda d: tuple(x for x in d if x.kind.value != "privacy")),
        422,
        "record.incomplete",
    ),
    "a document twice": (_documents(lambda d: (*d, d[0])), 422, "record.incomplete"),
    "another statement": (lambda _c: {"statement_hash": "ab" * 32}, 403, "record.other_case"),
    "another technician": (lambda _c: {"technician_name": "Ktoś inny"}, 403, "record.other_case"),
    "a former record that is none": (lambda _c: {"previous_record": "ab" * 32}, 409, "record.conflict"),
    "no name": (_person(name="  "), 422, "record.incomplete"),
    "no e-mail": (_person(email="jan"), 422, "record.incomplete"),
    "a business without a company": (_person(kind=PersonKind.BUSINESS), 422, "record.incomplete"),
    "a wrong tax number": (_person(nip="1234567890"), 422, "record.incomplete"),
}


@pytest.mark.parametrize("name", REFUSED_CONSENTS)
def test_a_consent_that_does_not_hold_is_refused_and_not_stored(
    name: str, backend: BackendProcess, confirmed: Client
) -> None:
    change, status, code = REFUSED_CONSENTS[name]
    consent = confirmed.consent(**change(confirmed))
    assert problem(confirmed.put(consent)) == (status, code)
    assert read_back(backend.database, consent.record_id) is None
    assert confirmed.status()["state"] == "word_confirmed"


def test_without_the_word_there_is_no_consent(backend: BackendProcess, joined: Client) -> None:
    consent = joined.consent()
    assert problem(joined.put(consent)) == (403, "case.word_needed")
    assert read_back(backend.database, consent.record_id) is None


def test_a_consent_with_the_statement_of_another_case_is_refused(console: Console, confirmed: Client) -> None:
    other = Client(confirmed.url).join(str(console.open_case()["code"]))
    stolen = hash_of(other.case.statement.statement)
    assert problem(confirmed.put(confirmed.consent(statement_hash=stolen))) == (403, "record.other_case")


def test_a_record_of_another_case_is_refused(console: Console, confirmed: Client) -> None:
    other = Client(confirmed.url).join(str(console.open_case()["code"]))
    consent = confirmed.consent(case_id=other.case.case_id)
    assert problem(confirmed.put(consent)) == (403, "record.other_case")


def test_a_frozen_and_an_ended_case_take_no_consent(console: Console, confirmed: Client) -> None:
    console.post(f"/cases/{confirmed.case.case_id}/end")
    assert problem(confirmed.put(confirmed.consent())) == (409, "case.ended")
    other = Client(confirmed.url).join(str(console.open_case()["code"]))
    consent = other.consent()
    assert other.pick("").json()["outcome"] == "frozen"
    assert problem(other.put(consent)) == (409, "case.frozen")


@pytest.mark.parametrize(
    "told", ["", "sha-256=:AAAA:", "sha-512=:" + "A" * 43 + "=:", digest_of(b"something else")]
)
def test_a_digest_that_does_not_fit_is_refused(told: str, confirmed: Client) -> None:
    assert problem(confirmed.put(confirmed.consent(), Content_Digest=told)) == (400, "record.wrong_hash")


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer " + "0" * 64, "Basic abc", "Bearer " + "z" * 64])
def test_without_the_token_nothing_is_taken(token: str, confirmed: Client) -> None:
    consent = confirmed.consent()
    answer = confirmed.put(consent, Authorization=token)
    assert problem(answer) == (401, "case.token")
    assert "www-authenticate" in answer.headers
    assert problem(confirmed.call("GET", f"/v1/records/{consent.record_id}/receipt")) == (
        404,
        "record.unknown",
    )


def test_a_consent_is_stored_and_its_receipt_proves_it(backend: BackendProcess, confirmed: Client) -> None:
    consent = confirmed.consent()
    answer = confirmed.put(consent)
    assert answer.status_code == 200, answer.text
    root = parse_public_key(backend.root_path.read_text("ascii"))
    receipt = read_receipt(answer.content)
    check_receipt(receipt, root_key=root)
    assert receipt.record == consent
    assert receipt.body.record_hash == hash_of(consent)
    assert not receipt.body.late
    assert judge(answer.content, root_key=root).verdict is Verdict.PROVEN
    found = read_back(backend.database, consent.record_id)
    assert found is not None
    assert (found.canonical, found.receipt) == (canonical_bytes(consent), answer.content)
    assert confirmed.status()["state"] == "ordered"


def test_the_same_record_again_gets_the_same_receipt_byte_for_byte(
    console: Console, confirmed: Client
) -> None:
    consent = confirmed.consent()
    first = confirmed.put(consent)
    console.post(f"/cases/{confirmed.case.case_id}/end")
    console.post(f"/cases/{confirmed.case.case_id}/end")
    assert confirmed.status()["state"] == "ended"
    again = confirmed.put(consent)
    fetched = confirmed.call("GET", f"/v1/records/{consent.record_id}/receipt")
    assert first.status_code == again.status_code == fetched.status_code == 200
    assert first.content == again.content == fetched.content


def test_blanks_in_the_body_do_not_matter(confirmed: Client) -> None:
    consent = confirmed.consent()
    first = confirmed.put(consent)
    spaced = msgspec.json.format(canonical_bytes(consent), indent=2)
    digest = digest_of(canonical_bytes(consent))
    again = confirmed.call("PUT", f"/v1/records/{consent.record_id}", spaced, Content_Digest=digest)
    assert again.content == first.content


def test_another_record_under_the_same_id_is_a_conflict(confirmed: Client) -> None:
    consent = confirmed.consent()
    assert confirmed.put(consent).status_code == 200
    changed = msgspec.structs.replace(consent, problem="Coś innego")
    assert problem(confirmed.put(changed)) == (409, "record.conflict")


def test_an_id_that_is_not_the_records_is_a_conflict(confirmed: Client) -> None:
    data = canonical_bytes(confirmed.consent())
    answer = confirmed.call("PUT", f"/v1/records/{uuid4()}", data, Content_Digest=digest_of(data))
    assert problem(answer) == (409, "record.conflict")


def test_another_client_does_not_get_the_receipt(console: Console, confirmed: Client) -> None:
    consent = confirmed.consent()
    assert confirmed.put(consent).status_code == 200
    other = Client(confirmed.url).join(str(console.open_case()["code"]))
    assert problem(other.call("GET", f"/v1/records/{consent.record_id}/receipt")) == (404, "record.unknown")
    assert problem(other.put(consent)) == (409, "record.conflict")


def test_many_threads_with_the_same_record_get_one_receipt(
    backend: BackendProcess, confirmed: Client
) -> None:
    consent = confirmed.consent()
    barrier = threading.Barrier(8)
    answers: list[tuple[int, bytes]] = []

    def send() -> None:
        own = Client(backend.url, joined=confirmed.joined)
        barrier.wait(timeout=10)
        answer = own.put(consent)
        answers.append((answer.status_code, answer.content))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert answers[0][0] == 200


def test_two_threads_with_different_consents_store_one(backend: BackendProcess, confirmed: Client) -> None:
    consents = [confirmed.consent(), confirmed.consent()]
    barrier = threading.Barrier(2)
    statuses: list[int] = []

    def send(consent: Consent) -> None:
        own = Client(backend.url, joined=confirmed.joined)
        barrier.wait(timeout=10)
        statuses.append(own.put(consent).status_code)

    threads = [threading.Thread(target=send, args=(consent,)) for consent in consents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(statuses) == [200, 409]


def test_a_further_consent_names_the_one_before(confirmed: Client) -> None:
    first = confirmed.consent()
    assert confirmed.put(first).status_code == 200
    assert problem(confirmed.put(confirmed.consent())) == (409, "record.conflict")
    assert confirmed.put(confirmed.consent(previous_record=hash_of(first))).status_code == 200


def test_no_backup_is_taken_after_the_technicians_yes(console: Console, confirmed: Client) -> None:
    case_id = confirmed.case.case_id
    assert problem(console.post(f"/cases/{case_id}/agree-no-backup")) == (409, "console.not_now")
    assert not confirmed.step(step="computer", asks_no_backup=True).json()["no_backup_agreed"]
    assert console.post(f"/cases/{case_id}/agree-no-backup").status_code == 200
    assert confirmed.status()["no_backup_agreed"]
    acts = tuple(act(c) for c in Control)
    consent = confirmed.consent(backup=Backup(kind=BackupKind.NONE_AGREED), acts=acts)
    assert confirmed.put(consent).status_code == 200


def test_a_business_needs_no_early_start(confirmed: Client) -> None:
    person = Person(
        kind=PersonKind.BUSINESS,
        name="Jan Kowalski",
        email="jan@example.pl",
        company="Ko sp. z o.o.",
        nip="1234563218",
    )
    acts = tuple(
        act(c) for c in (Control.ACCEPT_TERMS, Control.ACCEPT_PRICE, Control.AUTHORITY, Control.ORDER)
    )
    assert confirmed.put(confirmed.consent(person=person, acts=acts)).status_code == 200


@pytest.mark.parametrize("reason", ["refused", "timed_out", "postponed", "not_them"])
def test_a_refusal_needs_only_the_token(reason: str, joined: Client) -> None:
    answer = joined.put(joined.refusal(reason))
    assert answer.status_code == 200, answer.text
    states = {"refused": "refused", "timed_out": "refused", "postponed": "postponed", "not_them": "frozen"}
    assert joined.status()["state"] == states[reason]


@pytest.mark.parametrize("kind", ["start", "end", "closing"])
def test_without_a_consent_there_is_no_record_of_a_session(kind: str, confirmed: Client) -> None:
    consent = confirmed.consent()
    records: dict[str, Record] = {
        "start": confirmed.session_start(consent),
        "end": confirmed.session_end(consent),
        "closing": confirmed.closing(consent),
    }
    assert problem(confirmed.put(records[kind])) == (409, "record.unknown")
    assert confirmed.status()["state"] == "word_confirmed"


def test_a_session_start_names_the_stored_consent(confirmed: Client) -> None:
    consent = confirmed.consent()
    confirmed.put(consent)
    wrong = confirmed.session_start(consent, consent_hash="ab" * 32)
    assert problem(confirmed.put(wrong)) == (400, "record.wrong_hash")
    refusal = confirmed.refusal("postponed")
    confirmed.put(refusal)
    not_consent = confirmed.session_start(consent, consent_id=refusal.record_id)
    assert problem(confirmed.put(not_consent)) == (403, "record.other_case")


def test_a_whole_session_is_stored(console: Console, confirmed: Client) -> None:
    consent = confirmed.consent()
    for record in (
        consent,
        confirmed.session_start(consent),
        confirmed.session_end(consent),
        confirmed.closing(consent),
    ):
        assert confirmed.put(record).status_code == 200
    shown = console.case(confirmed.case.case_id)
    assert [r["kind"] for r in shown["records"]] == ["consent", "session_start", "session_end", "closing"]
    assert (shown["state"], shown["alerts"]) == ("ended", [])


def test_a_closing_that_failed_raises_an_alert(console: Console, confirmed: Client) -> None:
    consent = confirmed.consent()
    confirmed.put(consent)
    confirmed.put(confirmed.closing(consent, holds=False))
    assert [a["kind"] for a in console.case(confirmed.case.case_id)["alerts"]] == ["not_closed"]


def test_an_offline_acceptance_is_completed_by_its_late_record(console: Console, confirmed: Client) -> None:
    """The client cannot send; the technician answers its code; AnyDesk runs; later everything comes in."""
    case_id = confirmed.case.case_id
    assert confirmed.word_answer is not None
    assert confirmed.word_answer.case_secret is not None
    consent = confirmed.consent(acceptance=Acceptance.OFFLINE)
    code = offline_code(hash_of(consent))
    answer = console.post(f"/cases/{case_id}/offline-answer", {"code": code}).json()
    secret = confirmed.word_answer.case_secret
    assert answer["answer"] == offline_answer(case_secret=secret, case_id=case_id, code=code)
    shown = console.case(case_id)
    assert (shown["state"], shown["offline_waiting"]) == ("ordered", True)

    start = confirmed.session_start(consent)
    started = read_receipt(confirmed.put(start).content)
    assert started.body.late
    assert confirmed.put(confirmed.session_end(consent)).status_code == 200
    assert confirmed.status()["state"] == "ended"

    stored = read_receipt(confirmed.put(consent).content)
    assert stored.body.late
    shown = console.case(case_id)
    assert (shown["state"], shown["offline_waiting"]) == ("ended", False)


def test_an_answered_code_lets_no_other_record_in(console: Console, confirmed: Client) -> None:
    consent = confirmed.consent(acceptance=Acceptance.OFFLINE)
    code = offline_code(hash_of(consent))
    console.post(f"/cases/{confirmed.case.case_id}/offline-answer", {"code": code})
    other = confirmed.consent(acceptance=Acceptance.OFFLINE)
    assert problem(confirmed.put(confirmed.session_start(other))) == (409, "record.unknown")
    assert not read_receipt(confirmed.put(other).content).body.late
