"""A receipt in words: what must not be composed, what must not stand in it, what must."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from client_app.core.brand_types import Brand
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.receipt_text import Mark
from client_app.services.receipt_text import ReceiptService, compose
from client_app.services.receipt_words import Words
from consent_record.canonical import hash_of
from consent_record.case import Price
from consent_record.receipt import read_receipt
from consent_record.records import Acceptance, Backup, BackupKind, Consent, Person, PersonKind, Record
from consent_record.verify import Verdict, judge
from tests.helpers import receipts
from tests.helpers.receipts import ENGLISH, SUMMER, everything, in_words, section, values
from tests.unit.services.company import Company, new_id


@pytest.fixture(scope="module")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Brand:
    """The product's own brand; what the company left empty is empty."""
    return receipts.make_brand(tmp_path_factory.mktemp("brand"))


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Brand:
    """The demonstration's brand; everything is filled."""
    return receipts.make_brand(tmp_path_factory.mktemp("example"), is_example=True)


@pytest.fixture(scope="module")
def company() -> Company:
    return Company()


# --- what must not happen -----------------------------------------------------------------------------------------


def _tampered(data: bytes) -> bytes:
    changed = data.replace(b'"amount":8000', b'"amount":1000')
    assert changed != data
    return changed


@pytest.mark.parametrize(
    ("spoil", "detail"),
    [
        (_tampered, "receipt.record_hash"),
        (lambda data: data[:-2], "json.syntax"),
        (lambda data: b" " + data, "json.not_canonical"),
        (lambda data: b"", "json.syntax"),
        (lambda data: b"\xff\xfe", "json.syntax"),
    ],
    ids=["price", "cut", "blank", "empty", "not_utf8"],
)
def test_nothing_is_composed_from_a_changed_receipt(
    company: Company, brand: Brand, spoil: Callable[[bytes], bytes], detail: str
) -> None:
    data = spoil(company.receipt(receipts.make_consent(company, brand)))
    with pytest.raises(CustomerError) as caught:
        compose(data, ENGLISH, brand, root_key=company.root_key)
    assert caught.value.code is ErrorCode.RECEIPT_WRONG
    assert caught.value.detail.startswith(detail)


@pytest.mark.parametrize("root", ["", "00" * 32])
def test_nothing_is_composed_under_another_root(company: Company, brand: Brand, root: str) -> None:
    data = company.receipt(receipts.make_consent(company, brand))
    with pytest.raises(CustomerError) as caught:
        compose(data, ENGLISH, brand, root_key=root)
    assert caught.value.code is ErrorCode.RECEIPT_WRONG


def test_impostors_receipt_is_refused(company: Company, brand: Brand) -> None:
    data = company.impostor().receipt(receipts.make_consent(company, brand))
    with pytest.raises(CustomerError):
        compose(data, ENGLISH, brand, root_key=company.root_key)


def test_refusal_tells_nothing_of_the_person(company: Company, example: Brand) -> None:
    refusal = receipts.make_refusal(company, company.references())
    text = in_words(company, example, refusal, closing=receipts.make_closing())
    said = everything(text)
    for secret in (
        "Brzęczyszczykiewicz",
        "zaneta",
        "Gęsia",
        "Nowak",
        "Anna",
        "111222333",
        "AnyDesk",
        "Drukarka",
    ):
        assert secret not in said
    assert "no name and no e-mail" in said
    assert values(text, "You did not order")["On step"] == "3. Terms and price"
    assert len(section(text, "Documents that you were shown").rows) == 3


def test_refusal_on_an_unknown_step_has_no_row_for_it(company: Company, brand: Brand) -> None:
    refusal = dataclass_like(receipts.make_refusal(company), step="unknown")
    assert "On step" not in values(in_words(company, brand, refusal), "You did not order")


def dataclass_like(record: Record, **changes: object) -> Record:
    """Return a record with other fields."""
    import msgspec

    return msgspec.structs.replace(record, **changes)


def test_business_reads_nothing_of_withdrawal(company: Company, brand: Brand) -> None:
    text = in_words(company, brand, receipts.make_consent(company, brand, "en", person=receipts.BUSINESS))
    assert not any(s.markdown for s in text.sections)
    assert values(text, "You")["Tax number (NIP)"] == "5260250274"


def test_unticked_box_is_no_declaration(company: Company, brand: Brand) -> None:
    unticked = receipts.act("early_start", receipts.CREATED, "I never said that.", checked=False)
    text = in_words(company, brand, receipts.make_consent(company, brand, acts=(unticked,)))
    assert "never said" not in everything(text)


