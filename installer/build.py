"""One entry for building: `python -m installer.build --folder` freezes the client into build/dist/<executable>.

Rule: a folder that was built from the very same sources, locks and tools is not built again; its stamp says so.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "build" / "dist"
STAMP = DIST / ".stamp"
SPEC = ROOT / "installer" / "pomoc-zdalna.spec"
BRAND = ROOT / "resources" / "compiled" / "brand.json"
BUILD_LIMIT_SECONDS = 900

INPUTS = (
    "client_app",
    "consent_record",
    "resources",
    "installer",
    "requirements/client.txt",
    "pyproject.toml",
)
EPOCH = "1767225600"
"""Time stamp of everything that is built (SOURCE_DATE_EPOCH), so that the same input gives the same output."""


class BuildError(Exception):
    """The build cannot be done; `str()` says what to do."""


def build_folder(root: Path = ROOT) -> Path:
    """Freeze the client unless that was done for these very sources; return the folder.

    Raises:
        BuildError: the brand was not compiled, or the freezer failed (its log is named).
    """
    brand = _brand()
    name = str(brand["product"]["executable"])
    target = DIST / name
    DIST.mkdir(parents=True, exist_ok=True)
    with _alone():
        stamp = _stamp(root)
        if target.is_dir() and STAMP.is_file() and STAMP.read_text(encoding="ascii") == stamp:
            return target
        STAMP.unlink(missing_ok=True)
        _freeze(name)
        _write_product_conf(target, brand)
        shutil.copyfile(root / "resources" / "icons" / "app.svg", target / "app.svg")
        shutil.copyfile(root / "installer" / "linux" / "install.sh", target / "install.sh")
        # What was frozen must be what the stamp names, also when somebody saved a file meanwhile.
        STAMP.write_text(stamp, encoding="ascii")
    return target


def _brand() -> dict[str, Any]:
    try:
        brand: dict[str, Any] = json.loads(BRAND.read_bytes())
    except FileNotFoundError as error:
        raise BuildError(f"{BRAND} is missing. Run: python -m resources.compile") from error
    return brand


def _freeze(name: str) -> None:
    work, log = ROOT / "build" / "freeze", ROOT / "build" / "freeze.log"
    shutil.rmtree(work, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--distpath", str(work / "dist"), "--workpath", str(work / "work"), str(SPEC)]
    environment = {
        **os.environ,
        "BUILD_EXECUTABLE": name,
        "SOURCE_DATE_EPOCH": EPOCH,
        "PYTHONHASHSEED": "0",
        # The freezer keeps a cache in the user's home otherwise.
        "PYINSTALLER_CONFIG_DIR": str(ROOT / "build" / "pyinstaller"),
    }
    with log.open("wb") as output:
        run = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=BUILD_LIMIT_SECONDS,
            check=False,
        )
    if run.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise BuildError(f"the freezer failed ({run.returncode}), see {log}\n{tail}")
    shutil.rmtree(DIST / name, ignore_errors=True)
    (work / "dist" / name).rename(DIST / name)


def _write_product_conf(folder: Path, brand: dict[str, Any]) -> None:
    """Write what the installers need to know; plain `KEY=value` lines, read and never executed."""
    product = brand["product"]
    version = metadata.version("pomoc-zdalna")
    values = {
        "PACKAGE": product["package"],
        "EXECUTABLE": product["executable"],
        "DESKTOP_ID": product["bundle_id"],
        "VERSION": version,
        "NAME_PL": product["name"]["pl"],
        "NAME_EN": product["name"]["en"],
    }
    if any("\n" in value for value in values.values()):
        raise BuildError("a name in the brand has more than one line")
    text = "".join(f"{key}={value}\n" for key, value in values.items())
    (folder / "product.conf").write_text(text, encoding="utf-8")


def _stamp(root: Path) -> str:
    """Return a hash over everything that the frozen folder is made of."""
    digest = hashlib.sha256()
    for package in ("pyinstaller", "pyinstaller-hooks-contrib", "PySide6-Essentials"):
        digest.update(f"{package} {metadata.version(package)}\n".encode())
    digest.update(sys.version.encode())
    for file in _input_files(root):
        digest.update(f"{file.relative_to(root).as_posix()}\n".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _input_files(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        path = root / name
        if path.is_file():
            yield path
        else:
            yield from sorted(
                file
                for file in path.rglob("*")
                if file.is_file()
                and "__pycache__" not in file.parts
                and not file.name.endswith((".pyc", ".part"))
            )


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let two builds of one tree follow each other. Where there are no advisory locks this does nothing."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (DIST / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(argv: list[str] | None = None) -> int:
    """Run the command line; prints the path of what was built."""
    parser = argparse.ArgumentParser(prog="python -m installer.build", description=__doc__)
    parser.add_argument(
        "--folder", action="store_true", required=True, help="the frozen folder for this system"
    )
    parser.parse_args(argv)
    try:
        print(build_folder())
    except BuildError as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
