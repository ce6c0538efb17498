"""Technicians: accounts, passwords (argon2id, RFC 9106), signing in with a growing delay, AnyDesk numbers."""

import re
import secrets
from dataclasses import dataclass, replace
from functools import cache
from uuid import uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from consent_backend.acts.limits import SIGN_IN_FAILURES, SIGN_IN_PER_ADDRESS, Guard
from consent_backend.keyring import Keyring
from consent_backend.problems import N_, ApiError, ConsoleCode
from consent_backend.store.events import add_audit
from consent_backend.store.people import (
    Technician,
    add_session,
    add_technician,
    end_session,
    set_numbers,
    set_password,
    technician_by_name,
)
from consent_backend.store.work import Work
from consent_backend.tokens import new_token, stored_form

LEAST_PASSWORD = 12
LONGEST_PASSWORD = 200
MOST_NUMBERS = 20

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_NUMBER = re.compile(r"[0-9]{6,12}")
_HASHER = PasswordHasher()


@dataclass(frozen=True)
class SignedIn:
    """A new console session: the token for the browser or the caller, the CSRF token, when it ends, who it is."""

    token: str
    csrf: str
    expires_at: str
    technician: Technician


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password; takes tens of milliseconds by design.

    Raises:
        ApiError: `console.weak_password`.
    """
    if not LEAST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ApiError(
            ConsoleCode.WEAK_PASSWORD,
            N_("a password has {least} to {most} characters"),
            values={"least": LEAST_PASSWORD, "most": LONGEST_PASSWORD},
        )
    return _HASHER.hash(password)


def one_time_password() -> str:
    """Return a random password of 80 bits in groups, made to be changed at the first sign-in."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    text = "".join(secrets.choice(alphabet) for _ in range(20))
    return "-".join(text[i : i + 5] for i in range(0, 20, 5))


def is_password(technician: Technician | None, password: str) -> bool:
    """Tell whether a password is right; an unknown name takes as long as a known one."""
    stored = _nobody() if technician is None else technician.password_hash
    try:
        _HASHER.verify(stored, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return technician is not None


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_hex(16))


def make_technician(
    work: Work, sign_in_name: str, display_name: str, password_hash: str, *, must_change: bool
) -> Technician:
    """Create an account.

    Raises:
        ApiError: `console.bad_input` for a name that is taken or not made of a-z, 0-9, dot, hyphen, underscore.
    """
    if not _NAME.fullmatch(sign_in_name):
        raise ApiError(ConsoleCode.BAD_INPUT, N_("a sign-in name has 1 to 64 signs of a-z 0-9 . _ -"))
    if technician_by_name(work.connection, sign_in_name) is not None:
        raise ApiError(ConsoleCode.BAD_INPUT, N_("this sign-in name is taken"))
    if not display_name.strip() or len(display_name) > 200:
        raise ApiError(ConsoleCode.BAD_INPUT, N_("customers see the name: it has 1 to 200 characters"))
    technician = Technician(str(uuid4()), sign_in_name, display_name.strip(), password_hash, must_change, ())
    add_technician(work, technician)
    add_audit(work, "technician.added", technician_id=technician.id)
    return technician


def known_technician(work: Work, name: str) -> Technician:
    """Return an account by its sign-in name.

    Raises:
        ApiError: `console.bad_input`.
    """
    technician = technician_by_name(work.connection, name)
    if technician is None:
        raise ApiError(ConsoleCode.BAD_INPUT, f"there is no technician {name}")
    return technician


def begin_sign_in(work: Work, keyring: Keyring, name: str, address: str) -> Technician | None:
    """Count an attempt before the password is looked at and return the account, if there is one.

    Raises:
        ApiError: `request.rate_limited` with Retry-After.
    """
    guard = Guard(work, keyring.token_secret)
    guard.check(SIGN_IN_PER_ADDRESS, address)
    guard.check_delay(SIGN_IN_FAILURES, name, address)
    guard.count(SIGN_IN_PER_ADDRESS, address)
    guard.count_with_delay(SIGN_IN_FAILURES, name, address)
    return technician_by_name(work.connection, name)


def finish_sign_in(work: Work, keyring: Keyring, technician: Technician, address: str) -> SignedIn:
    """Make a session after the right password."""
    guard = Guard(work, keyring.token_secret)
    guard.forget(SIGN_IN_FAILURES, technician.sign_in_name, address)
    guard.forget(SIGN_IN_PER_ADDRESS, address)
    token, csrf = new_token(), new_token()
    expires_at = add_session(work, stored_form(token), technician.id, csrf)
    add_audit(work, "signed_in", technician_id=technician.id)
    return SignedIn(token, csrf, expires_at, technician)


def sign_out(work: Work, token_hash: str, technician: Technician) -> None:
    """End a session."""
    end_session(work, token_hash)
    add_audit(work, "signed_out", technician_id=technician.id)


def change_password(work: Work, technician: Technician, password_hash: str) -> SignedIn:
    """Store a password chosen by its owner; every session ends and one new one begins."""
    set_password(work, technician.id, password_hash, must_change=False)
    token, csrf = new_token(), new_token()
    expires_at = add_session(work, stored_form(token), technician.id, csrf)
    add_audit(work, "password.changed", technician_id=technician.id)
    return SignedIn(token, csrf, expires_at, replace(technician, must_change_password=False))


def parse_numbers(text_untrusted: str) -> tuple[str, ...]:
    """Return AnyDesk numbers as typed, one a line or separated by commas; blanks inside a number are allowed.

    Raises:
        ApiError: `console.bad_input`.
    """
    numbers = []
    for line in re.split(r"[\n,;]", text_untrusted):
        digits = "".join(line.split())
        if not digits:
            continue
        if not _NUMBER.fullmatch(digits):
            raise ApiError(ConsoleCode.BAD_INPUT, N_("an AnyDesk number has 6 to 12 digits and nothing else"))
        numbers.append(digits)
    if len(numbers) > MOST_NUMBERS:
        raise ApiError(
            ConsoleCode.BAD_INPUT, N_("at most {most} AnyDesk numbers"), values={"most": MOST_NUMBERS}
        )
    return tuple(dict.fromkeys(numbers))


def store_numbers(work: Work, technician: Technician, numbers: tuple[str, ...]) -> None:
    """Replace the AnyDesk numbers of a technician; cases joined from now on are told the new ones."""
    set_numbers(work, technician.id, numbers)
    add_audit(work, "technician.numbers", technician_id=technician.id, detail=f"{len(numbers)} numbers")
