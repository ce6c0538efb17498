"""What the system must have: wine, a cross compiler, a virtual screen. As root it is installed, else named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.windows.places import VERSION, CannotRunHereError

WINE = Path("/usr/lib/wine/wine64")
"""The 64-bit loader itself: the `wine` command complains on every start that there is no 32-bit one."""
WINESERVER = Path("/usr/lib/wine/wineserver64")
COMPILER = "x86_64-w64-mingw32-gcc"
OBJDUMP = "x86_64-w64-mingw32-objdump"
_NEEDED = {
    "wine64": (str(WINE), str(WINESERVER)),
    "gcc-mingw-w64-x86-64": (COMPILER,),
    "binutils-mingw-w64-x86-64": (OBJDUMP,),
    "xvfb": ("Xvfb",),
    "osslsigncode": ("osslsigncode",),
    "fonts-urw-base35": ("/usr/share/fonts/opentype/urw-base35/NimbusSans-Regular.otf",),
}
_INSTALL_SECONDS = 420


def ensure_system() -> None:
    """Make sure that the programs are there.

    Raises:
        CannotRunHereError: they are not, and this user may not install them; or the Python does not fit.
    """
    if sys.version_info[:2] != VERSION:
        raise CannotRunHereError(
            f"the Windows Python is {VERSION[0]}.{VERSION[1]} and takes its library from this machine's; "
            f"this .venv has {sys.version_info[0]}.{sys.version_info[1]}"
        )
    missing = _missing()
    if not missing:
        return
    line = f"apt-get install --no-install-recommends {' '.join(missing)}"
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise CannotRunHereError(
            f"some system packages are missing. Install them, then try again:\n  sudo {line}"
        )
    print(f"windows: installing {' '.join(missing)}", flush=True)
    _install(apt, missing)
    if still := _missing():
        raise CannotRunHereError(f"apt-get brought no {', '.join(still)}; by hand: sudo {line}")


def _missing() -> list[str]:
    return [package for package, needed in _NEEDED.items() if not all(map(_is_there, needed))]


def _is_there(name: str) -> bool:
    return Path(name).exists() if name.startswith("/") else shutil.which(name) is not None


def _install(apt: str, packages: list[str]) -> None:
    common = [apt, "-y", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [*common, "install", "--no-install-recommends", *packages]
    # The lists may be missing (a container) or older than the archive, so ask for new ones when a first try fails.
    for command in (install, [*common, "update"], install):
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=_INSTALL_SECONDS,
            check=False,
        )
        if command is install and done.returncode == 0:
            return
