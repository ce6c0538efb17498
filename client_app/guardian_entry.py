"""The guardian's composition root: the usual one over the starter's pipes, and the one with administrator's rights.

Rule: nothing heavy is imported for the usual one; the elevated one imports what the signed list needs, and only after
its client was checked. Its arguments are fixed words and the name of a pipe: no path, no address, no setting.
"""

from __future__ import annotations

import sys
from pathlib import Path

from client_app.core.elevation import ElevatedHalf, GuardianEnd
from client_app.platforms import clean_environment, containment, elevated_half

ELEVATED = "--elevated"
COPIES = "guardian"
"""Folder beside the program in which an elevated guardian makes its copies and remembers the newest list."""


def main(arguments: list[str]) -> int:
    """Be a guardian; `arguments` follow `--guardian`. Returns the exit code."""
    if not arguments:
        from client_app.services.guardian.run import run_guardian

        return run_guardian(sys.stdin.buffer, sys.stdout.buffer, containment())
    if len(arguments) == 2 and arguments[0] == ELEVATED:
        from client_app.options import is_frozen

        # From source every file of this program may be the user's own.
        return _elevated(arguments[1]) if is_frozen() else int(GuardianEnd.NOT_PROTECTED)
    return int(GuardianEnd.USAGE)


def _elevated(name: str) -> int:
    # Before anything else is imported: OpenSSL, below Python's hashes, loads the libraries that a variable names.
    is_clean = clean_environment()
    half = elevated_half()
    if half is None or not is_clean:
        return int(GuardianEnd.NOT_PROTECTED)
    from client_app.options import own_company_folder

    return be_elevated(half, name, own_company_folder(), Path(sys.executable).parent / COPIES)


def be_elevated(half: ElevatedHalf, name: str, company: Path, root: Path) -> int:
    """Be the elevated guardian of one company's program.

    Args:
        half: this system's.
        name: of the pipe.
        company: folder with brand.json, release.json and anydesk/, as it was installed.
        root: folder for copies, where only administrators can write.
    """
    from client_app.services.guardian.elevated import run_elevated
    from client_app.services.guardian.verified import VerifiedProgram

    def program() -> VerifiedProgram:
        from client_app.core.config import load_brand
        from client_app.platforms import anydesk_system
        from client_app.services.release import load_release, now
        from client_app.services.seen_lists import SeenLists
        from consent_record.records import SystemFamily

        system = anydesk_system()
        root_key = load_brand(company / "brand.json").backend.root_public_key
        root.mkdir(parents=True, exist_ok=True)
        seen = SeenLists(root / "list.json")
        return VerifiedProgram(
            lambda: load_release(
                company / "release.json",
                root_key=root_key,
                system=SystemFamily(system.name),
                now=now(),
                seen=seen,
            ),
            system=system.name,
            bundled=company / "anydesk",
            root=root,
            files=half.files,
            signatures=system.signatures,
            is_plain_source=half.is_plain_local,
        )

    return run_elevated(half, name, program)
