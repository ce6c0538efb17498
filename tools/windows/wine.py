"""Running Windows programs under wine on a virtual screen, each with a limit and its output passed on.

Rule: standard input is empty and standard output a pipe; with a closed one or a plain file a Windows Python cannot
start under wine 8.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tools.windows.places import HOME, ROOT
from tools.windows.system import WINE, WINESERVER

TIMED_OUT = 124
_OVERRIDES = "mscoree,mshtml=;mscms=n"
"""No .NET and no browser engine, of which wine asks whether to download them; our mscms instead of wine's."""
_NOISE = ("X connection to", "XIO:", "      after ")
_KEPT = ("PATH", "LANG", "TMPDIR", "CI", "CI_LONG")


def environment(prefix: Path, display: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a Windows program: little of ours, so that a run is the same everywhere."""
    HOME.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name in _KEPT if (value := os.environ.get(name)) is not None}
    return {
        **kept,
        "HOME": str(HOME),
        "LC_ALL": "C.UTF-8",
        "DISPLAY": display,
        "WINEPREFIX": str(prefix),
        "WINEARCH": "win64",
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": _OVERRIDES,
        **(more or {}),
    }


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """A virtual screen of its own for the duration; gives its display name.

    Raises:
        OSError: it did not start.
    """
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        number = server.stdout.readline().strip() if server.stdout else b""
        if not number.isdigit():
            raise OSError("Xvfb did not start")
        yield f":{number.decode()}"
    finally:
        server.terminate()
        server.wait(10)


def _print(line: str) -> None:
    print(line, flush=True)


def run(
    command: Sequence[str],
    settings: Mapping[str, str],
    seconds: float,
    *,
    is_quiet: bool = False,
    write: Callable[[str], None] = _print,
) -> int:
    """Run a Windows program and return its exit code, or TIMED_OUT after having ended it.

    Args:
        command: the program and its arguments.
        settings: see `environment`.
        seconds: it is ended after so long, with all that runs in its prefix.
        is_quiet: what it writes is thrown away.
        write: takes every line that it writes, as it comes, without the X server's farewells.
    """
    process = subprocess.Popen(
        [str(WINE), *command],
        cwd=ROOT,
        env=dict(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    over = threading.Event()

    def end() -> None:
        over.set()
        os.killpg(process.pid, signal.SIGKILL)
        stop(settings)

    limit = threading.Timer(seconds, end)
    limit.start()
    try:
        for line in process.stdout or ():
            text = line.decode("utf-8", "replace").rstrip()
            if not is_quiet and not text.startswith(_NOISE):
                write(text)
        code = process.wait(seconds)
    finally:
        limit.cancel()
    return TIMED_OUT if over.is_set() else code


def stop(settings: Mapping[str, str]) -> None:
    """End everything that runs in the prefix, whatever it is."""
    for switch in ("-k", "-w"):
        subprocess.run(
            [str(WINESERVER), switch],
            env=dict(settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=False,
        )
