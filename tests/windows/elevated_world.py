"""A guardian with more rights, started through the system's own door, and those who knock at its pipe."""

from __future__ import annotations

import hashlib
import os
import secrets
import subprocess
import sys
from pathlib import Path

from client_app.platforms.windows.elevation import WindowsElevatedStarter
from client_app.services.guardian.protocol import FileClaim, StartRequest
from consent_record.records import SystemFamily
from tests.helpers.own_list import OwnList
from tests.windows.held import NAME, ROOT

MODULE = "tests.windows.elevated_process"
REFUSED, TOLD_NOTHING, TOLD, CONNECTED_SILENT, CONNECTED_TALKING = 40, 41, 42, 43, 44
"""Exit codes of the stranger (waiter.c)."""


class ElevatedWorld:
    """Company, folders and pipes of one test."""

    def __init__(self, stranger: Path, folder: Path) -> None:
        self.stranger = stranger
        self.copies = folder / "copies"
        self.list = OwnList(folder / "company", SystemFamily.WINDOWS, NAME, stranger.read_bytes())
        self.list.write()
        self.name = secrets.token_hex(16)
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def command(self) -> tuple[str, ...]:
        """What starts the guardian, but for the name of the pipe."""
        return (sys.executable, "-m", MODULE, str(self.list.folder), str(self.copies))

    def starter(self, command: tuple[str, ...] | None = None) -> WindowsElevatedStarter:
        """Return the client's half with the pipe's name of this test."""
        return WindowsElevatedStarter(
            command or self.command, is_protected=lambda _path: True, new_name=lambda: self.name
        )

    def run_guardian(self) -> subprocess.Popen[bytes]:
        """Start the guardian by hand, without a client."""
        return self._run([*self.command, self.name])

    def knock(self) -> subprocess.Popen[bytes]:
        """Let another program connect to the pipe as soon as it is there, and write a start request."""
        return self._run([str(self.stranger), "--knock", self.name])

    def squat(self, how: str = "--squat") -> subprocess.Popen[bytes]:
        """Let another program serve the pipe (alone, or `--share` it); returns when it does."""
        squatter = self._run([str(self.stranger), how, self.name])
        assert squatter.stdout is not None
        assert squatter.stdout.readline().strip() == b"ready"
        return squatter

    def end_of(self, process: subprocess.Popen[bytes]) -> int:
        """Return the exit code of one of these."""
        return process.wait(30)

    def request(self, folder: Path, data: bytes | None = None) -> StartRequest:
        """Return a request for the listed program, or with the hash of other bytes."""
        content = self.list.program if data is None else data
        claim = FileClaim(NAME, hashlib.sha256(content).hexdigest(), len(content))
        return StartRequest(str(folder), (claim,))

    def close(self) -> None:
        """End what still runs."""
        for process in self.processes:
            process.kill()
            process.wait(10)
            if process.stdout is not None:
                process.stdout.close()

    def _run(self, command: list[str]) -> subprocess.Popen[bytes]:
        self.processes.append(
            subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
        )
        return self.processes[-1]
