"""The locked packages, in their Windows builds: what the client needs and what its tests are run with."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tools.windows.places import ROOT

LOCKS = (ROOT / "requirements" / "client.txt", ROOT / "requirements" / "dev.txt")
TEST_TOOLS = (
    *("pytest", "iniconfig", "packaging", "pluggy", "pygments", "colorama"),
    *("pytest-qt", "pytest-randomly", "pytest-socket", "pytest-timeout", "typing-extensions"),
    *("hypothesis", "sortedcontainers", "babel", "markdown-it-py", "mdurl", "tzdata", "pypdf"),
    *("pyinstaller", "pyinstaller-hooks-contrib", "altgraph", "pefile", "pywin32-ctypes", "setuptools"),
)
"""The tools with all that they need; the installer refuses a list with a gap, so none can be forgotten."""
_ENTRY = re.compile(r"^(?P<name>[a-z0-9-]+)==.*(?:\n[ ]{4}--hash=.*)*", re.MULTILINE)


def wanted() -> str:
    """Return the lock for the Windows Python: the client's, and the test tools' part of the developer's.

    Raises:
        ValueError: a test tool is not in the lock.
    """
    client, developer = (path.read_text(encoding="utf-8") for path in LOCKS)
    have = {found["name"] for found in _ENTRY.finditer(client)}
    entries = {found["name"]: found.group() for found in _ENTRY.finditer(developer)}
    if unknown := [name for name in TEST_TOOLS if name not in entries]:
        raise ValueError(f"not in {LOCKS[1].name}: {', '.join(unknown)}")
    return client + "\n".join(entries[name] for name in TEST_TOOLS if name not in have) + "\n"


def install(home: Path) -> None:
    """Install them into a Windows Python, every file checked against its hash.

    Raises:
        subprocess.CalledProcessError: not reachable, or a hash does not fit; the installer has said which.
    """
    lock = home / "packages.txt"
    lock.write_text(wanted(), encoding="utf-8")
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--require-hashes"]
    command += ["--only-binary", ":all:", "--python-platform", "x86_64-pc-windows-msvc"]
    command += ["--python-version", "3.11", "--target", str(home / "Lib" / "site-packages"), "-r", str(lock)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=420)
