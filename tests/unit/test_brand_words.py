"""The words of the spoken check: none can be taken for another on a bad line, none troubles a customer."""

from __future__ import annotations

import itertools
import re

import pytest

import resources

# How sounds run into one another on the phone: voiced and unvoiced, and spellings of one sound.
ALIKE = {
    "pl": [("ch", "h"), ("rz", "z"), ("sz", "s"), ("cz", "c"), ("w", "f"), ("b", "p"), ("d", "t"), ("g", "k"),
           ("z", "s")],
    "en": [("ph", "f"), ("ck", "k"), ("c", "k"), ("q", "k"), ("b", "p"), ("d", "t"), ("g", "k"), ("v", "f"),
           ("z", "s"), ("y", "i")],
}  # fmt: skip

# Money and banks, what frightens, what is rude, and what could be taken for an instruction at the computer.
UNWANTED = {
    "pl": "bank blik haslo karta kasa kod konto kredyt moneta numer okno plik portfel przelew skarb zloto mysz "
    "klawisz ekran start pilot pulpit wirus bomba noz pistolet trumna grob krew pajak szpital smierc wojna "
    "kalendarz notatnik zegar dupa gumka lipa",
    "en": "account bank card cash code coin credit dollar gold key loan money number password pin wallet window "
    "screen mouse button start desktop folder virus bomb knife pistol coffin grave blood spider hospital death "
    "war calendar camera beaver cock ass fraud police",
}


def words_in(language: str) -> list[str]:
    return resources.path(f"words/{language}.txt").read_text(encoding="ascii").splitlines()


def distance(first: str, second: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        above, row[0] = row[0], i
        for j, b in enumerate(second, start=1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]


def as_heard(word: str, language: str) -> str:
    for spelling, sound in ALIKE[language]:
        word = word.replace(spelling, sound)
    return re.sub(r"(.)\1", r"\1", word)


@pytest.mark.parametrize("language", ["pl", "en"])
def test_words_are_short_plain_sorted_and_many(language: str) -> None:
    words = words_in(language)
    assert 290 <= len(words) <= 330
    assert words == sorted(set(words))
    assert [word for word in words if not re.fullmatch(r"[a-z]{4,9}", word)] == []


@pytest.mark.parametrize("language", ["pl", "en"])
def test_no_two_words_are_easily_confused(language: str) -> None:
    close = [
        (a, b)
        for a, b in itertools.combinations(words_in(language), 2)
        if distance(a, b) < 3 or distance(as_heard(a, language), as_heard(b, language)) < 3 or a[:4] == b[:4]
    ]
    assert close == []


@pytest.mark.parametrize("language", ["pl", "en"])
def test_no_word_troubles_a_customer(language: str) -> None:
    assert set(words_in(language)).isdisjoint(UNWANTED[language].split())


@pytest.mark.parametrize("language", ["pl", "en"])
def test_nine_words_with_other_beginnings_and_endings_can_always_be_found(language: str) -> None:
    """Whatever the right word is, a picker finds eight more of other first letters and other endings."""
    words = words_in(language)
    for right in words:
        chosen = [right]
        for word in words:
            if all(word[0] != other[0] and word[-2:] != other[-2:] for other in chosen):
                chosen.append(word)
        assert len(chosen) >= 9, right


def test_distance() -> None:
    assert [distance("kotek", other) for other in ("kotek", "kote", "botek", "malina")] == [0, 1, 1, 6]
