"""Stand-ins for a system's halves: what a test says is there, is there."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from client_app.core.anydesk_system import (
    ChangeWaiter,
    DataPlaces,
    HeldFile,
    PersistentEntry,
    ProcessIdentity,
    QueryAnswer,
    SeenProcess,
    SpawnedGuardian,
)
from client_app.platforms.shared.polling import PollingWaiter
from client_app.platforms.shared.posix_files import PosixPrivateFiles
from client_app.platforms.shared.unsigned import NoSignatures


class FakeProcesses:
    """A table that holds what it is given."""

    def __init__(self, *identities: ProcessIdentity) -> None:
        self.alive = list(identities)
        self.ports: Mapping[int, int | None] | None = {}
        self.ended: list[tuple[int, bool]] = []
        self.homes: dict[int, str] = {}

    def everything(self) -> tuple[SeenProcess, ...]:
        return tuple(SeenProcess(identity, 1) for identity in self.alive)

    def identify(self, pid: int) -> ProcessIdentity | None:
        return next((identity for identity in self.alive if identity.pid == pid), None)

    def end(self, identity: ProcessIdentity, *, force: bool) -> None:
        self.ended.append((identity.pid, force))
        if force and identity in self.alive:
            self.alive.remove(identity)

    def home_of(self, pid: int) -> str | None:
        return self.homes.get(pid)

    def listening(self, of: Collection[int] | None = None) -> Mapping[int, int | None] | None:
        if self.ports is None or of is None:
            return self.ports
        return {port: pid for port, pid in self.ports.items() if pid in of}


class FakePersistence:
    """Entries as a test sets them; None for "cannot be listed"."""

    def __init__(self) -> None:
        self.service_entries: tuple[PersistentEntry, ...] | None = ()
        self.autostart_entries: tuple[PersistentEntry, ...] | None = ()
        self.disabled: list[PersistentEntry] = []
        self.is_allowed = True

    def services(self) -> tuple[PersistentEntry, ...] | None:
        return self.service_entries

    def autostarts(self) -> tuple[PersistentEntry, ...] | None:
        return self.autostart_entries

    def disable(self, entry: PersistentEntry) -> bool:
        self.disabled.append(entry)
        if self.is_allowed:
            self.service_entries = tuple(one for one in self.service_entries or () if one != entry)
            self.autostart_entries = tuple(one for one in self.autostart_entries or () if one != entry)
        return self.is_allowed


class FakeSystem:
    """`AnyDeskSystem` of a computer that a test describes."""

    name = "linux"
    home = "/home/anna"

    def __init__(self, *identities: ProcessIdentity) -> None:
        self.processes = FakeProcesses(*identities)
        self.persistence = FakePersistence()
        self.signatures = NoSignatures()
        self.files = PosixPrivateFiles()

    def data_places(self, program: str, client: str) -> DataPlaces:
        return DataPlaces((), ())

    def watch(self, folders: Sequence[Path]) -> ChangeWaiter:
        return PollingWaiter()

    def spawn_guardian(
        self, command: Sequence[str], environment: Mapping[str, str] | None
    ) -> SpawnedGuardian:
        raise OSError("no guardian here")


class FakeHeld:
    """A held file with any content."""

    def __init__(self, path: Path, data: bytes) -> None:
        self._path, self._stream = path, io.BytesIO(data)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def stream(self) -> BinaryIO:
        return self._stream

    def close(self) -> None:
        self._stream.close()


class FakeContainment:
    """Holds files from a mapping; what it starts is one process that ends when told."""

    MAIN = ProcessIdentity(10, 100, "/private/anydesk")

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.started: list[Path] = []
        self.asked: list[str] = []
        self.alive: list[ProcessIdentity] = []
        self.change_after_start: bytes | None = None
        self.held: list[FakeHeld] = []

    def enter(self) -> None:
        return

    def wait_for_client(self) -> None:
        return

    def hold(self, path: Path) -> HeldFile:
        if not str(path).startswith("/private/"):
            raise PermissionError(path.name)
        if path.name not in self.files:
            raise FileNotFoundError(path.name)
        held = FakeHeld(path, self.files[path.name])
        self.held.append(held)
        return held

    def start(self, program: HeldFile) -> ProcessIdentity:
        self.started.append(program.path)
        self.alive = [self.MAIN]
        if self.change_after_start is not None:
            program.stream.seek(0)
            program.stream.write(self.change_after_start)
        return self.MAIN

    def wait_for_main(self) -> int:
        return 0

    def ask(self, program: HeldFile, switch: str, seconds: float) -> QueryAnswer:
        self.asked.append(switch)
        return QueryAnswer(0, b"online\n")

    def members(self) -> tuple[ProcessIdentity, ...]:
        return tuple(self.alive)

    def loose(self) -> tuple[ProcessIdentity, ...]:
        return ()

    def close_window(self, main: ProcessIdentity) -> None:
        self.alive = [one for one in self.alive if one != main]

    def end(self, member: ProcessIdentity, *, force: bool) -> None:
        self.alive = [one for one in self.alive if one != member]
