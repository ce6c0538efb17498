"""What AnyDesk's services need of Windows, in one object."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from client_app.core.anydesk_system import ChangeWaiter, DataPlaces, SpawnedGuardian
from client_app.platforms.shared.places import windows_places
from client_app.platforms.shared.polling import PollingWaiter
from client_app.platforms.shared.spawn import spawn_apart
from client_app.platforms.windows.changes import NotificationWaiter
from client_app.platforms.windows.files import WindowsPrivateFiles
from client_app.platforms.windows.libraries import Libraries
from client_app.platforms.windows.persistence import WindowsPersistence
from client_app.platforms.windows.processes import WindowsProcessTable
from client_app.platforms.windows.signature import WindowsSignatures

_NEW_PROCESS_GROUP = 0x00000200
_NO_WINDOW = 0x08000000


class WindowsAnyDeskSystem:
    """`AnyDeskSystem` of Windows."""

    name = "windows"

    def __init__(self, libraries: Libraries | None = None) -> None:
        self._libraries = libraries
        self.processes = WindowsProcessTable(libraries)
        self.files = WindowsPrivateFiles(libraries)
        self.signatures = WindowsSignatures()
        self.persistence = WindowsPersistence()

    @property
    def home(self) -> str:
        """Where this user's files are kept."""
        return os.environ.get("APPDATA", "")

    def data_places(self, program: str, client: str) -> DataPlaces:
        """Return the folders in this user's roaming profile."""
        roaming = os.environ.get("APPDATA")
        return windows_places(
            Path(roaming) if roaming else Path.home() / "AppData" / "Roaming", program, client
        )

    def watch(self, folders: Sequence[Path]) -> ChangeWaiter:
        """Return a waiter for notifications, or one that looks now and then when there are none to be had."""
        try:
            return NotificationWaiter(folders, self._libraries)
        except OSError:
            return PollingWaiter()

    def spawn_guardian(
        self, command: Sequence[str], environment: Mapping[str, str] | None
    ) -> SpawnedGuardian:
        """Start the guardian without a console window and in a group of its own."""
        return spawn_apart(command, environment, creationflags=_NEW_PROCESS_GROUP | _NO_WINDOW)
