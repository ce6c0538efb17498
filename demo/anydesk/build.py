"""Freezes the stand-in into an executable of its own: `python -m demo.anydesk.build --out build/anydesk`.

On Windows (a real one, or a Windows Python under wine: tools/windows/standin.py) it becomes a program with a window and
without a console, as AnyDesk is.

The result is kept and made again only when its sources, Python or PyInstaller change. Another name (another firm's
client, say) is a copy of the folder with the executable renamed and its name added at the end.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

DEFAULT_NAME = "AnyDesk-ad_5a1b2c3d"
_ROOT = Path(__file__).resolve().parent.parent.parent
_NOT_PROGRAM = ("remote.py", "relay.py")
_IS_WINDOWS = sys.platform == "win32"
_ENDING = ".exe" if _IS_WINDOWS else ""
# Heavy modules that PyInstaller would add and that the program never imports. `inspect` brings a start-up hook.
_EXCLUDED = (
    *(() if _IS_WINDOWS else ("ctypes", "_ctypes")),
    "inspect", "ssl", "_ssl", "_hashlib", "bz2", "_bz2", "lzma", "_lzma", "decimal", "_decimal",
    "unittest", "pydoc", "multiprocessing", "asyncio", "concurrent", "sqlite3", "tkinter", "curses", "unicodedata",
    "_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw", "_multibytecodec",
)  # fmt: skip


class StandIn(NamedTuple):
    """A frozen stand-in: its executable, and every file of its folder with SHA-256 and size, executable first."""

    program: Path
    files: tuple[tuple[str, str, int], ...]

    @property
    def sha256(self) -> str:
        """The hash of the executable."""
        return self.files[0][1]

    @property
    def size(self) -> int:
        """The size of the executable in bytes."""
        return self.files[0][2]


def build(out: Path, name: str = DEFAULT_NAME) -> StandIn:
    """Return the stand-in under `out`/`name`, freezing it first when it is not there or is out of date.

    Raises:
        subprocess.CalledProcessError: PyInstaller failed; its output is in the error.
    """
    out.mkdir(parents=True, exist_ok=True)
    with _alone(out / ".lock"):
        target, stamp = out / name, out / f".{name}.stamp"
        wanted = _fingerprint(name)
        if not (target.is_dir() and stamp.is_file() and stamp.read_text() == wanted):
            stamp.unlink(missing_ok=True)
            shutil.rmtree(target, ignore_errors=True)
            if name == DEFAULT_NAME:
                _freeze(out, name)
            else:
                _copy_renamed(out, name)
            stamp.write_text(wanted)
        standin = _describe(target / (name + _ENDING))
        listing = [{"name": file, "sha256": sha256, "size": size} for file, sha256, size in standin.files]
        (out / f"{name}.files.json").write_text(json.dumps(listing, indent=1))
        return standin


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Lets one process at a time build, where the system has file locks of this kind."""
    with path.open("w") as lock:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _copy_renamed(out: Path, name: str) -> None:
    original = out / DEFAULT_NAME
    stamp = out / f".{DEFAULT_NAME}.stamp"
    if not (original.is_dir() and stamp.is_file() and stamp.read_text() == _fingerprint(DEFAULT_NAME)):
        shutil.rmtree(original, ignore_errors=True)
        _freeze(out, DEFAULT_NAME)
        stamp.write_text(_fingerprint(DEFAULT_NAME))
    shutil.copytree(original, out / name)
    program = out / name / (name + _ENDING)
    (out / name / (DEFAULT_NAME + _ENDING)).rename(program)
    # Each firm's client has its own settings in it, so that no two have the same bytes.
    with program.open("ab") as file:
        file.write(f"\nclient={name}\n".encode())


def _freeze(out: Path, name: str) -> None:
    with tempfile.TemporaryDirectory(prefix="freeze-", dir=out) as work:
        excluded = [item for module in _EXCLUDED for item in ("--exclude-module", module)]
        environment = {
            **os.environ,
            "SOURCE_DATE_EPOCH": "1700000000",
            "PYTHONHASHSEED": "0",
            "PYINSTALLER_CONFIG_DIR": work,
        }
        subprocess.run(
            [
                sys.executable, "-m", "PyInstaller", str(_ROOT / "demo" / "anydesk" / "program.py"),
                # AnyDesk is no console program on Windows either; --strip would spoil the libraries there.
                "--name", name, "--onedir", *(("--windowed",) if _IS_WINDOWS else ("--console", "--strip")),
                "--noconfirm", "--log-level", "ERROR",
                "--distpath", str(Path(work) / "dist"), "--workpath", str(Path(work) / "work"),
                "--specpath", work, "--paths", str(_ROOT), *excluded,
            ],
            check=True, capture_output=True, text=True, timeout=300, cwd=work, env=environment,
        )  # fmt: skip
        (Path(work) / "dist" / name).rename(out / name)


def _fingerprint(name: str) -> str:
    digest = hashlib.sha256(f"{name} {sys.version} {version('pyinstaller')} {_EXCLUDED}".encode())
    for path in sorted((_ROOT / "demo" / "anydesk").glob("*.py")):
        if path.name not in _NOT_PROGRAM:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _describe(program: Path) -> StandIn:
    folder = program.parent
    others = sorted(path for path in folder.rglob("*") if path.is_file() and path != program)
    rows = []
    for path in (program, *others):
        data = path.read_bytes()
        rows.append((path.relative_to(folder).as_posix(), hashlib.sha256(data).hexdigest(), len(data)))
    return StandIn(program, tuple(rows))


def main(arguments: list[str] | None = None) -> int:
    """Build by command line and print the executable's path."""
    parser = argparse.ArgumentParser(description="Freeze the stand-in for AnyDesk.")
    parser.add_argument("--out", type=Path, default=_ROOT / "build" / "anydesk")
    parser.add_argument("--name", default=DEFAULT_NAME)
    options = parser.parse_args(arguments)
    print(build(options.out.resolve(), options.name).program)
    return 0


if __name__ == "__main__":
    sys.exit(main())
