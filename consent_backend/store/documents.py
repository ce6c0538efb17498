"""Documents: immutable versions. In force is, for each kind and language, the highest version not withdrawn."""

from dataclasses import dataclass
from functools import lru_cache

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from consent_backend.store.tables import DOCUMENTS
from consent_backend.store.work import Work
from consent_record.documents import DocumentKind, DocumentRef, PublishedDocument, SignedDocument, reference


@dataclass(frozen=True)
class DocumentFact:
    """What is known of one version, without its text."""

    reference: DocumentRef
    published_at: str
    withdrawn_at: str | None
    binding: bool
    title: str


def document_facts(connection: Connection) -> list[DocumentFact]:
    """Return every version, oldest first."""
    return [_fact(row.signed, row.withdrawn_at) for row in connection.execute(_FACTS)]


_FACTS = select(DOCUMENTS.c.signed, DOCUMENTS.c.withdrawn_at).order_by(
    DOCUMENTS.c.kind, DOCUMENTS.c.language, DOCUMENTS.c.version
)


@lru_cache(maxsize=1024)
def _fact(signed: bytes, withdrawn_at: str | None) -> DocumentFact:
    # A version never changes, so reading it once is enough.
    statement = msgspec.json.decode(signed, type=SignedDocument).statement
    return DocumentFact(
        reference(statement), statement.published_at, withdrawn_at, statement.binding, statement.title
    )


def in_force(facts: list[DocumentFact]) -> list[DocumentFact]:
    """Return the version in force of each kind and language."""
    newest: dict[tuple[DocumentKind, str], DocumentFact] = {}
    for fact in facts:
        if fact.withdrawn_at is None:
            key = (fact.reference.kind, fact.reference.language)
            if key not in newest or newest[key].reference.version < fact.reference.version:
                newest[key] = fact
    order = list(DocumentKind)
    return sorted(newest.values(), key=lambda f: (order.index(f.reference.kind), f.reference.language))


def published(connection: Connection, document_id: str) -> PublishedDocument | None:
    """Return a version with its text, or None."""
    query = select(DOCUMENTS.c.signed, DOCUMENTS.c.content).where(DOCUMENTS.c.document_id == document_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    signed = msgspec.json.decode(row.signed, type=SignedDocument)
    return PublishedDocument(signed=signed, content=row.content.decode("utf-8"))


def newest_version(connection: Connection, kind: DocumentKind, language: str) -> int:
    """Return the highest version number ever given out for a kind and language; 0 for none."""
    query = select(func.max(DOCUMENTS.c.version)).where(
        DOCUMENTS.c.kind == kind.value, DOCUMENTS.c.language == language
    )
    return connection.execute(query).scalar() or 0


def size_in_force(connection: Connection) -> int:
    """Return how many bytes the texts in force have together."""
    query = select(func.coalesce(func.sum(func.length(DOCUMENTS.c.content)), 0)).where(
        DOCUMENTS.c.document_id.in_([f.reference.document_id for f in in_force(document_facts(connection))])
    )
    return int(connection.execute(query).scalar_one())


def add_document(work: Work, document: PublishedDocument) -> None:
    """Store a new version."""
    statement = document.signed.statement
    work.connection.execute(
        insert(DOCUMENTS).values(
            document_id=statement.document_id,
            kind=statement.kind.value,
            language=statement.language,
            version=statement.version,
            sha256=statement.sha256,
            published_at=statement.published_at,
            content=document.content.encode("utf-8"),
            signed=msgspec.json.encode(document.signed),
        )
    )


def withdraw(work: Work, document_id: str) -> None:
    """Mark a version as withdrawn; it is kept for ever."""
    statement = update(DOCUMENTS).where(DOCUMENTS.c.document_id == document_id)
    work.connection.execute(statement.values(withdrawn_at=work.now_text))
