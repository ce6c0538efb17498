"""A client of the smallest kind, to be killed: starts AnyDesk, prints the guardian's pid, waits for its end.

An argument names another module to be the guardian.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from client_app.services.anydesk.session import AnyDeskSession
from tests.contracts.world import AnyDeskWorld


def main() -> None:
    """Start and wait; standard input is only read so that somebody must kill this process."""
    world = AnyDeskWorld(Path.home())
    for module in sys.argv[1:]:
        world.config = replace(world.config, guardian_command=(sys.executable, "-m", module))
        world.session = AnyDeskSession(world.system, world.config)
    world.start()
    run = world.session._run
    assert run is not None
    print(run.guardian.pid, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
