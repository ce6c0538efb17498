"""What a customer keeps of an order, in words: frozen sections that the PDF draws and nobody else composes.

Rule: a value that is empty has no row here, so nobody ever prints a label without a value. Every `str` is already in
the reader's language or is text from outside, and is shown as plain text; `markdown` alone is read as Markdown.
"""

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from client_app.core.session import EndedBy, FactView, PeerView


class Mark(enum.Enum):
    """The sign in front of an entry."""

    NONE = "none"
    TICKED = "ticked"
    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ReceiptRow:
    """A label and its value, which may have several lines.

    `is_exact` marks hashes and ids, which are compared sign by sign (fixed-width letters); `is_strong` what people look
    for first.
    """

    label: str
    value: str
    is_exact: bool = False
    is_strong: bool = False


@dataclass(frozen=True)
class ReceiptEntry:
    """One item of a list: a declaration with its time, a closing fact with when it was measured.

    `text` stands behind the sign `mark`, `covers` are further exact texts that the same act covered, `note` is small
    print below.
    """

    text: str
    note: str = ""
    mark: Mark = Mark.NONE
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class QrCode:
    """A QR code: what it says, its rows of squares (1 is dark, the quiet zone included), and what it is for."""

    text: str
    rows: tuple[bytes, ...]
    caption: str


@dataclass(frozen=True)
class ReceiptSection:
    """A heading and what stands under it, drawn in this order: rows, lines, entries, Markdown.

    `lines` are paragraphs; a QR code is drawn beside them.
    """

    heading: str
    rows: tuple[ReceiptRow, ...] = ()
    entries: tuple[ReceiptEntry, ...] = ()
    lines: tuple[str, ...] = ()
    markdown: str = ""
    qr: QrCode | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing under the heading."""
        return not (self.rows or self.entries or self.lines or self.markdown)


@dataclass(frozen=True)
class Attachment:
    """A file that travels inside the PDF."""

    name: str
    data: bytes
    media_type: str = "application/json"


@dataclass(frozen=True)
class ReceiptText:
    """The whole receipt in one language ("pl" or "en").

    Attributes:
        title: what the paper is; also the PDF's title.
        language: of every word in it.
        sections: none of them is empty.
        company: who issued it, for the head of the first page.
        subtitle: one line under the title, or "".
        notices: sentences in a frame above everything: a record that came late, example data.
        footer: repeated at the foot of every page, beside the page number.
        file_name: suggestion for saving, ASCII, without an ending.
        attachment: the receipt file itself.
    """

    title: str
    language: str
    sections: tuple[ReceiptSection, ...]
    company: str = ""
    subtitle: str = ""
    notices: tuple[str, ...] = ()
    footer: str = ""
    file_name: str = "receipt"
    attachment: Attachment | None = None


@dataclass(frozen=True)
class Closing:
    """What this program measured after the order: who was connected, who ended it, the closing facts."""

    ended_by: EndedBy | None = None
    peers: tuple[PeerView, ...] = ()
    facts: tuple[FactView, ...] = ()


class ReceiptPort(Protocol):
    """Receipts for people. Blocking; called from worker threads only."""

    def text(self, record_id: str, language: str, closing: Closing | None = None) -> ReceiptText:
        """Return the receipt of a record in words, verified anew.

        Args:
            record_id: a record of this computer.
            language: "pl" or "en".
            closing: for an order whose session has ended; no receipt of another kind says anything of it.

        Raises:
            CustomerError: RECEIPT_WRONG: there is none, or it does not check out.
        """
        ...

    def save_json(self, record_id: str, path: Path) -> Path:
        """Save the receipt file, byte for byte, as a whole or not at all; return where it is (see `FilesPort`).

        Raises:
            CustomerError: RECEIPT_WRONG, CANNOT_SAVE.
        """
        ...
