"""`--field-check`: the table of what is uncertain about AnyDesk, confirmed against the real one on this computer.

Composes the check; no Qt. It never opens AnyDesk: see `services.field_check`.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from pathlib import Path

from client_app.core.anydesk import ProgramRelease
from client_app.core.anydesk_system import AnyDeskSystem
from client_app.core.brand_reader import ConfigError
from client_app.core.config import load_brand
from client_app.core.errors import CustomerError
from client_app.options import Options, UsageError, parse
from client_app.platforms import anydesk_system, current_system
from client_app.platforms.field import ProcessEyes, other_places
from client_app.services.field_check.observation import Observation
from client_app.services.field_check.page import differs, table_text
from client_app.services.field_check.program_look import ProgramLook, SystemEyes
from client_app.services.field_check.watcher import FieldCheck
from client_app.services.paths import user_folders
from client_app.services.release import load_release, now
from consent_record.records import SystemFamily

OUTPUT = "anydesk-field-check.txt"
EXIT_FITS, EXIT_DIFFERS, EXIT_USAGE = 0, 1, 2


def main(arguments: list[str]) -> int:
    """Run the check and print the table.

    Args:
        arguments: after `--field-check`; the wizard's own.

    Returns:
        0 when no row differs, 1 when one does, 2 when the check could not be run.
    """
    try:
        options = parse(arguments)
        check = _compose(options)
    except (UsageError, ConfigError) as error:
        return _give_up(str(error))
    except CustomerError as error:
        return _give_up(f"{error.code.value}: {error.code.info.title} {error.code.info.advice}")
    try:
        check.run()
    except KeyboardInterrupt:
        _say("Stopped. This was seen until now:")
    return _finish(check.seen)


def _compose(options: Options) -> FieldCheck:
    brand = load_brand(options.company / "brand.json")
    release = load_release(
        options.company / "release.json",
        root_key=brand.backend.root_public_key,
        system=SystemFamily(current_system().value),
        now=now(),
    )
    program = _find(release, options, brand.product.package)
    system, eyes = anydesk_system(), ProcessEyes()
    look = ProgramLook(
        program, system.processes, system.home, SystemEyes(eyes.is_held, eyes.is_elevated, eyes.has_window)
    )
    check = FieldCheck(
        system, look, system.data_places(program.name, brand.anydesk.prefix), other_places(), _say
    )
    check.seen.hash_fits = _hash_fits(program, release)
    check.seen.signature = _signature(system, program, release)
    return check


def _find(release: ProgramRelease, options: Options, package: str) -> Path:
    folders = (options.company / "anydesk", user_folders(package, options.data).fetched_folder)
    for folder in folders:
        if (program := folder / release.program.name).is_file():
            return program
    raise UsageError(f"AnyDesk is neither in {folders[0]} nor, fetched by the wizard, in {folders[1]}")


def _signature(system: AnyDeskSystem, program: Path, release: ProgramRelease) -> str:
    """Return the outcome of the check of the code signature, as the wizard makes it before a start."""
    signer = release.program.signer
    with contextlib.closing(system.files.hold(program)) as held:
        finding = system.signatures.check(
            held, system.signatures.maker if signer is None else signer, online=True
        )
    return finding.outcome.value


def _hash_fits(program: Path, release: ProgramRelease) -> bool:
    with program.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == release.program.sha256


def _finish(seen: Observation) -> int:
    text = table_text(seen)
    _say(text)
    file = Path.cwd() / OUTPUT
    try:
        file.write_text(text, "utf-8")
    except OSError:
        file = Path.home() / OUTPUT
        file.write_text(text, "utf-8")
    _say(f"Written to {file}")
    return EXIT_DIFFERS if differs(seen) else EXIT_FITS


def _give_up(text: str) -> int:
    if sys.stderr is not None:
        print(text, file=sys.stderr)
    return EXIT_USAGE


def _say(text: str) -> None:
    # A program without a console has no standard output; the table is in the file then.
    if sys.stdout is not None:
        print(text, flush=True)
