"""Where the stand-in keeps its files: named after its own executable, as AnyDesk's custom clients do.

A portable client keeps everything in its user's data folder. An installed one keeps what the service knows in a system
folder; on POSIX systems that is below `<home>/.stand-in-root`, so that nothing outside a home folder is ever touched.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_CUSTOM = re.compile(r"^anydesk[-_](?P<client>(?:ad_)?[0-9a-z]{8}(?:_msi)?)$", re.IGNORECASE)
MARKER = "stand-in-installed.json"
ROOT = ".stand-in-root"
PROGRAM_DATA = "PROGRAMDATA"
VARIABLES = ("HOME", "APPDATA", PROGRAM_DATA, "XDG_CONFIG_HOME")
"""The variables that say where files go; an installed service gives them to what it starts."""


def client_of(program: str) -> str:
    """Return the custom client's id of an executable's name (`ad_5a1b2c3d`), or "" for a standard client."""
    match = _CUSTOM.match(plain_name(program))
    return match["client"] if match else ""


def plain_name(program: str) -> str:
    """Return an executable's file name without the ending of Windows: also the name of its service."""
    name = program.replace("\\", "/").rpartition("/")[2]
    return name[:-4] if name.lower().endswith(".exe") else name


def own_program() -> str:
    """Return the path of the running executable."""
    return sys.executable


def _dotted(base: str, client: str) -> str:
    return f"{base}-{client}" if client else base


def data_folder(program: str, environment: Mapping[str, str] | None = None) -> Path:
    """Return the user's folder for settings and traces.

    Args:
        program: the executable's file name, with or without folders.
        environment: of the process, `os.environ` when left out (HOME or APPDATA decide).
    """
    known = os.environ if environment is None else environment
    client = client_of(program)
    if sys.platform == "win32":
        base = Path(known["APPDATA"]) / "AnyDesk"
        return base / client if client else base
    return Path(known.get("HOME", "/")) / _dotted(".anydesk", client)


def config_home(environment: Mapping[str, str]) -> Path:
    """Return the user's folder for configuration (XDG Base Directory)."""
    given = environment.get("XDG_CONFIG_HOME", "")
    return Path(given) if given else Path(environment.get("HOME", "/")) / ".config"


class Places:
    """The files of one client: `folder` holds what its service knows.

    Args:
        folder: the user's data folder for a portable client, the system folder for an installed one.
        user: the user's data folder, when that is another one.
        log: the service's own trace file, when it is not the window's.
    """

    def __init__(self, folder: Path, user: Path | None = None, log: Path | None = None) -> None:
        self.folder = folder
        self.user_folder = user or folder
        self.system_conf = folder / "system.conf"
        self.service_conf = folder / "service.conf"
        self.user_conf = self.user_folder / "user.conf"
        self.trace = self.user_folder / ("ad.trace" if sys.platform == "win32" else "anydesk.trace")
        self.service_trace = log or self.trace
        self.connection_trace = folder / "connection_trace.txt"
        self.faults = folder / "faults.json"
        self.channel = folder / "stand-in-channel.json"

    def make(self) -> None:
        """Makes the folders."""
        for folder in (self.folder, self.user_folder, self.service_trace.parent):
            folder.mkdir(parents=True, exist_ok=True)


def installed_places(program: str, environment: Mapping[str, str] | None = None) -> Places:
    """Return the places of an installed client of this name."""
    known = os.environ if environment is None else environment
    client, user = client_of(program), data_folder(program, known)
    if sys.platform == "win32":
        base = Path(known[PROGRAM_DATA]) / "AnyDesk"
        folder = base / client if client else base
        return Places(folder, user, folder / "ad_svc.trace")
    root, name = Path(known.get("HOME", "/")) / ROOT, _dotted("anydesk", client)
    return Places(root / "etc" / name, user, root / "var" / "log" / f"{name}.trace")


class Installation(NamedTuple):
    """What is known beside an installed executable: it is how a process learns that it is an installed one.

    Attributes:
        environment: where files go, of the person who installed it.
        entries: files made for it outside its folder (links, a unit), removed with it.
    """

    folder: Path
    program: str
    service: str
    environment: dict[str, str]
    entries: tuple[str, ...]

    @property
    def places(self) -> Places:
        return installed_places(self.program, self.environment)

    @property
    def path(self) -> Path:
        return self.folder / self.program

    def save(self) -> None:
        """Writes it beside the executable."""
        known = self._asdict() | {"folder": str(self.folder)}
        (self.folder / MARKER).write_text(json.dumps(known), "utf-8")


def installation_of(program: Path) -> Installation | None:
    """Return what an executable was installed with; None for a portable one."""
    try:
        known = json.loads((program.parent / MARKER).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return Installation(
        Path(known["folder"]),
        known["program"],
        known["service"],
        known["environment"],
        tuple(known["entries"]),
    )
