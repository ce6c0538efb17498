"""Runs the tests in a Windows Python under wine: `python -m tools.windows [arguments of pytest]`.

Without arguments: the whole lane (tools/windows/lane.py); exit code 0 if nothing failed, 1 otherwise. With arguments:
pytest with these alone, with its exit code. 77 with a sentence: this machine lacks something.
"""

from __future__ import annotations

import fcntl
import signal
import subprocess
import sys
import time

from tools.windows import lane
from tools.windows.places import BUILD, CannotRunHereError, drive_path, say
from tools.windows.ready import ensure_python, ensure_signed, ensure_waiter
from tools.windows.system import ensure_system

CANNOT_RUN = 77


def _run(arguments: list[str]) -> int:
    started = time.monotonic()
    ensure_system()
    home, waiter = ensure_python(), ensure_waiter()
    more = {"POMOC_WAITER": drive_path(waiter), **ensure_signed(waiter)}
    code = lane.run_some(home, arguments, more) if arguments else lane.run_all(home, more)
    say(f"exit code {code} after {time.monotonic() - started:.0f} s")
    return code


def main() -> int:
    """Run it, one run at a time in this tree; a second one waits for the first."""
    # Told to end, it must end what it started: wine's processes are nobody's children.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            return _run(sys.argv[1:])
        except CannotRunHereError as error:
            say(str(error))
            return CANNOT_RUN
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            say(f"failed: {error}")
            return 1


if __name__ == "__main__":
    sys.exit(main())
