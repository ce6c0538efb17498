"""Waiting for file changes and ends of processes on macOS with kqueue(2).

A folder's event tells that files came or went; what is appended to a file is told by the file's own event, so every
file of a watched folder is opened for events only (O_EVTONLY).
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from client_app.core.anydesk_system import ProcessIdentity
from client_app.platforms.shared.polling import MAX_FOLLOWED

_EVENTS_ONLY = 0x8000
_MAX_FILES = 64
_MAX_EVENTS = 32


class KqueueWaiter:
    """`ChangeWaiter` of macOS; folders that are not there yet are awaited in the nearest one that is.

    Args:
        folders: to watch; files in them, not in folders below.
        kqueue: the module select, or what stands in for it.
        opened: opens a path for events only.

    Raises:
        OSError: the system gives no queue.
    """

    def __init__(self, folders: Sequence[Path], kqueue: Any = None, opened: Any = None) -> None:
        self._select: Any = kqueue or select
        self._open = opened or _open
        if not hasattr(self._select, "kqueue"):
            raise OSError("there is no kqueue on this system")
        self._queue = self._select.kqueue()
        self._lock = threading.Lock()
        self._is_closed = False
        self._folders = list(folders)
        self._watched: dict[Path, int] = {}
        self._followed: dict[int, ProcessIdentity] = {}
        self._has_ended = False
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._change(self._reader, self._select.KQ_FILTER_READ, self._select.KQ_EV_ADD, 0)
        self._watch_all()

    def wait(self, seconds: float) -> None:
        """Return on a change, when woken, at the end of a followed process, or after `seconds`."""
        events = self._queue.control(None, _MAX_EVENTS, max(0.0, seconds))
        gone = self._select.KQ_NOTE_DELETE | self._select.KQ_NOTE_RENAME
        for event in events:
            if event.filter == self._select.KQ_FILTER_READ:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._reader, 4096)
            elif event.filter == self._select.KQ_FILTER_PROC:
                self._followed.pop(event.ident, None)
                self._has_ended = True
            elif event.fflags & gone:
                self._let_go(event.ident)
        if any(event.filter == self._select.KQ_FILTER_VNODE for event in events):
            self._watch_all()

    def wake(self) -> None:
        """End a wait; nothing happens after `close`."""
        with self._lock, contextlib.suppress(BlockingIOError):
            if not self._is_closed:
                os.write(self._writer, b"!")

    def follow(self, identity: ProcessIdentity) -> None:
        """Wait for a process's exit too. A pid that was given to another process in the meantime ends a wait once."""
        if identity.pid in self._followed or len(self._followed) >= MAX_FOLLOWED:
            return
        flags = self._select.KQ_EV_ADD | self._select.KQ_EV_ONESHOT
        try:
            self._change(identity.pid, self._select.KQ_FILTER_PROC, flags, self._select.KQ_NOTE_EXIT)
        except OSError:
            # It ended already, or it is another user's; asking once more does no harm.
            self._has_ended = True
            return
        self._followed[identity.pid] = identity

    def has_ended(self) -> bool:
        """Whether one of the followed processes ended."""
        answer, self._has_ended = self._has_ended, False
        return answer

    def close(self) -> None:
        """Close the queue and everything opened for it."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            for handle in (*self._watched.values(), self._reader, self._writer):
                os.close(handle)
            self._watched.clear()
            self._queue.close()

    def _watch_all(self) -> None:
        """Watch the folders, the files in them, and what is above those that are missing."""
        for folder in self._folders:
            if not folder.is_dir():
                self._watch(next((one for one in folder.parents if one.is_dir()), folder.parent))
                continue
            self._watch(folder)
            with contextlib.suppress(OSError):
                for path in sorted(folder.iterdir())[:_MAX_FILES]:
                    if path.is_file():
                        self._watch(path)

    def _watch(self, path: Path) -> None:
        if path in self._watched:
            return
        try:
            handle = self._open(path)
        except OSError:
            return
        wanted = ("WRITE", "EXTEND", "DELETE", "RENAME")
        notes = 0
        for name in wanted:
            notes |= getattr(self._select, f"KQ_NOTE_{name}")
        # Edge-triggered (EV_CLEAR): told once for each change.
        flags = self._select.KQ_EV_ADD | self._select.KQ_EV_CLEAR
        self._change(handle, self._select.KQ_FILTER_VNODE, flags, notes)
        self._watched[path] = handle

    def _let_go(self, handle: int) -> None:
        for path in [path for path, one in self._watched.items() if one == handle]:
            # Closing a descriptor takes its event out of the queue (kqueue(2)).
            os.close(self._watched.pop(path))

    def _change(self, ident: int, kind: int, flags: int, notes: int) -> None:
        event = self._select.kevent(ident, filter=kind, flags=flags, fflags=notes)
        self._queue.control([event], 0, 0)


def _open(path: Path) -> int:
    return os.open(path, _EVENTS_ONLY | os.O_CLOEXEC)