def test_empty_values_have_no_row(company: Company, brand: Brand) -> None:
    bare = Person(kind=PersonKind.CONSUMER, name="Jan Nowak", email="jan@example.com")
    consent = receipts.make_consent(
        company, brand, person=bare, price=Price(amount=0), documents=(), problem="", acts=()
    )
    text = in_words(company, brand, consent)
    assert all(row.value.strip() and row.label.strip() for s in text.sections for row in s.rows)
    assert not any(s.is_empty for s in text.sections)
    assert set(values(text, "The company")) == {"Company name", "Web site"}
    assert {"Address", "Company"}.isdisjoint(values(text, "You"))
    headings = [s.heading for s in text.sections]
    assert "What you confirmed, word for word" not in headings
    assert "Documents that you accepted or were shown" not in headings
    assert values(text, "Your order")["Price"] == "free of charge"


def test_of_another_seller_only_the_name_is_known(company: Company, example: Brand) -> None:
    text = in_words(company, example, receipts.make_consent(company, example, provider="Other Ltd"))
    assert values(text, "The company") == {"Company name": "Other Ltd"}
    assert text.company == "Other Ltd"


def test_values_are_never_filled_in_again(company: Company, brand: Brand) -> None:
    consent = receipts.make_consent(company, brand, problem="{time} {0} {name.__class__}")
    text = in_words(company, brand, consent)
    assert values(text, "Your order")["Problem"] == "{time} {0} {name.__class__}"


def test_a_time_that_is_none_is_shown_as_it_is(company: Company, brand: Brand) -> None:
    odd = receipts.act("accept_terms", "2026-13-41T25:61:61Z", "I accept.")
    text = in_words(company, brand, receipts.make_consent(company, brand, acts=(odd,)))
    assert section(text, "What you confirmed, word for word").entries[0].note == "2026-13-41T25:61:61Z"


# --- what must stand there ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_declaration_with_its_exact_text_and_time(
    company: Company, brand: Brand, language: str
) -> None:
    consent = receipts.make_consent(company, brand, language)
    text = in_words(company, brand, consent, words=Words("pl", str, SUMMER))
    entries = section(text, "What you confirmed, word for word").entries
    assert [e.mark for e in entries] == [Mark.TICKED] * len(consent.acts)
    assert [(e.text, *e.covers) for e in entries] == [act.texts for act in consent.acts]
    assert entries[0].note == "05.05.2026, 14:00:01\N{NO-BREAK SPACE}(UTC+02:00)"
    assert entries[3].note == "05.05.2026, 14:02:58\N{NO-BREAK SPACE}(UTC+02:00)"


def test_order_says_what_was_ordered(company: Company, example: Brand) -> None:
    consent = receipts.make_consent(
        company, example, "en", price=Price(amount=123456, description="Two hours")
    )
    text = in_words(company, example, consent)
    order = values(text, "Your order")
    assert order["Problem"] == consent.problem
    assert order["Price"] == "1,234.56\N{NO-BREAK SPACE}zł"
    assert order["What the price is for"] == "Two hours"
    assert order["Technician"] == "Anna Kowalska"
    assert order["Ordered"] == "2026-05-05, 14:03:22\N{NO-BREAK SPACE}(UTC+02:00)"
    assert order["Button that you pressed"] == "Order with obligation to pay"
    assert order["Backup"] == "You said that you have a backup. Day of the backup: 2026-05-02."
    assert values(text, "You")["E-mail"] == receipts.CONSUMER.email
    seller = values(text, "The company")
    assert seller["Phone"] == "+48 00 000 00 00"
    assert "14 days" in seller["Complaints"]
    assert text.notices == ("Example data: this is not a real offer.",)


def test_amounts_in_polish() -> None:
    words = Words("pl", str)
    amounts = [Price(amount=8000), Price(amount=99_999_901), Price(amount=5, currency="EUR")]
    shown = [words.money(price).replace("\N{NO-BREAK SPACE}", "_") for price in amounts]
    assert shown == ["80,00_zł", "999_999,01_zł", "0,05_EUR"]


def test_documents_by_version_language_and_hash(company: Company, brand: Brand) -> None:
    text = in_words(company, brand, receipts.make_consent(company, brand))
    rows = section(text, "Documents that you accepted or were shown").rows
    assert [row.value for row in rows] == [document.sha256 for document in company.references()]
    assert rows[0].label == "Terms, version 1, Polish"
    assert all(row.is_exact for row in rows)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (BackupKind.HAVE_ONE, "You said that you have a backup."),
        (BackupKind.MADE_NOW, "You said that you made a backup just before."),
        (BackupKind.NONE_AGREED, "You went on without a backup; the technician agreed."),
    ],
)
def test_backup(company: Company, brand: Brand, kind: BackupKind, sentence: str) -> None:
    text = in_words(company, brand, receipts.make_consent(company, brand, backup=Backup(kind=kind)))
    assert values(text, "Your order")["Backup"] == sentence


