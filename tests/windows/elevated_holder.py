"""A client of the smallest kind with an elevated guardian, to be killed: prints the guardian's pid, waits.

Arguments: the stranger's program (never started here), the folder of the test.
"""

from __future__ import annotations

import sys
from pathlib import Path

from client_app.platforms.windows.anydesk import WindowsAnyDeskSystem
from client_app.services.guardian.client import GuardianClient
from client_app.services.guardian.elevation import ElevationService
from tests.windows.elevated_world import ElevatedWorld


def main() -> None:
    """Ask, start and wait; standard input is only read so that somebody must kill this process."""
    world = ElevatedWorld(Path(sys.argv[1]), Path(sys.argv[2]))
    service = ElevationService(world.starter())
    service.ask()
    guardian = GuardianClient(WindowsAnyDeskSystem(), ("never",), lambda *_: None, None, service.take)
    guardian.start(world.request(world.copies))
    print(guardian.pid, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
