"""Every page in every state that matters, as invented sessions: for the pictures and for the tests of the window."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from client_app.core.config import Brand, load_brand
from client_app.core.errors import ErrorCode
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
    StopReason,
)
from resources.compile import compile_brand

if TYPE_CHECKING:
    from client_app.ui.wizard import HelpWizard

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


@dataclass(frozen=True)
class Scene:
    """A session and what is done in the window before it is looked at."""

    session: Session
    then: Callable[[HelpWizard], None] | None = None


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


def scenes(folder: Path, brand: Brand, language: str) -> dict[str, Scene]:
    """Return every scene by name, in the order in which a customer may meet them."""
    stories = Stories(language, example_documents(folder, brand))
    return {
        **stories.caller(),
        **stories.details(),
        **stories.terms(),
        **stories.computer(),
        **stories.order(),
        **stories.help(),
        **stories.finish(),
        **stories.stopped(),
    }


class Stories:
    """Builds the sessions of one language."""

    def __init__(self, language: str, documents: tuple[DocumentText, ...]) -> None:
        polish = language == "pl"
        self.language = language
        self.documents = documents
        self.start = Session(language=language)
        self.problem = (
            "Drukarka nie drukuje od wczoraj." if polish else "The printer has not printed since yesterday."
        )
        self.price = Money(12300, "PLN", "pomoc z drukarką" if polish else "help with the printer")
        self.case = CaseView(
            case_id="00000000-0000-4000-8000-000000000001",
            technician_name=TECHNICIAN,
            anydesk_numbers=(NUMBER,),
            problem=self.problem,
            price=self.price,
            words=WORDS[language],
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
        self.joined = replace(
            self.start, phase=Phase.WORD, code="123456782", case=self.case, documents=documents
        )
        self.detailed = replace(self.joined, phase=Phase.DETAILS, word_confirmed=True, person=self.person)
        self.checks = tuple(CheckResult(kind, CheckState.GOOD) for kind in CheckKind)
        self.read = replace(self.detailed, phase=Phase.TERMS)
        self.accepted = replace(
            self.read,
            phase=Phase.COMPUTER,
            checks=self.checks,
            acts=self._acts(Control.ACCEPT_TERMS, Control.ACCEPT_PRICE),
        )
        self.ready = replace(self.accepted, phase=Phase.ORDER, backup=BackupChoice.HAVE_ONE)
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
            removal=RemovalView(planned=self._planned()),
        )

    def caller(self) -> dict[str, Scene]:
        """Step 1."""
        wrong = replace(self.start, code="123456789", error=ErrorCode.CODE_CHECK)
        return {
            "caller_code": Scene(self.start),
            "caller_typing": Scene(replace(self.start, code="12345")),
            "caller_wrong_digit": Scene(wrong),
            "caller_joining": Scene(replace(self.start, code="123456782", phase=Phase.JOINING)),
            "caller_no_connection": Scene(replace(wrong, code="123456782", error=ErrorCode.NO_CONNECTION)),
            "caller_word": Scene(self.joined),
            "caller_not_them": Scene(self.joined, lambda wizard: wizard.rail.not_them.click()),
            "caller_close": Scene(self.joined, lambda wizard: wizard.reject()),
        }

    def details(self) -> dict[str, Scene]:
        """Step 2."""
        empty = replace(self.detailed, person=Person())
        wrong = replace(
            self.detailed,
            person=replace(self.firm, nip="123", email="jan@", name=""),
            error=ErrorCode.NAME_MISSING,
        )
        blocked = (
            *self.checks[:2],
            CheckResult(CheckKind.DISPLAY, CheckState.BLOCKING, ErrorCode.DISPLAY_WAYLAND),
        )
        return {
            "details_empty": Scene(empty),
            "details_consumer": Scene(self.detailed),
            "details_business_wrong": Scene(wrong),
            "details_blocked": Scene(replace(self.detailed, checks=blocked)),
            "details_stop": Scene(self.detailed, lambda wizard: wizard.buttons.stop.click()),
            "details_privacy": Scene(self.detailed, _press("privacy_whole")),
        }

    def terms(self) -> dict[str, Scene]:
        """Step 3."""
        without_list = tuple(d for d in self.documents if d.kind is not Document.PRICE)
        bundled = tuple(replace(d, bundled=True) for d in without_list)
        changed = replace(self.read, error=ErrorCode.DOCUMENTS_CHANGED)
        return {
            "terms": Scene(self.read),
            "terms_ticked": Scene(
                replace(self.read, acts=self._acts(Control.ACCEPT_TERMS, Control.ACCEPT_PRICE))
            ),
            "terms_bundled": Scene(replace(self.read, documents=bundled)),
            "terms_changed": Scene(changed),
            "terms_missing": Scene(replace(self.read, documents=(), error=ErrorCode.DOCUMENTS_MISSING)),
            "terms_whole": Scene(self.read, lambda wizard: _open_terms(wizard)),
        }

    def computer(self) -> dict[str, Scene]:
        """Step 4."""
        running = (*self.checks[:3], CheckResult(CheckKind.ANYDESK, CheckState.RUNNING))
        trouble = (
            CheckResult(CheckKind.BACKEND, CheckState.GOOD),
            CheckResult(CheckKind.RIGHTS, CheckState.WARNING, ErrorCode.RIGHTS_NONE),
            CheckResult(CheckKind.DISPLAY, CheckState.GOOD),
            CheckResult(CheckKind.ANYDESK, CheckState.BLOCKING, ErrorCode.ANYDESK_CHANGED),
        )
        none = replace(
            self.accepted,
            backup=BackupChoice.NONE,
            acts=(*self.accepted.acts, *self._acts(Control.NO_BACKUP)),
        )
        return {
            "computer": Scene(self.accepted),
            "computer_checking": Scene(replace(self.accepted, checks=running)),
            "computer_trouble": Scene(replace(self.accepted, checks=trouble)),
            "computer_none": Scene(self.accepted, _press("backup_none")),
            "computer_waiting": Scene(none),
            "computer_later": Scene(self.accepted, _press("backup_later")),
            "computer_answered": Scene(
                replace(self.accepted, backup=BackupChoice.HAVE_ONE, backup_made_on=date(2026, 11, 20))
            ),
        }

    def order(self) -> dict[str, Scene]:
        """Step 5."""
        ticked = replace(
            self.ready, acts=(*self.ready.acts, *self._acts(Control.AUTHORITY, Control.EARLY_START))
        )
        free = replace(self.case, price=Money(0))
        offline = replace(self.ordered, phase=Phase.OFFLINE, online=False, error=ErrorCode.NO_CONNECTION)
        return {
            "order": Scene(self.ready),
            "order_ticked": Scene(ticked),
            "order_business_free": Scene(replace(self.ready, person=self.firm, case=free)),
            "order_withdrawal": Scene(self.ready, _press("withdrawal_information")),
            "order_sending": Scene(self.ordered),
            "order_offline": Scene(replace(offline, error=None)),
            "order_offline_wrong": Scene(replace(offline, error=ErrorCode.ANSWER_WRONG, answer_tries_left=3)),
        }

    def help(self) -> dict[str, Scene]:
        """Step 6."""
        return {
            "help_starting": Scene(self.receipted),
            "help_not_started": Scene(replace(self.receipted, error=ErrorCode.ANYDESK_NOT_STARTED)),
            "help_waiting": Scene(self.waiting),
            "help_asking": Scene(replace(self.waiting, asking=self.peer)),
            "help_connected": Scene(
                replace(self.waiting, phase=Phase.CONNECTED, peer=self.peer, connected_once=True)
            ),
            "help_closing": Scene(replace(self.waiting, phase=Phase.CLOSING, ended_by=EndedBy.CUSTOMER)),
        }

    def finish(self) -> dict[str, Scene]:
        """Step 7."""
        facts = self.over.closing
        open_facts = (replace(facts[0], holds=False), replace(facts[1], holds=None), *facts[2:])
        stranger = replace(self.over, ended_by=EndedBy.STRANGER, error=ErrorCode.STRANGER_CONNECTED)
        left = ("/home/jan/Potwierdzenie.pdf",)
        return {
            "finish": Scene(self.over),
            "finish_late_receipt": Scene(replace(self.over, consent=self.consent, rating=4)),
            "finish_not_closed": Scene(replace(self.over, closing=open_facts, error=ErrorCode.NOT_CLOSED)),
            "finish_stranger": Scene(stranger),
            "finish_remove": Scene(self.over, _press("remove")),
            "finish_unsent": Scene(replace(self.over, error=ErrorCode.UNSENT_RECORDS)),
            "finish_removing": Scene(replace(self.over, phase=Phase.REMOVING)),
            "finish_removed": Scene(
                replace(
                    self.over, phase=Phase.REMOVED, removal=RemovalView(removed=self._planned(), left=left)
                )
            ),
        }

    def stopped(self) -> dict[str, Scene]:
        """The page for what was never started."""
        found = {}
        for reason in StopReason:
            session = replace(
                self.detailed,
                phase=Phase.STOPPED,
                stop_reason=reason,
                removal=RemovalView(planned=self._planned()),
            )
            found[f"stopped_{reason.value}"] = Scene(session)
        return found

    def _acts(self, *controls: Control) -> tuple[Act, ...]:
        return tuple(
            Act(control, "2026-11-22T10:00:00.000000Z", InputWay.MOUSE, InputOrigin.UNKNOWN, ("text",))
            for control in controls
        )

    def _planned(self) -> tuple[str, ...]:
        return (
            "/home/jan/.local/opt/pomoc-zdalna",
            "/home/jan/.local/share/applications/pl.bitservice.pomoczdalna.desktop",
            "/home/jan/.local/share/pomoc-zdalna",
        )

    def _facts(self) -> tuple[FactView, ...]:
        texts = (
            "No process of our AnyDesk is running.",
            "Nothing that AnyDesk started is running.",
            "No system service of our AnyDesk is installed.",
            "Our AnyDesk does not start with the computer.",
            "No password for access without you is set.",
            "The copy of AnyDesk that was used is deleted.",
        )
        return tuple(FactView(f"fact_{place}", True, text) for place, text in enumerate(texts))


def _press(name: str) -> Callable[[HelpWizard], None]:
    def act(wizard: HelpWizard) -> None:
        from PySide6.QtWidgets import QPushButton

        button = wizard.current_page().findChild(QPushButton, name)
        if button is None:
            raise LookupError(name)
        button.click()

    return act


def _open_terms(wizard: HelpWizard) -> None:
    from client_app.ui.document_panel import open_document

    view = wizard.view
    terms = getattr(view.body, "terms", None) if view is not None else None
    if terms is None:
        raise LookupError("terms")
    open_document(wizard, terms)
