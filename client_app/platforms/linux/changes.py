"""Waiting for file changes with inotify(7) and for ends with pidfds: no wake-up while nothing happens."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import threading
from collections.abc import Sequence
from pathlib import Path

from client_app.core.anydesk_system import ProcessIdentity
from client_app.platforms.linux.processes import open_pid, read_process
from client_app.platforms.shared.polling import MAX_FOLLOWED

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
        self._followed: dict[int, ProcessIdentity] = {}
        self._has_ended = False
        self._poller = select.poll()
        self._poller.register(self._handle, select.POLLIN)
        self._poller.register(self._wake_handle, select.POLLIN)
        self._add_missing()

    def wait(self, seconds: float) -> None:
        """Return on a change, when woken or after `seconds`."""
        ready = {handle for handle, _ in self._poller.poll(max(0, int(seconds * 1000)))}
        if self._wake_handle in ready:
            os.eventfd_read(self._wake_handle)
        for handle in ready & self._followed.keys():
            self._let_go(handle)
            self._has_ended = True
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

    def follow(self, identity: ProcessIdentity) -> None:
        """Wait for a pidfd too."""
        if identity in self._followed.values() or len(self._followed) >= MAX_FOLLOWED:
            return
        try:
            handle = open_pid(identity.pid)
        except ProcessLookupError:
            self._has_ended = True
            return
        if handle is None:
            return
        seen = read_process(identity.pid)
        self._followed[handle] = identity
        if seen is None or seen.identity.created != identity.created:
            self._let_go(handle)
            self._has_ended = True
            return
        self._poller.register(handle, select.POLLIN)

    def has_ended(self) -> bool:
        """Whether one of the followed processes ended."""
        answer, self._has_ended = self._has_ended, False
        return answer

    def _let_go(self, handle: int) -> None:
        with contextlib.suppress(KeyError):
            self._poller.unregister(handle)
        del self._followed[handle]
        os.close(handle)

    def close(self) -> None:
        """Close all descriptors."""
        for handle in list(self._followed):
            self._let_go(handle)
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
