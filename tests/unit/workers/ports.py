"""In-memory ports for controller tests: they remember every call, and fail where a test says so."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from client_app.core.anydesk import (
    AnyDeskEvent,
    AnyDeskState,
    ClosingFact,
    ClosingProof,
    Fact,
    HowAccepted,
    Peer,
    Prepared,
)
from client_app.core.effects import ReportStep, TellTechnician
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.ports import AnswerResult, StartPermission, StatusView, VerifiedReceipt, WordResult
from client_app.core.receipt_text import Closing, ReceiptText
from client_app.core.returning import Resumed
from client_app.core.services import Services
from client_app.core.session import (
    Act,
    CaseView,
    CheckKind,
    CheckResult,
    CheckState,
    ConsentView,
    DocumentText,
    EndedBy,
    RemovalView,
    ReopenReason,
    Session,
    StopReason,
)
from tests.unit.core.sessions import AT, CASE, CONSENT, DOCUMENTS, KNOWN, REOPENING

Call = tuple[str, object]


class World:
    """All ports in one, so that the order of calls across them is visible in `calls`."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.fail: dict[str, Exception] = {}
        self.status_view = StatusView()
        self.word = "a"
        self.unsent_records = 0
        self.progress: tuple[tuple[int, int], ...] = ()
        self.on_event: Callable[[AnyDeskEvent], None] | None = None

    def services(self) -> Services:
        """Return the ports as the controller wants them."""
        return Services(self, self, Checks(self), AnyDesk(self), Removal(self), Receipts(), Returning(self))

    def note(self, name: str, value: object = None) -> None:
        """Remember a call, or fail in its place."""
        self.calls.append((name, value))
        if name in self.fail:
            raise self.fail[name]

    def names(self) -> list[str]:
        """Return the names of the calls so far."""
        return [name for name, _ in self.calls]

    # backend
    def load_documents(self) -> tuple[DocumentText, ...]:
        self.note("load_documents")
        return DOCUMENTS

    def join(self, code: str, language: str) -> CaseView:
        self.note("join", code)
        return CASE

    def check_word(self, word: str) -> WordResult:
        self.note("check_word", word)
        return WordResult(word == self.word)

    def report_step(self, report: ReportStep) -> StatusView:
        self.note("report_step", report)
        return self.status_view

    def tell(self, event: TellTechnician, *, rating: int | None = None) -> StatusView:
        self.note("tell", event.kind)
        return self.status_view

    def status(self) -> StatusView:
        self.note("status")
        return self.status_view

    # consent
    def store_consent(self, session: Session) -> ConsentView:
        self.note("store_consent")
        return CONSENT

    def send(self, record_id: str) -> VerifiedReceipt:
        self.note("send", record_id)
        return VerifiedReceipt(record_id, "receipt-1", AT)

    def check_answer(self, record_id: str, text_untrusted: str) -> AnswerResult:
        self.note("check_answer", text_untrusted)
        return AnswerResult(text_untrusted == "12345678", 4)

    def permission(self, record_id: str) -> StartPermission:
        self.note("permission", record_id)
        return StartPermission.__new__(StartPermission)

    def store_refusal(self, session: Session, reason: StopReason) -> None:
        self.note("store_refusal", reason)

    def last_end(self) -> tuple[str, str]:
        return "record-1", "ef" * 32

    def ask_reopening(self, consent_id: str, ended_record: str) -> tuple[str, ...]:
        self.note("ask_reopening", consent_id)
        return tuple("jklmnopqr")

    def store_restart(self, session: Session, act: Act) -> tuple[str, str]:
        self.note("store_restart", act.origin)
        return "restart-1", "ef" * 32

    def store_reopening(self, session: Session, act: Act, reason: ReopenReason) -> ConsentView:
        self.note("store_reopening", reason)
        return REOPENING

    def store_session_start(self, session: Session, anydesk_sha256: str) -> None:
        self.note("store_session_start", anydesk_sha256)

    def store_session_end(self, session: Session) -> None:
        self.note("store_session_end", session.ended_by)

    def send_due(self) -> tuple[tuple[VerifiedReceipt, ...], float | None]:
        self.note("send_due")
        return (), None

    def unsent(self) -> int:
        return self.unsent_records

    def receipt_bytes(self, record_id: str) -> bytes | None:
        return None

    def export_unsent(self, folder: Path) -> tuple[Path, ...]:
        self.note("export_unsent", folder)
        return ()


