"""A service manager for one home folder, in systemd's place: starts what a unit says and starts it again when it dies.

`python -m demo.anydesk.supervisor HOME` runs one; `Supervisor` holds one for tests and the demo. It is a process of its
own that nothing else has started, as the system's is, so that what it starts belongs to nobody's session. The frozen
stand-in has only `order` of it. With `Restart=always` a unit runs until it is stopped or its file is gone.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from demo.anydesk.channel import Link, Message, NotRunningError, Server, ask
from demo.anydesk.places import ROOT, config_home

RESTART_SECONDS = 0.2
_STOP_SECONDS = 5.0
_ORDER_SECONDS = 20.0


class SupervisorError(Exception):
    """It does not run, or would not."""


def channel_of(environment: Mapping[str, str]) -> Path:
    """Return the file that tells where the manager of a home folder listens."""
    return Path(environment.get("HOME", "/")) / ROOT / "run" / "manager.json"


def is_there(environment: Mapping[str, str]) -> bool:
    """Whether a service manager runs for this home folder."""
    return channel_of(environment).is_file()


def order(environment: Mapping[str, str], what: str, unit: str) -> bool:
    """Start, stop or ask for (`is-active`) a unit by its file.

    Raises:
        SupervisorError: it cannot be asked, or there is no such unit.
    """
    try:
        answer = ask(channel_of(environment), {"do": what, "unit": unit}, _ORDER_SECONDS)
    except NotRunningError as error:
        raise SupervisorError("no service manager runs") from error
    if not answer["ok"]:
        raise SupervisorError(str(answer["error"]))
    return bool(answer["value"])


class _Unit:
    """One unit: its process, and whether it shall run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_wanted = False
        self.process: subprocess.Popen[bytes] | None = None
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        if self.is_wanted:
            return
        command = _command(self.path)
        self.is_wanted = True
        self.process = _run(command)
        self.thread = threading.Thread(target=self._keep, args=(command,), daemon=True)
        self.thread.start()

    def stop(self) -> bool:
        was_wanted, self.is_wanted = self.is_wanted, False
        process, thread = self.process, self.thread
        if process is not None and thread is not None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            thread.join(_STOP_SECONDS)
            if thread.is_alive():
                process.kill()
                thread.join()
        return was_wanted

    def _keep(self, command: list[str]) -> None:
        while self.process is not None:
            self.process.wait()
            time.sleep(RESTART_SECONDS if self.is_wanted else 0)
            if not self.is_wanted or not self.path.is_file():
                self.is_wanted = False
                return
            self.process = _run(command)


class Manager:
    """The manager's state and its orders."""

    def __init__(self) -> None:
        self._units: dict[str, _Unit] = {}
        self._lock = threading.Lock()

    def on_link(self, link: Link, first: Message) -> None:
        """Obeys one order."""
        unit, what = str(first.get("unit", "")), first.get("do")
        with self._lock:
            try:
                link.send({"ok": True, "value": self._obey(unit, str(what))})
            except (OSError, StopIteration) as error:
                link.send({"ok": False, "error": f"{what} {unit}: {error!r}"})

    def stop_all(self) -> None:
        for unit in self._units.values():
            unit.stop()

    def _obey(self, name: str, what: str) -> bool:
        unit = self._units.setdefault(name, _Unit(Path(name)))
        if what == "start":
            unit.start()
            return True
        if what == "stop":
            return unit.stop()
        return unit.is_wanted


def _command(path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return shlex.split(next(line for line in lines if line.startswith("ExecStart=")).partition("=")[2])


def _run(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


class Supervisor:
    """Runs a manager for a home folder for as long as the block lasts; what it still runs ends with it."""

    def __init__(self, home: Path, environment: Mapping[str, str] | None = None) -> None:
        self.home = home
        self._environment = {**os.environ, "HOME": str(home), **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return 0 if self._process is None else self._process.pid

    def systemctl(self, arguments: Sequence[str]) -> None:
        """What `systemctl --user [enable|disable] [--now]|start|stop UNIT` would do to a unit of this home's user."""
        *options, verb_or_unit = arguments
        verbs = [one for one in options if not one.startswith("-")]
        unit = config_home(self._environment) / "systemd" / "user" / verb_or_unit
        if "--user" in options and (verbs[0] in ("start", "stop") or "--now" in options):
            order(self._environment, "start" if verbs[0] in ("start", "enable") else "stop", str(unit))

    def __enter__(self) -> Self:
        root = Path(__file__).resolve().parent.parent.parent
        self._process = subprocess.Popen(
            [sys.executable, "-m", "demo.anydesk.supervisor", str(self.home)],
            cwd=root,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        if self._process.stdout.readline() != b"ready\n":
            raise SupervisorError("the service manager did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS * 2)
        finally:
            self._process.kill()
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()


def main(home: str) -> None:
    """Serve until told to end (SIGTERM), then stop every unit."""
    manager, channel = Manager(), channel_of({"HOME": home})
    channel.parent.mkdir(parents=True, exist_ok=True)
    server = Server(channel)
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    threading.Thread(target=server.serve, args=(manager.on_link,), daemon=True).start()
    print("ready", flush=True)
    over.wait()
    manager.stop_all()
    channel.unlink(missing_ok=True)


if __name__ == "__main__":
    main(sys.argv[1])
