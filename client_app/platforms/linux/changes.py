"""Waiting for file changes with inotify(7): no wake-up while nothing is written."""

from __future__ import annotations

import ctypes
import os
import select
import threading
from collections.abc import Sequence
from pathlib import Path

_IN_MODIFY, _IN_MOVED_TO, _IN_CREATE, _IN_DELETE_SELF = 0x2, 0x80, 0x100, 0x400
_IN_CONTENT = _IN_MODIFY | _IN_MOVED_TO | _IN_CREATE | _IN_DELETE_SELF
_IN_APPEARS = _IN_MOVED_TO | _IN_CREATE
_READ = 64 * 1024


class InotifyWaiter:
    """`ChangeWaiter` over one inotify descriptor; folders that are not there yet are awaited in their parent.

    Raises:
        OSError: the system gives no inotify descriptor (a limit was reached).
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)
        self._handle = self._library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._handle < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        # A wake after the end must not write to a descriptor that has been given to somebody else since.
        self._lock = threading.Lock()
        self._is_closed = False
        self._wake_handle = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._missing = list(folders)
        self._parents: set[Path] = set()
        self._poller = select.poll()
        self._poller.register(self._handle, select.POLLIN)
        self._poller.register(self._wake_handle, select.POLLIN)
        self._add_missing()

    def wait(self, seconds: float) -> None:
        """Return on a change, when woken or after `seconds`."""
        ready = {handle for handle, _ in self._poller.poll(max(0, int(seconds * 1000)))}
        if self._wake_handle in ready:
            os.eventfd_read(self._wake_handle)
        if self._handle in ready:
            try:
                os.read(self._handle, _READ)
            except BlockingIOError:
                return
            self._add_missing()

    def wake(self) -> None:
        """End a wait; nothing happens after `close`."""
        with self._lock:
            if not self._is_closed:
                os.eventfd_write(self._wake_handle, 1)

    def close(self) -> None:
        """Close both descriptors."""
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                os.close(self._handle)
                os.close(self._wake_handle)

    def _add_missing(self) -> None:
        self._missing = [folder for folder in self._missing if not self._add(folder, _IN_CONTENT)]
        for parent in {folder.parent for folder in self._missing} - self._parents:
            if self._add(parent, _IN_APPEARS):
                self._parents.add(parent)
        # One may have appeared between the two steps.
        self._missing = [folder for folder in self._missing if not self._add(folder, _IN_CONTENT)]

    def _add(self, folder: Path, mask: int) -> bool:
        added = self._library.inotify_add_watch(self._handle, os.fsencode(folder), mask)
        return bool(added >= 0)
