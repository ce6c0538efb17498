"""Puts a program together: the frozen code, our data, the company's files, and what the Linux installer needs.

- ``NAME/``: the folder that is handed out, with
- ``NAME``: the executable, named by the brand;
- ``_internal/``: Python, Qt, resources/, company/ and licences/;
- ``install.sh``: installs it for one user, without Python;
- ``product.conf``: names, as KEY=value;
- ``product.files``: every file, one a line: SHA-256 or "link", size or target, path; tab-separated;
- ``icon.svg``, ``icon.png``: for the desktop's menu.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from client_app import __version__
from client_app.core.brand_types import Brand
from installer.company import copy_company, read_brand
from installer.errors import BuildError
from installer.freeze import NAME, build_epoch
from installer.sources import ROOT, data_files, licence_files

INTERNAL = "_internal"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SAFE_PATH = re.compile(r"[A-Za-z0-9._/+@ ,=()-]+")


def assemble(frozen: Path, company: Path, target: Path, data: Iterable[Path] | None = None) -> Path:
    """Make the folder that is handed out; an existing one is replaced as a whole.

    Args:
        frozen: from `freeze.frozen_program`.
        company: the company's folder, with brand.json at least.
        target: the folder to make; its name is the program's name.
        data: the program's data files, below the root of this tree; all of them when left out.

    Returns:
        The executable.

    Raises:
        BuildError: the brand or a file cannot be used.
    """
    brand = read_brand(company)
    making = target.with_name(f".{target.name}.part")
    shutil.rmtree(making, ignore_errors=True)
    shutil.copytree(frozen, making, symlinks=True)
    (making / NAME).rename(making / brand.product.executable)
    internal = making / INTERNAL
    for source in data_files() if data is None else data:
        place = internal / source.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
    copy_company(company, internal / "company")
    (internal / "licences").mkdir()
    for source in licence_files():
        shutil.copyfile(source, internal / "licences" / source.name)
    listing = "".join(_listing(making))
    (making / "product.files").write_text(listing, encoding="utf-8", newline="\n")
    (making / "product.conf").write_text(_names(brand, listing), encoding="utf-8", newline="\n")
    shutil.copyfile(ROOT / "installer" / "linux" / "install.sh", making / "install.sh")
    for suffix in ("svg", "png"):
        shutil.copyfile(ROOT / "resources" / "icons" / f"app.{suffix}", making / f"icon.{suffix}")
    _tidy(making, {brand.product.executable, "install.sh"})
    shutil.rmtree(target, ignore_errors=True)
    making.rename(target)
    return target / brand.product.executable


def _listing(folder: Path) -> Iterator[str]:
    """Yield one line for each file and link, sorted by path."""
    for path in sorted(folder.rglob("*"), key=lambda p: p.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if not _SAFE_PATH.fullmatch(name):
            raise BuildError(f"{name}: file names in the program are plain ASCII")
        if path.is_symlink():
            target = os.readlink(path)
            if not _SAFE_PATH.fullmatch(target) or target.startswith("/") or ".." in target.split("/"):
                raise BuildError(f"{name}: a link to {target} leads out of the program")
            yield f"link\t{target}\t{name}\n"
        elif path.is_file():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            yield f"{digest}\t{path.stat().st_size}\t{name}\n"


def _names(brand: Brand, listing: str) -> str:
    product = brand.product
    build = hashlib.sha256(listing.encode()).hexdigest()[:12]
    plain = {
        "PACKAGE": product.package,
        "EXECUTABLE": product.executable,
        "DESKTOP_ID": product.bundle_id,
        "VERSION": __version__,
        "BUILD": build,
    }
    for key, value in plain.items():
        if not _PLAIN.fullmatch(value):
            raise BuildError(f"{key}: {value!r} is not a plain name")
    texts = {"NAME_PL": product.name.pl, "NAME_EN": product.name.en}
    for key, value in texts.items():
        if not value or re.search(r"[\x00-\x1f\x7f\\]", value):
            raise BuildError(f"{key}: {value!r} cannot stand in a menu entry")
    return "".join(f"{key}={value}\n" for key, value in {**plain, **texts}.items())


def _tidy(folder: Path, executable: set[str]) -> None:
    """Give everything the same modes and times on every machine."""
    seconds = int(build_epoch())
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_symlink():
            os.utime(path, (seconds, seconds), follow_symlinks=False)
            continue
        may_run = (
            path.is_dir() or path.relative_to(folder).as_posix() in executable or os.access(path, os.X_OK)
        )
        path.chmod(0o755 if may_run else 0o644)
        os.utime(path, (seconds, seconds))
    folder.chmod(0o755)
    os.utime(folder, (seconds, seconds))
