"""What every page shares: rendering with the visit's values, redirects, and the page for errors."""

from typing import Any

from litestar import Request, Response
from litestar.response import Redirect

from consent_backend.api.errors import as_api_error
from consent_backend.console.render import render, sentence_of
from consent_backend.console.visit import AnyRequest, SignedOutError, Visit, page_language, visit
from consent_backend.office import office_of

HTML = "text/html"
HOME = "/console/"
SIGN_IN = "/console/sign-in"
MY_PAGE = "/console/me"


def page(
    request: AnyRequest, template: str, visiting: Visit | None, status: int = 200, **values: Any
) -> Response[bytes]:
    """Return a page made from a template; `values` are what the template asks for."""
    language = visiting.language if visiting else page_language(request)
    content = render(
        template,
        language,
        visit=visiting,
        csrf=visiting.session.csrf if visiting else "",
        path=request.url.path,
        local_root=office_of(request).keyring.has_local_root,
        **values,
    )
    return Response(content=content, media_type=HTML, status_code=status)


def see_other(path: str) -> Response[Any]:
    """Send the browser to another page with GET."""
    return Redirect(path=path, status_code=303)


async def working_visit(request: AnyRequest) -> Visit:
    """Return the signed-in visit of a technician whose password is his own.

    Raises:
        SignedOutError: nobody is signed in, or the one-time password must be changed first.
    """
    visiting = await visit(request)
    if visiting.technician.must_change_password:
        raise SignedOutError(MY_PAGE)
    return visiting


def error_page(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Exception handler of the pages: a sentence, and the way to the sign-in where that is what is missing."""
    if isinstance(error, SignedOutError):
        return see_other(error.args[0] if error.args else SIGN_IN)
    refusal = as_api_error(error)
    language = page_language(request)
    response = page(request, "error.html", None, refusal.status, sentence=sentence_of(refusal, language))
    for name, value in refusal.headers.items():
        response.headers[name] = value
    return response