@pytest.mark.parametrize(
    ("late", "acceptance", "is_said"),
    [
        (False, Acceptance.ONLINE, False),
        (True, Acceptance.ONLINE, True),
        (False, Acceptance.OFFLINE, True),
    ],
)
def test_late_and_offline_are_said(
    company: Company, brand: Brand, late: bool, acceptance: Acceptance, is_said: bool
) -> None:
    consent = receipts.make_consent(company, brand, acceptance=acceptance)
    notices = in_words(company, brand, consent, late=late).notices
    assert any("confirmed by phone" in notice for notice in notices) is is_said


def test_consumer_reads_the_withdrawal_information_and_its_form(company: Company, brand: Brand) -> None:
    text = in_words(company, brand, receipts.make_consent(company, brand), words=Words("pl", str))
    markdown = text.sections[-1].markdown
    assert brand.consumer.withdrawal_information.pl in markdown
    assert brand.consumer.withdrawal_form.pl in markdown


def test_proof_can_be_checked_with_what_the_paper_says(
    company: Company, brand: Brand, tmp_path: Path
) -> None:
    consent = receipts.make_consent(company, brand)
    text = in_words(company, brand, consent)
    proof = values(text, "How to check this confirmation")
    assert text.attachment is not None
    receipt = read_receipt(text.attachment.data)
    assert proof["SHA-256 of the record"] == hash_of(consent) == receipt.body.record_hash
    assert proof["Number of the confirmation"] == receipt.body.receipt_id
    assert proof["Number of the case"] == company.case_id
    assert proof["Command for checking"] == (
        f"python -m consent_record verify {text.attachment.name} --root root.pub"
    )
    assert judge(text.attachment.data, root_key=company.root_key).verdict is Verdict.PROVEN


def test_qr_code_says_number_time_and_hash(company: Company, brand: Brand) -> None:
    text = in_words(company, brand, receipts.make_consent(company, brand))
    qr = section(text, "How to check this confirmation").qr
    assert qr is not None
    assert text.attachment is not None
    body = read_receipt(text.attachment.data).body
    assert all(part in qr.text for part in (body.receipt_id, body.server_time, body.record_hash))
    assert all(len(row) == len(qr.rows) for row in qr.rows)
    assert not any(qr.rows[0]), "the quiet zone"


def test_names_of_files_are_plain(company: Company, brand: Brand) -> None:
    text = in_words(company, brand, receipts.make_consent(company, brand))
    assert text.file_name.startswith("receipt-2026-05-05-")
    assert text.file_name.isascii()
    assert text.attachment is not None
    assert text.attachment.name == f"{text.file_name}.json"


# --- the service --------------------------------------------------------------------------------------------------


@pytest.fixture
def stored(company: Company, brand: Brand) -> tuple[ReceiptService, str, bytes]:
    consent = receipts.make_consent(company, brand)
    files = {consent.record_id: company.receipt(consent)}
    service = ReceiptService(files.get, lambda _language: str, brand=brand, root_key=company.root_key)
    return service, consent.record_id, files[consent.record_id]


Stored = tuple[ReceiptService, str, bytes]


def test_without_a_receipt_there_are_no_words_and_no_file(stored: Stored, tmp_path: Path) -> None:
    service, _record_id, _data = stored
    for work in (lambda: service.text(new_id(), "pl"), lambda: service.save_json(new_id(), tmp_path / "a")):
        with pytest.raises(CustomerError) as caught:
            work()
        assert caught.value.code is ErrorCode.RECEIPT_WRONG
    assert list(tmp_path.iterdir()) == []


def test_json_is_the_receipt_byte_for_byte(stored: Stored, tmp_path: Path) -> None:
    service, record_id, data = stored
    saved = service.save_json(record_id, tmp_path / "potwierdzenie.json")
    again = service.save_json(record_id, tmp_path / "potwierdzenie.json")
    assert (saved.name, again.name) == ("potwierdzenie.json", "potwierdzenie (2).json")
    assert saved.read_bytes() == again.read_bytes() == data


def test_service_speaks_the_asked_language(stored: Stored, company: Company, brand: Brand) -> None:
    service, record_id, _data = stored
    assert service.text(record_id, "pl").language == "pl"
    assert isinstance(read_receipt(stored[2]).record, Consent)
