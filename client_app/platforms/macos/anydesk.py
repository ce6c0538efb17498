"""What AnyDesk's services need of macOS, in one object."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from client_app.core.anydesk_system import ChangeWaiter, DataPlaces, SpawnedGuardian
from client_app.platforms.macos.changes import KqueueWaiter
from client_app.platforms.macos.persistence import MacPersistence
from client_app.platforms.macos.processes import MacProcessTable
from client_app.platforms.macos.signature import MacSignatures
from client_app.platforms.shared.places import dotted_places
from client_app.platforms.shared.polling import PollingWaiter
from client_app.platforms.shared.posix_files import PosixPrivateFiles
from client_app.platforms.shared.spawn import spawn_apart


class MacAnyDeskSystem:
    """`AnyDeskSystem` of macOS."""

    name = "macos"

    def __init__(self) -> None:
        self.processes = MacProcessTable()
        self.files = PosixPrivateFiles()
        self.signatures = MacSignatures()
        self.persistence = MacPersistence()

    @property
    def home(self) -> str:
        """Where this user's files are kept."""
        return os.environ.get("HOME", "")

    def data_places(self, program: str, client: str) -> DataPlaces:
        """Return the folders in the home of this user."""
        return dotted_places(Path.home(), program, client)

    def watch(self, folders: Sequence[Path]) -> ChangeWaiter:
        """Return a kqueue waiter, or one that looks now and then when there is none to be had."""
        try:
            return KqueueWaiter(folders)
        except OSError:
            return PollingWaiter()

    def spawn_guardian(
        self, command: Sequence[str], environment: Mapping[str, str] | None
    ) -> SpawnedGuardian:
        """Start the guardian in a session of its own."""
        return spawn_apart(command, environment, start_new_session=True)
