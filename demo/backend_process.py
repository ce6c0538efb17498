"""Runs the real backend as a process of its own, through its command line; for the demo and for tests."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tools.compile_catalogues import LOCALE_DIR, compile_catalogue, stale_catalogues

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30.0
STOP_SECONDS = 12.0
COMMAND_SECONDS = 30.0

TECHNICIAN_NAME = "anna"
TECHNICIAN_DISPLAY_NAME = "Anna Przykład"
TECHNICIAN_PASSWORD = "demo-password-only-for-this-computer"
TECHNICIAN_NUMBERS = ("123456789",)


class BackendError(RuntimeError):
    """The backend did not do what it was asked; the message holds what it printed."""


@dataclass
class BackendProcess:
    """A running backend.

    Attributes:
        url: where it answers, without a slash at the end.
        root_path: file with the root's public key.
        data_dir: its folder.
        database: its SQLite file.
        technician_name: sign-in name of an account whose password is known.
        technician_password: that password.
        printed: what it printed before it was ready.
    """

    url: str
    root_path: Path
    data_dir: Path
    database: Path
    process: subprocess.Popen[str]
    log: IO[str]
    port: int
    technician_name: str = TECHNICIAN_NAME
    technician_password: str = TECHNICIAN_PASSWORD
    printed: list[str] = field(default_factory=list)

    @property
    def log_path(self) -> Path:
        """File with everything the process wrote to standard error."""
        return Path(self.log.name)

    def stop(self) -> int:
        """Ask it to stop, wait with a limit, kill it when it does not; returns the exit code."""
        self.process.terminate()
        try:
            self.process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self.log.close()
        return self.process.returncode

    def kill(self) -> None:
        """Kill it as a power cut would (SIGKILL)."""
        self.process.kill()
        self.process.communicate(timeout=STOP_SECONDS)
        self.log.close()

    def restart(self) -> None:
        """Start it again on the same port and data, after `kill` or `stop`.

        Raises:
            BackendError: it did not become ready.
        """
        again = start(self.data_dir, port=self.port, technician=False)
        self.process, self.log, self.printed = again.process, again.log, again.printed

    def run(self, *arguments: str, text: str = "") -> str:
        """Run another command of the backend on the same data; see `run_command`."""
        return run_command(self.data_dir, *arguments, text=text)

    def publish(self, kind: str, language: str, file: Path, *, translation: bool = False) -> None:
        """Publish a document."""
        extra = ("--translation",) if translation else ()
        self.run("publish", kind, "--language", language, *extra, str(file))


def run_command(data_dir: Path, *arguments: str, text: str = "") -> str:
    """Run one command of the backend and return what it printed.

    Args:
        data_dir: folder of the backend's data.
        arguments: the command, without --data.
        text: given to its standard input.

    Raises:
        BackendError: it did not end with 0.
    """
    done = subprocess.run(
        [sys.executable, "-m", "consent_backend", *arguments, "--data", str(data_dir)],
        cwd=ROOT,
        env=_environment(),
        input=text,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    if done.returncode:
        raise BackendError(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout


def start(
    data_dir: Path, *, port: int = 0, technician: bool = True, extra: Sequence[str] = ()
) -> BackendProcess:
    """Start a backend and wait until it answers.

    Args:
        data_dir: its folder; a first start makes it.
        port: 0 takes a free one.
        technician: makes the account `TECHNICIAN_NAME` with a known password and AnyDesk number first.
        extra: further arguments of `serve`.

    Raises:
        BackendError: it did not become ready within `START_SECONDS`.
    """
    for catalogue in stale_catalogues(LOCALE_DIR):
        compile_catalogue(catalogue)
    if technician and not (data_dir / "backend.sqlite3").exists():
        run_command(
            data_dir,
            "technician",
            "add",
            TECHNICIAN_NAME,
            "--display-name",
            TECHNICIAN_DISPLAY_NAME,
            "--password-stdin",
            *(f"--number={number}" for number in TECHNICIAN_NUMBERS),
            text=TECHNICIAN_PASSWORD + "\n",
        )
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = (data_dir / "stderr.log").open("a", encoding="utf-8")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "consent_backend", "serve", "--data", str(data_dir)),
            *("--port", str(port), "--print-ready", *extra),
        ],
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    try:
        ready, printed = _wait_ready(process, Path(log.name))
    except BaseException:
        process.kill()
        process.communicate(timeout=STOP_SECONDS)
        log.close()
        raise
    return BackendProcess(
        url=str(ready["url"]),
        root_path=Path(str(ready["root"])),
        data_dir=data_dir,
        database=Path(str(ready["database"])),
        process=process,
        log=log,
        port=int(str(ready["url"]).rsplit(":", 1)[1]),
        printed=printed,
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}


def _wait_ready(process: subprocess.Popen[str], log: Path) -> tuple[dict[str, object], list[str]]:
    if process.stdout is None:
        raise BackendError("no standard output")
    printed: list[str] = []
    ends = time.monotonic() + START_SECONDS
    buffer = ""
    descriptor = process.stdout.fileno()
    while time.monotonic() < ends:
        readable, _, _ = select.select([descriptor], [], [], 0.2)
        if not readable:
            continue
        piece = os.read(descriptor, 65536).decode("utf-8", "replace")
        if not piece:
            break
        buffer += piece
        *lines, buffer = buffer.split("\n")
        printed += lines
        for line in lines:
            if line.startswith("READY "):
                ready: dict[str, object] = json.loads(line.removeprefix("READY "))
                return ready, printed
    said = "\n".join(printed) + buffer + log.read_text("utf-8", "replace")
    raise BackendError(f"the backend did not become ready:\n{said}")
