"""Looking at AnyDesk's processes and asking its switches, for the field check.

Rule: only the switches that answer and end are run, each with a limit; no other way to start AnyDesk is here.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from client_app.core.anydesk_system import ProcessIdentity, ProcessTable
from client_app.services.field_check.observation import Asked, SeenProgram

ASK_SECONDS = 10.0
"""Longer than the guardian waits: how slow a real one is, is to be found out."""
ANSWERING = ("--get-id", "--get-status")
NO_SWITCH = "--no-such-switch"
_PLAIN = re.compile(r"[A-Za-z0-9_. -]{0,40}")
_SWITCH = re.compile(r"--[a-z-]{2,30}")
_GUARDIAN = "--guardian"
_MAX_PARENTS = 32


@dataclass(frozen=True)
class SystemEyes:
    """What only the system's half can see; each answers None where it cannot.

    Attributes:
        is_held: whether a process is in a job object (Windows); None elsewhere, where parents are looked at.
        is_elevated: whether a process runs with an administrator's rights.
        has_window: whether one of these processes shows a top-level window.
    """

    is_held: Callable[[int], bool | None]
    is_elevated: Callable[[int], bool | None]
    has_window: Callable[[tuple[int, ...]], bool | None]


class ProgramLook:
    """One AnyDesk executable, wherever a copy of it runs.

    Args:
        program: the file whose switches are asked.
        table: this system's processes.
        home: this user's home folder, in the spelling of `table.home_of`; other users' AnyDesk is not looked at.
        eyes: what only the system's half can see.
    """

    def __init__(self, program: Path, table: ProcessTable, home: str, eyes: SystemEyes) -> None:
        self._program, self._table, self._home, self._eyes = program, table, home, eyes

    def ask(self, switch: str) -> Asked:
        """Run the program with one switch that answers and ends."""
        if switch not in (*ANSWERING, "--version", NO_SWITCH):
            raise ValueError(f"{switch} is not a question")
        begun = time.monotonic()
        try:
            run = subprocess.run(
                [str(self._program), switch],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=ASK_SECONDS,
                check=False,
            )
        except (subprocess.TimeoutExpired, OSError):
            return Asked(None, "", time.monotonic() - begun)
        text = run.stdout[:200].decode("utf-8", "replace").strip()
        plain = text if _PLAIN.fullmatch(text) else "(something else)"
        return Asked(run.returncode, plain, time.monotonic() - begun)

    def identities(self) -> tuple[ProcessIdentity, ...]:
        """Return the processes of this client: by the name of its file, since the wizard runs a private copy."""
        name = self._program.name.lower()
        seen = (process.identity for process in self._table.everything())
        ours = [one for one in seen if _file_name(one.image).lower() == name]
        return tuple(one for one in ours if self._table.home_of(one.pid) in (self._home, None))

    def describe(self, identity: ProcessIdentity) -> SeenProgram:
        """Return what can be seen of one of them."""
        switches, is_held = "", self._eyes.is_held(identity.pid)
        with contextlib.suppress(psutil.Error, OSError):
            process = psutil.Process(identity.pid)
            switches = " ".join(part for part in process.cmdline()[1:] if _SWITCH.fullmatch(part))
            if is_held is None:
                is_held = _has_guardian(process)
        return SeenProgram(identity.pid, switches, self._eyes.is_elevated(identity.pid), is_held)

    def has_window(self, identities: tuple[ProcessIdentity, ...]) -> bool | None:
        """Whether one of them shows a window."""
        return self._eyes.has_window(tuple(one.pid for one in identities))


def _has_guardian(process: psutil.Process) -> bool:
    for parent in process.parents()[:_MAX_PARENTS]:
        with contextlib.suppress(psutil.Error):
            if _GUARDIAN in parent.cmdline():
                return True
    return False


def _file_name(image: str) -> str:
    return image.replace("\\", "/").rpartition("/")[2]
