"""Text from outside as it may be printed: nothing in it is invisible, reorders or covers anything else.

Rule: a sign that a reader cannot see is shown as the replacement character, never dropped: a changed text must look
changed. Line ends become line separators, so a text stays one paragraph and cannot pass for another part of the page.
"""

from __future__ import annotations

import re
import unicodedata

LINE_SEPARATOR = "\N{LINE SEPARATOR}"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Needed in Persian, Hindi and others; they change the look of their neighbours, never the order."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for a picture in Qt's documents; as text it would be an empty place."""

_MARKS_IN_A_ROW = 4
"""No language stacks more on one letter; more would reach into the lines above and below."""


def plain(text_untrusted: str) -> str:
    """Return a text without signs that hide, reorder or overlap; visible signs stay exactly as they are."""
    shown: list[str] = []
    marks = 0
    for char in _LINE_ENDS.sub(LINE_SEPARATOR, text_untrusted):
        if char == LINE_SEPARATOR:
            marks = 0
            shown.append(char)
            continue
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if char == "\t":
            shown.append(" ")
        elif char == _OBJECT or (category in _HIDDEN and char not in _JOINERS) or marks > _MARKS_IN_A_ROW:
            shown.append(REPLACEMENT)
        else:
            shown.append(char)
    return "".join(shown)
