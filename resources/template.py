"""Fills the company's data into texts, so that nothing empty is ever read by a customer.

Rules of a template: ``{seller.name}`` is replaced by that key. ``[[ ... ]]`` is a piece that disappears when
a key named in it is empty. ``{seller.phone?}`` may be empty by itself. Any other empty key is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["TemplateError", "fields_of", "render", "tidy_markdown"]

_FIELD = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)*)(\??)\}")
_PIECE = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_LIST_MARK_ALONE = re.compile(r"^\s*([-*•>]|\d+\.)\s*$")
_HEADING = re.compile(r"^(#{1,6}) ")


class TemplateError(ValueError):
    """A text cannot be filled; ``str()`` says which key or mark is at fault."""


def fields_of(template: str) -> set[str]:
    """Return the names of all keys that a template uses."""
    return {match.group(1) for match in _FIELD.finditer(template)}


def render(template: str, lookup: Callable[[str], str]) -> str:
    """Fill a template.

    Args:
        template: text with fields and optional pieces; pieces do not nest.
        lookup: gives the value of a dotted key, ``""`` when it is empty.

    Raises:
        TemplateError: a key outside an optional piece is empty, or marks do not match.
        KeyError: from ``lookup``, for a key that does not exist.
    """

    def piece(match: re.Match[str]) -> str:
        inner = match.group(1)
        if "[[" in inner:
            raise TemplateError("one [[ ]] stands inside another")
        needed = [found.group(1) for found in _FIELD.finditer(inner) if not found.group(2)]
        return inner if all(lookup(name) for name in needed) else ""

    def field(match: re.Match[str]) -> str:
        name, optional = match.groups()
        value = lookup(name)
        if not value and not optional:
            raise TemplateError(
                f"{name} is empty, but the text needs it; fill it, or put the sentence into [[ ]]"
            )
        return value

    kept = _PIECE.sub(piece, template)
    if "[[" in kept or "]]" in kept:
        raise TemplateError("a [[ without its ]], or the reverse")
    rest = _FIELD.sub("", kept)
    if "{" in rest or "}" in rest:
        raise TemplateError("a { } that is not a key such as {seller.name}")
    return _FIELD.sub(field, kept)


def tidy_markdown(text: str) -> str:
    """Remove what vanished pieces leave behind: lone list marks, headings without a body, doubled blanks."""
    lines = [re.sub(r"(?<=\S) {2,}", " ", line.rstrip()) for line in text.splitlines()]
    lines = [line for line in lines if not _LIST_MARK_ALONE.match(line)]
    kept: list[str] = []
    for line in reversed(lines):
        if _HEADING.match(line) and not _has_body(line, kept):
            continue
        if line or (kept and kept[-1]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return "\n".join(reversed(kept)) + "\n" if kept else ""


def _has_body(heading: str, following_reversed: list[str]) -> bool:
    """Tell whether anything but a heading of the same or a higher level comes next."""
    level = heading.index(" ")
    for line in reversed(following_reversed):
        if not line:
            continue
        other = _HEADING.match(line)
        return other is None or len(other.group(1)) > level
    return False
