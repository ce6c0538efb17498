"""One run of the field check: before the start, running, connected, ended. It only looks; it tells what to do next."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from client_app.core.anydesk_system import AnyDeskSystem, DataPlaces, ProcessIdentity
from client_app.services.anydesk.trace_words import Word
from client_app.services.field_check.log_look import LogLook
from client_app.services.field_check.observation import Observation
from client_app.services.field_check.program_look import ANSWERING, NO_SWITCH, ProgramLook

LOOK_SECONDS = 0.25
ASK_EVERY_SECONDS = 1.0
SETTLED_AFTER_SECONDS = 5.0


@dataclass(frozen=True)
class Patience:
    """How long each part is waited for, in seconds; the whole is a quarter of an hour at most."""

    start: float = 300.0
    running: float = 600.0


class FieldCheck:
    """Follows one AnyDesk from before its start to after its end.

    Args:
        system: this system's half.
        look: the program.
        places: where its files are expected.
        roots: where else they may be.
        say: shows the technician what to do next.
        patience: limits.
        wait: sleeps; given by tests.
    """

    def __init__(
        self,
        system: AnyDeskSystem,
        look: ProgramLook,
        places: DataPlaces,
        roots: tuple[Path, ...],
        say: Callable[[str], None],
        patience: Patience = Patience(),
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._system, self._program, self._say = system, look, say
        self._patience, self._wait = patience, wait
        self.seen = Observation(system.name, tuple(str(folder) for folder in places.folders))
        self._logs = LogLook((*places.folders, *roots), places, self.seen)
        self._begun = 0.0
        self._main: ProcessIdentity | None = None
        self._beside: set[Path] = set()
        self._said: set[str] = set()

    def run(self) -> Observation:
        """Look until AnyDesk has ended or a limit is reached; what was seen until then is in `seen` at any time."""
        if self._program.identities():
            self._say("AnyDesk is already running. Close it first, then start this check again.")
            return self.seen
        self._ask_before()
        services = self._system.persistence.services()
        autostarts = self._system.persistence.autostarts()
        self._say("Now start AnyDesk: go through the wizard with a test case (best), or double-click it.")
        if not self._await_start():
            self._say("AnyDesk did not start in time.")
            return self.seen
        self._follow()
        self._look_after_end()
        self._count_entries(services, autostarts)
        return self.seen

    def _ask_before(self) -> None:
        self.seen.before = {switch: self._program.ask(switch) for switch in ANSWERING}
        self.seen.unknown_switch = self._program.ask(NO_SWITCH).code
        self.seen.version = self._program.ask("--version").text

    def _await_start(self) -> bool:
        deadline = time.monotonic() + self._patience.start
        while time.monotonic() < deadline:
            found = self._program.identities()
            if found:
                self._begun = time.monotonic()
                self._main = min(found, key=lambda one: (one.created, one.pid))
                folder = Path(self._main.image).parent
                self._beside = set(folder.iterdir()) if folder.is_dir() else set()
                return True
            self._wait(LOOK_SECONDS)
        return False

    # --- while it runs ------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        deadline = time.monotonic() + self._patience.running
        ask_at = time.monotonic()
        while time.monotonic() < deadline:
            present = self._program.identities()
            self._note_processes(present)
            if self._main is None or not any(_same(one, self._main) for one in present):
                return
            if time.monotonic() >= ask_at:
                self._ask_running()
                ask_at = time.monotonic() + ASK_EVERY_SECONDS
            self._logs.look()
            self._note_state(present)
            self._guide()
            self._wait(LOOK_SECONDS)
        self._say("The time is over. Close AnyDesk now.")

    def _note_processes(self, present: tuple[ProcessIdentity, ...]) -> None:
        for one in present:
            if one.pid not in self.seen.processes:
                described = self._program.describe(one)
                # The questions of this check are processes of the same file for a moment.
                if not set(described.switches.split()) & {*ANSWERING, NO_SWITCH, "--version"}:
                    self.seen.processes[one.pid] = described
        known = [one for one in present if one.pid in self.seen.processes]
        if self._main is not None and 1 <= len(known) < self.seen.most_at_once:
            self.seen.helpers_alone = any(_same(one, self._main) for one in known)
        self.seen.most_at_once = max(self.seen.most_at_once, len(known))

    def _ask_running(self) -> None:
        asked = self._program.ask("--get-status" if self.seen.number_seconds is not None else "--get-id")
        answers = self.seen.statuses if self.seen.number_seconds is not None else self.seen.numbers
        if not answers or answers[-1].text != asked.text or asked.code is None:
            answers.append(asked)
        if self.seen.number_seconds is None and asked.text.isdigit() and asked.text != "0":
            self.seen.number_seconds = time.monotonic() - self._begun
            self._logs.note_settings(asked.text)

    def _note_state(self, present: tuple[ProcessIdentity, ...]) -> None:
        words = self.seen.words
        is_asking = words.get(Word.ASKED, 0) + words.get(Word.PEER_NAMED, 0) > 0 and not words.get(
            Word.RUNNING
        )
        if is_asking and not self.seen.accept_window:
            self.seen.accept_window = self._program.has_window(present)
        if self.seen.ports is None or not self.seen.ports:
            listening = self._system.processes.listening()
            pids = {one.pid for one in present}
            if listening is not None:
                self.seen.ports = sum(pid in pids for pid in listening.values())

    def _guide(self) -> None:
        words = self.seen.words
        if self.seen.number_seconds is not None:
            self._say_once("Number is there. Connect from the technician's computer and accept here.")
        if self.seen.was_connected:
            self._say_once("Connected. Ask for elevation if you want that row, then disconnect over there.")
        if words.get(Word.CLOSED_REMOTE):
            self._say_once(
                "Ended by the technician. Connect once more and disconnect in AnyDesk's window here."
            )
        if words.get(Word.CLOSED_LOCAL):
            self._say_once('Ended here. Now close AnyDesk: "End now" in the wizard, or its window.')

    def _say_once(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._say(text)

    # --- after the end ------------------------------------------------------------------------------------------------

    def _look_after_end(self) -> None:
        ended = time.monotonic()
        for seconds in (1, int(SETTLED_AFTER_SECONDS)):
            while time.monotonic() < ended + seconds:
                self._wait(LOOK_SECONDS)
            self.seen.left_after[seconds] = len(self._program.identities())
        self._logs.look()
        self.seen.is_ended = not self._program.identities()
        folder = Path(self._main.image).parent if self._main is not None else None
        if folder is not None and folder.is_dir():
            self.seen.beside = tuple(sorted(path.name for path in set(folder.iterdir()) - self._beside))

    def _count_entries(self, services: object, autostarts: object) -> None:
        after_services = self._system.persistence.services()
        after_autostarts = self._system.persistence.autostarts()
        self.seen.new_services = _new(services, after_services)
        self.seen.new_autostarts = _new(autostarts, after_autostarts)


def _new(before: object, after: object) -> int | None:
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return None
    return len(set(after) - set(before))


def _same(one: ProcessIdentity, other: ProcessIdentity) -> bool:
    return (one.pid, one.created) == (other.pid, other.created)
