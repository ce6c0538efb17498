"""The signed case statement: made once for a client, made anew only when it would say something else."""

import msgspec
from sqlalchemy import Connection

from consent_backend.keyring import Keyring
from consent_backend.problems import ApiError
from consent_backend.store.cases import Case, StoredStatement, add_statement, latest_statement
from consent_backend.store.documents import document_facts, in_force
from consent_backend.store.people import Technician, technician_by_id
from consent_backend.store.work import Work
from consent_record.canonical import hash_of
from consent_record.case import CaseStatement, SignedCaseStatement, sign_case
from consent_record.documents import DocumentKind, DocumentRef
from consent_record.wire import ProblemCode

NEEDED = (DocumentKind.TERMS, DocumentKind.PRIVACY)
"""Without these nobody can order. A price list may be missing: the terms and the agreed price then say it all."""


def documents_in_force(connection: Connection) -> tuple[DocumentRef, ...]:
    """Return the versions in force, in every language.

    Raises:
        ApiError: `document.none_published` when terms or privacy notice are missing.
    """
    references = tuple(fact.reference for fact in in_force(document_facts(connection)))
    missing = [kind.value for kind in NEEDED if kind not in {r.kind for r in references}]
    if missing:
        raise ApiError(ProblemCode.NO_DOCUMENTS, f"the company has not published: {', '.join(missing)}")
    return references


def statement_for(work: Work, keyring: Keyring, case: Case, nonce: str) -> SignedCaseStatement:
    """Return the signed statement of a case for the client with `nonce`.

    The last one is given again as long as client, documents and technician are the same; a price never changes.

    Raises:
        ApiError: `document.none_published`.
    """
    documents = documents_in_force(work.connection)
    technician = technician_by_id(work.connection, case.technician_id)
    if technician is None:
        raise LookupError(f"the technician {case.technician_id} is gone")
    basis = _basis(documents, technician)
    last = latest_statement(work.connection, case.id)
    if last is not None and last.basis == basis:
        signed = msgspec.json.decode(last.signed, type=SignedCaseStatement)
        if signed.statement.client_nonce == nonce:
            return signed
    statement = CaseStatement(
        case_id=case.id,
        client_nonce=nonce,
        technician_id=technician.id,
        technician_name=technician.display_name,
        anydesk_numbers=technician.anydesk_numbers,
        problem=case.problem,
        price=case.price,
        documents=documents,
        issued_at=work.now_text,
        expires_at=case.expires_at,
    )
    signed = sign_case(keyring.case.key, keyring.case.certificate, statement)
    add_statement(work, StoredStatement(hash_of(statement), case.id, basis, msgspec.json.encode(signed)))
    return signed


def _basis(documents: tuple[DocumentRef, ...], technician: Technician) -> str:
    return hash_of([documents, technician.display_name, technician.anydesk_numbers])
