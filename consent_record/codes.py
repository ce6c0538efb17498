"""Codes that people dictate on the phone: case code, offline code, its answer; each guards against slips."""

import hashlib
import hmac
import secrets

from stdnum import luhn
from stdnum.exceptions import ValidationError as StdnumError

from consent_record.errors import MalformedError

CASE_CODE_DIGITS = 9
OFFLINE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so nothing is mistaken when read aloud."""
OFFLINE_LENGTH = 10
ANSWER_DIGITS = 8

_SLIPS = str.maketrans("ILO", "110")


def new_case_code() -> str:
    """Return a random 9-digit case code; its last digit is a Luhn check digit (ISO/IEC 7812-1)."""
    body = f"{secrets.randbelow(10 ** (CASE_CODE_DIGITS - 1)):0{CASE_CODE_DIGITS - 1}d}"
    return body + luhn.calc_check_digit(body)


def parse_case_code(text_untrusted: str) -> str:
    """Return the nine digits of a code as typed, with any blanks and hyphens.

    Raises:
        MalformedError: `code.length` (not nine digits) or `code.check` (mistyped or misheard).
    """
    digits = "".join(c for c in text_untrusted if not c.isspace() and c not in "-–.")
    if len(digits) != CASE_CODE_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise MalformedError("code.length", "a code has nine digits")
    try:
        luhn.validate(digits)
    except StdnumError as error:
        raise MalformedError("code.check", "the check digit does not fit: one digit was misheard") from error
    return digits


def group_digits(digits: str) -> str:
    """Return digits in groups of three, as they are dictated: `123 456 782`."""
    return " ".join(digits[i : i + 3] for i in range(0, len(digits), 3))


def offline_code(record_hash: str) -> str:
    """Return the code that the customer reads out for an offline acceptance: `7ZK3Q-9M2PD-X`.

    Ten characters carry the first 50 bits of the record hash; the last is their check character: the sum of
    value times position modulo the prime 31, which finds a wrong character and two swapped neighbours.
    """
    value = int(record_hash, 16) >> (256 - 5 * OFFLINE_LENGTH)
    body = "".join(
        OFFLINE_ALPHABET[(value >> (5 * (OFFLINE_LENGTH - 1 - i))) & 31] for i in range(OFFLINE_LENGTH)
    )
    return f"{body[:5]}-{body[5:]}-{_check_character(body)}"


def parse_offline_code(text_untrusted: str) -> str:
    """Return the offline code in its one spelling, from what the technician typed.

    Raises:
        MalformedError: `offline.length`, `offline.character` or `offline.check`.
    """
    text = "".join(c for c in text_untrusted.upper() if not c.isspace() and c not in "-–").translate(_SLIPS)
    if len(text) != OFFLINE_LENGTH + 1:
        raise MalformedError("offline.length", "the code has ten characters and a check character")
    if not set(text) <= set(OFFLINE_ALPHABET):
        raise MalformedError("offline.character", "the code has a character that is never used in one")
    if _check_character(text[:OFFLINE_LENGTH]) != text[-1]:
        raise MalformedError("offline.check", "the check character does not fit: one character was misheard")
    return f"{text[:5]}-{text[5:10]}-{text[10]}"


def offline_answer(*, case_secret: str, case_id: str, code: str) -> str:
    """Return the eight digits that the console gives for an offline code: HMAC-SHA-256 under the case secret.

    Args:
        case_secret: 32 bytes in hexadecimal, known to backend and client since the word was confirmed.
        case_id: the case.
        code: the offline code in the spelling of `offline_code`.
    """
    message = b"pomoc-zdalna/1/offline-answer\x00" + case_id.encode("ascii") + b"\x00" + code.encode("ascii")
    digest = hmac.new(bytes.fromhex(case_secret), message, hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**ANSWER_DIGITS:0{ANSWER_DIGITS}d}"


def is_offline_answer(answer_untrusted: str, *, case_secret: str, case_id: str, code: str) -> bool:
    """Compare a typed answer (blanks allowed) with the right one in constant time."""
    typed = "".join(c for c in answer_untrusted if not c.isspace())
    if not typed.isascii():
        return False
    return hmac.compare_digest(typed, offline_answer(case_secret=case_secret, case_id=case_id, code=code))


def _check_character(body: str) -> str:
    # The one blind spot of a prime modulus over 32 signs: 0 and Z (value 31) cannot be told apart.
    total = sum(weight * OFFLINE_ALPHABET.index(char) for weight, char in enumerate(body, start=1))
    return OFFLINE_ALPHABET[total % 31]
