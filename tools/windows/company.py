"""A company beside the tests: the real backend on this machine, whose loopback a program under wine shares.

The backend is a server for Linux. What the client gets from the company (brand, signed documents, signed list of
programs, AnyDesk's stand-in) is made here as well, for the Windows client to read.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.anydesk.build import DEFAULT_NAME, StandIn
from demo.backend_process import start
from demo.world import make_company, publish
from tools.windows.places import BUILD, drive_path


@contextmanager
def living(standins: Path) -> Iterator[dict[str, str]]:
    """Let a company live for the duration; gives what its tests need to know, as environment variables.

    Args:
        standins: folder of the frozen stand-ins for Windows.

    Raises:
        BackendError: the backend did not become ready.
    """
    folder = BUILD / "company"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    program = standins / DEFAULT_NAME / f"{DEFAULT_NAME}.exe"
    backend = start(folder / "backend")
    try:
        publish(folder, backend)
        make_company(folder / "company", backend, StandIn(program, ()), backend.url, "windows")
        known = {
            "url": backend.url,
            "name": backend.technician_name,
            "password": backend.technician_password,
            "database": drive_path(backend.database),
            "company": drive_path(folder / "company"),
            "standin": drive_path(program),
        }
        (folder / "world.json").write_text(json.dumps(known), encoding="utf-8")
        yield {"POMOC_WORLD": drive_path(folder / "world.json")}
    finally:
        backend.stop()
