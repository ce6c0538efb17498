"""Running one of the system's own programs: absolute path, no shell, bounded time, an error for every other ending."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from client_app.platforms.shared.environment import child_environment


def run_program(command: Sequence[str], seconds: float) -> None:
    """Run a program and wait for it.

    Args:
        command: absolute path, then the arguments.
        seconds: limit; the program is killed when it takes longer.

    Raises:
        OSError: it is not there, took too long, or ended with another code than 0.
    """
    try:
        done = subprocess.run(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            env=child_environment(os.environ),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"{os.path.basename(command[0])} took too long") from error
    if done.returncode != 0:
        raise OSError(f"{os.path.basename(command[0])} ended with {done.returncode}")
