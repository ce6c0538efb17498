"""A company with keys by role, and one record of each kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
from nacl.signing import SigningKey

from consent_record.acts import Control
from consent_record.case import Price
from consent_record.documents import DocumentKind, DocumentRef
from consent_record.keys import Role, SignedCertificate, certify, public_hex
from consent_record.receipt import Receipt, make_receipt
from consent_record.records import (
    Acceptance,
    Act,
    Backup,
    BackupKind,
    ClosingFact,
    ClosingProof,
    Consent,
    Display,
    InputMethod,
    InputOrigin,
    Peer,
    Person,
    PersonKind,
    Record,
    Refusal,
    Reopening,
    Restart,
    SessionEnd,
    SessionStart,
    SystemFamily,
)

NOW = "2026-06-15T12:00:00.000000Z"
AT = datetime(2026, 6, 15, 12, tzinfo=UTC)
BEFORE, AFTER = "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"
HASH = "5f" * 32
SALT = "17" * 32


def in_arabic(text: str) -> str:
    """Return a text with its digits in another script, which int() and isdigit() would take."""
    return text.translate({ord("0") + i: 0x0660 + i for i in range(10)})


def uuid(number: int) -> str:
    """Return a UUID that one can recognise."""
    return f"{number:08x}-0000-4000-8000-000000000000"


@dataclass
class Company:
    """A root and a certified key for each role."""

    root: SigningKey = field(default_factory=SigningKey.generate)
    keys: dict[Role, SigningKey] = field(
        default_factory=lambda: {role: SigningKey.generate() for role in Role}
    )

    @property
    def root_key(self) -> str:
        """The root's public half."""
        return public_hex(self.root)

    def certificate(
        self, role: Role, *, not_before: str = BEFORE, not_after: str = AFTER
    ) -> SignedCertificate:
        """Certify the key of a role."""
        return certify(
            self.root,
            serial=uuid(9),
            role=role,
            public_key=public_hex(self.keys[role]),
            not_before=not_before,
            not_after=not_after,
        )

    def receipt(self, record: Record | None = None, *, late: bool = False, server_time: str = NOW) -> Receipt:
        """Make a receipt."""
        return make_receipt(
            record or consent(),
            key=self.keys[Role.RECEIPT],
            certificate=self.certificate(Role.RECEIPT),
            receipt_id=uuid(8),
            salt=SALT,
            server_time=server_time,
            late=late,
        )


def document(kind: DocumentKind = DocumentKind.TERMS) -> DocumentRef:
    """Return a reference."""
    return DocumentRef(document_id=uuid(3), kind=kind, version=2, language="pl", sha256=HASH)


def consent() -> Consent:
    """Return a consent with every field in use."""
    return Consent(
        record_id=uuid(1),
        case_id=uuid(2),
        run_id=uuid(4),
        created_at=NOW,
        client_version="0.1.0",
        system=SystemFamily.WINDOWS,
        language="pl",
        provider="BIT Service s.c.",
        technician_id=uuid(5),
        technician_name="Anna Przykład",
        statement_hash=HASH,
        problem="Drukarka „nie” drukuje\n",
        person=Person(
            kind=PersonKind.BUSINESS,
            name="Żaneta Ćwikła",
            email="z@example.pl",
            address="ul. Długa 1",
            company="Ćwikła sp. z o.o.",
            nip="1234563218",
        ),
        documents=(document(), document(DocumentKind.PRICE)),
        displays=(Display(document=document(), first_shown_at=NOW, seconds_shown=31, scrolled_to_end=True),),
        acts=tuple(
            Act(
                control=control.value,
                at=NOW,
                method=InputMethod.KEYBOARD,
                origin=InputOrigin.LOCAL,
                texts=(f"Tekst {control.value}",),
            )
            for control in Control
        ),
        price=Price(amount=12050, description="Diagnoza"),
        button_label="Zamawiam z obowiązkiem zapłaty",
        backup=Backup(kind=BackupKind.HAVE_ONE, made_on="2026-06-01"),
        previous_record=HASH,
    )


def refusal() -> Refusal:
    """Return a refusal."""
    return Refusal(
        record_id=uuid(1),
        case_id=uuid(2),
        run_id=uuid(4),
        created_at=NOW,
        client_version="0.1.0",
        system=SystemFamily.LINUX,
        language="pl",
        step="terms",
        reason="refused",
        documents=(document(),),
    )


def session_records() -> tuple[SessionStart, SessionEnd, ClosingProof]:
    """Return the records of a session."""
    base = msgspec.structs.asdict(refusal())
    for name in ("step", "reason", "documents"):
        del base[name]
    peer = Peer(number="123456789", accepted_by="user", connected_at=NOW)
    facts = tuple(
        ClosingFact(fact=f"fact_{holds}".lower(), holds=holds, measured_at=NOW)
        for holds in (True, False, None)
    )
    start = SessionStart(
        **base, consent_id=uuid(1), consent_hash=HASH, acceptance=Acceptance.ONLINE, anydesk_sha256=HASH
    )
    end = SessionEnd(**base, consent_id=uuid(1), ended_by="customer", peers=(peer,))
    return start, end, ClosingProof(**base, consent_id=uuid(1), facts=facts)


def every_record() -> tuple[Record, ...]:
    """Return one record of each kind."""
    return (consent(), refusal(), *session_records(), *again_records()[:2])


def again_records() -> tuple[Restart, Reopening, SessionStart]:
    """Return the records of a restart and of a second start."""
    start = session_records()[0]
    base = {name: getattr(start, name) for name in ("case_id", "run_id", "created_at", "client_version")}
    base |= {"record_id": uuid(1), "system": start.system, "language": "pl"}
    act = Act(control="restart", at=NOW, method=InputMethod.MOUSE, origin=InputOrigin.LOCAL, texts=("Tak",))
    restart = Restart(**base, consent_id=uuid(1), consent_hash=HASH, act=act)
    reopening = Reopening(
        **base, consent_id=uuid(1), consent_hash=HASH, reason="restart", previous_record=HASH, act=act
    )
    again = msgspec.structs.replace(start, reopening_id=uuid(6), reopening_hash=HASH)
    return restart, reopening, again
