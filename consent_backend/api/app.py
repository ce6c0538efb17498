"""Putting the application together: handlers, error answers, start and stop."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.datastructures import State
from litestar.types import ASGIApp

from consent_backend.acts.maintenance import EVERY_SECONDS, maintain
from consent_backend.api.console_api import CONSOLE_HANDLERS
from consent_backend.api.errors import LOG, log_unforeseen, problem_response
from consent_backend.api.openapi import OPENAPI, openapi
from consent_backend.api.public import PUBLIC_HANDLERS
from consent_backend.api.requests import StrictRequest
from consent_backend.console.account_pages import ACCOUNT_PAGES
from consent_backend.console.case_pages import CASE_PAGES
from consent_backend.console.live import live
from consent_backend.console.page import error_page
from consent_backend.office import Office
from consent_backend.problems import ApiError
from consent_backend.shield import Shield
from consent_record.wire import BODY_LIMIT_BYTES


def make_app(office: Office, request_seconds: float) -> ASGIApp:
    """Return the ASGI application; nothing runs before its lifespan starts."""
    app = Litestar(
        route_handlers=[
            Router(path="/", route_handlers=PUBLIC_HANDLERS, tags=["client"], security=[{"case": []}]),
            Router(path="/", route_handlers=CONSOLE_HANDLERS, tags=["console"], security=[{"console": []}]),
            openapi,
            *ACCOUNT_PAGES,
            *CASE_PAGES,
            live,
        ],
        exception_handlers={Exception: _on_error},
        openapi_config=OPENAPI,
        request_class=StrictRequest,
        request_max_body_size=BODY_LIMIT_BYTES,
        lifespan=[_lifespan],
        state=State({"office": office}),
        logging_config=None,
        debug=False,
    )
    return Shield(app, request_seconds)


def _on_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    if request.url.path.startswith("/v1/") or request.url.path == "/v1":
        return problem_response(request, error)
    return error_page(request, error)


@contextlib.asynccontextmanager
async def _lifespan(app: Litestar) -> AsyncIterator[None]:
    office: Office = app.state.office
    office.store.start()
    task = asyncio.create_task(_every(EVERY_SECONDS, lambda: _maintain(office)))
    try:
        yield
    finally:
        office.feed.close()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await office.store.stop()


async def _every(seconds: float, job: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await job()
        except ApiError:
            LOG.info("the database is busy; the next round does this work")
        except Exception as error:  # noqa: BLE001 - logged; a fault must not end the rounds
            log_unforeseen(error)
        await asyncio.sleep(seconds)


async def _maintain(office: Office) -> None:
    if await office.store.write(maintain):
        await office.store.compact()