class Checks:
    """Checks that are all good."""

    def __init__(self, world: World) -> None:
        self._world = world

    def local(self) -> tuple[CheckKind, ...]:
        return (CheckKind.BACKEND, CheckKind.RIGHTS)

    def after_terms(self) -> tuple[CheckKind, ...]:
        return (CheckKind.ANYDESK,)

    def run(self, kind: CheckKind, on_progress: Callable[[int, int], None] | None = None) -> CheckResult:
        self._world.note("check", kind)
        if kind is CheckKind.ANYDESK and on_progress is not None:
            for done, total in self._world.progress:
                on_progress(done, total)
        return CheckResult(kind, CheckState.GOOD)

    def stop(self) -> None:
        self._world.note("stop_fetching")


class AnyDesk:
    """An AnyDesk port that only remembers."""

    def __init__(self, world: World) -> None:
        self._world = world

    def prepare(self, technician_numbers: frozenset[str]) -> Prepared:
        self._world.note("prepare")
        return Prepared("ab" * 32, ())

    def start(
        self,
        permission: StartPermission,
        technician_numbers: frozenset[str],
        on_event: Callable[[AnyDeskEvent], None],
    ) -> None:
        self._world.note("start", technician_numbers)
        self._world.on_event = on_event
        on_event(AnyDeskEvent(AnyDeskState.READY, number="123123123"))

    def number(self) -> str:
        return "123123123"

    def end(
        self, by: EndedBy, on_first: Callable[[tuple[ClosingFact, ...]], None] | None = None
    ) -> ClosingProof:
        self._world.note("end", by)
        facts = tuple(ClosingFact(fact, True, "", AT) for fact in Fact)
        return ClosingProof(facts, facts, 0.1)


class Removal:
    """A removal port that only remembers."""

    def __init__(self, world: World) -> None:
        self._world = world

    def plan(self) -> RemovalView:
        self._world.note("plan")
        return RemovalView(planned=("/x",))

    def remove(self) -> RemovalView:
        self._world.note("remove")
        return RemovalView(removed=("/x",))


class Returning:
    """A restart that only remembers; nothing is ever restarted."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def own_entry(self) -> str:
        return "own-return"

    def prepare(self, session: Session, act: Act) -> None:
        self._world.note("prepare_restart", act.origin)

    def note_press(self, session: Session, act: Act) -> None:
        self._world.note("note_press", act.origin)

    def cancel(self) -> None:
        self._world.note("cancel_return")

    def restart(self) -> None:
        self._world.note("restart")

    def resume(self) -> Resumed:
        self._world.note("resume")
        return Resumed(CASE, replace(CONSENT, receipt_id="receipt-1"), "pl", AT, 3600)


class Receipts:
    """No receipt was ever stored here."""

    def text(self, record_id: str, language: str, closing: Closing | None = None) -> ReceiptText:
        raise CustomerError(ErrorCode.RECEIPT_WRONG)

    def save_json(self, record_id: str, path: Path) -> Path:
        raise CustomerError(ErrorCode.RECEIPT_WRONG)


def connected_peer() -> AnyDeskEvent:
    """The technician's connection as AnyDesk's watcher tells it."""
    return AnyDeskEvent(AnyDeskState.CONNECTED, "123123123", Peer(KNOWN, "Anna", HowAccepted.CLICK))


def offline() -> CustomerError:
    """The network is gone."""
    return CustomerError(ErrorCode.NO_CONNECTION)
