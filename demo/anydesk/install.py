"""Installing, removing and steering the stand-in's service, as the switches of an installed AnyDesk do.

An administrator's rights are a switch of the stand-in (`Faults.elevated`), never the real ones.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from demo.anydesk.conf import read_conf, update_conf
from demo.anydesk.entries import (
    ServiceError,
    add_to_programs,
    autostart_entry,
    create_service,
    delete_service,
    make_link,
    remove_from_programs,
    shortcut_entries,
    start_service,
    stop_service,
)
from demo.anydesk.faults import Faults, read_faults
from demo.anydesk.places import (
    MARKER,
    VARIABLES,
    Installation,
    Places,
    client_of,
    installation_of,
    own_program,
    plain_name,
)
from demo.anydesk.processes import start_role
from demo.anydesk.roles import ask_before

EXIT_UNKNOWN_SWITCH, EXIT_NEEDS_ELEVATION, EXIT_NOT_RUNNING = 7002, 8000, 9010
EXIT_OLDER_SERVICE, EXIT_NO_SERVICE, EXIT_BAD_PARAMETERS = 0xAD1001, 0xAD1003, 0xAD1005
EXIT_DISALLOWED = 0xAD1006
_OPTIONS = (
    *("--start-with-win", "--create-shortcuts", "--create-desktop-icon", "--create-taskbar-icon"),
    *("--remove-first", "--silent", "--update-auto", "--update-manually", "--update-disabled"),
)
_ANSWER_SECONDS = 60.0
_DELETE_SECONDS = 30.0


def install(places: Places, arguments: Sequence[str]) -> int:
    """`--install <dir> [options]`: returns before the service is ready, as AnyDesk does."""
    faults = read_faults(places.faults)
    program = Path(own_program())
    client = client_of(program.name)
    if client and faults.install_disallowed:
        return EXIT_DISALLOWED
    if not faults.elevated:
        return EXIT_NEEDS_ELEVATION
    wanted = [one for one in arguments if one not in ("--install", "--silent")]
    if not wanted or wanted[0].startswith("-"):
        return EXIT_BAD_PARAMETERS
    options = wanted[1:]
    if any(one not in _OPTIONS and not one.startswith("--install-driver:") for one in options):
        return EXIT_UNKNOWN_SWITCH
    if client and "--update-auto" in options:
        return EXIT_BAD_PARAMETERS
    folder = Path(wanted[0])
    older = installation_of(folder / program.name)
    if older is not None:
        if "--remove-first" not in options:
            return EXIT_OLDER_SERVICE
        _remove(older)
    try:
        installed = _install(places, program, folder, options, faults)
    except ServiceError:
        return EXIT_NO_SERVICE
    if "--silent" not in arguments:
        start_role(program=installed.path, own_session=True)
    return 0


def _install(
    places: Places, program: Path, folder: Path, options: Sequence[str], faults: Faults
) -> Installation:
    environment = {name: os.environ[name] for name in VARIABLES if name in os.environ}
    installed = Installation(folder, program.name, plain_name(program.name), environment, ())
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy2(program, folder / program.name)
    shutil.copytree(program.parent / "_internal", folder / "_internal", dirs_exist_ok=True)
    for file in (folder / program.name, *(folder / "_internal").rglob("*")):
        # A copy that came to be run may be read-only, which Windows would not remove again.
        file.chmod(file.stat().st_mode | stat.S_IWUSR)
    links: list[Path] = []
    if "--start-with-win" in options:
        links.append(autostart_entry(program.name, environment))
    links += shortcut_entries(
        program.name,
        environment,
        menu="--create-shortcuts" in options,
        desktop="--create-desktop-icon" in options,
    )
    _carry_over(places, installed.places)
    try:
        entries = create_service(installed, system_unit=faults.system_unit)
    except ServiceError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    installed = installed._replace(entries=(*entries, *map(str, links)))
    installed.save()
    for link in links:
        make_link(
            link, installed.path, "--control" if link.parent.name.lower() in ("autostart", "startup") else ""
        )
    add_to_programs(installed)
    start_service(installed)
    return installed


def _carry_over(portable: Places, installed: Places) -> None:
    """The portable client's settings go with it, so it keeps its number."""
    installed.make()
    for name in ("system_conf", "service_conf"):
        known = read_conf(getattr(portable, name))
        if known:
            update_conf(getattr(installed, name), known)
    if portable.faults.is_file() and portable.faults != installed.faults:
        shutil.copyfile(portable.faults, installed.faults)


def remove(installation: Installation | None, places: Places, *, asks: bool) -> int:
    """`--remove` (silent) and `--uninstall` (asks first): the work is done seconds after this returns."""
    if not read_faults(places.faults).elevated:
        return EXIT_NEEDS_ELEVATION
    if installation is None:
        # Nothing of the kind is documented for a client that is not installed.
        return EXIT_BAD_PARAMETERS
    if asks and not ask_before(places, "uninstall", _ANSWER_SECONDS):
        return 0
    program = installation.path
    if sys.platform == "win32":
        # A running program cannot be deleted there: a copy does it.
        copy = Path(os.environ["TEMP"]) / f"ad_{os.urandom(4).hex()}"
        shutil.copytree(installation.folder, copy, ignore=shutil.ignore_patterns(MARKER))
        program = copy / installation.program
    start_role("--finish-removal", str(installation.folder), program=program, own_session=True)
    return 0


def finish_removal(arguments: Sequence[str]) -> int:
    """The second half of a removal, in a process of its own."""
    installation = installation_of(Path(arguments[1]) / Path(own_program()).name)
    if installation is None:
        return EXIT_BAD_PARAMETERS
    time.sleep(read_faults(installation.places.faults).remove_delay)
    _remove(installation)
    return 0


def _remove(installation: Installation) -> None:
    """Service first, so that nothing is started again; the data folder stays, and with it the number."""
    with contextlib.suppress(ServiceError):
        stop_service(installation)
    delete_service(installation)
    for entry in installation.entries:
        Path(entry).unlink(missing_ok=True)
    deadline = time.monotonic() + _DELETE_SECONDS
    while installation.folder.exists() and time.monotonic() < deadline:
        shutil.rmtree(installation.folder, ignore_errors=True)
        time.sleep(0.05)
    remove_from_programs(installation)


def steer(installation: Installation | None, places: Places, switch: str) -> int:
    """`--start`, `--stop-service`, `--restart-service`."""
    if not read_faults(places.faults).elevated:
        return EXIT_NEEDS_ELEVATION
    if installation is None:
        return EXIT_NOT_RUNNING
    try:
        was_running = switch.startswith("--start") or stop_service(installation)
        if switch == "--stop-service":
            return 0 if was_running else EXIT_NOT_RUNNING
        start_service(installation)
    except (ServiceError, subprocess.SubprocessError):
        return EXIT_NOT_RUNNING
    return 0
