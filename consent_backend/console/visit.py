"""A browser's request: who is signed in, in which language, and that its forms really come from our pages."""

import hmac
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from litestar import Request
from litestar.datastructures import Cookie

from consent_backend.console.door import session_of
from consent_backend.console.texts import language_of
from consent_backend.office import Office, office_of
from consent_backend.problems import N_, ApiError, ConsoleCode
from consent_backend.settings import SESSION_HOURS
from consent_backend.store.people import ConsoleSession, Technician
from consent_record.wire import ProblemCode

SESSION_COOKIE = "pz_console"
LANGUAGE_COOKIE = "pz_language"
PATH = "/console"
FORM_FIELDS = 40

AnyRequest = Request[Any, Any, Any]

_ODD = re.compile(r"\\|//|/\.")
"""What no path of ours holds."""


class SignedOutError(Exception):
    """The page is for signed-in technicians; the browser is sent to the sign-in page."""


@dataclass(frozen=True)
class Visit:
    """A signed-in technician's request."""

    office: Office
    session: ConsoleSession
    language: str

    @property
    def technician(self) -> Technician:
        """Who is signed in."""
        return self.session.technician


def page_language(request: AnyRequest) -> str:
    """Return the language that the browser's user chose."""
    return language_of(request.cookies.get(LANGUAGE_COOKIE))


async def visit(request: AnyRequest) -> Visit:
    """Return the signed-in visit.

    Raises:
        SignedOutError: nobody is signed in.
    """
    office = office_of(request)
    token = request.cookies.get(SESSION_COOKIE, "")
    try:
        session = await session_of(office, token)
    except ApiError as error:
        if error.code is ConsoleCode.SIGNED_OUT:
            raise SignedOutError from error
        raise
    return Visit(office, session, page_language(request))


async def posted(request: AnyRequest, visiting: Visit) -> dict[str, str]:
    """Return the fields of a form that one of our pages sent.

    Raises:
        ApiError: `console.csrf`, or the body is no form.
    """
    fields = await form_fields(request)
    if not hmac.compare_digest(fields.get("csrf", "").encode("utf-8"), visiting.session.csrf.encode("ascii")):
        raise ApiError(ConsoleCode.CSRF, N_("the page was too old; load it again and repeat"))
    return fields


async def form_fields(request: AnyRequest) -> dict[str, str]:
    """Return the fields of a form sent from our own origin.

    Raises:
        ApiError: `console.csrf` for another origin, `request.media_type`, `request.malformed`.
    """
    refuse_other_origin(request)
    if request.content_type[0] != "application/x-www-form-urlencoded":
        raise ApiError(ProblemCode.MEDIA_TYPE, N_("this address takes forms only"))
    body = await request.body()
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            encoding="utf-8",
            errors="strict",
            max_num_fields=FORM_FIELDS,
        )
    except (ValueError, UnicodeDecodeError) as error:
        raise ApiError(ProblemCode.MALFORMED, N_("the form cannot be read")) from error
    return dict(pairs)


def refuse_other_origin(request: AnyRequest) -> None:
    """Refuse a form that another site's page sends (Fetch Metadata, and Origin where it is missing).

    Raises:
        ApiError: `console.csrf`.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    is_foreign = site not in (None, "same-origin", "none")
    if site is None and origin is not None:
        is_foreign = origin.partition("://")[2] != request.headers.get("host", "")
    if is_foreign:
        raise ApiError(ConsoleCode.CSRF, N_("the form came from another site"))


def session_cookie(office: Office, token: str) -> Cookie:
    """Return the cookie that holds a session; scripts cannot read it, other sites cannot send it."""
    return Cookie(
        key=SESSION_COOKIE,
        value=token,
        path=PATH,
        max_age=SESSION_HOURS * 3600,
        secure=office.is_https,
        httponly=True,
        samesite="strict",
    )


def no_session_cookie(office: Office) -> Cookie:
    """Return the cookie that removes the session's."""
    return Cookie(
        key=SESSION_COOKIE,
        value="",
        path=PATH,
        max_age=0,
        secure=office.is_https,
        httponly=True,
        samesite="strict",
    )


def language_cookie(office: Office, language: str) -> Cookie:
    """Return the cookie that remembers a language."""
    return Cookie(
        key=LANGUAGE_COOKIE,
        value=language,
        path=PATH,
        max_age=365 * 86400,
        secure=office.is_https,
        httponly=True,
        samesite="lax",
    )


def own_path(path_untrusted: str) -> str:
    """Return a path inside the console; anything else becomes the list of cases (no open redirect)."""
    try:
        parts = urlsplit(path_untrusted)
    except ValueError:
        return PATH + "/"
    is_plain = not parts.scheme and not parts.netloc and not _ODD.search(path_untrusted)
    if is_plain and parts.path.startswith(PATH + "/") and path_untrusted.isprintable():
        return parts.path
    return PATH + "/"
