"""A client of the smallest kind, to be killed: starts AnyDesk, prints the guardian's pid, waits for its end."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.contracts.world import AnyDeskWorld


def main() -> None:
    """Start and wait; standard input is only read so that somebody must kill this process."""
    world = AnyDeskWorld(Path.home())
    world.start()
    run = world.session._run
    assert run is not None
    print(run.guardian.pid, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
