"""Sections of an order's receipt: what was ordered, what was confirmed, by whom, with whom, under which texts."""

from __future__ import annotations

from client_app.core.brand_types import Brand, SellerBrand
from client_app.core.messages import N_
from client_app.core.receipt_text import Mark, ReceiptEntry, ReceiptRow, ReceiptSection
from client_app.services.receipt_words import Words
from consent_record.acts import Control, is_injected
from consent_record.documents import DocumentKind, DocumentRef
from consent_record.records import Act, Backup, BackupKind, Consent, Person, PersonKind

DOCUMENTS = {
    DocumentKind.TERMS: N_("Terms"),
    DocumentKind.PRICE: N_("Price list"),
    DocumentKind.PRIVACY: N_("Privacy notice"),
}

_BACKUPS = {
    BackupKind.HAVE_ONE: N_("You said that you have a backup."),
    BackupKind.MADE_NOW: N_("You said that you made a backup just before."),
    BackupKind.NONE_AGREED: N_("You went on without a backup; the technician agreed."),
}

_BY_PROGRAM = N_("pressed through another program")


def order_sections(consent: Consent, words: Words, brand: Brand) -> tuple[ReceiptSection, ...]:
    """Return the sections before the proof; an empty one is left out by the caller.

    Args:
        consent: out of a verified receipt.
        words: of the reader's language.
        brand: adds what the record does not hold of the seller, if the seller is the same.
    """
    return (
        _order(consent, words),
        _acts(consent, words),
        _person(consent.person, words),
        _seller(consent.provider, brand.seller, words),
        documents_section(consent.documents, words, N_("Documents that you accepted or were shown")),
    )


def withdrawal_section(consent: Consent, words: Words, brand: Brand) -> ReceiptSection:
    """Return the information on withdrawal and its form, for consumers only; empty for a business.

    The texts bring headings of their own, so the section has none.
    """
    if consent.person.kind is not PersonKind.CONSUMER:
        return ReceiptSection("")
    texts = (brand.consumer.withdrawal_information, brand.consumer.withdrawal_form)
    return ReceiptSection(
        "", markdown="\n\n".join(text.in_language(words.language) for text in texts if text)
    )


def documents_section(documents: tuple[DocumentRef, ...], words: Words, heading: str) -> ReceiptSection:
    """Return the exact versions by kind, version, language and hash."""
    rows = tuple(
        ReceiptRow(
            words.say(
                N_("{title}, version {version}, {language}"),
                title=words.say(DOCUMENTS[document.kind]),
                version=document.version,
                language=words.name_of_language(document.language),
            ),
            document.sha256,
            is_exact=True,
        )
        for document in documents
    )
    lines = (words.say(N_("Each text is named by the SHA-256 of its exact bytes.")),) if rows else ()
    return ReceiptSection(words.say(heading), rows=rows, lines=lines)


def filled(*rows: ReceiptRow) -> tuple[ReceiptRow, ...]:
    """Return the rows that have a value."""
    return tuple(row for row in rows if row.value.strip())


def _order(consent: Consent, words: Words) -> ReceiptSection:
    say = words.say
    rows = filled(
        ReceiptRow(say(N_("Problem")), consent.problem),
        ReceiptRow(say(N_("Price")), words.money(consent.price), is_strong=True),
        ReceiptRow(say(N_("What the price is for")), consent.price.description),
        ReceiptRow(say(N_("Technician")), consent.technician_name),
        ReceiptRow(say(N_("Ordered")), words.time(consent.created_at)),
        ReceiptRow(say(N_("Button that you pressed")), _button(consent, words)),
        ReceiptRow(say(N_("Backup")), _backup(consent.backup, words)),
        ReceiptRow(say(N_("Recording")), say(N_("The session is not recorded."))),
    )
    return ReceiptSection(say(N_("Your order")), rows=rows)


def _button(consent: Consent, words: Words) -> str:
    order = (act for act in consent.acts if act.control == Control.ORDER.value)
    return _with_origin(consent.button_label, is_injected(*order), words)


def _with_origin(text: str, is_by_program: bool, words: Words) -> str:
    """Add to a text that its control was pressed through another program; other origins need no words here."""
    return f"{text} ({words.say(_BY_PROGRAM)})" if is_by_program else text


def _backup(backup: Backup, words: Words) -> str:
    sentence = words.say(_BACKUPS[backup.kind])
    if not backup.made_on:
        return sentence
    return sentence + " " + words.say(N_("Day of the backup: {day}."), day=words.day(backup.made_on))


def _acts(consent: Consent, words: Words) -> ReceiptSection:
    entries = tuple(_entry(act, words) for act in consent.acts if act.checked and act.texts)
    return ReceiptSection(words.say(N_("What you confirmed, word for word")), entries=entries)


def _entry(act: Act, words: Words) -> ReceiptEntry:
    # One tick may cover several exact texts; the first is the one that stood beside the box.
    label, *covered = act.texts
    return ReceiptEntry(
        label,
        note=_with_origin(words.time(act.at), is_injected(act), words),
        mark=Mark.TICKED,
        covers=tuple(text for text in covered if text != label),
    )


def _person(person: Person, words: Words) -> ReceiptSection:
    say = words.say
    is_business = person.kind is PersonKind.BUSINESS
    rows = filled(
        ReceiptRow(say(N_("Company")), person.company),
        ReceiptRow(say(N_("Tax number (NIP)")), person.nip),
        ReceiptRow(say(N_("First and last name")), person.name),
        ReceiptRow(say(N_("Address")), person.address),
        ReceiptRow(say(N_("E-mail")), person.email),
        ReceiptRow(
            say(N_("You order")),
            say(N_("as a company") if is_business else N_("as a private person (consumer)")),
        ),
    )
    return ReceiptSection(say(N_("You")), rows=rows)


def _seller(provider: str, seller: SellerBrand, words: Words) -> ReceiptSection:
    say = words.say
    heading, name = say(N_("The company")), ReceiptRow(say(N_("Company name")), provider)
    if provider != seller.name:
        # The order was made with another company's program: nothing is known of that one but its name.
        return ReceiptSection(heading, rows=filled(name))
    rows = filled(
        name,
        ReceiptRow(say(N_("Address")), seller.address),
        ReceiptRow(say(N_("Phone")), seller.phone),
        ReceiptRow(say(N_("E-mail")), seller.email),
        ReceiptRow(say(N_("Web site")), seller.site),
        ReceiptRow(say(N_("Tax number (NIP)")), seller.nip),
        ReceiptRow(say(N_("Register")), seller.registration),
        ReceiptRow(say(N_("Complaints")), seller.complaints.in_language(words.language)),
    )
    return ReceiptSection(heading, rows=rows)
