"""The client's settings: a damaged compiled brand is refused with a sentence, a good one is read in full."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import resources
from client_app.core import config
from client_app.core.config import (
    AnyDeskFeature,
    Brand,
    ConfigError,
    ContactKind,
    RightsPolicy,
    Text,
    brand_from_data,
    load_brand,
    missing_for_release,
)
from client_app.core.value import Value, fields_of, with_changes
from resources import checks
from resources.compile import compile_brand
from resources.schema import CONTACT_KEYS, FORMAT, KEYS, keys_table

OURS = resources.path("brand.toml")
ROOT_FOLDER = OURS.parent.parent
EXAMPLE = ROOT_FOLDER / "demo" / "example_company" / "brand.toml"


@pytest.fixture
def data(tmp_path: Path) -> dict[str, Any]:
    """The compiled form of our own brand, as decoded JSON."""
    compile_brand(OURS, tmp_path / "brand.json")
    loaded: dict[str, Any] = json.loads((tmp_path / "brand.json").read_bytes())
    return loaded


# ------------------------------------------------------------------------------------------ refusals
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[]", b"3", b"null", b'"x"', b"[" * 100_000, b'{"format": 99}', b"{}"],
)
def test_damaged_file_is_refused_with_a_sentence_and_a_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "brand.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"python -m resources\.compile") as caught:
        load_brand(path)
    assert str(path) in str(caught.value)


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="missing"):
        load_brand(tmp_path / "brand.json")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_brand(tmp_path)


@pytest.mark.parametrize("name", [key.name for key in KEYS])
def test_every_key_is_needed_and_its_type_matters(data: dict[str, Any], name: str) -> None:
    table, _, key = name.rpartition(".")
    for damage in ("missing", "wrong type"):
        broken = copy.deepcopy(data)
        holder = broken[table] if table else broken
        if damage == "missing":
            del holder[key]
        else:
            holder[key] = 1.5
        with pytest.raises(ConfigError, match=re.escape(name)):
            brand_from_data(broken, "brand.json")


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("rights", "policy", "ignore"),
        ("anydesk", "allowed_features", ["vpn"]),
        ("clocks", "session_hours", True),
        ("retention", "refusal_days", True),
        ("seller", "complaints", {"pl": "x"}),
    ],
)
def test_values_outside_their_vocabulary_are_refused(
    data: dict[str, Any], table: str, key: str, value: object
) -> None:
    data[table][key] = value
    with pytest.raises(ConfigError, match=f"{table}.{key}"):
        brand_from_data(data, "brand.json")


@pytest.mark.parametrize("damage", [3, [3], [{"kind": "friend"}], [{}]])
def test_emergency_contacts_are_checked(data: dict[str, Any], damage: object) -> None:
    data["emergency"] = damage
    with pytest.raises(ConfigError, match="emergency"):
        brand_from_data(data, "brand.json")


# -------------------------------------------------------------------------------------- what is read
def test_our_brand_says_only_what_the_terms_give(tmp_path: Path) -> None:
    compile_brand(OURS, tmp_path / "brand.json")
    brand = load_brand(tmp_path / "brand.json")
    assert not brand.example
    assert brand.seller.name == "BIT Service s.c. B. Barczyński K. Tyrpa"
    assert brand.seller.site == "www.bitservice.pl"
    for unknown in ("phone", "email", "address", "nip", "registration", "complaints"):
        assert not getattr(brand.seller, unknown), unknown
    assert not brand.documents.price
    assert not brand.backend.root_public_key
    assert brand.order_button.paid.pl == "Zamawiam z obowiązkiem zapłaty"
    assert brand.rights_policy is RightsPolicy.ASK_TECHNICIAN
    assert (brand.clocks.session_seconds, brand.clocks.no_connection_seconds) == (8 * 3600, 600)
    assert (brand.clocks.reopen_seconds, brand.clocks.presence_seconds) == (1800, 1800)
    kinds = [contact.kind for contact in brand.emergency]
    assert kinds == [ContactKind.BANK, ContactKind.POLICE, ContactKind.CERT, ContactKind.COMPANY]
    assert [contact.number for contact in brand.emergency] == ["", "112", "8080", ""]


def test_every_key_reaches_the_client(data: dict[str, Any]) -> None:
    def leaves(value: object, prefix: str) -> set[str]:
        if isinstance(value, Value) and not isinstance(value, Text):
            parts = (leaves(getattr(value, name), f"{prefix}{name}.") for name in fields_of(type(value)))
            return set().union(*parts)
        return {prefix.rstrip(".")}

    renamed = {
        "rights.policy": "rights_policy",
        "clocks.session_hours": "clocks.session_seconds",
        **{f"clocks.{n}_minutes": f"clocks.{n}_seconds" for n in
           ("no_connection", "reopen", "presence", "presence_answer", "return")},
    }  # fmt: skip
    expected = {renamed.get(key.name, key.name) for key in KEYS if key.name != "format"} | {"emergency"}
    assert leaves(brand_from_data(data, "brand.json"), "") == expected
    assert set(fields_of(config.EmergencyContact)) == {k.name for k in CONTACT_KEYS}
    assert FORMAT == config.COMPILED_FORMAT
    assert {str(feature) for feature in AnyDeskFeature} == {"file_manager"}


def test_document_paths_lead_to_files_beside_the_compiled_brand(tmp_path: Path) -> None:
    compile_brand(EXAMPLE, tmp_path / "brand.json")
    brand = load_brand(tmp_path / "brand.json")
    for document in (brand.documents.terms, brand.documents.privacy, brand.documents.price):
        for language in ("pl", "en"):
            assert (tmp_path / document.in_language(language)).read_text(encoding="utf-8").startswith("# ")


def test_text_falls_back_to_english() -> None:
    text = Text(pl="a", en="b")
    assert [text.in_language(code) for code in ("pl", "en", "uk", "de")] == ["a", "b", "b", "b"]
    assert not Text(pl="", en="")


# ------------------------------------------------------------------------------------------- release
def filled(brand: Brand) -> Brand:
    both = Text(pl="x", en="x")
    return with_changes(
        brand,
        seller=with_changes(
            brand.seller, phone="+48 1", email="a@b.pl", address="x", nip="5260250274", complaints=both
        ),
        privacy=with_changes(brand.privacy, other_recipients=both),
        backend=with_changes(brand.backend, url="https://x.pl", root_public_key="ab" * 32),
        anydesk=with_changes(brand.anydesk, prefix="abcd1234"),
        documents=with_changes(brand.documents, price=both),
    )


def test_release_names_every_key_marked_so(data: dict[str, Any]) -> None:
    brand = brand_from_data(data, "brand.json")
    missing = missing_for_release(brand)
    named = {sentence.split(" ", 1)[0] for sentence in missing}
    assert named == {key.name for key in KEYS if key.release}
    assert missing_for_release(filled(brand)) == []


def test_release_refuses_examples_and_open_connections(data: dict[str, Any]) -> None:
    brand = filled(brand_from_data(data, "brand.json"))
    assert "example" in missing_for_release(with_changes(brand, example=True))[0]
    plain = with_changes(brand.backend, url="http://127.0.0.1:1")
    assert "https" in missing_for_release(with_changes(brand, backend=plain))[0]
    zeros = with_changes(brand.seller, nip="0000000000")
    assert "zeros" in missing_for_release(with_changes(brand, seller=zeros))[0]


def test_example_brand_is_marked_wherever_it_is_seen(tmp_path: Path) -> None:
    compile_brand(EXAMPLE, tmp_path / "brand.json")
    brand = load_brand(tmp_path / "brand.json")
    assert brand.example
    assert "example is true" in missing_for_release(brand)[0]
    assert not brand.seller.phone.replace("+48", "").strip("0 ")
    assert not brand.seller.nip.strip("0")
    assert brand.seller.email.endswith("@example.com")
    assert "PRZYKŁAD" in brand.seller.address
    for language, mark in (("pl", "PRZYKŁAD"), ("en", "EXAMPLE")):
        lines = (tmp_path / brand.documents.price.in_language(language)).read_text("utf-8").splitlines()
        assert lines[0].startswith(f"# {mark}: ")
        prices = [line for line in lines if re.search(r"\d,\d\d|\d\.\d\d", line)]
        assert prices
        assert all(f"({mark})" in line for line in prices)
        privacy = (tmp_path / brand.documents.privacy.in_language(language)).read_text("utf-8")
        assert brand.texts.example_notice.in_language(language) in privacy


# ------------------------------------------------------------------------------ documentation, places
def test_every_key_of_the_brand_file_is_explained() -> None:
    section, name, inside = "", "", False
    explained: dict[str, bool] = {}
    for line in OURS.read_text(encoding="utf-8").splitlines():
        if not inside and (heading := re.match(r"\[+(\w+)\]+", line)):
            section = heading.group(1)
        elif not inside and (key := re.match(r"(\w+) = ", line)):
            name = f"{section}.{key.group(1)}" if section else key.group(1)
        inside ^= line.count('"""') % 2 == 1
        if name and not inside and not line.startswith("#"):
            comment = re.search(r'["}\]\w]\s+# \S', line) is not None
            explained[name] = explained.get(name, False) or comment  # once is enough for emergency contacts
    assert [key for key, comment in explained.items() if not comment] == []
    assert set(explained) == {key.name for key in KEYS} | {f"emergency.{key.name}" for key in CONTACT_KEYS}


