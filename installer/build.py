"""The one build entry: `python -m installer.build --folder [--out DIR] [--company DIR]`.

What is built is kept: a second call with nothing changed only compares fingerprints.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from installer.company import development_folder, read_brand, shipped_files
from installer.errors import BuildError
from installer.sources import ROOT, code_files, data_files, fingerprint, licence_files, tools_used

DEFAULT_OUT = ROOT / "build" / "dist"
CACHE = ROOT / "build" / "freeze"


def build_folder(out: Path = DEFAULT_OUT, company: Path | None = None, cache: Path = CACHE) -> Path:
    """Return the executable in `out`/<name>, building what is missing or out of date.

    Args:
        out: the folder is made below it; `out`/.stamp says what it was made of.
        company: folder with brand.json and, for a program that works, documents.json, release.json and anydesk/.
            Without it a program for development, with the compiled brand of this tree only.
        cache: where the frozen program is kept, which several companies share.

    Raises:
        BuildError: something is missing or refused.
    """
    from installer.freeze import build_epoch

    source = (company or development_folder()).resolve()
    name = read_brand(source).product.executable
    out = out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with _alone(out / ".lock"):
        _compile_catalogues()
        wanted = {
            "name": name,
            "code": fingerprint(code_files(), ROOT, tools_used(), build_epoch()),
            "data": fingerprint([*data_files(), *licence_files(), *_own_files()], ROOT),
            "company": fingerprint(shipped_files(source), source),
        }
        stamp, program = out / ".stamp", out / name / name
        if program.is_file() and _read(stamp) == wanted:
            return program
        from installer.folder import assemble
        from installer.freeze import frozen_program

        stamp.unlink(missing_ok=True)
        cache.mkdir(parents=True, exist_ok=True)
        with _alone(cache / ".lock"):
            assemble(frozen_program(cache), source, out / name)
        stamp.write_text(json.dumps(wanted, indent=1))
    return program


def _own_files() -> list[Path]:
    here = ROOT / "installer"
    return [here / name for name in ("folder.py", "company.py", "linux/install.sh")]


def _compile_catalogues() -> None:
    from tools.compile_catalogues import LOCALE_DIR, compile_catalogue, stale_catalogues

    for catalogue in stale_catalogues(LOCALE_DIR):
        try:
            compile_catalogue(catalogue)
        except ValueError as error:
            raise BuildError(f"catalogue refused: {error}") from error


def _read(stamp: Path) -> object:
    try:
        return json.loads(stamp.read_text())
    except (OSError, ValueError):
        return None


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time build, where the system has file locks of this kind."""
    with path.open("w") as lock:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str] | None = None) -> int:
    """Build by command line and print the executable's path; returns 0, or 1 after saying what is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m installer.build", description="Build the customer's program."
    )
    parser.add_argument("--folder", action="store_true", required=True, help="a folder that runs by itself")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="where it goes (build/dist)")
    parser.add_argument("--company", type=Path, help="the company's folder: brand.json, documents.json, ...")
    options = parser.parse_args(arguments)
    try:
        print(build_folder(options.out, options.company))
    except BuildError as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
