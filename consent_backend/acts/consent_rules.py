"""When a consent is taken: every refusal has its reason. Nothing here writes."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection
from stdnum.pl import nip

from consent_backend.acts.moving import refuse_unless_running
from consent_backend.problems import ApiError
from consent_backend.store.cases import Case, statement_by_hash
from consent_backend.store.documents import DocumentFact, document_facts, in_force
from consent_record.acts import missing_acts
from consent_record.case import CaseStatement, SignedCaseStatement
from consent_record.documents import DocumentRef
from consent_record.records import BackupKind, Consent, Person, PersonKind
from consent_record.wire import CaseState, ProblemCode


@dataclass(frozen=True)
class Judged:
    """What the rules look at. `is_late`: the console answered this very record's offline code before."""

    case: Case
    consent: Consent
    is_late: bool


def check_consent(connection: Connection, judged: Judged) -> None:
    """Refuse a consent that does not hold.

    A late one (accepted offline) is judged by what its customer was shown: documents that were replaced since,
    or a case that is over by now, do not undo what was agreed on the phone.

    Raises:
        ApiError: with the code of the first rule that is broken.
    """
    if not judged.is_late:
        _check_case(judged.case)
    _check_chain(judged)
    statement = _own_statement(connection, judged)
    _check_price(judged.consent, statement)
    _check_documents(connection, judged, statement)
    _check_acts(judged)
    _check_person(judged.consent.person)


def _check_case(case: Case) -> None:
    refuse_unless_running(case)
    if case.end_requested:
        raise ApiError(ProblemCode.CASE_ENDED, "the technician has ended the case")
    if case.state not in (CaseState.WORD_CONFIRMED, CaseState.ORDERED, CaseState.IN_SESSION):
        raise ApiError(ProblemCode.WORD_NEEDED, "the word was not confirmed in this case")


def _check_chain(judged: Judged) -> None:
    consent, case = judged.consent, judged.case
    if consent.previous_record != case.consent_hash:
        raise ApiError(
            ProblemCode.RECORD_CONFLICT,
            "a further consent must name the case's last one in previous_record, a first one none",
        )


def _own_statement(connection: Connection, judged: Judged) -> CaseStatement:
    stored = statement_by_hash(connection, judged.consent.statement_hash)
    if stored is None or stored.case_id != judged.case.id:
        raise ApiError(ProblemCode.RECORD_CASE, "statement_hash names no statement of this case")
    statement = msgspec.json.decode(stored.signed, type=SignedCaseStatement).statement
    consent = judged.consent
    named = (consent.technician_id, consent.technician_name)
    if named != (statement.technician_id, statement.technician_name):
        raise ApiError(ProblemCode.RECORD_CASE, "the technician named is not the one of the case statement")
    return statement


def _check_price(consent: Consent, statement: CaseStatement) -> None:
    if consent.price != statement.price:
        raise ApiError(ProblemCode.PRICE_DIFFERS, "the price is not the one that was agreed for this case")


def _check_documents(connection: Connection, judged: Judged, statement: CaseStatement) -> None:
    facts = document_facts(connection)
    by_id = {fact.reference.document_id: fact for fact in facts}
    current = {fact.reference.document_id for fact in in_force(facts)}
    for reference in judged.consent.documents:
        fact = _known(by_id, reference)
        if judged.is_late:
            if reference not in statement.documents and reference.document_id not in current:
                raise ApiError(
                    ProblemCode.DOCUMENT_OUTDATED, f"{_name(reference)} was not in force in this case"
                )
        elif fact.withdrawn_at is not None:
            raise ApiError(ProblemCode.DOCUMENT_WITHDRAWN, f"{_name(reference)} was withdrawn")
        elif reference.document_id not in current:
            raise ApiError(ProblemCode.DOCUMENT_OUTDATED, f"{_name(reference)} was replaced by a newer one")
    _check_every_kind(judged, statement, [f.reference for f in in_force(facts)])


def _known(by_id: dict[str, DocumentFact], reference: DocumentRef) -> DocumentFact:
    fact = by_id.get(reference.document_id)
    if fact is None:
        raise ApiError(ProblemCode.DOCUMENT_UNKNOWN, "the record names a document that was never published")
    if fact.reference.sha256 != reference.sha256:
        raise ApiError(ProblemCode.DOCUMENT_HASH, f"{_name(reference)} has another hash")
    if fact.reference != reference:
        raise ApiError(
            ProblemCode.DOCUMENT_UNKNOWN, "kind, version or language of a document do not fit its id"
        )
    return fact


def _check_every_kind(judged: Judged, statement: CaseStatement, current: list[DocumentRef]) -> None:
    wanted = {r.kind for r in (statement.documents if judged.is_late else current)}
    shown = [r.document_id for r in judged.consent.documents]
    missing = wanted - {r.kind for r in judged.consent.documents}
    if missing or len(shown) != len(set(shown)):
        raise ApiError(
            ProblemCode.RECORD_INCOMPLETE,
            "every kind of document in force must be named, each version once; missing: "
            + (", ".join(sorted(kind.value for kind in missing)) or "none"),
        )


def _name(reference: DocumentRef) -> str:
    return f"{reference.kind.value} version {reference.version} ({reference.language})"


def _check_acts(judged: Judged) -> None:
    missing = missing_acts(judged.consent)
    if missing:
        names = ", ".join(control.value for control in missing)
        raise ApiError(ProblemCode.RECORD_INCOMPLETE, f"acts are missing: {names}")
    needs_yes = judged.consent.backup.kind is BackupKind.NONE_AGREED and not judged.is_late
    if needs_yes and not judged.case.no_backup_agreed:
        raise ApiError(
            ProblemCode.RECORD_INCOMPLETE, "going on without a backup needs the technician's agreement"
        )


def _check_person(person: Person) -> None:
    if not person.name.strip() or "@" not in person.email:
        raise ApiError(ProblemCode.RECORD_INCOMPLETE, "name and e-mail are needed")
    if person.kind is PersonKind.BUSINESS and not person.company.strip():
        raise ApiError(ProblemCode.RECORD_INCOMPLETE, "a business is named by its company")
    if person.nip and not nip.is_valid(person.nip):
        raise ApiError(ProblemCode.RECORD_INCOMPLETE, "the check digit of the tax number does not fit")
