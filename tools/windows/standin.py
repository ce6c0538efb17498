"""The AnyDesk stand-in as a Windows program: frozen inside the Windows Python, kept while nothing changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tools.windows import signing
from tools.windows.places import BUILD, ROOT, drive_path, drop_others, key_of
from tools.windows.wine import run

_SOURCES = ROOT / "demo" / "anydesk"
_SECONDS = 180
_NAMES = ("AnyDesk-ad_5a1b2c3d", "AnyDesk-ad_deadbeef", "AnyDesk")
"""Ours, another firm's custom client, and a standard one: the same program under three names."""
SIGNED = "signed"
"""Folder with the executable of the first one signed as in signing.py, where the tools for that are."""


def ensure(home: Path, settings: Mapping[str, str]) -> Path:
    """Return the folder with the stand-ins (`<name>/<name>.exe`), made when it is not there.

    Args:
        home: the Windows Python.
        settings: environment of wine.

    Raises:
        OSError, subprocess.SubprocessError: the freezer or a signing tool failed; it has said why.
    """
    made_from = (Path(__file__), Path(signing.__file__), signing.is_possible(), home.name)
    folder = BUILD / f"standin-{key_of(*made_from, *sorted(_SOURCES.glob('*.py')))}"
    ready = folder / "ready"
    if not ready.exists():
        for name in _NAMES:
            command = [str(home / "python.exe"), "-m", "demo.anydesk.build"]
            code = run(
                [*command, "--out", drive_path(folder), "--name", name], settings, _SECONDS, is_quiet=False
            )
            if code:
                raise OSError(f"the stand-in could not be frozen for Windows: exit code {code}")
        if signing.is_possible():
            signing.make(folder / _NAMES[0] / f"{_NAMES[0]}.exe", folder / SIGNED)
        ready.touch()
        drop_others(folder)
    return folder
