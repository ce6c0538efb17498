"""Where the Windows lane keeps what it made. Everything is below build/, which git ignores."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = Path(__file__).resolve().parent / "src"
BUILD = ROOT / "build" / "windows"
DOWNLOADS = BUILD / "downloads"
HOME = BUILD / "home"
"""HOME of wine, so that no folder of the person who runs it is linked into the prefix."""
VERSION = (3, 11)
DLL = f"python{VERSION[0]}{VERSION[1]}"


class CannotRunHereError(RuntimeError):
    """This machine lacks something that a script may not bring; the text says what and how to get it."""


def say(text: str) -> None:
    """Print a line of this tool's own."""
    print(f"windows: {text}", flush=True)


def key_of(*parts: object) -> str:
    """Return a short name for what is made from these inputs (files by content, the rest by its text)."""
    digest = hashlib.sha256(sys.version.encode())
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else str(part).encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:12]


def drive_path(path: Path) -> str:
    """Return the name that a path of this machine has under wine, on drive Z."""
    return "Z:" + str(path).replace("/", "\\")


def drop_others(keep: Path) -> None:
    """Remove what was made from older inputs: the siblings of the same kind (`python-*`, `prefix-*`)."""
    import shutil

    kind = keep.name.rpartition("-")[0]
    for other in keep.parent.glob(f"{kind}-*"):
        if other != keep:
            shutil.rmtree(other)
