"""A good brand file compiles to the same bytes every time, with nothing empty left in a text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import resources
from resources.compile import compile_brand, main
from resources.template import TemplateError, fields_of, render, tidy_markdown

OURS = resources.path("brand.toml")
EXAMPLE = OURS.parent.parent / "demo" / "example_company" / "brand.toml"
ROOT = "ab" * 32


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def test_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    compile_brand(OURS, tmp_path / "a" / "brand.json")
    compile_brand(OURS, tmp_path / "b" / "brand.json")
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    assert set(tree(tmp_path / "a")) == {
        "brand.json",
        "documents/privacy/en.md",
        "documents/privacy/pl.md",
        "documents/terms/en.md",
        "documents/terms/pl.md",
    }


def test_terms_and_prices_are_taken_byte_by_byte(tmp_path: Path) -> None:
    compile_brand(EXAMPLE, tmp_path / "brand.json")
    for language in ("pl", "en"):
        terms = tmp_path / "documents" / "terms" / f"{language}.md"
        assert terms.read_bytes() == resources.path(f"documents/terms/{language}.md").read_bytes()
        price = tmp_path / "documents" / "price" / f"{language}.md"
        assert price.read_bytes() == (EXAMPLE.parent / "price" / f"{language}.md").read_bytes()


def test_files_of_an_earlier_brand_go_away(tmp_path: Path) -> None:
    compile_brand(EXAMPLE, tmp_path / "brand.json")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    compile_brand(OURS, tmp_path / "brand.json")
    assert not any((tmp_path / "documents" / "price").iterdir())
    assert (tmp_path / "notes.txt").exists()


@pytest.mark.parametrize("brand", [OURS, EXAMPLE], ids=["ours", "example"])
def test_no_mark_and_no_gap_is_left_in_any_text(tmp_path: Path, brand: Path) -> None:
    compile_brand(brand, tmp_path / "brand.json")
    for name, content in tree(tmp_path).items():
        text = content.decode("utf-8")
        if name == "brand.json":
            text = "\n".join(strings(json.loads(text)))
        for trace in ("{", "}", "[[", "]]", ": .", "()", " ,", ", ,", ",)", "  \n"):
            assert trace not in text, (name, trace)


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    return [value] if isinstance(value, str) else []


def test_set_replaces_a_text_and_is_checked_like_the_file(tmp_path: Path) -> None:
    data = compile_brand(
        OURS,
        tmp_path / "brand.json",
        {"backend.url": "http://127.0.0.1:8000/", "backend.root_public_key": f"ed25519:{ROOT}"},
    )
    assert data["backend"] == {"url": "http://127.0.0.1:8000", "root_public_key": ROOT}


def test_logo_is_put_beside_the_compiled_file(tmp_path: Path) -> None:
    (tmp_path / "ours.svg").write_text("<svg/>", encoding="utf-8")
    brand = tmp_path / "brand.toml"
    brand.write_text(f'extends = "{OURS.as_posix()}"\n[appearance]\nlogo = "ours.svg"\n', encoding="utf-8")
    data = compile_brand(brand, tmp_path / "out" / "brand.json")
    assert isinstance(data["appearance"], dict)
    assert data["appearance"]["logo"] == "logo.svg"
    assert (tmp_path / "out" / "logo.svg").exists()


def test_release_check_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path / "brand.json"), "--release"]) == 2
    shown = capsys.readouterr().err
    for key in ("seller.phone", "seller.address", "seller.complaints", "documents.price", "anydesk.prefix"):
        assert key in shown
    assert main(["--out", str(tmp_path / "brand.json")]) == 0


# ------------------------------------------------------------------------------------------ templates
VALUES = {"seller.name": "Firma", "seller.phone": "", "seller.email": "a@b.pl"}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{seller.name}", "Firma"),
        ("a[[, {seller.email}]].", "a, a@b.pl."),
        ("a[[, {seller.phone}]].", "a."),
        ("[[{seller.email} {seller.phone}]]", ""),
        ("[[{seller.email}{seller.phone?}]]", "a@b.pl"),
        ("{seller.phone?}", ""),
        ("no marks", "no marks"),
    ],
)
def test_render(template: str, expected: str) -> None:
    assert render(template, VALUES.__getitem__) == expected


@pytest.mark.parametrize(
    "template", ["{seller.phone}", "[[a", "a]]", "[[a [[b]] ]]", "{}", "{ seller.name }", "{", "}"]
)
def test_render_refuses(template: str) -> None:
    with pytest.raises(TemplateError):
        render(template, VALUES.__getitem__)


def test_a_value_is_never_rendered_again() -> None:
    assert render("{a}", {"a": "{b} [[c]]"}.__getitem__) == "{b} [[c]]"


def test_fields_of() -> None:
    assert fields_of("{a.b} [[{c?}]]") == {"a.b", "c"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- \n- a\n", "- a\n"),
        ("# T\n\n## Empty\n\n## Full\n\na\n", "# T\n\n## Full\n\na\n"),
        ("# T\n\n## Empty\n", ""),
        ("# T\n\n## Up\n\n### Below\n\na\n", "# T\n\n## Up\n\n### Below\n\na\n"),
        ("a  b\n\n\n\nc   \n", "a b\n\nc\n"),
        ("> \n\na", "a\n"),
        ("", ""),
    ],
)
def test_tidy_markdown(text: str, expected: str) -> None:
    assert tidy_markdown(text) == expected
