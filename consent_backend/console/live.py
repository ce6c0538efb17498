"""The live stream of a console (server-sent events, WHATWG HTML 9.2): "this case changed", nothing more.

The page then fetches its changing part anew. So nothing is lost by a cut: on reconnecting, the browser sends the
last id that it saw, and anything but the present one makes it fetch everything.
"""

import asyncio
from collections.abc import AsyncIterator

import msgspec
from litestar import Response, get
from litestar.response import Stream

from consent_backend.console.page import working_visit
from consent_backend.console.visit import AnyRequest, SignedOutError, Visit
from consent_backend.feed import HEARTBEAT_SECONDS, Change
from consent_backend.problems import N_, busy
from consent_backend.store.people import session_by_token
from consent_backend.store.work import Work

LONGEST_SECONDS = 1800.0
"""A stream ends after this time; the browser opens a new one by itself, and the session is looked at again."""
RETRY_MS = 2000


@get("/console/live", include_in_schema=False)
async def live(request: AnyRequest) -> Response[bytes] | Stream:
    """Stream changes of cases."""
    try:
        visiting = await working_visit(request)
    except SignedOutError:
        # 204 tells the browser to stop asking; the page itself leads to the sign-in.
        return Response(content=b"", status_code=204)
    if visiting.office.feed.is_full:
        raise busy(N_("too many consoles are open"))
    headers = {"X-Accel-Buffering": "no"}
    events = _events(visiting, request.headers.get("last-event-id"))
    return Stream(events, media_type="text/event-stream", headers=headers)


async def _events(visiting: Visit, last_seen: str | None) -> AsyncIterator[bytes]:
    ends = asyncio.get_running_loop().time() + LONGEST_SECONDS
    look_at = asyncio.get_running_loop().time() + HEARTBEAT_SECONDS
    yield f"retry: {RETRY_MS}\n\n".encode("ascii")
    async for change in visiting.office.feed.listen(last_seen):
        yield _event(change)
        now = asyncio.get_running_loop().time()
        is_heartbeat = change.cases is not None and not change.cases
        # By the clock, too: where cases change all the time there is no heartbeat.
        if is_heartbeat or now > look_at:
            look_at = now + HEARTBEAT_SECONDS
            if not await _is_signed_in(visiting):
                return
        if now > ends:
            return


def _event(change: Change) -> bytes:
    if change.cases is not None and not change.cases:
        return f"id: {change.revision}\nevent: beat\ndata: \n\n".encode("ascii")
    cases = None if change.cases is None else sorted(change.cases)
    return (
        f"id: {change.revision}\nevent: change\ndata: ".encode("ascii") + msgspec.json.encode(cases) + b"\n\n"
    )


async def _is_signed_in(visiting: Visit) -> bool:
    def find(work: Work) -> bool:
        return session_by_token(work, visiting.session.token_hash) is not None

    return await visiting.office.store.read(find)
