"""Signing in and out, the technician's own page, the language, and the files that pages load."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from consent_backend.acts.people import parse_numbers, sign_out, store_numbers
from consent_backend.console.door import new_password, sign_in
from consent_backend.console.page import HOME, MY_PAGE, SIGN_IN, page, see_other, working_visit
from consent_backend.console.render import sentence_of, static_files
from consent_backend.console.texts import language_of
from consent_backend.console.visit import (
    AnyRequest,
    form_fields,
    language_cookie,
    no_session_cookie,
    own_path,
    page_language,
    posted,
    session_cookie,
    visit,
)
from consent_backend.office import address_of, office_of
from consent_backend.problems import ApiError


@get("/", include_in_schema=False)
async def root() -> Response[Any]:
    """Send a browser to the console."""
    return see_other(HOME)


@get("/console/static/{name:str}", include_in_schema=False)
async def static_file(name: FromPath[str]) -> Response[bytes]:
    """Return a file of ours; its address changes with its content."""
    found = static_files().get(name)
    if found is None:
        return Response(content=b"", status_code=404, media_type="text/plain")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(content=found[0], media_type=found[1], headers=headers)


@get("/console/language/{language:str}", include_in_schema=False)
async def choose_language(request: AnyRequest, language: FromPath[str]) -> Response[Any]:
    """Remember a language and go back to the page."""
    response = see_other(own_path(request.query_params.get("back", HOME)))
    response.set_cookie(language_cookie(office_of(request), language_of(language)))
    return response


@get(SIGN_IN, include_in_schema=False)
async def sign_in_page(request: AnyRequest) -> Response[bytes]:
    """Ask for name and password."""
    return page(request, "sign_in.html", None, problem="", name="")


@post(SIGN_IN, include_in_schema=False)
async def sign_in_form(request: AnyRequest) -> Response[Any]:
    """Sign in."""
    office, fields = office_of(request), await form_fields(request)
    name = fields.get("name", "").strip().lower()
    try:
        signed_in = await sign_in(office, name, fields.get("password", ""), address_of(request))
    except ApiError as error:
        problem = sentence_of(error, page_language(request))
        response = page(request, "sign_in.html", None, error.status, problem=problem, name=name)
        response.headers.update({k: v for k, v in error.headers.items() if k == "Retry-After"})
        return response
    response = see_other(MY_PAGE if signed_in.technician.must_change_password else HOME)
    response.set_cookie(session_cookie(office, signed_in.token))
    return response


@post("/console/sign-out", include_in_schema=False)
async def sign_out_form(request: AnyRequest) -> Response[Any]:
    """Sign out."""
    visiting = await visit(request)
    await posted(request, visiting)
    await visiting.office.store.write(
        lambda work: sign_out(work, visiting.session.token_hash, visiting.technician)
    )
    response = see_other(SIGN_IN)
    response.set_cookie(no_session_cookie(visiting.office))
    return response


@get(MY_PAGE, include_in_schema=False)
async def my_page(request: AnyRequest) -> Response[bytes]:
    """Show the technician's own page."""
    visiting = await visit(request)
    return page(request, "me.html", visiting, problem="", done="")


@post("/console/me/numbers", include_in_schema=False)
async def numbers_form(request: AnyRequest) -> Response[Any]:
    """Store the technician's AnyDesk numbers."""
    visiting = await working_visit(request)
    fields = await posted(request, visiting)
    try:
        numbers = parse_numbers(fields.get("numbers", ""))
    except ApiError as error:
        problem = sentence_of(error, visiting.language)
        return page(request, "me.html", visiting, error.status, problem=problem, done="")
    await visiting.office.store.write(lambda work: store_numbers(work, visiting.technician, numbers))
    return see_other(MY_PAGE)


@post("/console/me/password", include_in_schema=False)
async def password_form(request: AnyRequest) -> Response[Any]:
    """Change the technician's password."""
    visiting = await visit(request)
    fields = await posted(request, visiting)
    old, new = fields.get("old", ""), fields.get("new", "")
    try:
        signed_in = await new_password(visiting.office, visiting.session, old, new)
    except ApiError as error:
        problem = sentence_of(error, visiting.language)
        return page(request, "me.html", visiting, error.status, problem=problem, done="")
    response = see_other(HOME if signed_in.technician.anydesk_numbers else MY_PAGE)
    response.set_cookie(session_cookie(visiting.office, signed_in.token))
    return response


ACCOUNT_PAGES = [
    root,
    static_file,
    choose_language,
    sign_in_page,
    sign_in_form,
    sign_out_form,
    my_page,
    numbers_form,
    password_form,
]
