"""The stand-in's entry: which role or question a command line means, and AnyDesk's exit codes.

On POSIX systems the system keeps eight bits of a code, so 9010 is seen as 50.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from demo.anydesk.channel import NotRunningError, ask
from demo.anydesk.faults import read_faults
from demo.anydesk.places import Installation, Places, data_folder, installation_of, own_program

EXIT_UNKNOWN_SWITCH = 7002
EXIT_NEEDS_ELEVATION = 8000
EXIT_NOT_WRITTEN = 9004
EXIT_NOT_RUNNING = 9010

_QUERIES = ("--get-id", "--get-alias", "--get-status")
_STEERING = ("--start", "--start-service", "--stop-service", "--restart-service")
_SETTINGS = ("--set-password", "--remove-password", "--add-profile", "--register-license", "--remove-license")
_ROLES = {
    "--local-control": "run_local_control",
    "--control": "run_control",
    "--tray": "run_control",
    "--backend": "run_backend",
    "--fork-away": "run_fork_away",
    "--runaway": "run_runaway",
}


def main(arguments: list[str]) -> int:
    """Run one process of the stand-in and return its exit code."""
    program = Path(own_program())
    installation = installation_of(program)
    places = Places(data_folder(program.name)) if installation is None else installation.places
    loud = [one for one in arguments if one != "--silent"]
    if not loud:
        from demo.anydesk import roles

        return roles.run_portable(places) if installation is None else roles.run_window(places)
    switch, rest = loud[0], loud[1:]
    if switch == "--version":
        from demo.anydesk.service import VERSION

        return _say(VERSION)
    if switch in _QUERIES:
        return _query(places, switch.removeprefix("--"))
    if switch in _ROLES or switch in ("--local-service", "--service"):
        return _run_role(installation, places, switch)
    return _change(installation, places, switch, rest, arguments)


def _run_role(installation: Installation | None, places: Places, switch: str) -> int:
    if switch == "--local-service":
        from demo.anydesk.service import run_local_service

        return run_local_service(places)
    if switch == "--service":
        from demo.anydesk.service import run_service

        return EXIT_NEEDS_ELEVATION if installation is None else run_service(installation)
    from demo.anydesk import roles

    code: int = getattr(roles, _ROLES[switch])(places)
    return code


def _change(
    installation: Installation | None,
    places: Places,
    switch: str,
    rest: Sequence[str],
    arguments: Sequence[str],
) -> int:
    """The switches that change something."""
    if switch in ("--install", "--remove", "--uninstall", "--finish-removal", *_STEERING):
        from demo.anydesk import install

        if switch == "--install":
            return install.install(places, arguments)
        if switch == "--finish-removal":
            return install.finish_removal(arguments)
        if switch in _STEERING:
            return install.steer(installation, places, switch)
        return install.remove(installation, places, asks=switch == "--uninstall")
    from demo.anydesk import settings_switches as settings

    if switch in _SETTINGS:
        return settings.change_settings(places, switch, rest)
    if switch == "--proxy":
        return settings.set_proxy(rest)
    if switch == "--disclaimer":
        return settings.show_disclaimer(places)
    page = switch.partition(":")[0]
    if page == "--admin-settings":
        return 0 if read_faults(places.faults).elevated else EXIT_NEEDS_ELEVATION
    return 0 if page == "--settings" else EXIT_UNKNOWN_SWITCH


def _query(places: Places, what: str) -> int:
    faults = read_faults(places.faults)
    if faults.hang_queries:
        if faults.ignore_sigterm:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        threading.Event().wait()
    try:
        answer = ask(places.channel, {"do": what})
    except NotRunningError:
        return _say("SERVICE_NOT_RUNNING") or EXIT_NOT_RUNNING
    return _say(answer["value"]) if answer["value"] else 0


def _say(text: str) -> int:
    """Print a line. On Windows this is a program without a console: only a pipe or a file takes it."""
    try:
        os.write(1, (text + os.linesep).encode())
    except OSError:
        # With a console and no pipe AnyDesk prints nothing either, and that is no error there.
        return 0 if sys.platform == "win32" else EXIT_NOT_WRITTEN
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
