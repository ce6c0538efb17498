"""The wine prefix: a Windows 10 with two small test libraries that wine 8 lacks, and a few settings.

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
_WINE = r"HKCU\Software\Wine"
SETTINGS = (
    # There is no window manager: a window that wine leaves to one would be waited for, two seconds each time.
    (rf"{_WINE}\X11 Driver", "Managed", "N"),
    # A face like that of Windows and the same on every machine. Wine needs ten times as long for DejaVu or Liberation,
    # whose letters are set with more care (GPOS).
    *((rf"{_WINE}\Fonts\Replacements", face, "Nimbus Sans") for face in ("MS Shell Dlg", "MS Shell Dlg 2")),
    *((rf"{_WINE}\Fonts\Replacements", face, "Nimbus Sans") for face in ("Segoe UI", "Tahoma")),
)
"""Key, name and value of what is set in the registry."""


def make(prefix: Path, settings: Mapping[str, str]) -> None:
    """Make a prefix.

    Raises:
        OSError: wine could not.
    """
    prefix.mkdir(parents=True)
    keep = [["reg", "add", key, "/v", name, "/d", value, "/f"] for key, name, value in SETTINGS]
    for command in (["wineboot", "--init"], ["winecfg", "-v", "win10"], *keep):
        if code := run(command, settings, _SECONDS, is_quiet=True):
            raise OSError(f"wine {' '.join(command)} ended with {code}")
    stop(settings)
    for name in LIBRARIES:
        target = prefix / "drive_c" / "windows" / "system32" / f"{name}.dll"
        compile_library(SOURCES / f"{name}.c", target)
