"""The company's part of a program: which files of its folder are shipped, by an allow-list.

Rule: a folder in which a company keeps its settings may well hold private keys beside them; nothing that is not named
here is ever copied.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from client_app.core.brand_reader import ConfigError
from client_app.core.config import Brand, load_brand
from installer.errors import BuildError
from installer.sources import ROOT

BRAND = "brand.json"
_FILES = (BRAND, "documents.json", "release.json", "logo.svg", "logo.png")
_TREES = {"documents": frozenset({".md"}), "anydesk": None}
"""Folders, with the endings that their files may have; None means any."""


def development_folder() -> Path:
    """Return the folder of the compiled brand in this tree, compiling it first when it is not there.

    Raises:
        BuildError: the brand file is refused.
    """
    folder = ROOT / "resources" / "compiled"
    if not (folder / BRAND).is_file():
        from resources.brandfile import BrandFileError
        from resources.compile import compile_brand

        try:
            compile_brand(ROOT / "resources" / "brand.toml", folder / BRAND)
        except BrandFileError as error:
            raise BuildError("\n".join(error.problems)) from error
    return folder


def read_brand(folder: Path) -> Brand:
    """Return the company's settings.

    Raises:
        BuildError: there is no usable brand.json in the folder.
    """
    try:
        return load_brand(folder / BRAND)
    except ConfigError as error:
        raise BuildError(str(error)) from error


def shipped_files(folder: Path) -> list[Path]:
    """Return the files of a company's folder that belong into the program, sorted.

    Raises:
        BuildError: AnyDesk is there without the signed list of programs, or a file is no regular file.
    """
    found = [folder / name for name in _FILES if (folder / name).exists()]
    for tree, suffixes in _TREES.items():
        files = (path for path in (folder / tree).rglob("*") if not path.is_dir())
        found += [path for path in files if suffixes is None or path.suffix in suffixes]
    for path in found:
        if not path.is_file():
            raise BuildError(f"{path}: not a regular file")
    if (folder / "anydesk").is_dir() and not (folder / "release.json").is_file():
        raise BuildError(f"{folder}: anydesk/ needs release.json, the signed list that names its files")
    return sorted(found)


def copy_company(folder: Path, target: Path) -> None:
    """Copy the shipped files into the program. Links become the files that they point to.

    Raises:
        BuildError: as `shipped_files`.
    """
    for source in shipped_files(folder):
        place = target / source.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
        shutil.copymode(source, place)
