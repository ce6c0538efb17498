"""One run of AnyDesk: private copy, guardian, watcher; made as a whole, ended as a whole."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

from client_app.core.anydesk import AnyDeskEvent, AnyDeskRefusedError
from client_app.core.anydesk_system import AnyDeskSystem, DataPlaces, ProcessIdentity
from client_app.core.errors import ErrorCode
from client_app.services.anydesk.before import Before
from client_app.services.anydesk.config import AnyDeskConfig
from client_app.services.anydesk.leftovers import end_own_processes, own_processes
from client_app.services.anydesk.private_copy import PrivateCopy, image_prefix
from client_app.services.anydesk.tails import Tails
from client_app.services.anydesk.watch import Watcher
from client_app.services.guardian.client import GuardianClient, GuardianError, read_identity
from client_app.services.guardian.protocol import Message, Report

_REFUSALS = {
    "wrong_hash": ErrorCode.ANYDESK_CHANGED,
    "swapped": ErrorCode.ANYDESK_CHANGED,
    "not_private": ErrorCode.ANYDESK_CHANGED,
    # Of a guardian with more rights, which looks for itself.
    "list_untrusted": ErrorCode.LIST_UNTRUSTED,
    "unlisted": ErrorCode.GUARDIAN_REFUSED,
    "odd_source": ErrorCode.GUARDIAN_REFUSED,
    "file_missing": ErrorCode.ANYDESK_MISSING,
    "unsigned": ErrorCode.SIGNATURE_WRONG,
    "signature_invalid": ErrorCode.SIGNATURE_WRONG,
    "wrong_signer": ErrorCode.SIGNATURE_WRONG,
    "signature_unknown": ErrorCode.SIGNATURE_WRONG,
    "signature_revoked": ErrorCode.SIGNATURE_REVOKED,
}


class Run:
    """A started AnyDesk. Build it, `watch` it, `close` it, `clean_up`.

    Raises:
        AnyDeskRefusedError: the guardian or AnyDesk did not start; nothing is left then but the copy.
    """

    def __init__(
        self,
        system: AnyDeskSystem,
        config: AnyDeskConfig,
        places: DataPlaces,
        copy: PrivateCopy,
        before: Before,
    ) -> None:
        self._system, self.places, self.copy, self.before = system, places, copy, before
        self._lock = threading.Lock()
        self._unheard: list[tuple[Report | None, Message]] = []
        self._watcher: Watcher | None = None
        self._close_lock = threading.Lock()
        self._signalled: set[ProcessIdentity] = set()
        self.ports: frozenset[int] | None = frozenset()
        self.seconds_to_close = 0.0
        # Everything that looks for news begins before there can be any.
        tails, waiter = Tails(places), system.watch(places.folders)
        try:
            self.guardian, self.main = self._start(config)
        except GuardianError as error:
            waiter.close()
            code = _REFUSALS.get(error.reason, ErrorCode.ANYDESK_NOT_STARTED)
            raise AnyDeskRefusedError(code, f"anydesk.{error.reason}") from error
        self._tails, self._waiter = tails, waiter

    @property
    def number(self) -> str:
        """This computer's AnyDesk number, "" while unknown."""
        return self._watcher.number if self._watcher is not None else ""

    @property
    def signalled(self) -> frozenset[ProcessIdentity]:
        """Every process that was told to end."""
        return frozenset(self._signalled)

    def watch(self, technician_numbers: frozenset[str], on_event: Callable[[AnyDeskEvent], None]) -> None:
        """Begins to follow the run."""
        watcher = Watcher(
            self.guardian,
            self._tails,
            self.places,
            self._waiter,
            technician_numbers,
            on_event,
            self.close,
            self.before.has_password,
            lambda: own_processes(self._system, self.elevated_prefix or self.copy.image_prefix),
        )
        with self._lock:
            self._watcher, unheard = watcher, self._unheard
        for report, message in unheard:
            watcher.guardian_said(report, message)
        watcher.begin()

    @property
    def elevated_prefix(self) -> str:
        """What the images of this run begin with when a guardian with more rights made its own copy, else ""."""
        return image_prefix(Path(self.main.image).parent) if self.guardian.is_elevated else ""

    def stop_watching(self) -> None:
        """No event comes after this but those of `last_look`."""
        if self._watcher is not None:
            self._watcher.stop()

    def last_look(self) -> None:
        """After `close`: tell once more who was connected, from AnyDesk's own logs."""
        if self._watcher is not None:
            self._watcher.last_look()

    def close(self) -> None:
        """End everything of this run: through the guardian, and by image path where that was not enough."""
        with self._close_lock:
            begun = time.monotonic()
            self._note_ports()
            with contextlib.suppress(GuardianError):
                ending = self.guardian.close_program()
                for entry in (*ending["asked"], *ending["forced"]):
                    self._signalled.add(read_identity(entry))
            if own_processes(self._system, self.copy.image_prefix):
                rest = end_own_processes(self._system, self.copy.image_prefix)
                self._signalled.update(rest.asked, rest.forced)
            self.seconds_to_close = max(self.seconds_to_close, time.monotonic() - begun)

    def _note_ports(self) -> None:
        """Remember which ports are ours while their owners still live."""
        prefix = self.elevated_prefix or self.copy.image_prefix
        own = {identity.pid for identity in own_processes(self._system, prefix)}
        if not own:
            return
        # Only their own: the technician's access must not last while the whole table is read.
        listening = self._system.processes.listening(own)
        if listening is None or self.ports is None:
            self.ports = None
            return
        self.ports |= listening.keys()

    def _start(self, config: AnyDeskConfig) -> tuple[GuardianClient, ProcessIdentity]:
        guardian = GuardianClient(
            self._system,
            config.guardian_command,
            self._heard,
            config.guardian_environment,
            config.take_guardian,
        )
        try:
            return guardian, guardian.start(self.copy.start_request())
        except GuardianError:
            guardian.quit()
            raise

    def _heard(self, report: Report | None, message: Message) -> None:
        with self._lock:
            watcher = self._watcher
            if watcher is None:
                self._unheard.append((report, message))
        if watcher is not None:
            watcher.guardian_said(report, message)
