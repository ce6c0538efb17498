"""The whole of AnyDesk for the controller: prepare, start, number, end (`core.anydesk.AnyDeskPort`)."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from client_app.core.anydesk import (
    AnyDeskEvent,
    AnyDeskRefusedError,
    AnyDeskState,
    ClosingFact,
    ClosingProof,
    Prepared,
    SettingFinding,
)
from client_app.core.anydesk_system import AnyDeskSystem, DataPlaces
from client_app.core.errors import ErrorCode
from client_app.core.ports import StartPermission
from client_app.core.session import EndedBy
from client_app.services.anydesk.before import foreign_anydesk, look_before
from client_app.services.anydesk.config import AnyDeskConfig
from client_app.services.anydesk.leftovers import end_own_processes, sweep
from client_app.services.anydesk.ownership import Ownership
from client_app.services.anydesk.private_copy import (
    PrivateCopy,
    check_release,
    image_prefix,
    make_private_copy,
)
from client_app.services.anydesk.proving import Prover, last_facts
from client_app.services.anydesk.run import Run
from client_app.services.anydesk.settings import (
    UnreadableSettingsError,
    judge_settings,
    read_settings,
    unreadable_findings,
)

SECOND_LOOK_SECONDS = 5.0
"""What comes back by itself (a service, a watchdog) does so within this time."""


class AnyDeskSession:
    """`AnyDeskPort` over the system's half and the guardian. One at a time in a process.

    Args:
        system: this system's half.
        config: where things are and what the company allows.
    """

    def __init__(self, system: AnyDeskSystem, config: AnyDeskConfig) -> None:
        self._system = system
        # Images are compared by their real path.
        self._config = replace(config, private_root=Path(os.path.realpath(config.private_root)))
        self._lock = threading.RLock()
        self._run: Run | None = None
        self._ended: tuple[Run, ClosingProof] | None = None

    def prepare(self, technician_numbers: frozenset[str]) -> Prepared:
        """Verify AnyDesk and its settings; nothing is kept, since `start` verifies anew."""
        with self._lock:
            findings = self._check(technician_numbers)
            self._make_copy().remove()
            return Prepared(self._config.release.program.sha256, findings)

    def start(
        self,
        permission: StartPermission,
        technician_numbers: frozenset[str],
        on_event: Callable[[AnyDeskEvent], None],
    ) -> None:
        """Start AnyDesk under the guardian and follow it."""
        # Only the consent service can make one (`core.ports`), so its type is the proof.
        if not isinstance(permission, StartPermission):
            raise AnyDeskRefusedError(ErrorCode.NO_PERMISSION, "anydesk.no_permission")
        with self._lock:
            if self._run is not None:
                raise AnyDeskRefusedError(ErrorCode.ANYDESK_NOT_STARTED, "anydesk.running_already")
            self._check(technician_numbers)
            places = self._places()
            before = look_before(self._system, places, self._root)
            copy = self._make_copy()
            try:
                run = Run(self._system, self._config, places, copy, before)
            except AnyDeskRefusedError:
                end_own_processes(self._system, copy.image_prefix)
                copy.remove()
                raise
            self._run, self._ended = run, None
        on_event(AnyDeskEvent(AnyDeskState.STARTING))
        run.watch(technician_numbers, on_event)

    def number(self) -> str:
        """Return this computer's AnyDesk number, "" while unknown."""
        run = self._run
        return "" if run is None else run.number

    def end(
        self, by: EndedBy, on_first: Callable[[tuple[ClosingFact, ...]], None] | None = None
    ) -> ClosingProof:
        """Close AnyDesk, then measure; `by` is for the caller's record, closing is the same for all."""
        run = self._run
        if run is not None:
            # Before any lock: what ends the technician's access waits for nothing.
            run.stop_watching()
            run.close()
            run.last_look()
        with self._lock:
            if self._run is not None:
                if self._run is not run:
                    # It was just being started.
                    self._run.stop_watching()
                    self._run.close()
                    self._run.last_look()
                return self._prove(self._run, on_first)
            if self._ended is not None and self._ended[1].is_proven:
                return self._ended[1]
            return self._look_again(on_first)

    # --- before the start -----------------------------------------------------------------------------------------

    @property
    def _root(self) -> str:
        return image_prefix(self._config.private_root)

    @property
    def _program(self) -> str:
        return Path(self._config.release.program.name).name

    def _places(self) -> DataPlaces:
        return self._system.data_places(self._program, self._config.prefix)

    def _check(self, technician_numbers: frozenset[str]) -> tuple[SettingFinding, ...]:
        check_release(self._config.release, self._system.name)
        sweep(self._system, self._config.private_root)
        self._check_not_running()
        try:
            settings = read_settings(self._places())
        except UnreadableSettingsError:
            return unreadable_findings()
        findings = judge_settings(
            settings,
            technician_numbers=technician_numbers,
            namespace=self._config.namespace,
            allowed_features=self._config.allowed_features,
        )
        for finding in findings:
            if finding.is_safe is False:
                raise AnyDeskRefusedError(ErrorCode.ANYDESK_UNSAFE, finding.setting.value, finding.detail)
        return findings

    def _check_not_running(self) -> None:
        """Our client under the same name, started by somebody else: two of them share settings and one would win."""
        for identity in foreign_anydesk(self._system, self._root):
            is_same = Path(identity.image.replace("\\", "/")).name.lower() == self._program.lower()
            # Another user's copy has its own settings and is no obstacle.
            if is_same and self._system.processes.home_of(identity.pid) == self._system.home:
                raise AnyDeskRefusedError(ErrorCode.ANYDESK_ALREADY_RUNS, "anydesk.already_runs")

    def _make_copy(self) -> PrivateCopy:
        config = self._config
        return make_private_copy(
            self._system.files,
            config.source_folder,
            config.release,
            config.private_root,
            self._system.signatures,
        )

    # --- after the end --------------------------------------------------------------------------------------------

    def _prove(self, run: Run, on_first: Callable[[tuple[ClosingFact, ...]], None] | None) -> ClosingProof:
        prover = self._prover(run, with_guardian=True)
        proof = prover.prove(SECOND_LOOK_SECONDS, on_first, run.seconds_to_close)
        proof = replace(proof, facts=(*proof.facts, *last_facts(run, quit_guardian=True)))
        self._run, self._ended = None, (run, proof)
        return proof

    def _look_again(self, on_first: Callable[[tuple[ClosingFact, ...]], None] | None) -> ClosingProof:
        """Nothing runs under a guardian: end what an earlier try left, and measure what can be."""
        ending = end_own_processes(self._system, self._root)
        last = self._ended[0] if self._ended is not None else None
        prover = self._prover(last, with_guardian=False)
        proof = prover.prove(SECOND_LOOK_SECONDS, on_first, ending.seconds)
        if last is not None:
            proof = replace(proof, facts=(*proof.facts, *last_facts(last, quit_guardian=False)))
            self._ended = (last, proof)
        return proof

    def _prover(self, run: Run | None, *, with_guardian: bool) -> Prover:
        config, places = self._config, self._places()
        before = run.before if run is not None else look_before(self._system, places, self._root)
        elevated = run.elevated_prefix if run is not None else ""
        ownership = Ownership(self._root, self._program, config.prefix, config.release.program, elevated)
        return Prover(self._system, ownership, places, before, run, with_guardian=with_guardian)
