"""Waiting for file changes and ends of processes on Windows, with one wait on all handles.

Sources: learn.microsoft.com, FindFirstChangeNotificationW, WaitForMultipleObjects. A change of size is notified when
the system writes its cache, which can be some seconds after the program wrote; so a wait never lasts longer than the
heartbeat, after which the caller looks at the few files that it reads. Processes are never looked at for that.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from ctypes import wintypes
from pathlib import Path
from typing import Any

from client_app.core.anydesk_system import ProcessIdentity
from client_app.platforms.shared.polling import MAX_FOLLOWED
from client_app.platforms.windows.libraries import INVALID_HANDLE, Libraries
from client_app.platforms.windows.processes import WindowsProcessTable

HEARTBEAT_SECONDS = 0.5
_MAX_FOLDERS = 16
_FILE_NAME, _DIRECTORY_NAME, _SIZE, _LAST_WRITE = 0x1, 0x2, 0x8, 0x10
_CONTENT = _FILE_NAME | _DIRECTORY_NAME | _SIZE | _LAST_WRITE
_SYNCHRONIZE = 0x100000
_WAIT_FAILED = 0xFFFFFFFF


class NotificationWaiter:
    """`ChangeWaiter` of Windows; folders that are not there yet are awaited in the nearest one that is.

    Args:
        folders: to watch; files in them, not in folders below.
        libraries: the system's own when left out.

    Raises:
        OSError: the system gives no event.
    """

    def __init__(self, folders: Sequence[Path], libraries: Libraries | None = None) -> None:
        self._libraries = libraries or Libraries()
        self._kernel = self._libraries.kernel32
        self._table = WindowsProcessTable(self._libraries)
        self._lock = threading.Lock()
        self._is_closed = False
        self._event: Any = self._kernel.CreateEventW(None, False, False, None)
        if not self._event:
            raise self._libraries.error("CreateEventW")
        self._missing = list(folders[:_MAX_FOLDERS])
        self._watched: dict[Any, Path] = {}
        self._awaited: dict[Any, Path] = {}
        self._followed: dict[Any, ProcessIdentity] = {}
        self._has_ended = False
        self._add_missing()

    def wait(self, seconds: float) -> None:
        """Return on a change, when woken, at the end of a followed process, or after the heartbeat at the latest."""
        limit = min(max(0.0, seconds), HEARTBEAT_SECONDS)
        handles = [self._event, *self._watched, *self._awaited, *self._followed]
        array = (wintypes.HANDLE * len(handles))(*handles)
        index = int(self._kernel.WaitForMultipleObjects(len(handles), array, False, int(limit * 1000)))
        if index == _WAIT_FAILED:
            # A handle went bad: begin again with none but the event; the heartbeat carries on.
            self._close_changes()
            time.sleep(limit)
        elif 0 < index < len(handles):
            self._came(handles[index])

    def wake(self) -> None:
        """End a wait; nothing happens after `close`."""
        with self._lock:
            if not self._is_closed:
                self._kernel.SetEvent(self._event)

    def follow(self, identity: ProcessIdentity) -> None:
        """Wait for a process's handle too."""
        if identity in self._followed.values() or len(self._followed) >= MAX_FOLLOWED:
            return
        handle = self._kernel.OpenProcess(_SYNCHRONIZE, False, identity.pid)
        now = self._table.identify(identity.pid)
        if handle and now is not None and now.created == identity.created:
            self._followed[handle] = identity
            return
        self._has_ended = self._has_ended or now is None or now.created != identity.created
        if handle:
            self._kernel.CloseHandle(handle)

    def has_ended(self) -> bool:
        """Whether one of the followed processes ended."""
        answer, self._has_ended = self._has_ended, False
        return answer

    def close(self) -> None:
        """Close all handles."""
        self._close_changes()
        for handle in self._followed:
            self._kernel.CloseHandle(handle)
        self._followed.clear()
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                self._kernel.CloseHandle(self._event)

    def _came(self, handle: Any) -> None:
        if handle in self._followed:
            del self._followed[handle]
            self._kernel.CloseHandle(handle)
            self._has_ended = True
            return
        if not self._kernel.FindNextChangeNotification(handle):
            # The folder is gone.
            self._kernel.FindCloseChangeNotification(handle)
            self._awaited.pop(handle, None)
            folder = self._watched.pop(handle, None)
            self._missing += [folder] if folder is not None else []
        self._add_missing()

    def _add_missing(self) -> None:
        # Once more after awaiting, since one may have appeared between the two steps.
        for _ in range(2):
            self._missing = [
                folder for folder in self._missing if not self._add(self._watched, folder, _CONTENT)
            ]
            for parent in {_nearest(folder) for folder in self._missing} - set(self._awaited.values()):
                self._add(self._awaited, parent, _DIRECTORY_NAME)
        if not self._missing:
            for handle in self._awaited:
                self._kernel.FindCloseChangeNotification(handle)
            self._awaited.clear()

    def _add(self, known: dict[Any, Path], folder: Path, changes: int) -> bool:
        handle = self._kernel.FindFirstChangeNotificationW(str(folder), False, changes)
        if handle in (None, 0, INVALID_HANDLE):
            return False
        known[handle] = folder
        return True

    def _close_changes(self) -> None:
        for handle in (*self._watched, *self._awaited):
            self._kernel.FindCloseChangeNotification(handle)
        self._missing += self._watched.values()
        self._watched.clear()
        self._awaited.clear()


def _nearest(folder: Path) -> Path:
    """Return the nearest folder above that exists."""
    return next((one for one in folder.parents if one.is_dir()), folder.parent)
