"""Which libraries a Linux library or module is linked to."""

from __future__ import annotations

import re
import subprocess

_NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")


def needed_libraries(file: str) -> tuple[str, ...]:
    """Return the names of the libraries that an ELF file asks the loader for; none for other files.

    Raises:
        FileNotFoundError: readelf (package binutils) is missing.
    """
    run = subprocess.run(
        ["readelf", "-d", file], capture_output=True, text=True, timeout=30, check=False, errors="replace"
    )
    return tuple(_NEEDED.findall(run.stdout))
