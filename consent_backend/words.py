"""The words of the caller check: nine on the customer's screen, one of them said by the technician."""

import secrets
from dataclasses import dataclass
from functools import cache
from importlib import resources

CHOICES = 9
DEFAULT_LANGUAGE = "pl"
LEAST_LIST = 100


class WordListError(Exception):
    """A list of words is missing or too short to guess badly."""


@dataclass(frozen=True)
class WordChoice:
    """Nine different words in the order of the screen, and the right one among them."""

    words: tuple[str, ...]
    word: str


@cache
def word_list(language: str) -> tuple[str, ...]:
    """Return the words of a language, or the Polish ones where there is no list for it.

    Raises:
        WordListError: there is no usable list.
    """
    folder = resources.files("resources") / "words"
    file = folder / f"{language}.txt"
    if not (len(language) == 2 and language.isascii() and language.isalpha() and file.is_file()):
        file = folder / f"{DEFAULT_LANGUAGE}.txt"
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError as error:
        raise WordListError(f"the list of words {file} cannot be read") from error
    words = tuple(dict.fromkeys(line.strip() for line in lines if line.strip() and not line.startswith("#")))
    if len(words) < LEAST_LIST:
        raise WordListError(f"the list of words {file} has {len(words)} words; {LEAST_LIST} are needed")
    return words


def draw(language: str) -> WordChoice:
    """Draw nine words and the right one with the system's random source."""
    source = secrets.SystemRandom()
    words = tuple(source.sample(word_list(language), CHOICES))
    return WordChoice(words, source.choice(words))
