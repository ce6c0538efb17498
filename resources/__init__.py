"""Everything that is data: brand, documents, words, icons, styles, catalogues; found frozen or not.

Rule: nothing is read and nothing heavy is imported here; this module is needed before the first paint.
"""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["path"]


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
