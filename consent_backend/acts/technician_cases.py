"""What a technician does with cases: open one, answer an offline code, agree to no backup, end it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec

from consent_backend.acts.moving import EndedBy, move
from consent_backend.case_states import OVER, Trigger
from consent_backend.problems import N_, ApiError, ConsoleCode
from consent_backend.settings import CASE_LIFE_HOURS, OFFLINE_ANSWERS, PLAN_AHEAD_DAYS
from consent_backend.store.cases import (
    Case,
    add_case,
    add_offline_acceptance,
    case_by_code,
    case_by_id,
    change_case,
    fulfil_offline_acceptance,
    offline_acceptances,
)
from consent_backend.store.events import (
    CONSOLE,
    RESTART_ASKED,
    add_audit,
    add_event,
    mark_alert_seen,
    open_restart_wish,
)
from consent_backend.store.people import Technician
from consent_backend.store.work import Work
from consent_backend.words import draw
from consent_record.case import Price
from consent_record.codes import new_case_code, offline_answer, offline_code, parse_offline_code
from consent_record.errors import MalformedError
from consent_record.fields import timestamp
from consent_record.wire import CaseState, PersonDraft, ProblemCode

CODE_TRIES = 50


@dataclass(frozen=True)
class NewCase:
    """What the technician enters; `planned_at` is aware."""

    problem: str
    phone: str
    planned_at: datetime
    price: Price
    draft: PersonDraft
    language: str


@dataclass(frozen=True)
class OfflineAnswer:
    """The eight digits for the customer, and how many other codes of the case may still be answered."""

    answer: str
    tries_left: int


def open_case(work: Work, technician: Technician, new: NewCase) -> str:
    """Open a case and return its id.

    Raises:
        ApiError: `console.no_numbers` while the technician has no AnyDesk number, `console.bad_input`.
    """
    if not technician.anydesk_numbers:
        raise ApiError(
            ConsoleCode.NO_NUMBERS, N_("first enter the AnyDesk number from which you connect (My page)")
        )
    if not new.problem.strip():
        raise ApiError(ConsoleCode.BAD_INPUT, N_("the problem in one sentence is missing"))
    if not -1 <= (new.planned_at - work.now).days <= PLAN_AHEAD_DAYS:
        raise ApiError(
            ConsoleCode.BAD_INPUT,
            N_("plan from today to {days} days ahead"),
            values={"days": PLAN_AHEAD_DAYS},
        )
    case_id = str(uuid4())
    choice = draw(new.language)
    add_case(
        work,
        {
            "id": case_id,
            "technician_id": technician.id,
            "state": CaseState.OPEN.value,
            "code": _free_code(work),
            "language": new.language,
            "problem": new.problem.strip(),
            "phone": new.phone.strip(),
            "planned_at": timestamp(new.planned_at),
            "price": msgspec.json.encode(new.price).decode(),
            "draft": msgspec.json.encode(new.draft).decode(),
            "word": choice.word,
            "words": msgspec.json.encode(choice.words).decode(),
            "created_at": work.now_text,
            "expires_at": timestamp(max(new.planned_at, work.now) + timedelta(hours=CASE_LIFE_HOURS)),
            "step_code": "",
            "step_missing": "[]",
            "asks_no_backup": False,
            "no_backup_agreed": False,
            "end_requested": False,
            "record_count": 0,
        },
    )
    add_event(work, case_id, "opened", source=CONSOLE)
    add_audit(work, "case.opened", technician_id=technician.id, case_id=case_id)
    return case_id


def _free_code(work: Work) -> str:
    for _ in range(CODE_TRIES):
        code = new_case_code()
        if len(set(code)) > 3 and case_by_code(work.connection, code) is None:
            return code
    raise RuntimeError("no free case code found")


def case_for_console(work: Work, case_id: str) -> Case:
    """Return a case.

    Raises:
        ApiError: `request.not_found`.
    """
    case = case_by_id(work.connection, case_id)
    if case is None:
        raise ApiError(ProblemCode.NOT_FOUND, N_("there is no such case"))
    return case


def answer_offline_code(
    work: Work, technician: Technician, case_id: str, code_untrusted: str
) -> OfflineAnswer:
    """Accept by phone for a client that cannot reach the backend: answer its offline code.

    Only after the word was confirmed online. The same code gets the same answer again; `OFFLINE_ANSWERS`
    different codes are answered at most.

    Raises:
        ApiError: `console.not_now`, `console.offline_code`.
    """
    case = case_for_console(work, case_id)
    # In a session, too: after a restart the program may not reach us, and going on is accepted by phone then.
    is_time = case.state in (CaseState.WORD_CONFIRMED, CaseState.ORDERED, CaseState.IN_SESSION)
    if not is_time or case.case_secret is None or case.end_requested:
        raise ApiError(
            ConsoleCode.NOT_NOW, N_("possible only after the word was confirmed and before the session")
        )
    try:
        code = parse_offline_code(code_untrusted)
    except MalformedError as error:
        raise ApiError(
            ConsoleCode.OFFLINE_CODE,
            N_("the code does not fit: one character was misheard; ask for it again"),
        ) from error
    answered = {acceptance.code for acceptance in offline_acceptances(work.connection, case.id)}
    if code not in answered:
        if len(answered) >= OFFLINE_ANSWERS:
            raise ApiError(ConsoleCode.NOT_NOW, N_("all tries of this case are used up; open a new case"))
        add_offline_acceptance(work, case.id, code)
        if case.consent_id is not None and case.consent_hash and offline_code(case.consent_hash) == code:
            # The order had arrived and only its receipt was lost: nothing is waited for.
            fulfil_offline_acceptance(work, case.id, code, case.consent_id)
        answered.add(code)
        add_event(work, case.id, "offline_answered", source=CONSOLE)
        add_audit(work, "case.offline_answered", technician_id=technician.id, case_id=case.id)
        move(work, case, Trigger.ACCEPTED_OFFLINE)
    answer = offline_answer(case_secret=case.case_secret, case_id=case.id, code=code)
    return OfflineAnswer(answer, OFFLINE_ANSWERS - len(answered))


def agree_no_backup(work: Work, technician: Technician, case_id: str) -> None:
    """Agree that the customer goes on without a backup; possible only while the customer asks.

    Raises:
        ApiError: `console.not_now`.
    """
    case = case_for_console(work, case_id)
    if case.no_backup_agreed:
        return
    if not case.asks_no_backup or case.state not in (CaseState.JOINED, CaseState.WORD_CONFIRMED):
        raise ApiError(ConsoleCode.NOT_NOW, N_("the customer does not ask to go on without a backup"))
    change_case(work, case.id, no_backup_agreed=True)
    add_event(work, case.id, "no_backup_agreed", source=CONSOLE)
    add_audit(work, "case.no_backup_agreed", technician_id=technician.id, case_id=case.id)


def end_case(work: Work, technician: Technician, case_id: str) -> None:
    """End a case: at once before the order, else by asking the client, and at once when asked a second time."""
    case = case_for_console(work, case_id)
    if case.state in OVER:
        return
    trigger = Trigger.CLOSED if case.end_requested else Trigger.END_REQUESTED
    change_case(work, case.id, end_requested=True)
    add_event(work, case.id, trigger.value, source=CONSOLE)
    add_audit(work, f"case.{trigger.value}", technician_id=technician.id, case_id=case.id)
    move(work, case, trigger, by=EndedBy.TECHNICIAN)


def ask_restart(work: Work, technician: Technician, case_id: str) -> None:
    """Ask the customer for a restart of the computer; the customer alone agrees to it, or not.

    Raises:
        ApiError: `console.not_now`.
    """
    case = case_for_console(work, case_id)
    if case.state is not CaseState.IN_SESSION or case.end_requested:
        raise ApiError(ConsoleCode.NOT_NOW, N_("a restart can be asked for only while help runs"))
    if open_restart_wish(work.connection, case.id) is None:
        add_event(work, case.id, RESTART_ASKED, source=CONSOLE)
        add_audit(work, "case.restart_asked", technician_id=technician.id, case_id=case.id)


def see_alert(work: Work, technician: Technician, position: int) -> None:
    """Mark an alert as seen.

    Raises:
        ApiError: `request.not_found`.
    """
    case_id = mark_alert_seen(work, position, technician.id)
    if case_id is None:
        raise ApiError(ProblemCode.NOT_FOUND, N_("there is no such open alert"))
    add_audit(work, "alert.seen", technician_id=technician.id, case_id=case_id)
