"""A home folder with a frozen stand-in for AnyDesk and the real services around it, for tests of several kinds."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from client_app.core.anydesk import AnyDeskEvent, AnyDeskState, ProgramFile, ProgramRelease
from client_app.core.anydesk_system import AnyDeskSystem, ProcessIdentity
from client_app.core.ports import StartPermission
from client_app.platforms import anydesk_system
from client_app.services.anydesk.config import AnyDeskConfig
from client_app.services.anydesk.leftovers import end_own_processes
from client_app.services.anydesk.private_copy import image_prefix
from client_app.services.anydesk.session import AnyDeskSession
from demo.anydesk.build import DEFAULT_NAME, StandIn, build
from demo.anydesk.remote import Faults, StandInRemote
from tests.contracts.client import Client
from tests.contracts.waiting import wait_for as wait_for
from tests.unit.workers.ports import World as Ports

ROOT = Path(__file__).resolve().parent.parent.parent
IS_WINDOWS = sys.platform == "win32"
BUILD = Path(
    os.environ.get("POMOC_STAND_IN") or ROOT / "build" / ("anydesk-windows" if IS_WINDOWS else "anydesk")
)
"""On Windows `python -m tools.windows` has frozen it already and says where."""
TECHNICIAN = "221436813"
STRANGER = "987654321"
GUARDIAN = (
    sys.executable,
    "-m",
    # Under wine, which keeps no access lists, with the one question about them answered for it.
    *(("tests.windows.guardian_process",) if IS_WINDOWS else ("client_app", "--guardian")),
)


def stand_in(name: str = DEFAULT_NAME) -> StandIn:
    """Return the frozen stand-in under a name; made when needed."""
    return build(BUILD, name)


def release_of(program: StandIn, system: str = "linux") -> ProgramRelease:
    """Return the signed list's entry that would fit a stand-in."""
    first, *others = (ProgramFile(*row) for row in program.files)
    # The stand-in is signed by nobody; where programs are signed, the list has to say so.
    return ProgramRelease(system, replace(first, signer=""), tuple(others))


def permission() -> StartPermission:
    """Return a leave to start, from the stand-in for the consent service."""
    return Ports().permission("a-record")


class Events:
    """Collects the events of a session, which come from another thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.all: list[AnyDeskEvent] = []

    def __call__(self, event: AnyDeskEvent) -> None:
        with self._changed:
            self.all.append(event)
            self._changed.notify_all()

    def wait(self, wanted: Callable[[AnyDeskEvent], bool], seconds: float = 30.0) -> AnyDeskEvent:
        """Return the first event that fits, waiting for it."""
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(wanted, self.all)), seconds), f"only {self.all}"
            return next(event for event in self.all if wanted(event))

    def wait_state(self, state: AnyDeskState) -> AnyDeskEvent:
        return self.wait(lambda event: event.state is state)

    def forget(self) -> None:
        with self._changed:
            self.all.clear()


class AnyDeskWorld:
    """One session of the client's services, with the test's own home folder."""

    def __init__(self, home: Path, program: StandIn | None = None) -> None:
        self.home = home
        self.program = program or stand_in()
        self.system: AnyDeskSystem = anydesk_system()
        if IS_WINDOWS:
            from tests.windows.private import private_files

            self.system.files = private_files()  # type: ignore[misc]
        self.remote = StandInRemote(self.program.program, home)
        self.private_root = Path(os.path.realpath(home)) / "private"
        self.config = AnyDeskConfig(
            source_folder=self.program.program.parent,
            release=release_of(self.program, self.system.name),
            private_root=self.private_root,
            guardian_command=GUARDIAN,
        )
        self.events = Events()
        self.session = AnyDeskSession(self.system, self.config)

    def start(self, faults: Faults | None = None, numbers: frozenset[str] = frozenset((TECHNICIAN,))) -> None:
        if faults is not None:
            self.remote.prepare(faults)
        self.session.start(permission(), numbers, self.events)

    def start_ready(self, faults: Faults | None = None) -> None:
        self.start(faults)
        self.events.wait_state(AnyDeskState.READY)

    def connect(self, number: str = TECHNICIAN) -> None:
        self.remote.incoming(number, alias="anna@bit", name="Anna")
        self.events.wait_state(AnyDeskState.ASKING)
        self.remote.accept()
        self.events.wait_state(AnyDeskState.CONNECTED)

    def end_everything(self) -> None:
        """End what the test left of ours, whatever had gone wrong, past the session's own closing."""
        run = self.session._run
        if run is not None:
            run.stop_watching()
            run.guardian.abandon()
            run.copy.remove()
        end_own_processes(self.system, image_prefix(self.private_root))

    def own_processes(self) -> list[ProcessIdentity]:
        prefix = image_prefix(self.private_root)
        seen = self.system.processes.everything()
        return [process.identity for process in seen if process.identity.image.startswith(prefix)]


class ForeignAnyDesk:
    """Somebody else's portable AnyDesk: another prefix, its own data folder, running before we come."""

    def __init__(self, home: Path, name: str = "AnyDesk-ad_deadbeef", faults: Faults | None = None) -> None:
        program = stand_in(name).program
        self.remote = StandInRemote(program, home)
        if faults is not None:
            self.remote.prepare(faults)
        self._client = Client(program, home, anydesk_system().data_places(program.name, ""))
        self.process = self._client.start()
        self.remote.wait_until_online(30)

    def is_alive(self) -> bool:
        return self.process.poll() is None and self.remote.is_running()

    def close(self) -> None:
        self._client.close()
