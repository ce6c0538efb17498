"""The documents we ship: the terms word by word, the translation beside them, a privacy notice that is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import resources
from resources.compile import compile_brand

OURS = resources.path("brand.toml")
EXAMPLE = OURS.parent.parent / "demo" / "example_company" / "brand.toml"


def words(text: str) -> list[str]:
    """All words in order; blanks of every kind (also the hard ones) separate them."""
    return text.split()


def words_of_markdown(markdown: str) -> list[str]:
    """Words without the marks of headings and lists at the beginning of lines."""
    return words(re.sub(r"(?m)^(#{1,6}|-)\s", "", markdown))


def words_of_original(text: str) -> list[str]:
    """Words of the original without its bullets."""
    return words(re.sub(r"(?m)^\s*•", "", text))


def read(name: str) -> str:
    return resources.path(name).read_text(encoding="utf-8")


def shape(markdown: str) -> list[str]:
    """The marks of the lines: what a translation must have in common."""
    marks = [re.match(r"(#{1,6} |- |> |.)", line) for line in markdown.splitlines() if line]
    return [mark.group(1) if mark and mark.group(1)[-1] == " " else "text" for mark in marks]


# --------------------------------------------------------------------------------------------- terms
def test_terms_keep_every_word_of_the_original() -> None:
    original = words_of_original(read("documents/terms/regulamin.pl.txt"))
    assert words_of_markdown(read("documents/terms/pl.md")) == original
    assert len(original) > 500


def test_comparison_notices_a_changed_word() -> None:
    markdown = read("documents/terms/pl.md")
    original = words_of_original(read("documents/terms/regulamin.pl.txt"))
    for changed in (
        markdown.replace("kopia zapasowa", "kopia"),
        markdown.replace("„", '"'),
        markdown.replace("nie odpowiada", "odpowiada"),
        markdown + "\nDopisek.\n",
    ):
        assert changed != markdown
        assert words_of_markdown(changed) != original


def test_terms_have_a_title_headings_and_lists() -> None:
    markdown = read("documents/terms/pl.md")
    assert markdown.splitlines()[0] == "# Regulamin usługi pomoc zdalna"
    assert shape(markdown).count("# ") == 1
    assert shape(markdown).count("## ") == 8
    assert shape(markdown).count("- ") == 11


def test_translation_of_the_terms_says_that_it_does_not_bind_and_follows_the_original() -> None:
    english = read("documents/terms/en.md")
    lines = [line for line in english.splitlines() if line]
    assert (
        lines[1]
        == "> Translation for information only. It is not binding: the Polish text is the binding one."
    )
    polish_shape, english_shape = shape(read("documents/terms/pl.md")), shape(english)
    english_shape.remove("> ")
    assert english_shape == polish_shape


# ------------------------------------------------------------------------------------------- privacy
@pytest.fixture(params=["ours", "example"])
def notices(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The privacy notice in both languages, compiled with most fields empty and with all filled."""
    compile_brand(OURS if request.param == "ours" else EXAMPLE, tmp_path / "brand.json")
    folder = tmp_path / "documents" / "privacy"
    return {code: (folder / f"{code}.md").read_text(encoding="utf-8") for code in ("pl", "en")}


def test_privacy_notice_is_complete_with_empty_and_filled_fields(notices: dict[str, str]) -> None:
    for text in notices.values():
        assert "BIT Service s.c. B. Barczyński K. Tyrpa" in text
        for needed in ("AnyDesk Software GmbH", "www.uodo.gov.pl", "(IP)", "72", "90", "30", "7", "K-21"):
            assert needed in text, needed
        assert not re.search(r"[{}]|\[\[|\]\]|None|  ", text)
        assert not re.search(r"(?m)^\W*$", text.replace("\n\n", "\n").strip())
    assert shape(notices["en"].replace("> Translation", "Translation")) != []


def test_privacy_notice_says_the_same_in_both_languages(notices: dict[str, str]) -> None:
    english = shape(notices["en"])
    english.remove("> ")  # the mark of the translation
    assert english == shape(notices["pl"])
    articles = [
        re.findall(r"6\s?(?:ust\. )?\(?1\)?\s?(?:lit\. |\()([bcf])", text) for text in notices.values()
    ]
    assert articles[0] == articles[1]
    assert len(articles[0]) >= 6


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("pl", ("nie nagrywa obrazu ani dźwięku", "bez imienia, nazwiska i adresu e-mail",
                "nie wysyła nazw zainstalowanych programów", "prawo sprzeciwu", "prawo dostępu")),
        ("en", ("records neither picture nor sound", "without name and e-mail address",
                "does not send names of installed programs", "right to object", "right of access")),
    ],
)  # fmt: skip
def test_privacy_notice_says_what_the_product_does(language: str, sentences: tuple[str, ...]) -> None:
    text = read(f"documents/privacy/{language}.md").lower()
    for sentence in sentences:
        assert sentence.lower() in text


def test_retention_in_the_notice_is_that_of_the_brand(tmp_path: Path) -> None:
    brand = tmp_path / "brand.toml"
    brand.write_text(f'extends = "{OURS.as_posix()}"\n[retention]\nabuse_log_days = 13\n', encoding="utf-8")
    compile_brand(brand, tmp_path / "out" / "brand.json")
    for language in ("pl", "en"):
        assert ": 13 d" in (tmp_path / f"out/documents/privacy/{language}.md").read_text(encoding="utf-8")


def test_documents_are_safe_markdown() -> None:
    for path in (*resources.path("documents").rglob("*.md"), *EXAMPLE.parent.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        assert text.endswith("\n"), path
        assert not re.search(r"<[a-zA-Z/!]|\]\(|javascript:|\t|\u00a0", text), path


def test_the_product_has_no_price_list() -> None:
    assert not resources.path("documents/price").exists()
