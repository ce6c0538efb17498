"""A guardian process as the program starts it, with the private folders of these tests."""

from __future__ import annotations

import sys

from client_app.platforms.windows.containment import WindowsContainment
from client_app.services.guardian.run import run_guardian
from tests.windows.private import private_files

if __name__ == "__main__":
    containment = WindowsContainment(files=private_files())
    sys.exit(run_guardian(sys.stdin.buffer, sys.stdout.buffer, containment))
