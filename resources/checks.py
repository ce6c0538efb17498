"""Checks of single brand values: each returns the value to compile, or says what to do.

Rule: an error is a sentence for the person who edits the file, with the remedy in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

__all__ = ["LANGUAGES", "Check", "ProblemError", "contrast"]

LANGUAGES = ("pl", "en")
Check = Callable[[object], object]

_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
_PHONE = re.compile(r"\+[0-9][0-9 ]{5,20}[0-9]")
_SITE = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[\w./-]*)?")
_URL = re.compile(
    r"(?:https://[a-z0-9.-]+|http://(?:127\.0\.0\.1|localhost|\[::1\]))(?::\d{1,5})?(?:/[\w./-]*)?"
)
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_ROOT_KEY = re.compile(r"(?:ed25519:)?([0-9a-f]{64})")


class ProblemError(ValueError):
    """A value cannot be used; ``str()`` says why and what to write instead."""


def _string(value: object, longest: int) -> str:
    if not isinstance(value, str):
        raise ProblemError('must be a text in quotes ("...")')
    if len(value) > longest:
        raise ProblemError(f"is longer than {longest} characters; shorten it")
    if any(ord(sign) < 32 and sign != "\n" for sign in value) or "\u007f" in value:
        raise ProblemError("holds a control character (a tab, perhaps); remove it")
    return value


def line(longest: int = 200, *, empty: bool = False) -> Check:
    """Make a check for one line of plain text."""

    def check(value: object) -> str:
        text = _string(value, longest)
        if text != text.strip() or "\n" in text:
            raise ProblemError("must be one line without blanks at its ends")
        if not text and not empty:
            raise ProblemError("is empty; write the value")
        if set(text) & set("<>{}[]"):
            raise ProblemError("holds one of < > { } [ ]; plain text has none of them")
        return text

    return check


def pattern(expression: re.Pattern[str], remedy: str, *, empty: bool = False) -> Check:
    """Make a check for a value of one fixed shape; ``remedy`` describes the shape."""

    def check(value: object) -> str:
        text = _string(value, 200)
        if not text and empty:
            return text
        if not expression.fullmatch(text):
            raise ProblemError(f"has the wrong form; write {remedy}")
        return text

    return check


def identifier(expression: str, remedy: str, *, empty: bool = False) -> Check:
    """Make a check for a name that a computer uses."""
    return pattern(re.compile(expression), remedy, empty=empty)


email = pattern(_EMAIL, "an address such as help@company.pl, or nothing", empty=True)
phone = pattern(_PHONE, "the international form, such as +48 22 000 00 00, or nothing", empty=True)
site = pattern(_SITE, "the site without https://, such as www.company.pl")
colour = pattern(_COLOUR, "a colour as # and six lower-case digits, such as #0b5cad")


def url(value: object) -> str:
    """Check the backend's address; plain http is for this computer alone."""
    text = str(
        pattern(_URL, "an https:// address (http:// only for localhost), or nothing", empty=True)(value)
    )
    return text.rstrip("/")


def root_key(value: object) -> str:
    """Check the pinned root: 64 hexadecimal digits, also with the ``ed25519:`` of a key file."""
    text = _string(value, 200)
    if not text:
        return text
    match = _ROOT_KEY.fullmatch(text)
    if not match:
        raise ProblemError("is not a public key; copy the line of root.pub (ed25519: and 64 digits 0-9 a-f)")
    return match.group(1)


def nip(value: object) -> str:
    """Check a Polish tax number by its check digit; returns ten digits without hyphens."""
    from stdnum.exceptions import ValidationError
    from stdnum.pl import nip as polish_nip

    text = _string(value, 20)
    if not text:
        return text
    try:
        return str(polish_nip.validate(text))
    except ValidationError:
        raise ProblemError("is not a tax number (check digit); copy the ten digits again") from None


def iso_date(value: object) -> str:
    """Check a date written as 2026-11-22."""
    text = _string(value, 10)
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ProblemError("is not a date; write it as 2026-11-22, in quotes") from None


def boolean(value: object) -> bool:
    """Check for true or false."""
    if not isinstance(value, bool):
        raise ProblemError("must be true or false, without quotes")
    return value


def integer(low: int, high: int) -> Check:
    """Make a check for a whole number between two limits, both allowed."""

    def check(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ProblemError("must be a whole number, without quotes")
        if not low <= value <= high:
            raise ProblemError(f"must be from {low} to {high}")
        return value

    return check


def template_line(value: object) -> str:
    """Check one line that may name keys, such as ``{seller.phone?}``."""
    text = _string(value, 100)
    if "\n" in text:
        raise ProblemError("must be one line")
    return text.strip()


def choice(*allowed: str) -> Check:
    """Make a check for one word out of a fixed list."""

    def check(value: object) -> str:
        if value not in allowed:
            raise ProblemError(f"must be one of: {', '.join(allowed)}")
        return str(value)

    return check


def choices(*allowed: str) -> Check:
    """Make a check for a list of words out of a fixed list; returns them sorted, each once."""

    def check(value: object) -> list[str]:
        if not isinstance(value, list):
            raise ProblemError('must be a list, such as ["file_manager"] or []')
        for item in value:
            if item not in allowed:
                raise ProblemError(f"{item!r} can never be allowed; only: {', '.join(allowed)}")
        return sorted({str(item) for item in value})

    return check


def text(longest: int = 2000, *, empty: bool = False) -> Check:
    """Make a check for a wording in every language: all filled or, where ``empty``, all empty."""

    def check(value: object) -> dict[str, str]:
        if not isinstance(value, dict) or set(value) != set(LANGUAGES):
            raise ProblemError('must be a table with both languages: { pl = "...", en = "..." }')
        wording = {language: _string(value[language], longest).strip() for language in LANGUAGES}
        filled = [language for language in LANGUAGES if wording[language]]
        if len(filled) == 1:
            raise ProblemError(f"has only {filled[0]}; fill both languages or none")
        if not filled and not empty:
            raise ProblemError("is empty; write it in both languages")
        return wording

    return check


def contrast(first: str, second: str) -> float:
    """Return the contrast of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour_text: str) -> float:
    channels = [int(colour_text[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
