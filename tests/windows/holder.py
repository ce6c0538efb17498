"""A client of the smallest kind, to be killed: lets a guardian start a program, prints the guardian's pid, waits."""

from __future__ import annotations

import sys
from pathlib import Path

from client_app.platforms.windows.anydesk import WindowsAnyDeskSystem
from client_app.services.guardian.client import GuardianClient
from tests.windows.held import GUARDIAN, request_for


def main() -> None:
    """Start and wait; standard input is only read so that somebody must kill this process."""
    guardian = GuardianClient(WindowsAnyDeskSystem(), GUARDIAN, lambda *_: None)
    guardian.start(request_for(Path(sys.argv[1])))
    print(guardian.pid, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
