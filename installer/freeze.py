"""Freezes code, Python and Qt into a folder that is kept until one of them changes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from installer.errors import BuildError
from installer.sources import ROOT, code_files, fingerprint, tools_used

EPOCH = "1767225600"
"""2026-01-01: the time in whatever a build stamps, unless SOURCE_DATE_EPOCH says otherwise."""

NAME = "program"
"""Name of the frozen folder and of the executable in it, until the company's name takes its place."""

LIMIT_SECONDS = 900


def frozen_program(cache: Path) -> Path:
    """Return the folder with the frozen program, freezing it first if something changed.

    Args:
        cache: folder of ours; holds one frozen program.

    Raises:
        BuildError: the freezer failed; the last lines that it said are in the text.
    """
    wanted = fingerprint(code_files(), ROOT, tools_used(), build_epoch())
    folder, stamp = cache / NAME, cache / f"{NAME}.stamp"
    if stamp.is_file() and stamp.read_text() == wanted and (folder / NAME).is_file():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="work-", dir=cache) as work:
        _run_freezer(Path(work))
        shutil.rmtree(folder, ignore_errors=True)
        (Path(work) / "dist" / NAME).rename(folder)
    stamp.write_text(wanted)
    return folder


def build_epoch() -> str:
    """Return the time that is stamped into what is built, in seconds since 1970."""
    return os.environ.get("SOURCE_DATE_EPOCH", EPOCH)


def _run_freezer(work: Path) -> None:
    environment = {
        **os.environ,
        "SOURCE_DATE_EPOCH": build_epoch(),
        # The order of sets gets into compiled code.
        "PYTHONHASHSEED": "0",
        "PYINSTALLER_CONFIG_DIR": str(work / "config"),
    }
    command = [
        sys.executable, "-m", "PyInstaller", str(ROOT / "installer" / "pomoc-zdalna.spec"), "--noconfirm",
        "--log-level", "WARN", "--distpath", str(work / "dist"), "--workpath", str(work / "work"),
    ]  # fmt: skip
    run = subprocess.run(
        command, cwd=work, env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    if run.returncode or not (work / "dist" / NAME / NAME).is_file():
        said = "\n".join((run.stdout + run.stderr).splitlines()[-25:])
        raise BuildError(f"PyInstaller failed ({run.returncode}):\n{said}")
