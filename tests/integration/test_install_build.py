"""Putting a program together: what gets in, what never does, and that the same input gives the same output."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from installer.build import main
from installer.company import copy_company, development_folder, shipped_files
from installer.errors import BuildError
from installer.folder import INTERNAL, assemble
from installer.freeze import NAME
from installer.pruning import Entry, kept_binaries, kept_data
from tests.integration.installs import listing, make_program

BINARY, DATA, LINK = "BINARY", "DATA", "SYMLINK"


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A company's folder with everything, and with what must never be shipped."""
    folder = tmp_path / "company"
    shutil.copytree(development_folder(), folder)
    for name in ("documents.json", "release.json", "logo.svg"):
        (folder / name).write_text("{}")
    (folder / "anydesk" / "lib").mkdir(parents=True)
    (folder / "anydesk" / "anydesk").write_bytes(b"program")
    (folder / "anydesk" / "lib" / "part.so").write_bytes(b"part")
    for secret in ("root.key", "release-key.json", "backend.sqlite3", ".env", "documents/keys.json"):
        (folder / secret).write_text("secret")
    return folder


def frozen(folder: Path) -> Path:
    """What the freezer leaves, in small."""
    program = folder / NAME
    (program / INTERNAL / "libs").mkdir(parents=True)
    (program / NAME).write_bytes(b"executable")
    (program / INTERNAL / "libs" / "a.so").write_bytes(b"a")
    (program / INTERNAL / "a.so").symlink_to("libs/a.so")
    return program


# --- the company's part ------------------------------------------------------------------------------------------


def test_keys_and_unknown_files_of_a_company_are_never_shipped(company: Path, tmp_path: Path) -> None:
    copy_company(company, tmp_path / "out")
    shipped = {name for name in listing(tmp_path / "out") if not name.endswith("/")}
    assert shipped == {
        "brand.json", "documents.json", "release.json", "logo.svg", "anydesk/anydesk", "anydesk/lib/part.so",
        "documents/terms/pl.md", "documents/terms/en.md", "documents/privacy/pl.md", "documents/privacy/en.md",
    }  # fmt: skip
    everything = b"".join((tmp_path / "out" / name).read_bytes() for name in shipped)
    assert b"secret" not in everything


def test_a_link_of_a_company_becomes_the_file(company: Path, tmp_path: Path) -> None:
    (company / "anydesk" / "link.so").symlink_to("lib/part.so")
    copy_company(company, tmp_path / "out")
    copied = tmp_path / "out" / "anydesk" / "link.so"
    assert not copied.is_symlink()
    assert copied.read_bytes() == b"part"


def test_anydesk_without_the_signed_list_is_refused(company: Path) -> None:
    (company / "release.json").unlink()
    with pytest.raises(BuildError, match=r"release\.json"):
        shipped_files(company)


def test_a_dangling_link_is_refused(company: Path) -> None:
    (company / "anydesk" / "gone.so").symlink_to("nowhere")
    with pytest.raises(BuildError, match=r"gone\.so"):
        shipped_files(company)


