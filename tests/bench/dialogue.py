"""A running program that is spoken to: one JSON object a line; every wait has a limit."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import IO, Any

from tests.bench.launch import ProgramError

WAIT_SECONDS = 60.0
END_SECONDS = 15.0

Message = dict[str, Any]


class Dialogue:
    """Context manager: starts a program, talks to it, ends it.

    Args:
        command: what to start.
        environment: of the program.
        errors: open file for its standard error; told when it fails.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], errors: IO[str]) -> None:
        self._errors = errors
        self._process = subprocess.Popen(
            command, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
        )
        self._unread = bytearray()
        self._name = command[1] if len(command) > 1 else command[0]

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def __enter__(self) -> Dialogue:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the program: first by silence, then by force."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(END_SECONDS)

    def tell(self, **message: Any) -> None:
        """Say something to the program."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def hear(self, wanted: Callable[[Message], bool], what: str, seconds: float = WAIT_SECONDS) -> Message:
        """Return the first message that is wanted; others are passed over.

        Raises:
            ProgramError: it did not come in time, or the program ended.
        """
        ends = time.monotonic() + seconds
        last: Message = {}
        while (left := ends - time.monotonic()) > 0:
            while b"\n" in self._unread:
                line, _, rest = bytes(self._unread).partition(b"\n")
                self._unread[:] = rest
                last = json.loads(line)
                if wanted(last):
                    return last
            self._read(left)
        raise self._failed(f"not within {seconds:.0f} s: {what}; the last it said: {last}")

    def ask(self, **message: Any) -> Message:
        """Say something and return the next message that is no news of the session."""
        self.tell(**message)
        return self.hear(lambda heard: "phase" not in heard, f"an answer to {message}")

    def _read(self, seconds: float) -> None:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        readable, _, _ = select.select([descriptor], [], [], seconds)
        if readable:
            piece = os.read(descriptor, 65536)
            if not piece:
                raise self._failed(f"it ended with {self._process.wait(END_SECONDS)}")
            self._unread += piece

    def _failed(self, what: str) -> ProgramError:
        self._errors.flush()
        with open(self._errors.name, encoding="utf-8", errors="replace") as said:
            return ProgramError(f"{self._name}: {what}\n{said.read()[-4000:]}")
