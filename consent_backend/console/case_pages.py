"""Pages of cases. Forms answer with a redirect, so that reloading a page never repeats an act."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from consent_backend.acts.technician_cases import (
    agree_no_backup,
    answer_offline_code,
    ask_restart,
    case_for_console,
    end_case,
    open_case,
    see_alert,
)
from consent_backend.api.console_api import alert_number, receipt_bytes
from consent_backend.api.requests import identifier
from consent_backend.console.cards import Card, board, card_of
from consent_backend.console.forms import new_case_of
from consent_backend.console.page import HOME, page, see_other, working_visit
from consent_backend.console.render import form_time, sentence_of
from consent_backend.console.visit import AnyRequest, Visit, own_path, posted
from consent_backend.problems import ApiError
from consent_backend.store.people import Technician
from consent_backend.store.work import Work


@get(HOME, include_in_schema=False)
async def cases_page(request: AnyRequest) -> Response[bytes]:
    """Show the list of cases."""
    visiting = await working_visit(request)
    found = await visiting.office.store.read(lambda work: board(work.connection))
    return page(request, "cases.html", visiting, board=found)


@get("/console/fragments/cases", include_in_schema=False)
async def cases_fragment(request: AnyRequest) -> Response[bytes]:
    """Return the changing part of the list."""
    visiting = await working_visit(request)
    found = await visiting.office.store.read(lambda work: board(work.connection))
    return page(request, "_cases.html", visiting, board=found)


@get("/console/cases/new", include_in_schema=False)
async def new_case_page(request: AnyRequest) -> Response[bytes]:
    """Show the form of a new case."""
    visiting = await working_visit(request)
    return _new_case(request, visiting, {}, "")


def _new_case(
    request: AnyRequest, visiting: Visit, fields: dict[str, str], problem: str, status: int = 200
) -> Response[bytes]:
    now = form_time(datetime.now(UTC))
    return page(request, "new_case.html", visiting, status, fields=fields, problem=problem, now=now)


@post("/console/cases", include_in_schema=False)
async def new_case_form(request: AnyRequest) -> Response[Any]:
    """Open a case."""
    visiting = await working_visit(request)
    fields = await posted(request, visiting)
    try:
        new = new_case_of(fields)
        case_id = await visiting.office.store.write(lambda work: open_case(work, visiting.technician, new))
    except ApiError as error:
        return _new_case(request, visiting, fields, sentence_of(error, visiting.language), error.status)
    return see_other(f"/console/cases/{case_id}")


async def _card(visiting: Visit, case_id: str) -> Card:
    def find(work: Work) -> Card:
        return card_of(work.connection, case_for_console(work, case_id))

    return await visiting.office.store.read(find)


@get("/console/cases/{case_id:str}", include_in_schema=False)
async def case_page(request: AnyRequest, case_id: FromPath[str]) -> Response[bytes]:
    """Show one case."""
    visiting = await working_visit(request)
    card = await _card(visiting, identifier(case_id))
    return page(request, "case.html", visiting, card=card, answer=None, problem="")


@get("/console/fragments/cases/{case_id:str}", include_in_schema=False)
async def case_fragment(request: AnyRequest, case_id: FromPath[str]) -> Response[bytes]:
    """Return the changing part of one case."""
    visiting = await working_visit(request)
    card = await _card(visiting, identifier(case_id))
    return page(request, "_case.html", visiting, card=card)


@post("/console/cases/{case_id:str}/offline-answer", include_in_schema=False)
async def offline_form(request: AnyRequest, case_id: FromPath[str]) -> Response[bytes]:
    """Answer an offline code; the page shows the digits. Repeating it gives the same answer."""
    visiting, case_id = await working_visit(request), identifier(case_id)
    fields = await posted(request, visiting)
    answer, problem, status = None, "", 200
    try:
        answer = await visiting.office.store.write(
            lambda work: answer_offline_code(work, visiting.technician, case_id, fields.get("code", ""))
        )
    except ApiError as error:
        problem, status = sentence_of(error, visiting.language), error.status
    card = await _card(visiting, case_id)
    return page(request, "case.html", visiting, status, card=card, answer=answer, problem=problem)


@post("/console/cases/{case_id:str}/agree-no-backup", include_in_schema=False)
async def agree_form(request: AnyRequest, case_id: FromPath[str]) -> Response[Any]:
    """Agree that the customer goes on without a backup."""
    return await _act(request, case_id, agree_no_backup)


@post("/console/cases/{case_id:str}/ask-restart", include_in_schema=False)
async def ask_restart_form(request: AnyRequest, case_id: FromPath[str]) -> Response[Any]:
    """Ask the customer for a restart of the computer."""
    return await _act(request, case_id, ask_restart)


@post("/console/cases/{case_id:str}/end", include_in_schema=False)
async def end_form(request: AnyRequest, case_id: FromPath[str]) -> Response[Any]:
    """End a case."""
    return await _act(request, case_id, end_case)


async def _act(
    request: AnyRequest, case_id: str, act: Callable[[Work, Technician, str], None]
) -> Response[Any]:
    visiting, case_id = await working_visit(request), identifier(case_id)
    await posted(request, visiting)
    await visiting.office.store.write(lambda work: act(work, visiting.technician, case_id))
    return see_other(f"/console/cases/{case_id}")


@get("/console/cases/{case_id:str}/receipts/{record_id:str}", include_in_schema=False)
async def receipt_file(
    request: AnyRequest, case_id: FromPath[str], record_id: FromPath[str]
) -> Response[bytes]:
    """Return a receipt as a file."""
    await working_visit(request)
    content = await receipt_bytes(request, identifier(case_id), identifier(record_id))
    headers = {"Content-Disposition": f'attachment; filename="receipt-{record_id}.json"'}
    return Response(content=content, media_type="application/json", headers=headers)


@post("/console/alerts/{number:str}/seen", include_in_schema=False)
async def alert_form(request: AnyRequest, number: FromPath[str]) -> Response[Any]:
    """Mark an alert as seen."""
    visiting, position = await working_visit(request), alert_number(number)
    fields = await posted(request, visiting)
    await visiting.office.store.write(lambda work: see_alert(work, visiting.technician, position))
    return see_other(own_path(fields.get("back", HOME)))


CASE_PAGES = [
    cases_page,
    cases_fragment,
    new_case_page,
    new_case_form,
    case_page,
    case_fragment,
    offline_form,
    agree_form,
    ask_restart_form,
    end_form,
    receipt_file,
    alert_form,
]
