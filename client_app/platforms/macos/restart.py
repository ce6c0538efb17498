"""macOS: restarting by System Events, and one start at the next log-in by a launch agent.

Rules: the agent is this user's own file and is deleted by the program that it started. It is not loaded when it is
written: then it would start the program at once.
"""

from __future__ import annotations

import os
import plistlib
from collections.abc import Callable, Sequence
from pathlib import Path

from client_app.core.returning import ReturnStart
from client_app.platforms.shared.command import run_program

_SECONDS = 15.0
_RESTART = ("/usr/bin/osascript", "-e", 'tell application "System Events" to restart')


class MacRestart:
    """`RestartSystem` for macOS.

    Args:
        package: name of the program's own files.
        run: runs a program within seconds; raises OSError when it fails.
    """

    def __init__(self, package: str, run: Callable[[Sequence[str], float], None] = run_program) -> None:
        self._package, self._run = package, run

    @property
    def agent(self) -> Path:
        """The launch agent (launchd.plist(5))."""
        return Path.home() / "Library" / "LaunchAgents" / f"{self._package}.return.plist"

    @property
    def entry_name(self) -> str:
        """The agent's path."""
        return str(self.agent)

    def register(self, start: ReturnStart) -> None:
        """Write the agent as a whole."""
        content: dict[str, object] = {
            "Label": f"{self._package}.return",
            "ProgramArguments": list(start.command),
            "RunAtLoad": True,
            "LimitLoadToSessionType": "Aqua",
        }
        if start.folder is not None:
            content["WorkingDirectory"] = str(start.folder)
        agent = self.agent
        agent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = agent.with_name(f".{agent.name}.part")
        aside.unlink(missing_ok=True)
        descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                plistlib.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(agent)
        except OSError:
            aside.unlink(missing_ok=True)
            raise

    def unregister(self) -> None:
        """Delete the agent's file; booting it out would end this very program."""
        self.agent.unlink(missing_ok=True)

    def restart(self) -> None:
        """Ask System Events: programs with unsaved work may ask their user first."""
        self._run(_RESTART, _SECONDS)
