"""A program in a private folder, held by the guardian of a client that is a process of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from client_app.core.anydesk_system import ProcessIdentity
from client_app.platforms.windows.processes import WindowsProcessTable, plain_path
from client_app.services.guardian.protocol import FileClaim, StartRequest
from tests.windows.private import private_files

ROOT = Path(__file__).resolve().parent.parent.parent
GUARDIAN = (sys.executable, "-m", "tests.windows.guardian_process")
NAME = "AnyDesk.exe"
LIMIT_SECONDS = 2.0


def request_for(folder: Path) -> StartRequest:
    """Return the request to start what lies in a folder, with its true hash."""
    data = (folder / NAME).read_bytes()
    return StartRequest(str(folder), (FileClaim(NAME, hashlib.sha256(data).hexdigest(), len(data)),))


def private_copy(program: Path, root: Path) -> Path:
    """Put a program into a new private folder under AnyDesk's name, and return the folder."""
    folder = private_files().make_folder(root)
    shutil.copyfile(program, folder / NAME)
    return folder


def wait_for(condition: Callable[[], object], seconds: float = LIMIT_SECONDS) -> None:
    """Wait for a condition; fails the test when it does not come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.01)


def processes_in(folder: Path) -> list[ProcessIdentity]:
    """Return the live processes whose image lies in a folder."""
    prefix = plain_path(str(folder)) + "\\"
    return [
        one.identity for one in WindowsProcessTable().everything() if one.identity.image.startswith(prefix)
    ]


class Held:
    """The client's process, its guardian's pid, and what they hold.

    Args:
        program: what stands in AnyDesk's place.
        root: folder of the test.
        generations: of processes that detach themselves; "" for none.
        elevated: whether the guardian comes through the system's permission window.
    """

    def __init__(self, program: Path, root: Path, *, generations: str, elevated: bool = False) -> None:
        self.folder = root / "copies" if elevated else private_copy(program, root)
        self.table = WindowsProcessTable()
        self.notes = root / "notes.txt"
        environment = {**os.environ, **({"WAITER_GENERATIONS": generations} if generations else {})}
        environment |= {"WAITER_NOTES": str(self.notes), "PYTHONPATH": str(ROOT)}
        holder = ["tests.windows.elevated_holder", str(program), str(root)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *(holder if elevated else ["tests.windows.holder", str(self.folder)])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment,
        )
        assert self.process.stdout is not None
        self.guardian_pid = int(self.process.stdout.readline())
        # The window and, at the end of the generations, the orphan.
        wait_for(lambda: len(self.alive()) == (2 if generations else 1), 20)

    def alive(self) -> list[ProcessIdentity]:
        """Return what runs from the private folder."""
        return processes_in(self.folder)

    def kill_client(self) -> None:
        """End the client as the task manager does."""
        self.process.kill()

    def kill_guardian(self) -> None:
        """End the guardian as the task manager does."""
        guardian = self.table.identify(self.guardian_pid)
        assert guardian is not None
        self.table.end(guardian, force=True)

    def wait_until_nothing_is_left(self) -> float:
        """Wait for the limit that the design promises; return how long it took, in seconds."""
        begun = time.monotonic()
        wait_for(lambda: not self.alive())
        return time.monotonic() - begun

    def close(self) -> None:
        """End the client, and by that everything."""
        self.process.kill()
        self.process.wait(10)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        wait_for(lambda: self.table.identify(self.guardian_pid) is None, 10)
