"""Types of the console's JSON endpoints; used by scripts of the company, never by the client program."""

import msgspec

from consent_backend.console.cards import Board, Card, Line
from consent_record.case import Price
from consent_record.codes import group_digits
from consent_record.fields import AnyDeskNumber, Identifier, Language, Paragraph, Timestamp
from consent_record.fields import Line as TextLine
from consent_record.wire import CaseState, PersonDraft, StepState


class SignInRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of POST /v1/console/sessions."""

    name: TextLine
    password: TextLine


class SignInAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bearer token for the other console endpoints, and until when it serves."""

    token: str
    expires_at: Timestamp
    technician_id: Identifier
    technician_name: TextLine


class NewCaseRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of POST /v1/console/cases. `planned_at`: now when left out; `language`: the customer's."""

    problem: Paragraph
    price: Price
    phone: TextLine = ""
    planned_at: Timestamp | None = None
    details: PersonDraft = PersonDraft()
    language: Language = "pl"


class AlertLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that somebody must see."""

    number: int
    case_id: Identifier
    kind: str
    at: Timestamp
    detail: str


class CaseLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One case in the list."""

    case_id: Identifier
    state: CaseState
    technician_name: TextLine
    problem: Paragraph
    planned_at: Timestamp
    step: str | None
    step_number: int | None
    has_alert: bool


class CaseList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answer of GET /v1/console/cases: cases, open ones first, and every open alert."""

    cases: tuple[CaseLine, ...]
    alerts: tuple[AlertLine, ...]


class TimelineLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a case's timeline."""

    at: Timestamp
    source: str
    kind: str
    detail: str


class RecordOfCase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stored record of a case."""

    record_id: Identifier
    kind: str
    stored_at: Timestamp
    late: bool


class CaseDetail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One case. `code` is nine digits, `code_grouped` as dictated; `word` is said by the technician."""

    case_id: Identifier
    state: CaseState
    technician_name: TextLine
    code: str | None
    code_grouped: str
    word: str
    problem: Paragraph
    phone: TextLine
    planned_at: Timestamp
    expires_at: Timestamp
    price: Price
    step: str | None
    step_number: int | None
    step_state: StepState | None
    step_code: str
    missing: tuple[str, ...]
    asks_no_backup: bool
    no_backup_agreed: bool
    end_requested: bool
    anydesk_number: AnyDeskNumber | None
    peer_number: AnyDeskNumber | None
    offline_waiting: bool
    offline_tries_left: int
    alerts: tuple[AlertLine, ...]
    timeline: tuple[TimelineLine, ...]
    records: tuple[RecordOfCase, ...]


class OfflineRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of POST /v1/console/cases/{case_id}/offline-answer: the code that the customer reads out."""

    code: TextLine


class OfflineAnswerView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The eight digits that the customer types."""

    answer: str
    tries_left: int


class NumbersRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of PUT /v1/console/numbers: the AnyDesk numbers from which the signed-in technician connects."""

    numbers: tuple[AnyDeskNumber, ...]


class PasswordRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of POST /v1/console/password."""

    old: TextLine
    new: TextLine


def list_of(board: Board) -> CaseList:
    """Return the JSON form of the list of cases."""
    return CaseList(
        cases=tuple(_line(line) for line in board.lines),
        alerts=tuple(
            AlertLine(number=a.position, case_id=a.case_id, kind=a.kind, at=a.at, detail=a.detail)
            for a in board.alerts
        ),
    )


def _line(line: Line) -> CaseLine:
    case = line.case
    return CaseLine(
        case_id=case.id,
        state=case.state,
        technician_name=line.technician_name,
        problem=case.problem,
        planned_at=case.planned_at,
        step=case.step,
        step_number=line.step_number,
        has_alert=line.has_alert,
    )


def detail_of(card: Card) -> CaseDetail:
    """Return the JSON form of one case."""
    case = card.case
    return CaseDetail(
        case_id=case.id,
        state=case.state,
        technician_name=card.technician_name,
        code=case.code,
        code_grouped=group_digits(case.code or ""),
        word=case.word,
        problem=case.problem,
        phone=case.phone,
        planned_at=case.planned_at,
        expires_at=case.expires_at,
        price=case.price,
        step=case.step,
        step_number=card.step_number,
        step_state=case.step_state,
        step_code=case.step_code,
        missing=case.step_missing,
        asks_no_backup=case.asks_no_backup,
        no_backup_agreed=case.no_backup_agreed,
        end_requested=case.end_requested,
        anydesk_number=case.anydesk_number,
        peer_number=case.peer_number,
        offline_waiting=card.offline_waiting,
        offline_tries_left=card.offline_tries_left,
        alerts=tuple(
            AlertLine(number=a.position, case_id=a.case_id, kind=a.kind, at=a.at, detail=a.detail)
            for a in card.alerts
        ),
        timeline=tuple(
            TimelineLine(at=e.at, source=e.source, kind=e.kind, detail=e.detail) for e in card.events
        ),
        records=tuple(
            RecordOfCase(record_id=r.record_id, kind=r.kind, stored_at=r.stored_at, late=r.late)
            for r in card.records
        ),
    )