@pytest.mark.parametrize("brand", ["", "{}", "no json", '{"format": 99}'])
def test_a_brand_that_cannot_be_used_is_said_in_a_sentence(
    company: Path, tmp_path: Path, brand: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (company / "brand.json").write_text(brand)
    out = tmp_path / "out"
    assert main(["--folder", "--company", str(company), "--out", str(out)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("build: ")
    assert "Traceback" not in said.err
    assert not out.exists() or listing(out) == set()


# --- the folder --------------------------------------------------------------------------------------------------


def test_the_folder_names_every_file_that_is_installed(tmp_path: Path) -> None:
    folder = make_program(tmp_path, "1")
    lines = [line.split("\t") for line in (folder / "product.files").read_text().splitlines()]
    named = {path for _, _, path in lines}
    beside = {"product.files", "product.conf", "install.sh", "icon.svg", "icon.png"}
    assert named | beside == {name for name in listing(folder) if not name.endswith("/")}
    assert ["link", "libs/same.so", f"{INTERNAL}/same.so"] in lines


def test_the_same_input_gives_the_same_folder(tmp_path: Path) -> None:
    one, two = make_program(tmp_path / "a", "1"), make_program(tmp_path / "b", "1")
    for name in listing(one):
        first, second = one / name, two / name
        if not first.is_symlink() and first.is_file():
            assert first.read_bytes() == second.read_bytes()
        assert first.lstat().st_mtime == second.lstat().st_mtime
        assert first.lstat().st_mode == second.lstat().st_mode


def test_an_earlier_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "out" / "program"
    assemble(frozen(tmp_path / "one"), development_folder(), target, data=())
    (target / "stale").write_text("x")
    assemble(frozen(tmp_path / "two"), development_folder(), target, data=())
    assert not (target / "stale").exists()
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("target", ["/etc/passwd", "../../outside", "a\nb"])
def test_a_link_out_of_the_program_is_refused(tmp_path: Path, target: str) -> None:
    source = frozen(tmp_path)
    (source / INTERNAL / "bad").symlink_to(target)
    with pytest.raises(BuildError, match="bad"):
        assemble(source, development_folder(), tmp_path / "out", data=())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["ząb.so", 'quote".so', "tab\t.so", "line\n.so"])
def test_a_file_name_that_the_installer_could_misread_is_refused(tmp_path: Path, name: str) -> None:
    source = frozen(tmp_path)
    (source / INTERNAL / name).write_text("x")
    with pytest.raises(BuildError, match="ASCII"):
        assemble(source, development_folder(), tmp_path / "out", data=())


@pytest.mark.parametrize(
    ("key", "value"), [("package", "a/b"), ("bundle_id", "../x"), ("package", "-rf"), ("name", "a\nb")]
)
def test_names_that_the_installer_could_misread_are_refused(
    company: Path, tmp_path: Path, key: str, value: str
) -> None:
    brand = json.loads((company / "brand.json").read_text())
    brand["product"][key] = {"pl": value, "en": value} if key == "name" else value
    (company / "brand.json").write_text(json.dumps(brand))
    with pytest.raises(BuildError):
        assemble(frozen(tmp_path), company, tmp_path / "out", data=())


# --- what of Qt gets in ------------------------------------------------------------------------------------------

QT = "PySide6/Qt"
NEEDS = {
    "gui": ["libQt6Core.so.6", "libX11.so.6", "libxcb-cursor.so.0"],
    "xcb": ["libQt6Gui.so.6"],
    "gtk": ["libgtk-3.so.0"],
    "binding": ["libQt6Gui.so.6"],
    "gtklib": ["libpango-1.0.so.0"],
}


def kept(*entries: Entry) -> set[str]:
    """Places of the binaries that stay, their needs read from NEEDS."""
    return {place for place, _, _ in kept_binaries(entries, lambda source: NEEDS.get(source, []))}


def test_what_is_used_stays_with_what_it_needs() -> None:
    used: list[Entry] = [
        ("PySide6/QtGui.abi3.so", "binding", "EXTENSION"),
        (f"{QT}/lib/libQt6Gui.so.6", "gui", BINARY),
        (f"{QT}/lib/libQt6Core.so.6", "core", BINARY),
        (f"{QT}/plugins/platforms/libqxcb.so", "xcb", BINARY),
        ("libxcb-cursor.so.0", "cursor", BINARY),
        ("libpython3.11.so.1.0", "python", BINARY),
        ("python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so", "ssl", "EXTENSION"),
        ("_cffi_backend.cpython-311-x86_64-linux-gnu.so", "cffi", "EXTENSION"),
    ]
    assert kept(*used) == {place for place, _, _ in used}


@pytest.mark.parametrize(
    "place",
    [
        f"{QT}/plugins/platformthemes/libqgtk3.so",
        f"{QT}/plugins/platforms/libqwayland.so",
        f"{QT}/plugins/platforms/libqvnc.so",
        f"{QT}/plugins/tls/libqopensslbackend.so",
        f"{QT}/plugins/imageformats/libqwebp.so",
        f"{QT}/plugins/xcbglintegrations/libqxcb-glx-integration.so",
        f"{QT}/plugins/networkinformation/libqglib.so",
        f"{QT}/lib/libQt6Qml.so.6",
        "libgtk-3.so.0",
    ],
)
def test_what_nothing_uses_goes(place: str) -> None:
    assert kept((place, "gtk", BINARY), ("libpango-1.0.so.0", "pango", BINARY)) == set()


@pytest.mark.parametrize(
    "name", ["libX11.so.6", "libstdc++.so.6", "libfontconfig.so.1", "libEGL.so.1", "libcups.so.2"]
)
def test_libraries_of_the_desktop_are_left_to_it(name: str) -> None:
    NEEDS["needs-desktop"] = [name]
    binding = ("PySide6/QtCore.abi3.so", "needs-desktop", "EXTENSION")
    assert kept(binding, (name, "system", BINARY)) == {"PySide6/QtCore.abi3.so"}


def test_data_is_pruned_to_our_languages() -> None:
    libraries: list[Entry] = [(f"{QT}/lib/libQt6Gui.so.6", "gui", BINARY)]
    wanted: list[Entry] = [
        (f"{QT}/translations/qtbase_pl.qm", "x", DATA),
        ("certifi/cacert.pem", "x", DATA),
        ("libQt6Gui.so.6", f"{QT}/lib/libQt6Gui.so.6", LINK),
    ]
    unwanted: list[Entry] = [
        (f"{QT}/translations/qtbase_de.qm", "x", DATA),
        (f"{QT}/translations/qtdeclarative_pl.qm", "x", DATA),
        ("PySide6/QtGui.pyi", "x", DATA),
        ("requests-2.0.dist-info/METADATA", "x", DATA),
        ("stdnum/oui.dat", "x", DATA),
        ("libgtk-3.so.0", "elsewhere/libgtk-3.so.0", LINK),
    ]
    assert kept_data([*wanted, *unwanted], libraries) == wanted