def test_keys_of_a_release_are_marked_in_the_brand_file() -> None:
    text = OURS.read_text(encoding="utf-8")
    assert text.count("# RELEASE.") == sum(key.release for key in KEYS)


def test_adopting_page_holds_the_table_of_keys() -> None:
    page = (ROOT_FOLDER / "docs" / "adopting.md").read_text(encoding="utf-8")
    table = page.split("<!-- keys -->\n")[1].split("<!-- /keys -->")[0]
    assert table == keys_table(), "run: python -m resources.schema, and put its output between the marks"


def test_settings_load_nothing_heavy() -> None:
    probe = "import client_app.core.config, resources, sys; print('\\n'.join(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT_FOLDER, capture_output=True, text=True, timeout=60, check=True
    )
    heavy = {
        "dataclasses",
        "inspect",
        "tomllib",
        "msgspec",
        "stdnum",
        "requests",
        "sqlite3",
        "PySide6",
        "argparse",
        "resources.schema",
    }
    assert heavy.isdisjoint(run.stdout.split())


def test_resources_are_found_from_source_and_frozen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert resources.path("brand.toml").is_file()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources.path("icons/check.svg") == tmp_path / "resources" / "icons" / "check.svg"


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "C:\\x", "a\\b"])
def test_resource_names_do_not_lead_out(name: str) -> None:
    with pytest.raises(ValueError, match="not a name of a resource"):
        resources.path(name)


def test_contrast_is_that_of_wcag() -> None:
    assert checks.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert checks.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
