"""The client's end of the guardian's pipes: every request has a limit, and the guardian's death is noticed at once."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from client_app.core.anydesk_system import AnyDeskSystem, ProcessIdentity, SpawnedGuardian
from client_app.services.guardian.protocol import (
    MAX_LINE,
    Message,
    ProtocolError,
    Question,
    Report,
    StartRequest,
    Verb,
    decode,
    encode,
)

READY_SECONDS = 10.0
"""A cold start from a slow disk, with an antivirus looking at it."""
START_SECONDS = 15.0
CLOSE_SECONDS = 4.0
ASK_SECONDS = 5.0
_END_SECONDS = 3.0


class GuardianError(Exception):
    """The guardian did not do what was asked: it refused (`reason`), is gone ("lost") or did not answer ("silent")."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Pending:
    """One request that waits for its answer."""

    def __init__(self, on_answer: Callable[[Message | None], None] | None) -> None:
        self.done = threading.Event()
        self.answer: Message | None = None
        self._on_answer = on_answer

    def finish(self, answer: Message | None) -> None:
        self.answer = answer
        self.done.set()
        if self._on_answer is not None:
            self._on_answer(answer)


class GuardianClient:
    """One guardian process, from its start to its end.

    Args:
        system: this system's half.
        command: argv that starts the guardian: `[python, "-m", "client_app", "--guardian"]`, or the frozen program.
        on_report: called from the reading thread with what the guardian says by itself, and with None once it is gone
            without having been told to quit. It must not block.
        environment: of the guardian, this process's when left out.
        take: gives a guardian that was started before (an elevated one), or None; then one is started by `command`.

    Raises:
        GuardianError: it did not start.
    """

    def __init__(
        self,
        system: AnyDeskSystem,
        command: Sequence[str],
        on_report: Callable[[Report | None, Message], None],
        environment: Mapping[str, str] | None = None,
        take: Callable[[], SpawnedGuardian | None] | None = None,
    ) -> None:
        self._on_report = on_report
        self._numbers = itertools.count(1)
        self._pending: dict[int, _Pending] = {}
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._lost = threading.Event()
        self._quitting = False
        try:
            taken = take() if take is not None else None
            self._process: SpawnedGuardian = taken or system.spawn_guardian(command, environment)
        except OSError as error:
            raise GuardianError("lost") from error
        self.is_elevated = taken is not None
        self._reader = threading.Thread(target=self._read, name="guardian-pipe", daemon=True)
        self._reader.start()
        if not self._ready.wait(READY_SECONDS) or self._lost.is_set():
            self.abandon()
            raise GuardianError("lost" if self._lost.is_set() else "silent")

    @property
    def pid(self) -> int:
        """The process that was started (on Linux the supervisor of the guardian)."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the guardian's pipe is open."""
        return not self._lost.is_set()

    def has_ended(self) -> bool:
        """Whether its process is gone, as the system says."""
        return self._process.wait(0.0)

    def start(self, request: StartRequest) -> ProcessIdentity:
        """Let the guardian check and start a program.

        Raises:
            GuardianError: refused, lost or silent.
        """
        files = [{"name": file.name, "sha256": file.sha256, "size": file.size} for file in request.files]
        answer = self._request(Verb.START, START_SECONDS, folder=request.folder, files=files)
        return read_identity(answer["main"])

    def members(self) -> tuple[ProcessIdentity, ...]:
        """Return the processes that the guardian holds.

        Raises:
            GuardianError: lost or silent.
        """
        return self._members("members")

    def loose_members(self) -> tuple[ProcessIdentity, ...]:
        """Return those of them that the system itself would not end together with the guardian.

        Raises:
            GuardianError: lost or silent.
        """
        return self._members("loose")

    def ask(self, question: Question) -> Message:
        """Run AnyDesk once with a switch; the answer has `code` (None: did not end in time) and `output_untrusted`.

        Raises:
            GuardianError: refused, lost or silent.
        """
        return self._request(Verb.ASK, ASK_SECONDS, question=question.value)

    def ask_later(self, question: Question, on_answer: Callable[[Message | None], None]) -> None:
        """As `ask`, without waiting: `on_answer` is called from the reading thread, with None when there is none."""
        self._send(Verb.ASK, _Pending(on_answer), question=question.value)

    def close_program(self) -> Message:
        """End the program and everything it started; the answer has `asked`, `forced`, `left`, `seconds`.

        Raises:
            GuardianError: lost or silent.
        """
        return self._request(Verb.CLOSE, CLOSE_SECONDS)

    def quit(self) -> bool:
        """Let the guardian end, by force if it does not; whether it is gone."""
        self._quitting = True
        with contextlib.suppress(GuardianError):
            self._request(Verb.QUIT, CLOSE_SECONDS)
        return self.abandon()

    def abandon(self) -> bool:
        """Close the pipe, which ends the guardian and all it holds; kill it if it stays. Whether it is gone."""
        self._quitting = True
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        if not self._process.wait(_END_SECONDS):
            self._process.kill()
            self._process.wait(_END_SECONDS)
        self._reader.join(_END_SECONDS)
        if not self._reader.is_alive():
            self._process.stdout.close()
        return self.has_ended()

    def _members(self, which: str) -> tuple[ProcessIdentity, ...]:
        found = self._request(Verb.STATUS, CLOSE_SECONDS, which=which).get(which)
        if not isinstance(found, list):
            raise GuardianError("malformed")
        return tuple(read_identity(entry) for entry in found)

    def _request(self, verb: Verb, seconds: float, **fields: Any) -> Message:
        pending = _Pending(None)
        self._send(verb, pending, **fields)
        if not pending.done.wait(seconds):
            raise GuardianError("silent")
        if pending.answer is None:
            raise GuardianError("lost")
        if not pending.answer.get("ok"):
            raise GuardianError(str(pending.answer.get("error", "refused")))
        return pending.answer

    def _send(self, verb: Verb, pending: _Pending, **fields: Any) -> None:
        with self._lock:
            number = next(self._numbers)
            if not self._lost.is_set():
                self._pending[number] = pending
        if self._lost.is_set():
            pending.finish(None)
            return
        try:
            with self._lock:
                self._process.stdin.write(encode({"id": number, "verb": verb.value, **fields}))
                self._process.stdin.flush()
        except (OSError, ValueError):
            # The pipe is closed; the reading thread sees its end too and finishes what waits.
            self._finish(number, None)

    def _finish(self, number: object, answer: Message | None) -> None:
        with self._lock:
            pending = self._pending.pop(number, None) if isinstance(number, int) else None
        if pending is not None:
            pending.finish(answer)

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError, ProtocolError):
            while line := self._process.stdout.readline(MAX_LINE + 1):
                self._heard(decode(line))
        with self._lock:
            self._lost.set()
            waiting = list(self._pending)
        self._ready.set()
        for number in waiting:
            self._finish(number, None)
        if not self._quitting:
            self._on_report(None, {})

    def _heard(self, message: Message) -> None:
        if "id" in message:
            self._finish(message["id"], message)
            return
        try:
            report = Report(message.get("report"))
        except ValueError:
            return
        if report is Report.READY:
            self._ready.set()
        else:
            self._on_report(report, message)


def read_identity(entry: Any) -> ProcessIdentity:
    """Return the process identity that an answer holds.

    Raises:
        GuardianError: it holds none; the guardian is not ours.
    """
    try:
        return ProcessIdentity(int(entry["pid"]), int(entry["created"]), str(entry["image"]))
    except (KeyError, TypeError, ValueError):
        raise GuardianError("malformed") from None
