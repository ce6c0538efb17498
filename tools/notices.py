"""Notices of third parties: writes docs/third-party.md, or collects licence texts for a bundle.

    python -m tools.notices                 renews docs/third-party.md from the locks
    python -m tools.notices collect FOLDER  copies the licence texts of what the client ships into FOLDER

Licences come from the metadata of the installed packages. A package whose licence is not on the list below
stops the run: whether it may be shipped is a person's decision.
"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "third-party.md"

# What a package's metadata calls its licence, and the SPDX identifier of what it means.
_SPDX = {
    "Apache-2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD-2-Clause": "BSD-2-Clause",
    "BSD-3-Clause": "BSD-3-Clause",
    "LGPL": "LGPL-2.1-or-later",
    "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only": "LGPL-3.0-only",
    "MIT": "MIT",
    "MIT License": "MIT",
    "MIT OR Apache-2.0": "MIT",
    "MIT-0": "MIT-0",
    "MPL-2.0": "MPL-2.0",
    "PSF-2.0": "PSF-2.0",
}
# Installed on Windows only, so their metadata is not on every machine that runs this.
_ELSEWHERE = {"colorama": "BSD-3-Clause", "tzdata": "Apache-2.0"}
_LICENCE_FILE = re.compile(r"\.dist-info/.*(licen[sc]e|copying|notice|authors)", re.IGNORECASE)

_HEAD = """\
# Third parties

pomoc-zdalna itself is under the MIT licence (LICENSE). It stands on the packages below, each under its own.
This page is made by `make lock`; a test fails when it is behind the locks.

## Qt and PySide6

The client uses Qt 6 and Qt for Python (PySide6, Shiboken6) under the **GNU Lesser General Public License,
version 3** (LICENSES/LGPL-3.0.txt, which builds on LICENSES/GPL-3.0.txt). They are used unchanged:

- They are linked dynamically. In the frozen client every Qt library and PySide6 module is a file of its own
  in the program's folder; nothing of Qt is linked into our executable.
- They are replaceable. Whoever has the program may put a modified, compatible Qt or PySide6 of the same minor
  version in the place of these files, and may study the program to debug such a change. Nothing checks or
  locks them.
- Their source is published by The Qt Company at download.qt.io and code.qt.io under the version given below.
- Parts inside Qt (ICU, FreeType, HarfBuzz, PCRE2, zlib and others) have licences of their own, listed at
  doc.qt.io/qt-6/licenses-used-in-qt.html.

python-stdnum is under the LGPL 2.1 or later (LICENSES/LGPL-2.1.txt) and used unchanged. The whole source of
this program and its one build entry are public, so it can be built again with a changed copy.

A bundle carries these texts, those of the packages it contains (`python -m tools.notices collect FOLDER`) and
that of Python itself.
"""


class UnknownLicenceError(Exception):
    """A package's metadata names a licence that nobody has decided on yet."""


@dataclass(frozen=True)
class Notice:
    """One package of a lock: normalised name, locked version, SPDX identifier."""

    name: str
    version: str
    licence: str


def locked(lock: str) -> list[tuple[str, str]]:
    """Returns (name, version) of every package in requirements/`lock`.txt."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    return re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)


def licence_of(name: str) -> str:
    """Returns the SPDX identifier under which we use package `name`.

    Raises:
        UnknownLicenceError: its metadata says something that is not on our list.
        importlib.metadata.PackageNotFoundError: it is neither installed nor known to live elsewhere.
    """
    if name in _ELSEWHERE:
        return _ELSEWHERE[name]
    metadata = importlib.metadata.metadata(name)
    fields = [
        value.partition("\n")[0].strip()
        for key in ("License-Expression", "License")
        for value in metadata.get_all(key, [])
    ]
    fields += [
        entry.rpartition(" :: ")[2] for entry in metadata.get_all("Classifier", []) if "License ::" in entry
    ]
    for said in fields:
        if said in _SPDX:
            return _SPDX[said]
    raise UnknownLicenceError(f"{name}: {fields}")


def notices(lock: str) -> list[Notice]:
    """Returns the notices of one lock, in its order."""
    return [Notice(name, version, licence_of(name)) for name, version in locked(lock)]


def render() -> str:
    """Returns the text of docs/third-party.md."""
    parts = [_HEAD]
    for title, lock in (("The customer's program", "client"), ("The backend", "backend")):
        rows = [f"| {notice.name} | {notice.version} | {notice.licence} |" for notice in notices(lock)]
        parts.append(
            f"\n## {title}\n\n| package | version | licence |\n|---|---|---|\n" + "\n".join(rows) + "\n"
        )
    return "".join(parts)


def collect(target: Path) -> list[Path]:
    """Copies our licence, the GNU texts and each client package's own into `target`; returns the copies."""
    sources = [(ROOT / "LICENSE", "pomoc-zdalna-LICENSE"), (PAGE, "THIRD-PARTY.md")]
    sources += [(text, text.name) for text in sorted((ROOT / "LICENSES").iterdir())]
    for name, _ in locked("client"):
        try:
            files = importlib.metadata.files(name) or []
        except importlib.metadata.PackageNotFoundError:
            if name not in _ELSEWHERE:
                raise
            continue  # not in this system's bundle
        for entry in files:
            if _LICENCE_FILE.search(str(entry)):
                sources.append((Path(str(entry.locate())), f"{name}-{entry.name}"))
    target.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(source, target / name)) for source, name in sources]


def main(arguments: list[str]) -> int:
    """Runs one of the two commands of the module's docstring."""
    match arguments:
        case []:
            PAGE.write_text(render(), encoding="utf-8")
            print(f"{PAGE.relative_to(ROOT)} written")
        case ["collect", folder]:
            print(f"{len(collect(Path(folder)))} licence texts in {folder}")
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
