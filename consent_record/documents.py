"""Documents that a customer accepts: immutable versions, named by the hash of their exact bytes, signed."""

import enum

import msgspec
from nacl.signing import SigningKey

from consent_record.canonical import sha256_hex
from consent_record.errors import MalformedError, UntrustedError
from consent_record.fields import HashHex, Identifier, Language, Line, SignatureHex, Timestamp, moment_of
from consent_record.keys import Role, SignedCertificate, check_signed, sign

PURPOSE = "document"


class DocumentKind(enum.Enum):
    """The three documents of a case."""

    TERMS = "terms"
    PRICE = "price"
    PRIVACY = "privacy"


class DocumentStatement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the document key signs about one version in one language.

    `version` counts from 1 for each kind and language. `binding` is False for a translation of the terms.
    """

    statement_version: int = 1
    document_id: Identifier
    kind: DocumentKind
    version: int
    language: Language
    title: Line
    published_at: Timestamp
    media_type: str = "text/markdown; charset=utf-8"
    size: int
    sha256: HashHex
    binding: bool = True


class SignedDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document's statement with signature and certificate; the bytes travel beside it."""

    statement: DocumentStatement
    signature: SignatureHex
    certificate: SignedCertificate


class PublishedDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signed document with its content: the text's UTF-8 encoding is the exact bytes that are hashed."""

    signed: SignedDocument
    content: str


class DocumentRef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names one exact version inside a case statement or a record."""

    document_id: Identifier
    kind: DocumentKind
    version: int
    language: Language
    sha256: HashHex


def reference(statement: DocumentStatement) -> DocumentRef:
    """Return the reference that records and case statements carry for a document."""
    return DocumentRef(
        document_id=statement.document_id,
        kind=statement.kind,
        version=statement.version,
        language=statement.language,
        sha256=statement.sha256,
    )


def sign_document(
    key: SigningKey, certificate: SignedCertificate, statement: DocumentStatement
) -> SignedDocument:
    """Sign a statement with the document key."""
    return SignedDocument(
        statement=statement, signature=sign(key, PURPOSE, statement), certificate=certificate
    )


def check_document(document: PublishedDocument, *, root_key: str | None) -> None:
    """Check content, hash, signature and certificate of a document.

    Raises:
        UntrustedError: `document.wrong_hash`, or as `keys.check_signed`.
        MalformedError: the dates cannot be read.
    """
    statement = document.signed.statement
    data = document.content.encode("utf-8")
    if len(data) != statement.size or sha256_hex(data) != statement.sha256:
        raise UntrustedError(
            "document.wrong_hash", f"the text of the {statement.kind.value} is not the one that was signed"
        )
    try:
        at = moment_of(statement.published_at)
    except ValueError as error:
        raise MalformedError("document.dates", "the document's date cannot be read") from error
    check_signed(
        statement,
        purpose=PURPOSE,
        signature=document.signed.signature,
        certificate=document.signed.certificate,
        role=Role.DOCUMENT,
        root_key=root_key,
        at=at,
    )
