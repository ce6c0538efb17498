"""A verified receipt in words, for people: what was ordered, from whom, under which texts, and how to check it.

Rule: nothing is composed from a receipt that was not verified. What does not stand in the receipt is the seller's
own data of the brand file and what this program measured at the end, and both stand under headings of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path

from client_app.core.brand_types import Brand
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.messages import N_
from client_app.core.receipt_text import Attachment, Closing, QrCode, ReceiptRow, ReceiptSection, ReceiptText
from client_app.services.receipt_after import (
    closing_sections,
    end_sections,
    proof_sections,
    refusal_sections,
    start_sections,
)
from client_app.services.receipt_again import reopening_sections, restart_sections
from client_app.services.receipt_order import order_sections, withdrawal_section
from client_app.services.receipt_words import Translate, Words
from client_app.services.saving import save
from consent_record.errors import RecordError
from consent_record.keys import fingerprint
from consent_record.receipt import Receipt, check_receipt, read_receipt
from consent_record.records import (
    Acceptance,
    ClosingProof,
    Consent,
    Record,
    Refusal,
    Reopening,
    Restart,
    SessionEnd,
    SessionStart,
)

_TITLES: dict[type[Record], str] = {
    Consent: N_("Confirmation of your order"),
    Refusal: N_("Confirmation that you did not order"),
    SessionStart: N_("Confirmation that AnyDesk was started"),
    SessionEnd: N_("Confirmation of how the help ended"),
    Restart: N_("Confirmation of a restart"),
    Reopening: N_("Confirmation that help goes on"),
    ClosingProof: N_("Confirmation of closing"),
}


class ReceiptService:
    """`ReceiptPort` over the stored receipts."""

    def __init__(
        self,
        receipt_bytes: Callable[[str], bytes | None],
        translators: Callable[[str], Translate],
        *,
        brand: Brand,
        root_key: str,
        zone: tzinfo | None = None,
    ) -> None:
        """Prepare.

        Args:
            receipt_bytes: the receipt file of a record, None when it has none (`ConsentPort.receipt_bytes`).
            translators: from a language to its translator.
            brand: the seller's own data and the information for consumers.
            root_key: the pinned root, hexadecimal.
            zone: of the times that people read; the computer's own when left out.
        """
        self._receipt_bytes = receipt_bytes
        self._translators = translators
        self._brand = brand
        self._root_key = root_key
        self._zone = zone

    def text(self, record_id: str, language: str, closing: Closing | None = None) -> ReceiptText:
        """Return the receipt of a record in words; see `ReceiptPort.text`."""
        data = self._bytes(record_id)
        words = Words(language, self._translators(language), self._zone)
        return compose(data, words, self._brand, root_key=self._root_key, closing=closing)

    def save_json(self, record_id: str, path: Path) -> Path:
        """Save the receipt file; see `ReceiptPort.save_json`."""
        data = self._bytes(record_id)
        verified(data, root_key=self._root_key)
        return save(path, data)

    def _bytes(self, record_id: str) -> bytes:
        data = self._receipt_bytes(record_id)
        if data is None:
            raise CustomerError(ErrorCode.RECEIPT_WRONG, "there is no receipt yet")
        return data


def verified(data_untrusted: bytes, *, root_key: str) -> Receipt:
    """Return a receipt that was checked against the pinned root.

    Raises:
        CustomerError: RECEIPT_WRONG; `detail` holds the stable code of what does not hold.
    """
    try:
        receipt = read_receipt(data_untrusted)
        check_receipt(receipt, root_key=root_key)
    except RecordError as error:
        raise CustomerError(ErrorCode.RECEIPT_WRONG, error.code) from error
    return receipt


def compose(
    data_untrusted: bytes,
    words: Words,
    brand: Brand,
    *,
    root_key: str,
    closing: Closing | None = None,
) -> ReceiptText:
    """Verify a receipt file and return it in words.

    Args:
        data_untrusted: the file, as it was received.
        words: of the reader's language.
        brand: of this program.
        root_key: the pinned root, hexadecimal; "" trusts nothing.
        closing: what was measured after an order; ignored for records of any other kind.

    Raises:
        CustomerError: RECEIPT_WRONG.
    """
    receipt = verified(data_untrusted, root_key=root_key)
    record, say = receipt.record, words.say
    stem = say(N_("receipt"))
    file_name = f"{stem}-{words.iso_day_of(record.created_at)}-{receipt.body.receipt_id[:8]}"
    attachment = Attachment(f"{file_name}.json", data_untrusted)
    sections = (
        *_sections(record, words, brand, closing),
        _proof(receipt, words, attachment.name),
        # The longest part, and the one that nobody needs today, comes last.
        withdrawal_section(record, words, brand) if isinstance(record, Consent) else ReceiptSection(""),
    )
    return ReceiptText(
        title=say(_TITLES[type(record)]),
        language=words.language,
        sections=tuple(section for section in sections if not section.is_empty),
        company=record.provider if isinstance(record, Consent) else brand.seller.name,
        subtitle=say(N_("Number {number}"), number=receipt.body.receipt_id),
        notices=_notices(receipt, words, brand),
        footer=say(N_("Confirmation {number}"), number=receipt.body.receipt_id[:8]),
        file_name=file_name,
        attachment=attachment,
    )


def _sections(
    record: Record, words: Words, brand: Brand, closing: Closing | None
) -> tuple[ReceiptSection, ...]:
    company = brand.seller.short_name
    if isinstance(record, Consent):
        ended = closing_sections(closing, words, company) if closing is not None else ()
        order, *rest = order_sections(record, words, brand)
        return (order, *ended, *rest)
    if isinstance(record, Refusal):
        return refusal_sections(record, words)
    if isinstance(record, SessionStart):
        return start_sections(record, words)
    if isinstance(record, SessionEnd):
        return end_sections(record, words)
    if isinstance(record, Restart):
        return restart_sections(record, words)
    if isinstance(record, Reopening):
        return reopening_sections(record, words)
    return proof_sections(record, words, company)


def _notices(receipt: Receipt, words: Words, brand: Brand) -> tuple[str, ...]:
    record, notices = receipt.record, []
    if brand.example and brand.texts.example_notice:
        notices.append(brand.texts.example_notice.in_language(words.language))
    is_offline = isinstance(record, Consent) and record.acceptance is Acceptance.OFFLINE
    if receipt.body.late or is_offline:
        late = N_(
            "The company's server could not be reached, so the technician confirmed by phone. The full record reached "
            "the company later: {time}."
        )
        notices.append(words.say(late, time=words.time(receipt.body.server_time)))
    return tuple(notices)


def _proof(receipt: Receipt, words: Words, file_name: str) -> ReceiptSection:
    body, say = receipt.body, words.say
    root = fingerprint(receipt.certificate.certificate.root_key)
    rows = (
        ReceiptRow(say(N_("Stored by the company")), words.time(body.server_time)),
        ReceiptRow(say(N_("Number of the confirmation")), body.receipt_id, is_exact=True),
        ReceiptRow(say(N_("Number of the case")), body.case_id, is_exact=True),
        ReceiptRow(say(N_("Number of the record")), body.record_id, is_exact=True),
        ReceiptRow(say(N_("SHA-256 of the record")), body.record_hash, is_exact=True),
        ReceiptRow(say(N_("Fingerprint of the company's root key")), root, is_exact=True),
        ReceiptRow(
            say(N_("Command for checking")),
            f"python -m consent_record verify {file_name} --root root.pub",
            is_exact=True,
        ),
    )
    lines = (
        say(
            N_(
                "This paper is for reading. The proof is the file {file}: it is attached to this PDF and can be "
                "saved by itself. It holds the company's signature, and a change of a single letter shows."
            ),
            file=file_name,
        ),
        say(
            N_(
                "Anyone can check it with the command above, without the Internet and without asking the company. The "
                "file root.pub holds the company's root key; get it from somewhere else than this confirmation and "
                "compare its fingerprint."
            )
        ),
    )
    return ReceiptSection(
        say(N_("How to check this confirmation")),
        rows=rows,
        lines=lines,
        qr=_qr(receipt, words),
    )


def _qr(receipt: Receipt, words: Words) -> QrCode:
    import segno  # needed for a receipt only

    body, say = receipt.body, words.say
    text = "\n".join(
        (
            f"{say(N_('Number of the confirmation'))}: {body.receipt_id}",
            f"{say(N_('Stored by the company'))}: {body.server_time}",
            f"{say(N_('SHA-256 of the record'))}: {body.record_hash}",
        )
    )
    caption = N_(
        "This picture holds the confirmation's number, time and SHA-256, so that nobody has to type them."
    )
    code = segno.make(text, error="m", micro=False)
    rows = tuple(bytes(row) for row in code.matrix_iter(border=code.default_border_size))
    return QrCode(text, rows, say(caption))
