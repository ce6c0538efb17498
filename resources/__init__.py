"""Everything that is data: brand, documents, words, icons, styles, catalogues; found frozen or not.

Rule: nothing is read and nothing heavy is imported here; this module is needed before the first paint.
"""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["hold", "path", "text"]

_texts: dict[str, str] = {}
_HELD = ("icons/*.svg", "illustrations/*.svg", "styles/*.qss")


def path(name: str) -> Path:
    """Return the place of a resource; whether it exists is the caller's business.

    Args:
        name: path below resources/ with forward slashes, for example ``"icons/check.svg"``.

    Raises:
        ValueError: the name leads out of the resources.
    """
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        raise ValueError(f"not a name of a resource: {name!r}")
    # PyInstaller names the folder of the frozen files in sys._MEIPASS; the build puts resources/ below it.
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) / "resources" if frozen else Path(__file__).parent
    return root / name


def text(name: str) -> str:
    """Return a text resource, which is read from the disk once.

    Raises:
        OSError: it is not there.
    """
    if name not in _texts:
        _texts[name] = path(name).read_text("utf-8")
    return _texts[name]


def hold() -> None:
    """Read every picture and style now, so that they can still be shown when the program's files are gone."""
    root = path("")
    for pattern in _HELD:
        for file in root.glob(pattern):
            text(file.relative_to(root).as_posix())
