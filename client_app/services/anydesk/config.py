"""What the composition root tells AnyDesk's services: where the bundled client lies and what the company allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from client_app.core.anydesk import ProgramRelease
from client_app.core.anydesk_system import SpawnedGuardian


@dataclass(frozen=True)
class AnyDeskConfig:
    """Everything that does not change during a run.

    Attributes:
        source_folder: folder with the bundled client; the release names files in it.
        release: what the signed list says of the client for this system.
        private_root: folder of ours in which a private copy is made for each run.
        guardian_command: argv that starts the guardian.
        prefix: the custom client's prefix (brand file), or "".
        namespace: the company's AnyDesk namespace (`alias@namespace`), or "".
        allowed_features: names of settings that the company allows beyond screen, keyboard and mouse.
        guardian_environment: the guardian's environment; this process's when None.
        take_guardian: gives an elevated guardian that is ready, or None; then `guardian_command` is started.
    """

    source_folder: Path
    release: ProgramRelease
    private_root: Path
    guardian_command: Sequence[str]
    prefix: str = ""
    namespace: str = ""
    allowed_features: frozenset[str] = frozenset()
    guardian_environment: Mapping[str, str] | None = None
    take_guardian: Callable[[], SpawnedGuardian | None] | None = None
