"""Where the stand-in keeps its files: named after its own executable, as AnyDesk's custom clients do."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

_CUSTOM = re.compile(r"^anydesk[-_](?P<client>(?:ad_)?[0-9a-z]{8}(?:_msi)?)$", re.IGNORECASE)


def client_of(program: str) -> str:
    """Return the custom client's id of an executable's name (`ad_5a1b2c3d`), or "" for a standard client."""
    match = _CUSTOM.match(program.removesuffix(".exe"))
    return match["client"] if match else ""


def own_program() -> str:
    """Return the path of the running executable."""
    return sys.executable


def data_folder(program: str, environment: dict[str, str] | None = None) -> Path:
    """Return the folder for settings and traces of a portable client.

    Args:
        program: the executable's file name, with or without folders.
        environment: of the process, `os.environ` when left out (HOME or APPDATA decide).
    """
    known = dict(os.environ) if environment is None else environment
    client = client_of(Path(program).name)
    if sys.platform == "win32":
        base = Path(known["APPDATA"]) / "AnyDesk"
        return base / client if client else base
    return Path(known.get("HOME", "/")) / (f".anydesk-{client}" if client else ".anydesk")


class Places:
    """The files of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.system_conf = folder / "system.conf"
        self.service_conf = folder / "service.conf"
        self.user_conf = folder / "user.conf"
        self.trace = folder / ("ad.trace" if sys.platform == "win32" else "anydesk.trace")
        self.connection_trace = folder / "connection_trace.txt"
        self.faults = folder / "faults.json"
        self.channel = folder / "stand-in-channel.json"
