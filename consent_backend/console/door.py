"""Signing in and knowing who is signed in; the same for pages (cookie) and scripts (bearer token)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

from consent_backend.acts.people import (
    SignedIn,
    begin_sign_in,
    change_password,
    finish_sign_in,
    hash_password,
    is_password,
)
from consent_backend.office import Office
from consent_backend.problems import N_, ApiError, ConsoleCode, busy
from consent_backend.store.people import ConsoleSession, session_by_token, touch_session
from consent_backend.store.work import Work
from consent_backend.tokens import stored_form
from consent_record.fields import moment_of

HASHES_AT_ONCE = 2
"""A hash takes 64 MiB and tens of milliseconds: sign-ins wait for each other, not the customers for them."""
HASH_WAIT_SECONDS = 10.0
TOUCH_EVERY = timedelta(minutes=1)

_hashing = asyncio.Semaphore(HASHES_AT_ONCE)


async def sign_in(office: Office, name: str, password: str, address: str) -> SignedIn:
    """Check name and password and begin a session.

    Raises:
        ApiError: `console.wrong_password`, `request.rate_limited`, `server.busy`.
    """
    technician = await office.store.write(lambda work: begin_sign_in(work, office.keyring, name, address))
    async with _turn():
        is_right = await asyncio.to_thread(is_password, technician, password)
    if technician is None or not is_right:
        raise ApiError(ConsoleCode.WRONG_PASSWORD, N_("name or password is wrong"))
    known = technician
    return await office.store.write(lambda work: finish_sign_in(work, office.keyring, known, address))


async def new_password(office: Office, session: ConsoleSession, old: str, new: str) -> SignedIn:
    """Change the password of the signed-in technician; ends all sessions and begins one.

    Raises:
        ApiError: `console.wrong_password`, `console.weak_password`, `server.busy`.
    """
    technician = session.technician
    async with _turn():
        if not await asyncio.to_thread(is_password, technician, old):
            raise ApiError(ConsoleCode.WRONG_PASSWORD, N_("the present password is wrong"), status=403)
        if old == new:
            raise ApiError(ConsoleCode.WEAK_PASSWORD, N_("the new password is the old one"))
        hashed = await asyncio.to_thread(hash_password, new)
    return await office.store.write(lambda work: change_password(work, technician, hashed))


async def session_of(office: Office, token: str) -> ConsoleSession:
    """Return the session that a token belongs to.

    Raises:
        ApiError: `console.signed_out`.
    """
    token_hash = stored_form(token)

    def find(work: Work) -> tuple[ConsoleSession | None, bool]:
        session = session_by_token(work, token_hash)
        is_stale = session is not None and work.now - moment_of(session.seen_at) > TOUCH_EVERY
        return session, is_stale

    session, is_stale = await office.store.read(find)
    if session is None:
        raise ApiError(ConsoleCode.SIGNED_OUT, N_("sign in first"))
    if is_stale:
        await office.store.write(lambda work: touch_session(work, token_hash))
    return session


@contextlib.asynccontextmanager
async def _turn() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(HASH_WAIT_SECONDS):
            await _hashing.acquire()
    except TimeoutError as error:
        raise busy() from error
    try:
        yield
    finally:
        _hashing.release()
