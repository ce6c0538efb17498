"""Numbers as people read them out."""

from __future__ import annotations


def grouped(digits: str) -> str:
    """Return digits in groups of three, joined by no-break spaces: `123 456 789`, `1 234 567 890`.

    Anything but digits is returned as it is.
    """
    if not (digits.isascii() and digits.isdigit()):
        return digits
    first = len(digits) % 3
    head = [digits[:first]] if first else []
    groups = head + [digits[start : start + 3] for start in range(first, len(digits), 3)]
    return "\u00a0".join(groups)
