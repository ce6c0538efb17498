"""A verified receipt in words, for people: what was ordered, from whom, under which texts, and how to check it.

Rule: nothing is said that does not stand in the receipt, and nothing is composed from one that was not verified.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.messages import N_
from client_app.core.receipt_text import ReceiptSection, ReceiptText
from client_app.services.files import write_atomically
from consent_record.case import Price
from consent_record.documents import DocumentKind
from consent_record.errors import RecordError
from consent_record.fields import moment_of
from consent_record.keys import fingerprint
from consent_record.receipt import Receipt, check_receipt, read_receipt
from consent_record.records import BackupKind, Consent, Person, PersonKind

Translate = Callable[[str], str]
"""From a message id to the reader's language."""

_DOCUMENTS = {
    DocumentKind.TERMS: N_("Terms"),
    DocumentKind.PRICE: N_("Price list"),
    DocumentKind.PRIVACY: N_("Privacy notice"),
}
_BACKUPS = {
    BackupKind.HAVE_ONE: N_("You said that you have a backup."),
    BackupKind.MADE_NOW: N_("You said that you made a backup just before."),
    BackupKind.NONE_AGREED: N_("You went on without a backup; the technician agreed."),
}


class ReceiptService:
    """`ReceiptPort` over the stored receipts."""

    def __init__(
        self,
        receipt_bytes: Callable[[str], bytes | None],
        translators: Callable[[str], Translate],
        *,
        root_key: str,
        zone: tzinfo | None = None,
    ) -> None:
        """Prepare.

        Args:
            receipt_bytes: the receipt file of a record, None when it has none (`ConsentPort.receipt_bytes`).
            translators: from a language to its translator.
            root_key: the pinned root, hexadecimal.
            zone: of the times that people read; the computer's own when left out.
        """
        self._receipt_bytes = receipt_bytes
        self._translators = translators
        self._root_key = root_key
        self._zone = zone

    def text(self, record_id: str, language: str) -> ReceiptText:
        """Return the receipt of a record in words; see `ReceiptPort.text`."""
        receipt = self._verified(self._bytes(record_id))
        return compose(receipt, self._translators(language), language=language, zone=self._zone)

    def save_json(self, record_id: str, path: Path) -> None:
        """Save the receipt file; see `ReceiptPort.save_json`."""
        data = self._bytes(record_id)
        self._verified(data)
        try:
            write_atomically(path, data)
        except OSError as error:
            raise CustomerError(ErrorCode.CANNOT_SAVE, type(error).__name__) from error

    def _bytes(self, record_id: str) -> bytes:
        data = self._receipt_bytes(record_id)
        if data is None:
            raise CustomerError(ErrorCode.RECEIPT_WRONG, "there is no receipt yet")
        return data

    def _verified(self, data: bytes) -> Receipt:
        try:
            receipt = read_receipt(data)
            check_receipt(receipt, root_key=self._root_key)
        except RecordError as error:
            raise CustomerError(ErrorCode.RECEIPT_WRONG, error.code) from error
        return receipt


def compose(receipt: Receipt, say: Translate, *, language: str, zone: tzinfo | None = None) -> ReceiptText:
    """Return a receipt in words.

    Args:
        receipt: already verified.
        say: translates message ids.
        language: of `say`.
        zone: of the times; the computer's own when left out.
    """
    record = receipt.record
    sections = []
    if isinstance(record, Consent):
        sections = [
            _order(receipt, record, say, language, zone),
            ReceiptSection(say(N_("You")), _person(record.person, say)),
            ReceiptSection(say(N_("Documents that were shown")), _documents(record, say)),
            ReceiptSection(say(N_("What you confirmed")), _acts(record, say, zone)),
        ]
    sections.append(_proof(receipt, say, zone))
    return ReceiptText(say(N_("Receipt of your order")), language, tuple(sections))


def money(price: Price, language: str) -> str:
    """Return an amount as it is written in the language: `80,00 zł` or `PLN 80.00`. No float is involved."""
    whole, rest = divmod(price.amount, 100)
    if language == "pl":
        return f"{whole},{rest:02d} {'zł' if price.currency == 'PLN' else price.currency}"
    return f"{price.currency} {whole}.{rest:02d}"


def _order(
    receipt: Receipt, consent: Consent, say: Translate, language: str, zone: tzinfo | None
) -> ReceiptSection:
    lines = [
        say(N_("Company: {name}")).format(name=consent.provider),
        say(N_("Technician: {name}")).format(name=consent.technician_name),
        say(N_("Problem: {text}")).format(text=consent.problem),
        say(N_("Price: {amount}")).format(amount=money(consent.price, language)),
    ]
    if consent.price.description:
        lines.append(say(N_("For: {text}")).format(text=consent.price.description))
    lines += [
        say(N_("Button that was pressed: {text}")).format(text=consent.button_label),
        say(N_("Ordered: {time}")).format(time=_time(consent.created_at, zone)),
        say(N_("Confirmed by the company: {time}")).format(time=_time(receipt.body.server_time, zone)),
    ]
    if receipt.body.late:
        lines.append(say(N_("It was first accepted by phone, because there was no connection.")))
    lines += [say(_BACKUPS[consent.backup.kind]), say(N_("The session is not recorded."))]
    return ReceiptSection(say(N_("Your order")), tuple(lines))


def _person(person: Person, say: Translate) -> tuple[str, ...]:
    kind = N_("As a company") if person.kind is PersonKind.BUSINESS else N_("As a private person")
    company = " ".join(part for part in (person.company, f"NIP {person.nip}" if person.nip else "") if part)
    return tuple(line for line in (say(kind), person.name, company, person.address, person.email) if line)


def _documents(consent: Consent, say: Translate) -> tuple[str, ...]:
    line = say(N_("{title}, version {version} ({language}), SHA-256 {hash}"))
    return tuple(
        line.format(title=say(_DOCUMENTS[d.kind]), version=d.version, language=d.language, hash=d.sha256)
        for d in consent.documents
    )


def _acts(consent: Consent, say: Translate, zone: tzinfo | None) -> tuple[str, ...]:
    line = say(N_("{time}: {text}"))
    return tuple(
        line.format(time=_time(act.at, zone), text=text)
        for act in consent.acts
        for text in act.texts
        if act.checked
    )


def _proof(receipt: Receipt, say: Translate, zone: tzinfo | None) -> ReceiptSection:
    body = receipt.body
    lines = (
        say(N_("Receipt: {id}")).format(id=body.receipt_id),
        say(N_("Case: {id}")).format(id=body.case_id),
        say(N_("Record: {id}")).format(id=body.record_id),
        say(N_("SHA-256 of the record: {hash}")).format(hash=body.record_hash),
        say(N_("Stored by the company: {time}")).format(time=_time(body.server_time, zone)),
        say(N_("Fingerprint of the company's root key: {hash}")).format(
            hash=fingerprint(receipt.certificate.certificate.root_key)
        ),
        say(
            N_("The file with the ending .json is the proof; it can be checked without the company's server.")
        ),
    )
    return ReceiptSection(say(N_("How to check this receipt")), lines)


def _time(text: str, zone: tzinfo | None) -> str:
    return moment_of(text).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S (UTC%z)")
