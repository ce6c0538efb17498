"""The guardian's life: reads verbs, obeys, and ends everything when the client is gone, whatever the reason.

One thread reads the pipe, one waits for the client, one waits for AnyDesk, one writes; the main thread alone decides.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from typing import Any, BinaryIO

from client_app.core.anydesk_system import Containment, ProcessIdentity
from client_app.services.guardian.ending import CLIENT_DIED, Ending, Limits
from client_app.services.guardian.keeper import Choice, Keeper, RefusedError, take_as_asked
from client_app.services.guardian.protocol import (
    MAX_LINE,
    Message,
    ProtocolError,
    Report,
    Verb,
    decode,
    encode,
    read_question,
    read_request,
    read_start,
)

HAND_OVER_SECONDS = 3.0
"""A program that ends well within this time, leaving others of its own, has handed over to one of them."""
_EVENTS_KEPT = 200


class _Stop(Exception):  # noqa: N818 - not an error: the way out of the loop
    pass


class Guardian:
    """One guardian over one pair of pipes."""

    def __init__(
        self, stdin: BinaryIO, stdout: BinaryIO, containment: Containment, choose: Choice = take_as_asked
    ) -> None:
        self._stdin, self._stdout = stdin, stdout
        self._containment = containment
        self._keeper = Keeper(containment, choose)
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._outbox: queue.Queue[bytes] = queue.Queue(_EVENTS_KEPT)
        self._started_at = 0.0
        self._asking = False
        self._all_ended_told = False
        self._is_handing_over = False
        self._handed_over: ProcessIdentity | None = None

    def run(self) -> int:
        """Obey until the client says quit or is gone. Returns 0 when nothing was left, else 1."""
        for work in (self._read, self._watch_client, self._write):
            threading.Thread(target=work, daemon=True).start()
        self._install_signals()
        self._say(Report.READY, pid=os.getpid())
        try:
            while True:
                self._inbox.get()()
        except _Stop:
            pass
        finally:
            ending = self._keeper.end(CLIENT_DIED)
            self._keeper.let_go()
        return 0 if not ending.left else 1

    # --- threads --------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := self._stdin.readline(MAX_LINE + 1):
                try:
                    self._post(self._obey, decode(line))
                except ProtocolError:
                    # Whoever writes this is not our client, or it is broken: end everything.
                    break
        self._post(self._client_gone)

    def _watch_client(self) -> None:
        self._containment.wait_for_client()
        self._post(self._client_gone)

    def _write(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while True:
                self._stdout.write(self._outbox.get())
                self._stdout.flush()
                self._outbox.task_done()

    def _watch_main(self) -> None:
        code = self._containment.wait_for_main()
        self._post(self._main_ended, code)

    def _post(self, work: Callable[..., None], *arguments: Any) -> None:
        self._inbox.put(lambda: work(*arguments))

    def _install_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for name in ("SIGTERM", "SIGHUP", "SIGINT", "SIGBREAK"):
            if (number := getattr(signal, name, None)) is not None:
                signal.signal(number, lambda *_: self._post(self._client_gone))
        if (child := getattr(signal, "SIGCHLD", None)) is not None:
            signal.signal(child, lambda *_: self._post(self._child_ended))

    # --- what happens ---------------------------------------------------------------------------------------------

    def _client_gone(self) -> None:
        raise _Stop

    def _main_ended(self, code: int) -> None:
        left = self._keeper.members()
        soon = time.monotonic() - self._started_at < HAND_OVER_SECONDS
        if code == 0 and soon and left:
            self._is_handing_over = True
            self._find_successor()
            return
        self._say(Report.MAIN_ENDED, code=code, left=len(left))
        self._child_ended()

    def _find_successor(self) -> None:
        """Take the oldest process for the main one; not while a question runs, whose process could be that."""
        if not self._is_handing_over or self._asking:
            return
        self._is_handing_over = False
        left = self._keeper.members()
        if left:
            self._keeper.main = self._handed_over = min(left, key=lambda member: member.created)
        else:
            self._say(Report.MAIN_ENDED, code=0, left=0)

    def _child_ended(self) -> None:
        if self._keeper.main is None or self._all_ended_told:
            return
        left = self._keeper.members()
        if self._handed_over is not None and self._handed_over not in left:
            self._handed_over = None
            self._say(Report.MAIN_ENDED, code=None, left=len(left))
        if not left:
            self._all_ended_told = True
            self._say(Report.ALL_ENDED)

    def _obey(self, message: Message) -> None:
        try:
            number, verb = read_request(message)
        except ProtocolError:
            raise _Stop from None
        try:
            answer = _VERBS[verb](self, number, message)
        except ProtocolError as error:
            answer = {"ok": False, "error": "malformed", "detail": str(error)}
        except RefusedError as refused:
            answer = {"ok": False, "error": refused.reason}
        if answer is not None:
            self._answer(number, answer)
        if verb is Verb.QUIT:
            self._flush()
            raise _Stop

    def _start(self, _number: int, message: Message) -> Message:
        request = read_start(message)
        self._started_at = time.monotonic()
        main = self._keeper.start(request)
        threading.Thread(target=self._watch_main, daemon=True).start()
        return {"ok": True, "main": _identity(main)}

    def _status(self, _number: int, message: Message) -> Message:
        # Each look reads the whole process table: the closing proof asks for one and waits for no other.
        which = "loose" if message.get("which") == "loose" else "members"
        members = self._keeper.loose() if which == "loose" else self._keeper.members()
        return {
            "ok": True,
            "started": self._keeper.main is not None,
            which: [_identity(m) for m in members],
        }

    def _ask(self, number: int, message: Message) -> None:
        question = read_question(message)
        if self._asking:
            raise RefusedError("busy")
        self._asking = True

        def work() -> None:
            try:
                answer = self._keeper.ask(question)
                result: Message = {
                    "ok": True,
                    "code": answer.code,
                    "output_untrusted": answer.output_untrusted.decode("utf-8", "replace"),
                }
            except RefusedError as refused:
                result = {"ok": False, "error": refused.reason}
            self._post(self._asked, number, result)

        threading.Thread(target=work, daemon=True).start()

    def _asked(self, number: int, result: Message) -> None:
        self._asking = False
        self._answer(number, result)
        self._find_successor()
        self._child_ended()

    def _close(self, _number: int, _message: Message) -> Message:
        ending = self._keeper.end(Limits())
        self._child_ended()
        return {"ok": True, **_ending(ending)}

    def _quit(self, _number: int, _message: Message) -> Message:
        return {"ok": True, **_ending(self._keeper.end(Limits()))}

    # --- speaking -------------------------------------------------------------------------------------------------

    def _say(self, report: Report, **fields: Any) -> None:
        self._put({"report": report.value, **fields})

    def _answer(self, number: int, answer: Message) -> None:
        self._put({"id": number, **answer})

    def _put(self, message: Message) -> None:
        # A client that does not read any more must not hold up the guardian: what does not fit is dropped.
        with contextlib.suppress(queue.Full):
            self._outbox.put_nowait(encode(message))

    def _flush(self) -> None:
        deadline = time.monotonic() + 0.2
        while self._outbox.unfinished_tasks and time.monotonic() < deadline:
            time.sleep(0.002)


_VERBS: dict[Verb, Callable[[Guardian, int, Message], Message | None]] = {
    Verb.START: Guardian._start,
    Verb.STATUS: Guardian._status,
    Verb.ASK: Guardian._ask,
    Verb.CLOSE: Guardian._close,
    Verb.QUIT: Guardian._quit,
}


def _identity(member: ProcessIdentity) -> Message:
    return {"pid": member.pid, "created": member.created, "image": member.image}


def _ending(ending: Ending) -> Message:
    return {
        "asked": [_identity(member) for member in ending.asked],
        "forced": [_identity(member) for member in ending.forced],
        "left": [_identity(member) for member in ending.left],
        "seconds": ending.seconds,
    }


def run_guardian(
    stdin: BinaryIO, stdout: BinaryIO, containment: Containment, choose: Choice = take_as_asked
) -> int:
    """Be the guardian until the client is gone; the first thing a process with `--guardian` does.

    Args:
        stdin: the private pipe from the client; its end means the end of AnyDesk.
        stdout: the private pipe to the client.
        containment: this system's half, made by the composition root.
        choose: decides what a request may start.

    Returns:
        The exit code: 0 when nothing of AnyDesk was left.
    """
    containment.enter()
    return Guardian(stdin, stdout, containment, choose).run()
