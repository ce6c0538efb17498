"""The guardian's hands: checks the program with its own eyes, starts it, asks it, ends it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from client_app.core.anydesk_system import Containment, HeldFile, ProcessIdentity, QueryAnswer
from client_app.services.digest import fits
from client_app.services.guardian.ending import CLIENT_DIED, Ending, Limits, end_members
from client_app.services.guardian.protocol import FileClaim, Question, StartRequest

Choice = Callable[[StartRequest], StartRequest]
"""What is really started for a request; raises `RefusedError` when nothing may be."""

QUERY_SECONDS = 3.0


class RefusedError(Exception):
    """The guardian will not do it. `reason` is a stable id."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def take_as_asked(request: StartRequest) -> StartRequest:
    """Trust the client's list: it has the same rights as this guardian, so it could start the program itself."""
    return request


class Keeper:
    """Holds at most one program, for one run.

    Args:
        containment: this system's half.
        choose: decides what a request may start; a guardian with more rights than its client must not trust it.
    """

    def __init__(self, containment: Containment, choose: Choice = take_as_asked) -> None:
        self._containment = containment
        self._choose = choose
        self._program: HeldFile | None = None
        self._held: contextlib.ExitStack | None = None
        self.main: ProcessIdentity | None = None

    def start(self, request: StartRequest) -> ProcessIdentity:
        """Hash every file that was claimed and start the first one.

        Raises:
            RefusedError: `started_already`, `not_private`, `wrong_hash`, `swapped`, `not_started`, or what the choice
                says.
        """
        if self._program is not None:
            raise RefusedError("started_already")
        request = self._choose(request)
        folder = Path(request.folder)
        if not folder.is_absolute():
            raise RefusedError("not_private")
        with contextlib.ExitStack() as held:
            for claim in request.files[1:]:
                self._hold(held, folder, claim)
            program = self._hold(held, folder, request.files[0])
            try:
                main = self._containment.start(program)
            except OSError:
                raise RefusedError("not_started") from None
            # What was hashed before the start is compared again after it: a running image cannot be written to.
            self._program, self.main = program, main
            self._held = held.pop_all()
        if not fits(program.stream, request.files[0]):
            self.end(CLIENT_DIED)
            raise RefusedError("swapped")
        return main

    def _hold(self, held: contextlib.ExitStack, folder: Path, claim: FileClaim) -> HeldFile:
        try:
            file = self._containment.hold(folder / claim.name)
        except PermissionError:
            raise RefusedError("not_private") from None
        except OSError:
            raise RefusedError("wrong_hash") from None
        held.callback(file.close)
        if not fits(file.stream, claim):
            raise RefusedError("wrong_hash")
        return file

    def ask(self, question: Question) -> QueryAnswer:
        """Run the program once with a switch.

        Raises:
            RefusedError: `not_started`: there is no verified program, or it could not be run.
        """
        if self._program is None:
            raise RefusedError("not_started")
        try:
            return self._containment.ask(self._program, question.value, QUERY_SECONDS)
        except OSError:
            raise RefusedError("not_started") from None

    def members(self) -> tuple[ProcessIdentity, ...]:
        """Return what is alive of what was started."""
        return self._containment.members() if self._program is not None else ()

    def loose(self) -> tuple[ProcessIdentity, ...]:
        """Return the members that the system itself would not end together with this process."""
        return self._containment.loose() if self._program is not None else ()

    def let_go(self) -> None:
        """Close the files; only after the end, since what is closed can be exchanged."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def end(self, limits: Limits) -> Ending:
        """End everything that was started."""
        main = self.main

        def close_window() -> None:
            if main is not None:
                self._containment.close_window(main)

        return end_members(
            self.members,
            lambda member, force: self._containment.end(member, force=force),
            close_window if main is not None else None,
            limits,
        )
