"""What earlier runs left, and what is ended when there is no guardian: always by image path in our own folder."""

from __future__ import annotations

import contextlib
from pathlib import Path

from client_app.core.anydesk_system import AnyDeskSystem, ProcessIdentity
from client_app.services.anydesk.private_copy import image_prefix, remove_folder
from client_app.services.guardian.ending import CLIENT_DIED, Ending, end_members

_FOLDERS = "run-*"


def own_processes(system: AnyDeskSystem, prefix: str) -> tuple[ProcessIdentity, ...]:
    """Return the processes whose executable lies below a folder of ours."""
    seen = (process.identity for process in system.processes.everything())
    return tuple(identity for identity in seen if identity.image.startswith(prefix))


def end_own_processes(system: AnyDeskSystem, prefix: str) -> Ending:
    """End every process whose executable lies below a folder of ours; nothing else can be hit."""
    return end_members(
        lambda: own_processes(system, prefix),
        lambda identity, force: system.processes.end(identity, force=force),
        None,
        CLIENT_DIED,
    )


def sweep(system: AnyDeskSystem, root: Path) -> None:
    """End and delete what runs that are over left behind (the computer lost power, say); runs in use are left alone."""
    if not root.is_dir():
        return
    for folder in sorted(root.glob(_FOLDERS)):
        if not system.files.is_private(folder):
            continue
        with contextlib.suppress(OSError):
            lock = system.files.lock(folder)
            if lock is None:
                continue
            end_own_processes(system, image_prefix(folder))
            lock.close()
            remove_folder(folder)
