"""What a run needs, made once and kept in build/windows under a name made from its inputs.

Rule: a folder without its mark is the rest of an interrupted run and is made anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tools.windows import packages, prefix, python_home, signing, wine
from tools.windows.places import BUILD, ROOT, SOURCES, drive_path, drop_others, key_of, say

_WAITER = ROOT / "tests" / "windows" / "waiter.c"
_MARK = "ready"


def ensure_python() -> Path:
    """Return the folder of the Windows Python with its packages.

    Raises:
        subprocess.CalledProcessError: a download, a hash or the compiler failed; the tool has said how.
    """
    here = Path(__file__).resolve().parent
    made_from = (here / "python_home.py", here / "packages.py", SOURCES / "python.c", packages.wanted())
    home = BUILD / f"python-{key_of(*made_from)}"
    if not _is_ready(home):
        say("assembling the Windows Python and its packages")
        python_home.assemble(home)
        packages.install(home)
        _finish(home)
    return home


def ensure_prefix(display: str, name: str = "") -> Path:
    """Return a wine prefix; each part that runs beside another has one of its own.

    Args:
        display: of a screen; making a prefix needs one.
        name: of the copy; a copy is made from the prefix without a name.

    Raises:
        OSError: wine could not make it.
    """
    sources = [SOURCES / f"{library}.c" for library in prefix.LIBRARIES]
    key = key_of(Path(prefix.__file__), SOURCES / "library.h", *sources)
    first = BUILD / f"prefix-{key}"
    if not _is_ready(first):
        say("making a wine prefix")
        prefix.make(first, wine.environment(first, display))
        _finish(first)
    if not name:
        return _emptied(first)
    copy = BUILD / f"prefix_{name}-{key}"
    if not _is_ready(copy):
        _emptied(first)
        shutil.copytree(first, copy, symlinks=True, ignore=shutil.ignore_patterns(_MARK))
        _finish(copy)
    return _emptied(copy)


def ensure_waiter() -> Path:
    """Return the small program that stands in AnyDesk's place in tests of processes.

    Raises:
        subprocess.CalledProcessError: the compiler failed.
    """
    program = BUILD / f"waiter-{key_of(_WAITER)}" / "waiter.exe"
    if not program.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        python_home.compile_program(_WAITER, program, "-municode", "-mwindows")
        drop_others(program.parent)
    return program


def ensure_signed(program: Path) -> dict[str, str]:
    """Return where programs with test signatures lie; nothing where the tools for them are missing, tests then say so.

    Raises:
        subprocess.CalledProcessError: they could not be signed.
    """
    if not signing.is_possible():
        say("osslsigncode is missing: the tests of signatures are left out")
        return {}
    folder = BUILD / f"signed-{key_of(_WAITER, Path(signing.__file__))}"
    if not _is_ready(folder):
        signing.make(program, folder)
        _finish(folder)
    return {"POMOC_SIGNED": drive_path(folder)}


def _emptied(prefix: Path) -> Path:
    """Return a prefix without what earlier tests left in it: hundreds of megabytes, of which pytest would delete some.

    The folders for temporary files are wine's own; nothing of the prefix lies in them.
    """
    for left in prefix.glob("drive_c/users/*/Temp/*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()
    return prefix


def _is_ready(folder: Path) -> bool:
    if (folder / _MARK).exists():
        return True
    if folder.exists():
        shutil.rmtree(folder)
    return False


def _finish(folder: Path) -> None:
    (folder / _MARK).touch()
    drop_others(folder)
