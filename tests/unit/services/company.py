"""A company for tests: keys under one root, signed documents, a case, its statements and receipts. All of it real."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field, replace

from nacl.signing import SigningKey

from consent_record.canonical import canonical_bytes, decode, sha256_hex
from consent_record.case import CaseRules, CaseStatement, Price, SignedCaseStatement, sign_case
from consent_record.documents import (
    DocumentKind,
    DocumentRef,
    DocumentStatement,
    PublishedDocument,
    reference,
    sign_document,
)
from consent_record.fields import timestamp
from consent_record.keys import Role, SignedCertificate, certify, public_hex
from consent_record.receipt import make_receipt
from consent_record.records import Record
from consent_record.wire import JoinAnswer

WORDS = ("las", "most", "kot", "dom", "rower", "okno", "ser", "zegar", "sowa")
RIGHT_WORD = "zegar"
KNOWN_NUMBER = "111222333"
SECRET = "5e" * 32
BEGIN, END, LONG_AGO = "2020-01-01T00:00:00Z", "2120-01-01T00:00:00Z", "2021-05-05T12:00:00.000000Z"


def new_id() -> str:
    """Return a new UUID as text."""
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Certified:
    """A key with its certificate."""

    key: SigningKey
    certificate: SignedCertificate


def certified(root: SigningKey, role: Role, *, begin: str = BEGIN, end: str = END) -> Certified:
    """Make a key and let a root certify it."""
    key = SigningKey.generate()
    certificate = certify(
        root, serial=new_id(), role=role, public_key=public_hex(key), not_before=begin, not_after=end
    )
    return Certified(key, certificate)


@dataclass
class Company:
    """One company with one open case."""

    root: SigningKey = field(default_factory=SigningKey.generate)
    case_id: str = field(default_factory=new_id)
    technician_id: str = field(default_factory=new_id)
    token: str = field(default_factory=lambda: secrets.token_hex(32))
    price: Price = field(default_factory=lambda: Price(amount=8000, description="Pomoc do 30 minut"))
    rules: CaseRules = field(default_factory=CaseRules)
    expires_at: str = END

    def __post_init__(self) -> None:
        """Make the keys and the documents in force."""
        self.document_key = certified(self.root, Role.DOCUMENT)
        self.case_key = certified(self.root, Role.CASE)
        self.receipt_key = certified(self.root, Role.RECEIPT)
        self.documents = tuple(self.publish(kind, f"# {kind.value}\n\nTreść.\n") for kind in DocumentKind)

    @property
    def root_key(self) -> str:
        """The public root, hexadecimal."""
        return public_hex(self.root)

    def publish(
        self,
        kind: DocumentKind,
        content: str,
        *,
        version: int = 1,
        language: str = "pl",
        binding: bool = True,
        key: Certified | None = None,
    ) -> PublishedDocument:
        """Sign a document."""
        key = key or self.document_key
        data = content.encode()
        statement = DocumentStatement(
            document_id=new_id(),
            kind=kind,
            version=version,
            language=language,
            title=kind.value.title(),
            published_at=LONG_AGO,
            size=len(data),
            sha256=sha256_hex(data),
            binding=binding,
        )
        return PublishedDocument(signed=sign_document(key.key, key.certificate, statement), content=content)

    def references(self) -> tuple[DocumentRef, ...]:
        """Return the references of the documents in force."""
        return tuple(reference(document.signed.statement) for document in self.documents)

    def statement(self, nonce: str, **changes: object) -> SignedCaseStatement:
        """Sign the case for a client's nonce."""
        fields: dict[str, object] = {
            "case_id": self.case_id,
            "client_nonce": nonce,
            "technician_id": self.technician_id,
            "technician_name": "Anna Kowalska",
            "anydesk_numbers": (KNOWN_NUMBER,),
            "problem": "Drukarka nie drukuje",
            "price": self.price,
            "documents": self.references(),
            "rules": self.rules,
            "issued_at": LONG_AGO,
            "expires_at": self.expires_at,
            **changes,
        }
        statement = CaseStatement(**fields)  # type: ignore[arg-type]
        return sign_case(self.case_key.key, self.case_key.certificate, statement)

    def join_answer(self, nonce: str, **changes: object) -> JoinAnswer:
        """Answer a join."""
        return JoinAnswer(
            case_id=self.case_id, token=self.token, words=WORDS, statement=self.statement(nonce, **changes)
        )

    def receipt(self, record: Record | bytes, *, late: bool = False, key: Certified | None = None) -> bytes:
        """Make the receipt file of a record."""
        key = key or self.receipt_key
        found = decode(record, Record) if isinstance(record, bytes) else record  # type: ignore[arg-type]
        return canonical_bytes(
            make_receipt(
                found,
                key=key.key,
                certificate=key.certificate,
                receipt_id=new_id(),
                salt=secrets.token_hex(32),
                server_time=timestamp(),
                late=late,
            )
        )

    def impostor(self) -> Company:
        """Return a company that says the same under a root of its own."""
        other = replace(self, root=SigningKey.generate())
        other.documents = tuple(other.publish(d.signed.statement.kind, d.content) for d in self.documents)
        return other
