"""A brand file with a mistake is refused: file, key and remedy are named, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

import resources
from resources.brandfile import BrandFileError
from resources.compile import compile_brand, main

OURS = resources.path("brand.toml")

WRONG_VALUES = [
    ("format = 2", "format"),
    ('example = "no"', "example"),
    ('[product]\nname = { pl = "Pomoc" }', "product.name"),
    ('[product]\nname = { pl = "Pomoc", en = "" }', "product.name"),
    ('[product]\nname = "Pomoc"', "product.name"),
    (f'[product]\nname = {{ pl = "{"x" * 81}", en = "x" }}', "product.name"),
    ('[product]\nexecutable = "Pomoc Zdalna.exe"', "product.executable"),
    ('[product]\nregistry_key = "..\\\\Run"', "product.registry_key"),
    ('[product]\nbundle_id = "pomoc"', "product.bundle_id"),
    ('[seller]\nname = ""', "seller.name"),
    ('[seller]\nname = "Firma\\nX"', "seller.name"),
    ('[seller]\nname = "<b>Firma</b>"', "seller.name"),
    ('[seller]\nsite = "https://firma.pl"', "seller.site"),
    ('[seller]\nphone = "600 000 000"', "seller.phone"),
    ('[seller]\nemail = "pomoc(at)firma.pl"', "seller.email"),
    ('[seller]\nnip = "1234567890"', "seller.nip"),
    ("[seller]\nnip = 5260250274", "seller.nip"),
    ('[backend]\nurl = "http://pomoc.firma.pl"', "backend.url"),
    ('[backend]\nurl = "https://user:pass@firma.pl"', "backend.url"),
    ('[backend]\nroot_public_key = "abc"', "backend.root_public_key"),
    (f'[backend]\nroot_public_key = "{"A" * 64}"', "backend.root_public_key"),
    ('[anydesk]\nprefix = "../../etc"', "anydesk.prefix"),
    ('[anydesk]\nfile_linux = "../anydesk"', "anydesk.file_linux"),
    ('[anydesk]\nallowed_features = ["record_session"]', "anydesk.allowed_features"),
    ('[anydesk]\nallowed_features = "file_manager"', "anydesk.allowed_features"),
    ('[appearance]\naccent = "blue"', "appearance.accent"),
    ('[appearance]\naccent = "#cccccc"', "appearance.accent"),
    ('[appearance]\ndark_accent = "#0b1b2b"\ndark_accent_text = "#ffffff"', "appearance.dark_accent"),
    ('[appearance]\nlogo = "none.svg"', "appearance.logo"),
    ("[clocks]\nsession_hours = 24", "clocks.session_hours"),
    ("[clocks]\nsession_hours = true", "clocks.session_hours"),
    ('[rights]\npolicy = "ignore"', "rights.policy"),
    ("[retention]\nabuse_log_days = 365", "retention.abuse_log_days"),
    ('[documents]\nas_of = "22.11.2026"', "documents.as_of"),
    ('[documents]\nterms = { pl = "none.md", en = "none.md" }', "documents.terms"),
    ('[documents]\nterms = { pl = "", en = "" }', "documents.terms"),
    ('[texts]\nscope = { pl = "{seller.phone}", en = "x" }', "texts.scope"),
    ('[texts]\nscope = { pl = "{seller.fax}", en = "x" }', "texts.scope"),
    ('[texts]\nscope = { pl = "[[a", en = "x" }', "texts.scope"),
    ('[texts]\nscope = { pl = "{privacy.short}{", en = "x" }', "texts.scope"),
    ("[seller]\nphon = '+48 22 000 00 00'", "did you mean seller.phone?"),
    ("emergency = []", "emergency"),
    ('[[emergency]]\nkind = "friend"\nname = {pl="a",en="a"}\nnumber=""\nadvice={pl="a",en="a"}', "kind"),
    ('[[emergency]]\nkind = "bank"', "advice"),
]


@pytest.mark.parametrize(("content", "named"), WRONG_VALUES)
def test_wrong_value_is_refused_by_name_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, named: str
) -> None:
    brand = tmp_path / "brand.toml"
    brand.write_text(f'extends = "{OURS.as_posix()}"\n{content}\n', encoding="utf-8")
    assert main(["--brand", str(brand), "--out", str(tmp_path / "out" / "brand.json")]) == 1
    shown = capsys.readouterr()
    assert named in shown.err
    assert str(brand) in shown.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"format = ", "quotes and brackets"),
        (b'name = "\xb1"', "UTF-8"),
        (b'extends = "brand.toml"', "circle"),
        (b'extends = "other.toml"', "cannot be read"),
        (b"extends = 1", "path in quotes"),
        (b"# " + b"x" * 1_000_001, "larger"),
        (b"format = 1", "missing"),
    ],
)
def test_unreadable_file_is_refused(tmp_path: Path, raw: bytes, said: str) -> None:
    brand = tmp_path / "brand.toml"
    brand.write_bytes(raw)
    with pytest.raises(BrandFileError, match=said):
        compile_brand(brand, tmp_path / "brand.json")
    assert not (tmp_path / "brand.json").exists()


def test_missing_file_is_refused_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--brand", str(tmp_path / "none.toml"), "--out", str(tmp_path / "x.json")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_every_problem_is_found_in_one_go(tmp_path: Path) -> None:
    brand = tmp_path / "brand.toml"
    brand.write_text(
        f'extends = "{OURS.as_posix()}"\n[seller]\nnip = "1"\nphone = "1"\n[rights]\npolicy = "x"\n',
        encoding="utf-8",
    )
    with pytest.raises(BrandFileError) as caught:
        compile_brand(brand, tmp_path / "brand.json")
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Bez tytu\xc5\x82u\n", "title"),
        (b"# Tytu\xb3\n", "UTF-8"),
        (b"# Tytul\r\n", "line ends"),
        (b"\xef\xbb\xbf# Tytul\n", "byte order mark"),
        (b"# T\n" + b"x" * 200_001, "larger"),
    ],
)
def test_unfit_document_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "terms.md").write_bytes(content)
    brand = tmp_path / "brand.toml"
    pair = '{ pl = "terms.md", en = "terms.md" }'
    brand.write_text(f'extends = "{OURS.as_posix()}"\n[documents]\nterms = {pair}\n', encoding="utf-8")
    with pytest.raises(BrandFileError, match=said):
        compile_brand(brand, tmp_path / "brand.json")
    assert not (tmp_path / "brand.json").exists()


@pytest.mark.parametrize(
    "setting", ["seller.fax=1", "seller=x", "clocks.session_hours=2", "product.name=x", "emergency=x", "="]
)
def test_set_takes_only_plain_texts(tmp_path: Path, setting: str) -> None:
    assert main(["--out", str(tmp_path / "brand.json"), "--set", setting]) == 1
    assert not (tmp_path / "brand.json").exists()


def test_folder_that_cannot_be_written_ends_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["--out", str(tmp_path / "file" / "brand.json")]) == 1
    assert "cannot be written" in capsys.readouterr().err
