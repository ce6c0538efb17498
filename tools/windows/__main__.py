"""Runs the tests in a Windows Python under wine: `python -m tools.windows [arguments of pytest]`.

Without arguments: the suite on the offscreen platform without tests/ui (which measures with the fonts of Linux), then
the window and the PDFs on Qt's real "windows" platform.
With arguments: pytest with these alone. Exit code 77 with a sentence: this machine lacks something.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
import time
from pathlib import Path

from tools.windows import packages, prefix, python_home, signing, wine
from tools.windows.places import BUILD, ROOT, SOURCES, CannotRunHereError, drive_path, drop_others, key_of
from tools.windows.system import ensure_system

CANNOT_RUN = 77
_SUITE_SECONDS = 480
_ONSCREEN_SECONDS = 120
# Not on the offscreen platform, which has no fonts on Windows that could be embedded into a PDF.
_ONSCREEN = ("tests/ui/test_pdfs.py", "tests/windows/test_onscreen.py")
_WAITER = ROOT / "tests" / "windows" / "waiter.c"
FONTS = Path("/usr/share/fonts/truetype/dejavu")
_READY = "ready"


def _say(text: str) -> None:
    print(f"windows: {text}", flush=True)


def _is_ready(folder: Path) -> bool:
    if (folder / _READY).exists():
        return True
    # A run that was interrupted left a part of it.
    if folder.exists():
        import shutil

        shutil.rmtree(folder)
    return False


def _ensure_python() -> Path:
    here = Path(__file__).resolve().parent
    made_from = (here / "python_home.py", here / "packages.py", SOURCES / "python.c", packages.wanted())
    home = BUILD / f"python-{key_of(*made_from)}"
    if not _is_ready(home):
        _say("assembling the Windows Python and its packages")
        python_home.assemble(home)
        packages.install(home)
        (home / _READY).touch()
        drop_others(home)
    return home


def _ensure_prefix(display: str) -> Path:
    sources = [SOURCES / f"{name}.c" for name in (*prefix.LIBRARIES,)]
    folder = BUILD / f"prefix-{key_of(Path(prefix.__file__), SOURCES / 'library.h', *sources)}"
    if not _is_ready(folder):
        _say("making a wine prefix")
        prefix.make(folder, wine.environment(folder, display))
        (folder / _READY).touch()
        drop_others(folder)
    return folder


def _ensure_waiter() -> Path:
    program = BUILD / f"waiter-{key_of(_WAITER)}" / "waiter.exe"
    if not program.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        python_home.compile_program(_WAITER, program, "-municode", "-mwindows")
        drop_others(program.parent)
    return program


def _ensure_signed(program: Path) -> dict[str, str]:
    """Programs with test signatures; nothing where the tools for them are missing, the tests then say so."""
    if not signing.is_possible():
        _say("osslsigncode is missing: the tests of signatures are left out")
        return {}
    folder = BUILD / f"signed-{key_of(_WAITER, Path(signing.__file__))}"
    if not _is_ready(folder):
        signing.make(program, folder)
        (folder / _READY).touch()
        drop_others(folder)
    return {"POMOC_SIGNED": drive_path(folder)}


def _pytest(home: Path, settings: dict[str, str], arguments: list[str], seconds: float) -> int:
    started = time.monotonic()
    command = [str(home / "python.exe"), "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    code = wine.run(command, settings, seconds)
    if code == wine.TIMED_OUT:
        _say(f"ended after {seconds:.0f} s, the limit")
    _say(f"pytest {' '.join(arguments)}: exit code {code}, {time.monotonic() - started:.0f} s")
    return code


def _run(arguments: list[str]) -> int:
    started = time.monotonic()
    ensure_system()
    home, waiter = _ensure_python(), _ensure_waiter()
    with wine.screen() as display:
        folder = _ensure_prefix(display)
        settings = wine.environment(
            folder,
            display,
            {
                "PYTHONPYCACHEPREFIX": drive_path(BUILD / "pycache"),
                # Qt's offscreen platform has no fonts of Windows.
                "QT_QPA_FONTDIR": drive_path(FONTS),
                "POMOC_WAITER": drive_path(waiter),
                "POMOC_PICTURES": drive_path(BUILD / "pictures"),
                **_ensure_signed(waiter),
            },
        )
        _say(f"ready after {time.monotonic() - started:.1f} s")
        try:
            if arguments:
                return _pytest(home, settings, arguments, _SUITE_SECONDS)
            code = _pytest(home, settings, ["-q", "tests", "--ignore=tests/ui"], _SUITE_SECONDS)
            onscreen = ["-q", "--onscreen", "-p", "no:randomly", *_ONSCREEN]
            return _pytest(home, settings, onscreen, _ONSCREEN_SECONDS) or code
        finally:
            wine.stop(settings)


def main() -> int:
    """Run it, one run at a time in this tree; a second one waits for the first."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            return _run(sys.argv[1:])
        except CannotRunHereError as error:
            _say(str(error))
            return CANNOT_RUN
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            _say(f"failed: {error}")
            return 1


if __name__ == "__main__":
    sys.exit(main())
