"""The AnyDesk stand-in as a Windows program: frozen inside the Windows Python, kept while nothing changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tools.windows.places import BUILD, ROOT, drive_path, drop_others, key_of
from tools.windows.wine import run

_SOURCES = ROOT / "demo" / "anydesk"
_SECONDS = 180
_NAMES = ("AnyDesk-ad_5a1b2c3d", "AnyDesk-ad_deadbeef", "AnyDesk")
"""Ours, another firm's custom client, and a standard one: the same program under three names."""


def ensure(home: Path, settings: Mapping[str, str]) -> Path:
    """Return the folder with the stand-ins (`<name>/<name>.exe`), made when it is not there.

    Args:
        home: the Windows Python.
        settings: environment of wine.

    Raises:
        OSError: the freezer failed; it has said why.
    """
    folder = BUILD / f"standin-{key_of(Path(__file__), home.name, *sorted(_SOURCES.glob('*.py')))}"
    ready = folder / "ready"
    if not ready.exists():
        for name in _NAMES:
            command = [str(home / "python.exe"), "-m", "demo.anydesk.build"]
            code = run(
                [*command, "--out", drive_path(folder), "--name", name], settings, _SECONDS, is_quiet=False
            )
            if code:
                raise OSError(f"the stand-in could not be frozen for Windows: exit code {code}")
        ready.touch()
        drop_others(folder)
    return folder
