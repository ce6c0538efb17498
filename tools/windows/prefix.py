"""The wine prefix: a Windows 10 with two small test libraries that wine 8 lacks.

Rule: the test libraries lie in the prefix's system folder only; beside the program the freezer would pack them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tools.windows.places import SOURCES
from tools.windows.python_home import compile_library
from tools.windows.wine import run, stop

LIBRARIES = ("icuuc", "mscms")
_SECONDS = 120


def make(prefix: Path, settings: Mapping[str, str]) -> None:
    """Make a prefix.

    Raises:
        OSError: wine could not.
    """
    prefix.mkdir(parents=True)
    for command in (["wineboot", "--init"], ["winecfg", "-v", "win10"]):
        if code := run(command, settings, _SECONDS, is_quiet=True):
            raise OSError(f"wine {' '.join(command)} ended with {code}")
    stop(settings)
    for name in LIBRARIES:
        target = prefix / "drive_c" / "windows" / "system32" / f"{name}.dll"
        compile_library(SOURCES / f"{name}.c", target)
