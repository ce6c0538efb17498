"""The stand-in's entry: which role or question a command line means, and AnyDesk's exit codes.

On POSIX systems the system keeps eight bits of a code, so 9010 is seen as 50.
"""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from demo.anydesk.channel import NotRunningError, ask
from demo.anydesk.faults import read_faults
from demo.anydesk.places import Places, data_folder, own_program
from demo.anydesk.roles import run_backend, run_control, run_fork_away, run_runaway, run_window
from demo.anydesk.service import VERSION, run_service

EXIT_UNKNOWN_SWITCH = 7002
EXIT_NEEDS_ELEVATION = 8000
EXIT_NOT_RUNNING = 9010
EXIT_INSTALL_DISALLOWED = 0xAD1006

_ROLES = {
    "--local-control": run_control,
    "--backend": run_backend,
    "--fork-away": run_fork_away,
    "--runaway": run_runaway,
}
_QUERIES = ("--get-id", "--get-alias", "--get-status")
_ADMIN = (
    "--remove",
    "--uninstall",
    "--start",
    "--stop-service",
    "--restart-service",
    "--set-password",
    "--service",
)


def main(arguments: list[str]) -> int:
    """Run one process of the stand-in and return its exit code."""
    places = Places(data_folder(Path(own_program()).name))
    if not arguments:
        return run_window(places)
    switch = arguments[-1] if arguments[0] == "--silent" else arguments[0]
    if switch == "--local-service":
        run_service(places)
        return 0
    if switch in _ROLES:
        return _ROLES[switch](places)
    if switch == "--version":
        print(VERSION)
        return 0
    if switch in _QUERIES:
        return _query(places, switch.removeprefix("--"))
    if switch == "--install":
        disallowed = read_faults(places.faults).install_disallowed
        return EXIT_INSTALL_DISALLOWED if disallowed else EXIT_NEEDS_ELEVATION
    return EXIT_NEEDS_ELEVATION if switch in _ADMIN else EXIT_UNKNOWN_SWITCH


def _query(places: Places, what: str) -> int:
    faults = read_faults(places.faults)
    if faults.hang_queries:
        if faults.ignore_sigterm:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        threading.Event().wait()
    try:
        answer = ask(places.channel, {"do": what})
    except NotRunningError:
        print("SERVICE_NOT_RUNNING")
        return EXIT_NOT_RUNNING
    if answer["value"]:
        print(answer["value"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
