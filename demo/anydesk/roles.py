"""The other roles: the window (here without a picture), the tray process, a session's backend, a runaway child."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from types import FrameType

from demo.anydesk.channel import Link, NotRunningError, ask, open_link
from demo.anydesk.faults import Faults, read_faults
from demo.anydesk.places import Places
from demo.anydesk.processes import start_role, wait_or_kill
from demo.anydesk.traces import LogFile, Trace

EXIT_ALREADY_STARTED = 7003
_ATTACH_SECONDS = 10.0


class _CloseRequestedError(Exception):
    """Somebody closed the window (or asked the process politely to end)."""


def _on_sigterm(_number: int, _frame: FrameType | None) -> None:
    raise _CloseRequestedError


def _obey(faults: Faults) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN if faults.ignore_sigterm else _on_sigterm)


def run_window(places: Places) -> int:
    """The main process of a portable client: starts the helpers, and ends them when the window is closed."""
    faults = read_faults(places.faults)
    if faults.dies_at_once:
        return 9001
    if faults.hands_over and os.environ.pop("STAND_IN_SECOND", None) is None:
        os.environ["STAND_IN_SECOND"] = "1"
        start_role()
        return 0
    with contextlib.suppress(NotRunningError):
        ask(places.channel, {"do": "get-id"}, timeout=2)
        return EXIT_ALREADY_STARTED
    places.folder.mkdir(parents=True, exist_ok=True)
    places.channel.unlink(missing_ok=True)
    trace = Trace(LogFile(places.trace, faults.encoding), "front")
    trace.write("main", "* Starting - portable (stand-in)")
    _obey(faults)
    helpers = [start_role("--local-service")]
    try:
        link = _attach(places, "window")
        helpers.append(start_role("--local-control"))
        try:
            _follow(link)
        except _CloseRequestedError:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with contextlib.suppress(OSError):
            link.send({"do": "window-closed"})
        for helper in helpers:
            wait_or_kill(helper, 2)
    except _CloseRequestedError:
        for helper in helpers:
            helper.kill()
            helper.wait()
    trace.write("main", "Exiting normally")
    return 0


def run_control(places: Places) -> int:
    """The tray process: has nothing to do but to be there."""
    return _run_attached(places, "control")


def run_backend(places: Places) -> int:
    """The process that serves one session."""
    return _run_attached(places, "backend")


def run_fork_away(places: Places) -> int:
    """Starts a process that belongs to nobody any more: the middle one ends at once."""
    start_role("--runaway", own_session=True)
    return 0


def run_runaway(places: Places) -> int:
    """The grandchild: waits for its end and for nothing else."""
    faults = read_faults(places.faults)
    if faults.ignore_sigterm:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Event().wait()
    return 0


def _run_attached(places: Places, role: str) -> int:
    _obey(read_faults(places.faults))
    with contextlib.suppress(_CloseRequestedError):
        _follow(_attach(places, role))
    return 0


def _attach(places: Places, role: str) -> Link:
    """Return a link to the local service as soon as it listens."""
    deadline = time.monotonic() + _ATTACH_SECONDS
    while True:
        try:
            link, token = open_link(places.channel)
            link.send({"attach": role, "token": token})
            return link
        except (NotRunningError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)


def _follow(link: Link) -> None:
    """Obeys orders until told to quit; outlives the service, as AnyDesk's window does."""
    while True:
        message = link.receive()
        if message is None:
            threading.Event().wait()
            return
        order = message.get("order")
        if order == "quit":
            return
        if order == "ignore-sigterm":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        elif order == "crash":
            signal.raise_signal(signal.SIGABRT)
