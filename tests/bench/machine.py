"""The machine under a measurement: what it is, a screen, the surroundings of a program, waiting until it is quiet."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COMPILED = ROOT / "build" / "bench" / "compiled"
"""Where Python keeps compiled modules, from one run to the next."""

COMPILE_SECONDS = 120.0
STOP_SECONDS = 5.0
BUSY_SHARE = 0.25
"""A run is held back while others use more than this share of all processors."""

_compiled: set[Path] = set()
# Only these reach a measured program: what a developer's desktop sets would be measured otherwise.
_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")


def describe() -> str:
    """Return system, interpreter and number of processors in one line."""
    system = f"{platform.system()} {platform.release()}"
    return f"{system}, {os.cpu_count()} processors, Python {platform.python_version()}"


@dataclass(frozen=True)
class Screen:
    """Where windows are shown: a platform plugin of Qt, and a display for xcb."""

    plugin: str
    display: str = ""

    def __str__(self) -> str:
        return self.plugin


@contextmanager
def screen() -> Iterator[Screen]:
    """Give a screen: an Xvfb of our own if it is installed, else the display there is, else offscreen."""
    program = shutil.which("Xvfb")
    if program is None:
        display = os.environ.get("DISPLAY", "")
        yield Screen("xcb", display) if display else Screen("offscreen")
        return
    readable, writable = os.pipe()
    # Without -noreset the server starts anew whenever its last window is gone, and who connects meanwhile is lost.
    server = subprocess.Popen(
        [program, "-displayfd", str(writable), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writable,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writable)
    try:
        with os.fdopen(readable) as numbers:
            # Ends at once when the server dies; a server that is up writes the number and a line's end.
            number = numbers.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield Screen("xcb", f":{number}")
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(STOP_SECONDS)


def surroundings(on: Screen, folder: Path) -> dict[str, str]:
    """Return the environment of a measured program: the same everywhere, with a home of its own below `folder`.

    Modules are compiled before the first measurement, as they are in an installed program.
    """
    home = folder / "home"
    runtime = home / "run"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = {name: os.environ[name] for name in _KEPT if name in os.environ}
    made |= {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "LC_ALL": "C.UTF-8",
        "TZ": "Europe/Warsaw",
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(COMPILED),
        "QT_QPA_PLATFORM": on.plugin,
    }
    made |= {"DISPLAY": on.display} if on.display else {}
    _compile(made)
    return made


def program(name: str) -> list[str]:
    """Return the command of a small program of `tests/bench/programs`."""
    return [sys.executable, str(ROOT / "tests" / "bench" / "programs" / f"{name}.py")]


def _compile(environment: dict[str, str]) -> None:
    if COMPILED not in _compiled:
        subprocess.run(program("import_all"), env=environment, check=True, timeout=COMPILE_SECONDS)
        _compiled.add(COMPILED)


class Quiet:
    """Holds runs back while others use the machine, for a limited time in all; never where the system does not tell."""

    def __init__(self, limit_seconds: float) -> None:
        self._left = limit_seconds
        self.held_seconds = 0.0

    def wait(self) -> None:
        """Return when the machine is quiet or the time for waiting is used up."""
        while self._left > 0 and _busy_share() > BUSY_SHARE:
            started = time.monotonic()
            time.sleep(0.2)
            waited = time.monotonic() - started
            self._left -= waited
            self.held_seconds += waited


def _busy_share(window_seconds: float = 0.05) -> float:
    before = _ticks()
    if before is None:
        return 0.0
    time.sleep(window_seconds)
    after = _ticks()
    if after is None or after[0] == before[0]:
        return 0.0
    return 1 - (after[1] - before[1]) / (after[0] - before[0])


def _ticks() -> tuple[int, int] | None:
    """Return all and idle ticks of all processors since the start (proc(5), /proc/stat)."""
    try:
        first = Path("/proc/stat").read_text().split("\n", 1)[0]
    except OSError:
        return None
    numbers = [int(field) for field in first.split()[1:9]]
    return sum(numbers), numbers[3] + numbers[4]
