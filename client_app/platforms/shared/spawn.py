"""Starting the guardian: private pipes, and apart from this process's group so that a kill of the group misses it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from typing import IO, Any, BinaryIO, cast

from client_app.platforms.shared.exits import wait_for_exit


class SpawnedProcess:
    """`SpawnedGuardian` over subprocess."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def stdin(self) -> BinaryIO:
        """The pipe to it."""
        return _pipe(self._process.stdin)

    @property
    def stdout(self) -> BinaryIO:
        """The pipe from it."""
        return _pipe(self._process.stdout)

    def wait(self, seconds: float) -> bool:
        """Whether it ended within the time."""
        return wait_for_exit(self._process, seconds) is not None

    def kill(self) -> None:
        """End it by force."""
        self._process.kill()


def _pipe(stream: IO[bytes] | None) -> BinaryIO:
    if stream is None:
        raise ValueError("the process was started without this pipe")
    return cast("BinaryIO", stream)


def spawn_apart(
    command: Sequence[str], environment: Mapping[str, str] | None, **apart: Any
) -> SpawnedProcess:
    """Start a program with private pipes; `apart` is the system's way of leaving our process group."""
    return SpawnedProcess(
        subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=None if environment is None else dict(environment),
            **apart,
        )
    )
