"""The company's backend behind `BackendPort`: one run's calls, every answer checked before it is believed."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from client_app.core.effects import ReportStep, TellTechnician
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.person import CustomerKind, Person
from client_app.core.ports import StatusView, WordResult
from client_app.core.session import CaseView, DocumentText
from client_app.services import documents
from client_app.services.http import Door, Limits, Method
from client_app.services.run import JoinedCase, Run
from client_app.services.statement import WORD_COUNT, case_view, read_join_answer
from consent_record.canonical import decode
from consent_record.case import CaseRules
from consent_record.errors import MalformedError
from consent_record.fields import AnyDeskNumber, timestamp
from consent_record.wire import (
    AnyDeskSetting,
    CaseState,
    CaseStatus,
    EventKind,
    Health,
    JoinRequest,
    PersonDraft,
    ReopenAnswer,
    ReopenRequest,
    SessionEvent,
    StepReport,
    StepState,
    WordAnswer,
    WordOutcome,
    WordRequest,
)

_log = logging.getLogger(__name__)
T = TypeVar("T")

HEALTH_LIMITS = Limits(connect_seconds=4.0, read_seconds=6.0, total_seconds=10.0)

UNREACHABLE = frozenset(
    {
        ErrorCode.NO_CONNECTION,
        ErrorCode.CONNECTION_INSPECTED,
        ErrorCode.SERVER_TROUBLE,
        ErrorCode.TOO_MANY_TRIES,
        ErrorCode.NO_BACKEND_SET,
    }
)
"""Failures after which the bundled documents serve. An answer that is wrong is not one of them."""


class Backend:
    """`BackendPort` over the HTTP door. Safe from several worker threads."""

    def __init__(
        self,
        door: Door,
        run: Run,
        *,
        root_key: str,
        own_rules: CaseRules,
        bundled_documents: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            door: to the backend.
            run: shared with the consent service.
            root_key: the pinned root, hexadecimal; "" trusts nothing.
            own_rules: this program's limits of a session.
            bundled_documents: file of the documents that came with the program.
            clock: aware.
        """
        self._door = door
        self._run = run
        self._root_key = root_key
        self._own_rules = own_rules
        self._bundled = bundled_documents
        self._clock = clock
        self._lock = threading.Lock()
        self._event_ids: dict[int, tuple[TellTechnician, str]] = {}

    def load_documents(self) -> tuple[DocumentText, ...]:
        """Return the checked documents in force; the bundled ones when the backend cannot be reached.

        Raises:
            CustomerError: DOCUMENT_WRONG, DOCUMENTS_MISSING, ANSWER_UNEXPECTED.
        """
        try:
            body = self._door.call(Method.GET, "/v1/documents")
        except CustomerError as error:
            if error.code not in UNREACHABLE:
                raise
            _log.info("documents_bundled", extra={"code": error.code})
            return documents.from_file(self._bundled, root_key=self._root_key)
        return documents.from_backend(body, root_key=self._root_key)

    def join(self, code: str, language: str) -> CaseView:
        """Exchange a code for a case; see `BackendPort.join`."""
        request = JoinRequest(
            code=code,
            nonce=self._run.nonce,
            client_version=self._run.client_version,
            system=self._run.system,
            language=language,
        )
        body = self._door.call(Method.POST, "/v1/cases/join", body=msgspec.json.encode(request))
        case = read_join_answer(body, root_key=self._root_key, nonce=self._run.nonce, now=self._clock())
        self._run.begin_case(case)
        return case_view(case, self._own_rules)

    def check_word(self, word: str) -> WordResult:
        """Let the backend check the word; see `BackendPort.check_word`."""
        case = self._run.case()
        answer = self._ask(
            Method.POST, f"/v1/cases/{case.case_id}/word", WordAnswer, case, WordRequest(word=word)
        )
        if answer.outcome is WordOutcome.RIGHT:
            self._run.confirm_word(case.case_id, answer.case_secret)
            return WordResult(True, person_of(answer.details) if answer.details is not None else None)
        if answer.outcome is WordOutcome.FROZEN:
            return WordResult(False)
        raise CustomerError(ErrorCode.ANSWER_UNEXPECTED, "word: outcome not known")

    def report_step(self, report: ReportStep) -> StatusView:
        """Tell the console which step is shown."""
        case = self._run.case()
        body = StepReport(
            step=report.step,
            state=StepState(report.state),
            at=timestamp(self._clock()),
            code=report.code,
            missing=report.missing,
            asks_no_backup=report.asks_no_backup,
        )
        return _view(self._ask(Method.PUT, f"/v1/cases/{case.case_id}/step", CaseStatus, case, body))

    def tell(self, event: TellTechnician, *, rating: int | None = None) -> StatusView:
        """Tell the console of an event; the same object told again is the same event."""
        case = self._run.case()
        body = SessionEvent(
            event_id=self._event_id(event),
            kind=EventKind(event.kind),
            at=timestamp(self._clock()),
            anydesk_number=_number(event.anydesk_number),
            peer_number=_number(event.peer_number),
            code=event.code,
            rating=rating,
            settings=tuple(map(_setting, event.settings)) or msgspec.UNSET,
        )
        return _view(self._ask(Method.POST, f"/v1/cases/{case.case_id}/events", CaseStatus, case, body))

    def status(self) -> StatusView:
        """Ask what the technician's side decided."""
        case = self._run.case()
        return _view(self._ask(Method.GET, f"/v1/cases/{case.case_id}", CaseStatus, case))

    def ask_reopening(self, consent_id: str, ended_record: str) -> tuple[str, ...]:
        """Ask for a new round of the word; see `BackendPort.ask_reopening`."""
        case = self._run.case()
        body = ReopenRequest(consent_id=consent_id, ended_record=ended_record)
        answer = self._ask(Method.POST, f"/v1/cases/{case.case_id}/reopen", ReopenAnswer, case, body)
        if len(set(answer.words)) != WORD_COUNT or len(answer.words) != WORD_COUNT:
            raise CustomerError(ErrorCode.ANSWER_UNEXPECTED, "reopen: not nine different words")
        return answer.words

    def check_health(self) -> None:
        """Ask whether the backend is there; within 10 s.

        Raises:
            CustomerError: as `Door.call`, or SERVER_TROUBLE when it says that it is not well.
        """
        health = _decoded(self._door.call(Method.GET, "/v1/health", limits=HEALTH_LIMITS), Health)
        if health.status != "ok":
            raise CustomerError(ErrorCode.SERVER_TROUBLE, "health: not ok")

    def _ask(
        self,
        method: Method,
        path: str,
        kind: type[T],
        case: JoinedCase,
        body: msgspec.Struct | None = None,
    ) -> T:
        data = msgspec.json.encode(body) if body is not None else None
        return _decoded(self._door.call(method, path, body=data, token=case.token), kind)

    def _event_id(self, event: TellTechnician) -> str:
        # Two equal events are two events (connected, left, connected again); the same object is one that is told again.
        with self._lock:
            if id(event) not in self._event_ids:
                self._event_ids[id(event)] = (event, str(uuid.uuid4()))
            return self._event_ids[id(event)][1]


