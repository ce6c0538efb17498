"""Receipts of what is not an order, and what an order's paper says of how the help ended."""

from __future__ import annotations

import msgspec
import pytest

from client_app.core.anydesk import Fact
from client_app.core.brand_types import Brand
from client_app.core.receipt_text import Closing, Mark
from client_app.core.session import FactView
from client_app.services.receipt_again import reopening_sections, restart_sections
from client_app.services.receipt_words import Words
from consent_record.acts import Control
from consent_record.records import InputOrigin, PresenceAnswer, PresenceEntry
from tests.helpers import receipts
from tests.helpers.receipts import SUMMER, everything, in_words, section, values
from tests.unit.consent_record.samples import again_records
from tests.unit.services.company import Company


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


def test_closing_says_who_was_there_and_that_nobody_can_come_back(company: Company, brand: Brand) -> None:
    text = in_words(company, brand, receipts.make_consent(company, brand), closing=receipts.make_closing())
    ended = values(text, "How the help ended")
    assert ended["End"] == "You ended the session."
    assert ended["Who was connected"].splitlines() == [
        "AnyDesk 111\N{NO-BREAK SPACE}222\N{NO-BREAK SPACE}333, Anna (BIT Service)",
        "from 2026-05-05, 14:03:22\N{NO-BREAK SPACE}(UTC+02:00)",
        "to 2026-05-05, 14:45:10\N{NO-BREAK SPACE}(UTC+02:00)",
    ]
    facts = section(text, "Nobody can come back")
    assert [entry.text for entry in facts.entries] == [fact.text for fact in Fact]
    assert all(entry.mark is Mark.HOLDS for entry in facts.entries)


def test_a_fact_that_fails_is_the_heading(company: Company, brand: Brand) -> None:
    closing = receipts.make_closing(failing=Fact.NO_PROCESS)
    text = in_words(company, brand, receipts.make_consent(company, brand), closing=closing)
    failed = section(text, "AnyDesk could not be closed completely")
    assert failed.lines[0] == "Restart this computer now. After that nobody can connect."
    assert (failed.entries[0].mark, failed.entries[0].note) == (Mark.FAILS, "This does not hold!")
    assert "can no longer connect" not in everything(text)


@pytest.mark.parametrize("failing", Fact)
def test_the_paper_advises_a_restart_only_where_it_helps(
    company: Company, brand: Brand, failing: Fact
) -> None:
    closing = receipts.make_closing(failing=failing)
    text = in_words(company, brand, receipts.make_consent(company, brand), closing=closing)
    advice = section(text, "AnyDesk could not be closed completely").lines[0]
    assert advice.startswith("Restart") is not failing.survives_restart


def test_without_facts_nothing_is_claimed(company: Company, brand: Brand) -> None:
    text = in_words(company, brand, receipts.make_consent(company, brand), closing=Closing())
    assert "come back" not in everything(text)
    assert "How the help ended" not in [s.heading for s in text.sections]


def test_an_unknown_fact_keeps_its_name(company: Company, brand: Brand) -> None:
    closing = Closing(facts=(FactView("brand_new_fact", None, ""),))
    text = in_words(company, brand, receipts.make_consent(company, brand), closing=closing)
    entry = section(text, "Nobody can come back").entries[0]
    assert (entry.text, entry.mark, entry.note) == (
        "brand_new_fact",
        Mark.UNKNOWN,
        "This could not be measured.",
    )


@pytest.mark.parametrize("language", ["pl", "en"])
def test_other_records_have_receipts_too(company: Company, brand: Brand, language: str) -> None:
    made = (
        receipts.make_start(company),
        receipts.make_end(company),
        receipts.make_proof(company),
    )
    titles = [in_words(company, brand, r, words=Words(language, str)).title for r in made]
    assert titles == [
        "Confirmation that AnyDesk was started",
        "Confirmation of how the help ended",
        "Confirmation of closing",
    ]


@pytest.mark.parametrize("answer", PresenceAnswer)
@pytest.mark.parametrize("origin", InputOrigin)
def test_the_paper_of_an_end_lists_what_was_answered(
    company: Company, brand: Brand, answer: PresenceAnswer, origin: InputOrigin
) -> None:
    entry = PresenceEntry(at="2026-05-05T12:34:56.000000Z", origin=origin, answer=answer)
    end = msgspec.structs.replace(receipts.make_end(company), presence=(entry,))
    (shown,) = [
        row.value
        for row in section(in_words(company, brand, end), "How the help ended").rows
        if row.label == "Whether you were at the computer"
    ]
    assert ("was pressed" in shown) is (answer in (PresenceAnswer.CONFIRMED, PresenceAnswer.EXTENDED))
    assert "14:34:56" in shown
    if answer is PresenceAnswer.UNANSWERED:
        assert "computer" not in shown, "nobody pressed, so nothing is said of who did"


def test_every_word_is_translated(company: Company, example: Brand) -> None:
    """Labels, headings and sentences all come out of the translator; only values do not."""
    words = Words("pl", lambda msgid: f"«{msgid}»", SUMMER)
    consent = receipts.make_consent(company, example)
    text = in_words(company, example, consent, words=words, closing=receipts.make_closing(), late=True)
    for s in text.sections:
        assert s.heading.startswith("«") or not s.heading
        assert all(row.label.startswith("«") for row in s.rows)
        assert all(line.startswith("«") for line in s.lines)


@pytest.mark.parametrize("control", [Control.ORDER, Control.ACCEPT_PRICE])
def test_a_press_through_another_program_is_said_and_no_other(
    company: Company, brand: Brand, control: Control
) -> None:
    by_hand = receipts.make_consent(company, brand)
    acts = tuple(
        msgspec.structs.replace(act, origin=InputOrigin.INJECTED) if act.control == control.value else act
        for act in by_hand.acts
    )
    text = in_words(company, brand, msgspec.structs.replace(by_hand, acts=acts))
    ticks = section(text, "What you confirmed, word for word").entries
    marked = [
        entry.covers or entry.text for entry in ticks if "pressed through another program" in entry.note
    ]
    assert len(marked) == 1
    button = values(text, "Your order")["Button that you pressed"]
    assert ("another program" in button) is (control is Control.ORDER)
    assert "another program" not in everything(in_words(company, brand, by_hand))


def test_what_an_injected_press_did_is_said_as_it_was() -> None:
    words = Words("en", str)
    restart, reopening, _start = again_records()
    act = msgspec.structs.replace(restart.act, origin=InputOrigin.INJECTED)
    agreed = restart_sections(msgspec.structs.replace(restart, act=act), words)[0]
    opened = reopening_sections(msgspec.structs.replace(reopening, act=act), words)[0]
    assert agreed.rows[2].value == "Another program: this agreed to nothing"
    assert opened.rows[2].value == "Pressed through another program"
