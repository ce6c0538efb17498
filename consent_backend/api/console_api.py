"""The console's acts as JSON, for scripts of the company: a password gives a bearer token."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, delete, get, post, put
from litestar.params import FromPath, JSONBody

from consent_backend.acts.people import sign_out, store_numbers
from consent_backend.acts.technician_cases import (
    NewCase,
    agree_no_backup,
    answer_offline_code,
    ask_restart,
    case_for_console,
    end_case,
    open_case,
    see_alert,
)
from consent_backend.api.console_types import (
    CaseDetail,
    CaseList,
    NewCaseRequest,
    NumbersRequest,
    OfflineAnswerView,
    OfflineRequest,
    PasswordRequest,
    SignInAnswer,
    SignInRequest,
    detail_of,
    list_of,
)
from consent_backend.api.openapi import problems
from consent_backend.api.requests import bearer_token, identifier
from consent_backend.console.cards import board, card_of
from consent_backend.console.door import new_password, session_of, sign_in
from consent_backend.office import address_of, office_of
from consent_backend.problems import N_, ApiError, ConsoleCode
from consent_backend.store.people import ConsoleSession, Technician
from consent_backend.store.records import record_by_id
from consent_backend.store.work import Work
from consent_record.fields import moment_of
from consent_record.wire import ProblemCode

AnyRequest = Request[Any, Any, Any]

_BODY = problems(400, 401, 403, 404, 409, 413, 415, 422, 503)
_PLAIN = problems(401, 403, 404, 409, 503)


async def _session(request: AnyRequest) -> ConsoleSession:
    try:
        token = bearer_token(request)
    except ApiError as error:
        raise ApiError(ConsoleCode.SIGNED_OUT, error.detail) from error
    return await session_of(office_of(request), token)


async def _technician(request: AnyRequest) -> Technician:
    session = await _session(request)
    if session.technician.must_change_password:
        raise ApiError(ConsoleCode.PASSWORD_CHANGE, "change the one-time password first")
    return session.technician


@post("/v1/console/sessions", status_code=200, responses=problems(400, 401, 413, 415, 422, 429, 503))
async def create_session(request: AnyRequest, data: JSONBody[SignInRequest]) -> SignInAnswer:
    """Sign in by password."""
    signed_in = await sign_in(office_of(request), data.name, data.password, address_of(request))
    return SignInAnswer(
        token=signed_in.token,
        expires_at=signed_in.expires_at,
        technician_id=signed_in.technician.id,
        technician_name=signed_in.technician.display_name,
    )


@delete("/v1/console/sessions", status_code=204, responses=problems(401, 503))
async def end_own_session(request: AnyRequest) -> None:
    """Sign out."""
    session = await _session(request)
    await office_of(request).store.write(lambda work: sign_out(work, session.token_hash, session.technician))


@post("/v1/console/password", status_code=200, responses=_BODY)
async def change_own_password(request: AnyRequest, data: JSONBody[PasswordRequest]) -> SignInAnswer:
    """Change the password; every session ends, the answer holds a new one."""
    session = await _session(request)
    signed_in = await new_password(office_of(request), session, data.old, data.new)
    return SignInAnswer(
        token=signed_in.token,
        expires_at=signed_in.expires_at,
        technician_id=signed_in.technician.id,
        technician_name=signed_in.technician.display_name,
    )


@put("/v1/console/numbers", status_code=204, responses=_BODY)
async def put_numbers(request: AnyRequest, data: JSONBody[NumbersRequest]) -> None:
    """Replace the AnyDesk numbers from which the signed-in technician connects."""
    technician = await _technician(request)
    await office_of(request).store.write(lambda work: store_numbers(work, technician, data.numbers))


@get("/v1/console/cases", responses=_PLAIN)
async def list_cases(request: AnyRequest) -> CaseList:
    """Return the cases, open ones first, and every open alert."""
    await _technician(request)
    return await office_of(request).store.read(lambda work: list_of(board(work.connection)))


@post("/v1/console/cases", status_code=201, responses=_BODY)
async def create_case(request: AnyRequest, data: JSONBody[NewCaseRequest]) -> CaseDetail:
    """Open a case: its code for the customer, the word to say."""
    technician = await _technician(request)
    new = NewCase(
        problem=data.problem,
        phone=data.phone,
        planned_at=_moment(data.planned_at),
        price=data.price,
        draft=data.details,
        language=data.language,
    )

    def act(work: Work) -> CaseDetail:
        return _detail(work, open_case(work, technician, new))

    return await office_of(request).store.write(act)


@get("/v1/console/cases/{case_id:str}", responses=_PLAIN)
async def show_case(request: AnyRequest, case_id: FromPath[str]) -> CaseDetail:
    """Return one case with its timeline."""
    await _technician(request)
    case_id = identifier(case_id)
    return await office_of(request).store.read(lambda work: _detail(work, case_id))


@post("/v1/console/cases/{case_id:str}/offline-answer", status_code=200, responses=_BODY)
async def offline_answer(
    request: AnyRequest, case_id: FromPath[str], data: JSONBody[OfflineRequest]
) -> OfflineAnswerView:
    """Answer the code that the customer reads out while his computer cannot reach the backend."""
    technician, case_id = await _technician(request), identifier(case_id)
    answer = await office_of(request).store.write(
        lambda work: answer_offline_code(work, technician, case_id, data.code)
    )
    return OfflineAnswerView(answer=answer.answer, tries_left=answer.tries_left)


@post("/v1/console/cases/{case_id:str}/agree-no-backup", status_code=200, responses=_PLAIN)
async def agree(request: AnyRequest, case_id: FromPath[str]) -> CaseDetail:
    """Agree that the customer goes on without a backup."""
    return await _act(request, case_id, agree_no_backup)


@post("/v1/console/cases/{case_id:str}/end", status_code=200, responses=_PLAIN)
async def end(request: AnyRequest, case_id: FromPath[str]) -> CaseDetail:
    """End a case; one with an order is ended by its client, or by asking a second time."""
    return await _act(request, case_id, end_case)


@post("/v1/console/cases/{case_id:str}/ask-restart", status_code=200, responses=_PLAIN)
async def ask_for_restart(request: AnyRequest, case_id: FromPath[str]) -> CaseDetail:
    """Ask the customer for a restart of the computer."""
    return await _act(request, case_id, ask_restart)


@get(
    "/v1/console/cases/{case_id:str}/receipts/{record_id:str}",
    responses=_PLAIN,
    summary="A receipt of a case",
)
async def console_receipt(
    request: AnyRequest, case_id: FromPath[str], record_id: FromPath[str]
) -> Response[bytes]:
    """Return a receipt of a case, in canonical form."""
    await _technician(request)
    receipt = await receipt_bytes(request, identifier(case_id), identifier(record_id))
    return Response(content=receipt, media_type="application/json")


@post("/v1/console/alerts/{number:str}/seen", status_code=204, responses=_PLAIN)
async def alert_seen(request: AnyRequest, number: FromPath[str]) -> None:
    """Mark an alert as seen."""
    technician, position = await _technician(request), alert_number(number)
    await office_of(request).store.write(lambda work: see_alert(work, technician, position))


def alert_number(text_untrusted: str) -> int:
    """Return the number of an alert from the address.

    Raises:
        ApiError: `request.not_found`.
    """
    if not (text_untrusted.isascii() and text_untrusted.isdigit() and len(text_untrusted) <= 15):
        raise ApiError(ProblemCode.NOT_FOUND, N_("there is no such open alert"))
    return int(text_untrusted)


async def receipt_bytes(request: AnyRequest, case_id: str, record_id: str) -> bytes:
    """Return the receipt of a record of a case.

    Raises:
        ApiError: `record.unknown`.
    """

    def find(work: Work) -> bytes:
        stored = record_by_id(work.connection, record_id)
        if stored is None or stored.case_id != case_id:
            raise ApiError(ProblemCode.RECORD_UNKNOWN, N_("this case has no such record"))
        return stored.receipt

    return await office_of(request).store.read(find)


async def _act(request: AnyRequest, case_id: str, act: Callable[[Work, Technician, str], None]) -> CaseDetail:
    technician, case_id = await _technician(request), identifier(case_id)

    def run(work: Work) -> CaseDetail:
        act(work, technician, case_id)
        return _detail(work, case_id)

    return await office_of(request).store.write(run)


def _detail(work: Work, case_id: str) -> CaseDetail:
    return detail_of(card_of(work.connection, case_for_console(work, case_id)))


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        return moment_of(text)
    except ValueError as error:
        raise ApiError(ProblemCode.SHAPE, "planned_at is no date") from error


CONSOLE_HANDLERS = [
    create_session,
    end_own_session,
    change_own_password,
    put_numbers,
    list_cases,
    create_case,
    show_case,
    offline_answer,
    agree,
    ask_for_restart,
    end,
    console_receipt,
    alert_seen,
]
