"""The catalogue of the customer's program: in step with the sources, complete, and true to its placeholders."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from client_app.core.session import Money
from client_app.core.view_state_types import Say
from client_app.ui.i18n import LANGUAGES, Translator
from tools.catalogue import DOMAIN, LOCALE_DIR, extract, renewed, untranslated, written
from tools.compile_catalogues import compile_catalogue

TRANSLATED = [language for language in LANGUAGES if language != "en"]
LEGAL_LENGTH = 25
"""Longest sentence, in words, outside of legal texts (a sentence of plain Polish has up to 20; codes add some)."""


def catalogue_of(language: str) -> Catalog:
    with (LOCALE_DIR / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language)


def texts_of(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the source texts and the translations of a message."""
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    strings = message.string if isinstance(message.string, tuple | list) else (message.string or "",)
    return tuple(ids), tuple(strings)


def placeholders(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_is_what_the_sources_say(language: str) -> None:
    file = LOCALE_DIR / language / "LC_MESSAGES" / f"{DOMAIN}.po"

    assert file.read_bytes() == written(renewed(catalogue_of(language))), "run python -m tools.catalogue"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str) -> None:
    assert [message.id for message in untranslated(catalogue_of(language))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_the_same(language: str) -> None:
    wrong = []
    for message in catalogue_of(language):
        ids, strings = texts_of(message)
        if message.id:
            wrong += [text for text in strings if placeholders(text) != placeholders(ids[-1])]

    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_is_too_long_to_be_read_once(language: str) -> None:
    long = []
    for message in catalogue_of(language):
        for text in texts_of(message)[1] if message.id else ():
            long += [s for s in re.split(r"(?<=[.!?:]) ", text) if len(s.split()) > LEGAL_LENGTH]

    assert long == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_sentences_end_as_their_sources_do(language: str) -> None:
    wrong = []
    for message in catalogue_of(language):
        ids, strings = texts_of(message)
        if message.id:
            wrong += [text for text in strings if text[-1:] in ".?!:" and ids[-1][-1:] not in ".?!:"]

    assert wrong == []


def test_the_extractor_finds_texts_of_every_kind() -> None:
    found = extract()

    assert "Next" in found, "marked with N_"
    assert "Stop here" in found, "marked with _"
    assert ("{number} minute", "{number} minutes") in found, "plural"


# --- translating --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def polish(tmp_path_factory: pytest.TempPathFactory) -> Translator:
    folder = tmp_path_factory.mktemp("locale")
    copy = folder / "pl" / "LC_MESSAGES" / f"{DOMAIN}.po"
    copy.parent.mkdir(parents=True)
    copy.write_bytes((LOCALE_DIR / "pl" / "LC_MESSAGES" / f"{DOMAIN}.po").read_bytes())
    compile_catalogue(copy)
    return Translator("pl", folder)


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 minuta"), (2, "2 minuty"), (5, "5 minut"), (12, "12 minut"), (22, "22 minuty")],
)
def test_polish_plurals(number: int, words: str, polish: Translator) -> None:
    assert polish.plural("{number} minute", "{number} minutes", number) == words


def test_values_are_filled_in_and_translated(polish: Translator) -> None:
    assert polish.say(Say("Waiting for {name}.", {"name": "Anna"})) == "Zaraz połączy się Anna."
    assert polish.say("{braces} of other people stay") == "{braces} of other people stay"
    assert polish.say(Say("Waiting for {name}.", {"name": Say("Technician")})) == "Zaraz połączy się Technik."


def test_a_value_with_braces_is_only_a_value(polish: Translator) -> None:
    assert polish.say(Say("Waiting for {name}.", {"name": "{evil}"})) == "Zaraz połączy się {evil}."


@pytest.mark.parametrize(
    ("language", "money", "words"),
    [
        ("pl", Money(12300), "123,00 zł"),
        ("en", Money(12300), "123.00 zł"),
        ("pl", Money(5, "EUR"), "0,05 EUR"),
        ("pl", Money(0), "bezpłatnie"),
    ],
)
def test_amounts(language: str, money: Money, words: str, polish: Translator) -> None:
    polish.set_language(language)
    try:
        assert polish.money(money) == words
    finally:
        polish.set_language("pl")


def test_days_and_times(polish: Translator) -> None:
    assert polish.day("2026-11-22") == "22 listopada 2026"
    assert polish.day("soon") == "soon"
    assert polish.clock_time("2026-11-22T10:00:00Z") == "11:00", "the tests live in Warsaw"
    assert polish.clock_time("never") == ""


def test_without_a_compiled_catalogue_everything_is_english(tmp_path: Path) -> None:
    words = Translator("pl", tmp_path)

    assert words("Next") == "Next"
    assert words.plural("{number} minute", "{number} minutes", 2) == "2 minutes"
    assert words("") == ""


def test_an_unknown_language_is_english(polish: Translator) -> None:
    assert Translator("xx").language == "en"
