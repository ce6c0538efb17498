"""Stopping a unit through systemctl, and taking away the links that start it.

Rule: absolute path, no shell, no question for a password, bounded time; what happened is looked at by the caller.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

_PROGRAMS = ("/usr/bin/systemctl", "/bin/systemctl")
_SECONDS = 3.0
_MAX_LINKS = 200


def run_systemctl(arguments: Sequence[str]) -> None:
    """Run systemctl with arguments when there is one; a failure shows itself in the caller's next look."""
    program = next((path for path in _PROGRAMS if os.access(path, os.X_OK)), None)
    if program is None:
        return
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(
            [program, "--no-ask-password", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )


def remove_links(folder: Path, unit: str) -> None:
    """Take away the links named like a unit below `<target>.wants` and `<target>.requires` of a unit folder."""
    for kind in ("*.wants", "*.requires"):
        for holder in sorted(folder.glob(kind))[:_MAX_LINKS]:
            link = holder / unit
            if link.is_symlink():
                with contextlib.suppress(OSError):
                    link.unlink()
