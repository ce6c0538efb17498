"""A Windows CPython for tests: the interpreter from Panda3D's Windows wheel, the library from this machine.

Panda3D's wheel carries python.org's own signed python311.dll and extension modules, because it builds Windows
programs on other systems. What it lacks is made here: python.exe, and python3.dll, which wheels for the stable
interface (abi3) are linked with and which only forwards to the versioned library.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

from tools.windows.places import DLL, DOWNLOADS, SOURCES
from tools.windows.system import COMPILER, OBJDUMP

WHEEL = "panda3d==1.10.16"
WHEEL_SHA256 = "37acfb92655c4226879f95c988e2ef1449a53c54486d6c1ebc00e2772429af82"
_LIBRARIES = "deploy_libs/"
_BESIDE_PROGRAM = re.compile(r"(python3\d+|vcruntime\d+(_\d)?)\.dll", re.IGNORECASE)
_LEFT_OUT = shutil.ignore_patterns(
    "site-packages",
    "test",
    "tests",
    "__pycache__",
    "lib-dynload",
    "config-3*",
    "*.so",
    "idlelib",
    "ensurepip",
)
_EXPORT = re.compile(r"\s(_?Py\w+)$", re.MULTILINE)
_INVALIDATE = re.compile(
    r"(?<!@classmethod\n)^(?P<method>(?P<indent> +)def invalidate_caches\(cls\))", re.MULTILINE
)
_TABLE = "[Ordinal/Name Pointer] Table"
_STABLE_INTERFACE_AT_LEAST = 900
"""CPython 3.11 exports some 1600 names; far fewer would mean that the table was misread."""


def assemble(home: Path) -> None:
    """Make the Windows Python in an empty folder.

    Raises:
        subprocess.CalledProcessError: the download, its hash or the compiler failed; the tool has said how.
    """
    modules = home / "DLLs"
    modules.mkdir(parents=True)
    with zipfile.ZipFile(_download()) as wheel:
        for name in wheel.namelist():
            plain = name.removeprefix(_LIBRARIES)
            if not name.startswith(_LIBRARIES) or plain.startswith("api-ms-") or "/" in plain or not plain:
                continue
            folder = home if _BESIDE_PROGRAM.fullmatch(plain) else modules
            (folder / plain).write_bytes(wheel.read(name))
    shutil.copytree(sysconfig.get_path("stdlib"), home / "Lib", ignore=_LEFT_OUT)
    _fit_library(home / "Lib")
    (home / "Lib" / "site-packages").mkdir()
    compile_program(SOURCES / "python.c", home / "python.exe", "-municode", f'-DPYTHON_DLL=L"{DLL}.dll"')
    definitions = home / "python3.def"
    definitions.write_text(_forwarders(home / f"{DLL}.dll"), encoding="ascii")
    compile_library(SOURCES / "forwarder.c", home / "python3.dll", str(definitions))


def _fit_library(library: Path) -> None:
    """Make one method of an older 3.11 library what the import system inside the 3.11.9 interpreter calls."""
    file = library / "importlib" / "metadata" / "__init__.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(_INVALIDATE.sub(r"\g<indent>@classmethod\n\g<method>", text), encoding="utf-8")


def compile_program(source: Path, target: Path, *flags: str) -> None:
    """Compile a small program for Windows, all warnings being errors."""
    command = [COMPILER, "-O1", "-s", "-Wall", "-Wextra", "-Werror", *flags, "-o", str(target), str(source)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=60)


def compile_library(source: Path, target: Path, *inputs: str) -> None:
    """Compile a small library for Windows that needs no C runtime."""
    command = [COMPILER, "-shared", "-nostdlib", "-O1", "-s", "-Wall", "-Wextra", "-Werror", "-e", "DllMain"]
    command += ["-o", str(target), str(source), *inputs]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=60)


def _download() -> Path:
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    lock = DOWNLOADS / "interpreter.txt"
    lock.write_text(f"{WHEEL} --hash=sha256:{WHEEL_SHA256}\n", encoding="ascii")
    command = [*(sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--no-deps")]
    command += ["--platform", "win_amd64", "--python-version", "3.11", "--only-binary", ":all:"]
    command += ["--require-hashes", "--dest", str(DOWNLOADS), "-r", str(lock)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=300)
    return next(DOWNLOADS.glob("panda3d-*-win_amd64.whl"))


def _forwarders(library: Path) -> str:
    dump = subprocess.run(
        [OBJDUMP, "-p", str(library)], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    table = dump.partition(_TABLE)[2].partition("\n\n")[0]
    names = _EXPORT.findall(table)
    if len(names) < _STABLE_INTERFACE_AT_LEAST:
        raise ValueError(f"{library.name} seems to export only {len(names)} names")
    return "LIBRARY python3.dll\nEXPORTS\n" + "".join(f"  {name} = {DLL}.{name}\n" for name in names)
