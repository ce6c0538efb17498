"""Receipts for tests: real records of a real company under a real root, and the brand that goes with them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import Path

from client_app.core.anydesk import Fact
from client_app.core.brand_types import Brand
from client_app.core.config import load_brand
from client_app.core.receipt_text import Closing, ReceiptSection, ReceiptText
from client_app.core.session import EndedBy, FactView, PeerView
from client_app.services.receipt_text import compose
from client_app.services.receipt_words import Words
from consent_record.documents import DocumentRef
from consent_record.records import (
    Acceptance,
    Act,
    Backup,
    BackupKind,
    ClosingFact,
    ClosingProof,
    Consent,
    InputMethod,
    InputOrigin,
    Peer,
    Person,
    PersonKind,
    Record,
    Refusal,
    SessionEnd,
    SessionStart,
    SystemFamily,
)
from resources.compile import compile_brand
from tests.unit.services.company import Company, new_id

ROOT = Path(__file__).resolve().parent.parent.parent
CREATED = "2026-05-05T12:03:22.123456Z"
"""14:03:22 in Warsaw."""

CONSUMER = Person(
    kind=PersonKind.CONSUMER,
    name="Żaneta Brzęczyszczykiewicz-Łękołodzka",
    email="zaneta@example.com",
    address="ul. Gęsia 5 m. 12, 62-330 Nekla",
)
SUMMER = timezone(timedelta(hours=2))
ENGLISH = Words("en", str, SUMMER)
"""Message ids are English, so a translator that changes nothing speaks it."""

BUSINESS = Person(
    kind=PersonKind.BUSINESS,
    name="Jan Nowak",
    email="jan@example.com",
    address="ul. Prosta 1, 00-001 Warszawa",
    company="Piekarnia Źdźbło sp. z o.o.",
    nip="5260250274",
)


def make_brand(folder: Path, *, is_example: bool = False) -> Brand:
    """Compile and load the product's own brand, or the demonstration's."""
    source = ROOT / ("demo/example_company/brand.toml" if is_example else "resources/brand.toml")
    compile_brand(source, folder / "brand.json")
    return load_brand(folder / "brand.json")


@dataclass(frozen=True)
class Common:
    """What records of one case share."""

    company: Company

    def fields(self) -> dict[str, object]:
        """Return the fields that every record has."""
        return {
            "record_id": new_id(),
            "case_id": self.company.case_id,
            "run_id": new_id(),
            "created_at": CREATED,
            "client_version": "0.1.0",
            "system": SystemFamily.LINUX,
            "language": "pl",
        }


def make_consent(company: Company, brand: Brand, language: str = "pl", **changes: object) -> Consent:
    """Return an order as the program would record it, with the brand's own declarations."""
    texts = brand.declarations
    fields: dict[str, object] = {
        **Common(company).fields(),
        "provider": brand.seller.name,
        "technician_id": company.technician_id,
        "technician_name": "Anna Kowalska",
        "statement_hash": "ab" * 32,
        "problem": "Drukarka nie drukuje po ostatniej aktualizacji; wyświetla komunikat „Offline”.",
        "person": CONSUMER,
        "documents": company.references(),
        "displays": (),
        "acts": (
            act("accept_terms", "2026-05-05T12:00:01.5Z", texts.terms.in_language(language)),
            act("accept_price", "2026-05-05T12:00:04Z", texts.price.in_language(language)),
            act("backup", "2026-05-05T12:01:00Z", texts.backup.in_language(language)),
            act(
                "authority",
                "2026-05-05T12:02:58Z",
                texts.order_tick.in_language(language),
                texts.dispose.in_language(language),
                texts.presence.in_language(language),
                texts.remote_work.in_language(language),
            ),
            act("early_start", "2026-05-05T12:03:09Z", brand.consumer.early_start.in_language(language)),
            act("order", CREATED, brand.order_button.paid.in_language(language)),
        ),
        "price": company.price,
        "button_label": brand.order_button.paid.in_language(language),
        "backup": Backup(kind=BackupKind.HAVE_ONE, made_on="2026-05-02"),
        **changes,
    }
    return Consent(**fields)  # type: ignore[arg-type]


def act(control: str, at: str, *texts: str, checked: bool = True) -> Act:
    """Return an act with the mouse at this computer."""
    return Act(
        control=control,
        at=at,
        method=InputMethod.MOUSE,
        origin=InputOrigin.LOCAL,
        texts=texts,
        checked=checked,
    )


def make_refusal(company: Company, documents: tuple[DocumentRef, ...] = ()) -> Refusal:
    """Return a refusal on the terms page."""
    return Refusal(**Common(company).fields(), step="terms", reason="refused", documents=documents)  # type: ignore[arg-type]


def make_start(company: Company) -> SessionStart:
    """Return the record of a start."""
    return SessionStart(
        **Common(company).fields(),  # type: ignore[arg-type]
        consent_id=new_id(),
        consent_hash="cd" * 32,
        acceptance=Acceptance.ONLINE,
        anydesk_sha256="ef" * 32,
    )


def make_end(company: Company) -> SessionEnd:
    """Return the record of an end."""
    peer = Peer(number="111222333", accepted_by="user", connected_at=CREATED, disconnected_at=CREATED)
    fields = {**Common(company).fields(), "consent_id": new_id(), "ended_by": "technician", "peers": (peer,)}
    return SessionEnd(**fields)  # type: ignore[arg-type]


def make_proof(company: Company) -> ClosingProof:
    """Return the record of closing facts, one of them without a measurement."""
    facts = tuple(
        ClosingFact(fact=fact.value, holds=None if fact is Fact.NO_SERVICE else True, measured_at=CREATED)
        for fact in Fact
    )
    return ClosingProof(**Common(company).fields(), consent_id=new_id(), facts=facts)  # type: ignore[arg-type]


def make_closing(*, failing: Fact | None = None) -> Closing:
    """Return what a program measured after help."""
    facts = tuple(FactView(fact.value, fact is not failing, fact.text, CREATED) for fact in Fact)
    peer = PeerView("111222333", "Anna (BIT Service)", CREATED, "user", "2026-05-05T12:45:10Z")
    return Closing(EndedBy.CUSTOMER, (peer,), facts)


def in_words(
    company: Company,
    brand: Brand,
    record: Record,
    *,
    words: Words = ENGLISH,
    closing: Closing | None = None,
    late: bool = False,
) -> ReceiptText:
    """Sign a record and turn its receipt into words."""
    data = company.receipt(record, late=late)
    return compose(data, words, brand, root_key=company.root_key, closing=closing)


def everything(text: ReceiptText) -> str:
    """Return every word of a receipt, but for the attached file."""
    return repr(dataclasses.replace(text, attachment=None))


def section(text: ReceiptText, heading: str) -> ReceiptSection:
    """Return the section with a heading."""
    return next(s for s in text.sections if s.heading == heading)


def values(text: ReceiptText, heading: str) -> dict[str, str]:
    """Return the rows of a section by label."""
    return {row.label: row.value for row in section(text, heading).rows}
