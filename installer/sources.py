"""Where a build takes its parts from, and a fingerprint of them: the same fingerprint means the same program."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("client_app", "consent_record", "resources")
"""Packages whose code is frozen."""

DATA = ("icons", "illustrations", "styles", "locale")
"""Folders of resources/ that the program reads. The company's part (brand, documents) comes apart from them."""

DATA_SUFFIXES = frozenset({".svg", ".png", ".qss", ".mo"})
CLIENT_CATALOGUE = "pomoc_zdalna"

_FREEZING = ("pomoc-zdalna.spec", "pruning.py", "elf.py", "freeze.py")


def code_files() -> list[Path]:
    """Return every file that decides what freezing makes."""
    code = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return [*code, *(ROOT / "installer" / name for name in _FREEZING), ROOT / "requirements" / "client.txt"]


def data_files() -> list[Path]:
    """Return the data files of the program: pictures, styles, and the compiled catalogues of the client."""
    found = (path for folder in DATA for path in (ROOT / "resources" / folder).rglob("*"))
    return sorted(
        path
        for path in found
        if path.suffix in DATA_SUFFIXES and (path.suffix != ".mo" or path.stem == CLIENT_CATALOGUE)
    )


def licence_files() -> list[Path]:
    """Return the licence of this program, and notices and licence texts of third parties, which travel with it."""
    return [ROOT / "LICENSE", ROOT / "docs" / "third-party.md", *sorted((ROOT / "LICENSES").glob("*.txt"))]


def tools_used() -> str:
    """Name the interpreter and the freezer, which decide as much as our own code."""
    names = ("pyinstaller", "pyinstaller-hooks-contrib", "PySide6-Essentials")
    return " ".join([sys.version, sys.base_prefix, *(f"{name} {version(name)}" for name in names)])


def fingerprint(files: Iterable[Path], base: Path, *words: str) -> str:
    """Return a SHA-256 over names and contents of files and over some words, hexadecimal.

    Args:
        files: files below `base`, in any order.
        base: what their names are relative to.
        words: options and versions.
    """
    digest = hashlib.sha256("\0".join(words).encode())
    for path in sorted(files):
        data = path.read_bytes()
        digest.update(f"\0{path.relative_to(base).as_posix()}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()
