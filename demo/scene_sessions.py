"""Invented sessions for every stage of a case, with the example company's brand and documents."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from client_app.core.anydesk import Fact
from client_app.core.config import Brand, load_brand
from client_app.core.person import CustomerKind, Person
from client_app.core.session import (
    Act,
    BackupChoice,
    CaseView,
    CheckKind,
    CheckResult,
    CheckState,
    ConsentView,
    Control,
    Document,
    DocumentText,
    EndedBy,
    FactView,
    InputOrigin,
    InputWay,
    Money,
    PeerView,
    Phase,
    RemovalView,
    Session,
)
from resources.compile import compile_brand

EXAMPLE = Path(__file__).resolve().parent / "example_company" / "brand.toml"
TECHNICIAN = "Anna Przykładowa"
NUMBER = "123456789"
WORDS = {
    "pl": ("rower", "jabłko", "zegar", "parasol", "lampa", "kubek", "drzewo", "okno", "żaglówka"),
    "en": ("bicycle", "apple", "clock", "umbrella", "lamp", "mug", "tree", "window", "sailing boat"),
}
TITLES = {
    "pl": {
        Document.TERMS: "Regulamin usługi pomoc zdalna",
        Document.PRICE: "Cennik",
        Document.PRIVACY: "Informacja o danych osobowych",
    },
    "en": {
        Document.TERMS: "Terms of the remote help service",
        Document.PRICE: "Price list",
        Document.PRIVACY: "Privacy notice",
    },
}


def example_brand(folder: Path) -> Brand:
    """Compile the example company's brand into a folder and read it."""
    file = folder / "brand.json"
    compile_brand(EXAMPLE, file, {})
    return load_brand(file)


def example_documents(folder: Path, brand: Brand, *, bundled: bool = False) -> tuple[DocumentText, ...]:
    """Read the compiled documents of a brand beside its file."""
    kinds = {
        Document.TERMS: brand.documents.terms,
        Document.PRICE: brand.documents.price,
        Document.PRIVACY: brand.documents.privacy,
    }
    found = []
    for kind, places in kinds.items():
        for language in ("pl", "en"):
            place = places.in_language(language)
            if place:
                markdown = (folder / place).read_text("utf-8")
                found.append(
                    DocumentText(
                        kind=kind,
                        document_id=kind.value,
                        version=3,
                        language=language,
                        title=TITLES[language][kind],
                        markdown=markdown,
                        sha256=hashlib.sha256(markdown.encode()).hexdigest(),
                        published_at="2026-11-01T08:00:00Z",
                        binding=language == "pl",
                        bundled=bundled,
                    )
                )
    return tuple(found)


class Sessions:
    """The sessions of one language, one for each stage of a case; invented, and said to be so."""

    def __init__(self, language: str, documents: tuple[DocumentText, ...]) -> None:
        self.language = language
        self.documents = documents
        self.start = Session(language=language)
        self._make_case(is_polish=language == "pl")
        self._make_before_order()
        self._make_after_order()

    def _make_case(self, *, is_polish: bool) -> None:
        self.problem = (
            "Drukarka nie drukuje od wczoraj."
            if is_polish
            else "The printer has not printed since yesterday."
        )
        self.price = Money(12300, "PLN", "pomoc z drukarką" if is_polish else "help with the printer")
        self.case = CaseView(
            case_id="00000000-0000-4000-8000-000000000001",
            technician_name=TECHNICIAN,
            anydesk_numbers=(NUMBER,),
            problem=self.problem,
            price=self.price,
            words=WORDS[self.language],
            documents=(),
        )
        self.person = Person(
            kind=CustomerKind.CONSUMER,
            name="Jan Przykładowy",
            email="jan.przykladowy@example.com",
            address="ul. Przykładowa 1, 00-000 Przykładowo",
        )
        self.firm = replace(
            self.person,
            kind=CustomerKind.BUSINESS,
            company="Przykład i Synowie sp. z o.o.",
            nip="526-000-12-46",
        )

    def _make_before_order(self) -> None:
        self.joined = replace(
            self.start, phase=Phase.WORD, code="123456782", case=self.case, documents=self.documents
        )
        self.detailed = replace(self.joined, phase=Phase.DETAILS, word_confirmed=True, person=self.person)
        self.checks = tuple(CheckResult(kind, CheckState.GOOD) for kind in CheckKind)
        self.read = replace(self.detailed, phase=Phase.TERMS)
        self.accepted = replace(
            self.read,
            phase=Phase.COMPUTER,
            checks=self.checks,
            acts=self.acts(Control.ACCEPT_TERMS, Control.ACCEPT_PRICE),
        )
        self.ready = replace(self.accepted, phase=Phase.ORDER, backup=BackupChoice.HAVE_ONE)

    def _make_after_order(self) -> None:
        self.consent = ConsentView("r", "h" * 64, "7ZK3Q-9M2PD-X")
        self.ordered = replace(self.ready, phase=Phase.SENDING, consent=self.consent)
        self.receipted = replace(
            self.ordered,
            phase=Phase.STARTING,
            consent=replace(self.consent, receipt_id="x", server_time="2026-11-22T10:00:00Z"),
            online=True,
        )
        self.peer = PeerView(
            NUMBER, "Anna | BIT Service", (datetime.now(UTC) - timedelta(minutes=12)).isoformat()
        )
        self.waiting = replace(
            self.receipted, phase=Phase.WAITING, anydesk_number="987654321", anydesk_running=True
        )
        self.over = replace(
            self.waiting,
            phase=Phase.FINISHED,
            ended_by=EndedBy.CUSTOMER,
            connected_once=True,
            closing=self._facts(),
            removal=RemovalView(planned=self.planned()),
        )

    def acts(self, *controls: Control) -> tuple[Act, ...]:
        return tuple(
            Act(control, "2026-11-22T10:00:00.000000Z", InputWay.MOUSE, InputOrigin.UNKNOWN, ("text",))
            for control in controls
        )

    def planned(self) -> tuple[str, ...]:
        return (
            "/home/jan/.local/opt/pomoc-zdalna",
            "/home/jan/.local/share/applications/pl.bitservice.pomoczdalna.desktop",
            "/home/jan/.local/share/pomoc-zdalna",
        )

    def _facts(self) -> tuple[FactView, ...]:
        facts = (
            Fact.NO_PROCESS,
            Fact.NO_CHILD,
            Fact.NO_SERVICE,
            Fact.NO_AUTOSTART,
            Fact.NO_PASSWORD,
            Fact.COPY_REMOVED,
        )
        return tuple(FactView(fact.value, True, fact.text) for fact in facts)