def person_of(draft: PersonDraft) -> Person:
    """Return the details that the technician knows, for the customer to confirm or correct."""
    return Person(
        kind=CustomerKind(draft.kind.value) if draft.kind is not None else None,
        name=draft.name,
        email=draft.email,
        address=draft.address,
        company=draft.company,
        nip=draft.nip,
    )


def _view(status: CaseStatus) -> StatusView:
    if status.state is CaseState.UNEXPECTED:
        raise CustomerError(ErrorCode.ANSWER_UNEXPECTED, "status: state not known")
    return StatusView(
        no_backup_agreed=status.no_backup_agreed,
        end_requested=status.end_requested or status.state is CaseState.ENDED,
        frozen=status.state is CaseState.FROZEN,
        restart_requested=status.restart_requested or "",
    )


def _setting(name: str) -> AnyDeskSetting:
    """Return a setting as the wire names it; one that the wire does not know is told without its name."""
    try:
        return AnyDeskSetting(name.removeprefix("anydesk."))
    except ValueError:
        return AnyDeskSetting.OTHER


def _number(text: str) -> str | None:
    """Return an AnyDesk number as the wire takes it, None for what is none (an alias, nothing)."""
    try:
        return msgspec.convert(text, AnyDeskNumber)
    except msgspec.ValidationError:
        return None


def _decoded(body_untrusted: bytes, kind: type[T]) -> T:
    try:
        return decode(body_untrusted, kind)
    except MalformedError as error:
        raise CustomerError(ErrorCode.ANSWER_UNEXPECTED, f"{kind.__name__}: {error.code}") from error
