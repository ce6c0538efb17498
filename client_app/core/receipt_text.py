"""A verified receipt as plain words in sections; the pages and the PDF draw it, nobody else composes it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class ReceiptSection:
    """A heading and its lines in the reader's language. Lines may hold text from outside: shown as plain text."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ReceiptText:
    """The whole receipt in one language ("pl" or "en")."""

    title: str
    language: str
    sections: tuple[ReceiptSection, ...]


class ReceiptPort(Protocol):
    """Receipts for people. Blocking; called from worker threads only."""

    def text(self, record_id: str, language: str) -> ReceiptText:
        """Return the receipt of a record in words, verified anew.

        Raises:
            CustomerError: RECEIPT_WRONG: there is none, or it does not check out.
        """
        ...

    def save_json(self, record_id: str, path: Path) -> None:
        """Save the receipt file, byte for byte, as a whole or not at all.

        Raises:
            CustomerError: RECEIPT_WRONG, CANNOT_SAVE.
        """
        ...
