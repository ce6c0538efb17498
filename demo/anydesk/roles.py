"""The other roles: the window (on Windows a real one), the tray process, a session's backend, a runaway child."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from demo.anydesk.channel import Link, NotRunningError, ask, open_link
from demo.anydesk.faults import Faults, read_faults
from demo.anydesk.places import Places
from demo.anydesk.processes import crash, start_role, wait_or_kill
from demo.anydesk.traces import LogFile, Trace

EXIT_ALREADY_STARTED = 7003
EXIT_NOT_RUNNING = 9010
_ATTACH_SECONDS = 10.0
_AGAIN_SECONDS = 0.2


class _CloseRequestedError(Exception):
    """Somebody closed the window (or asked the process politely to end)."""


def _on_sigterm(_number: int, _frame: FrameType | None) -> None:
    raise _CloseRequestedError


def _obey(faults: Faults) -> None:
    # Windows has no polite request to a process without a window.
    signal.signal(signal.SIGTERM, signal.SIG_IGN if faults.ignore_sigterm else _on_sigterm)


def run_portable(places: Places) -> int:
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
    places.make()
    places.channel.unlink(missing_ok=True)
    trace = Trace(LogFile(places.trace, faults), "front")
    trace.write("main", "* Starting - portable (stand-in)")
    _obey(faults)
    helpers = [start_role("--local-service")]
    try:
        link = _attach(places, "window")
        helpers.append(start_role("--local-control"))
        with contextlib.suppress(_CloseRequestedError):
            _live(link, faults)
        _no_more_signals()
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


def run_window(places: Places) -> int:
    """The window of an installed client: closing it ends nothing but itself."""
    faults = read_faults(places.faults)
    try:
        if ask(places.channel, {"do": "has-window"}, timeout=2)["value"]:
            return EXIT_ALREADY_STARTED
    except NotRunningError:
        return EXIT_NOT_RUNNING
    places.make()
    trace = Trace(LogFile(places.trace, faults), "front")
    trace.write("main", "* Starting - installed (stand-in)")
    _obey(faults)
    with contextlib.suppress(_CloseRequestedError):
        _live(_attach(places, "window"), faults, lambda: _attach_again(places, "window"))
    _no_more_signals()
    trace.write("main", "Exiting normally")
    return 0


def run_local_control(places: Places) -> int:
    """The tray process of a portable client: has nothing to do but to be there."""
    return _run_attached(places, "control")


def run_control(places: Places) -> int:
    """The tray process of an installed client, which outlives even its service and finds the next one."""
    _obey(read_faults(places.faults))
    with contextlib.suppress(_CloseRequestedError):
        _follow(_attach(places, "control"), _no_more_signals, lambda: _attach_again(places, "control"))
    return 0


def run_backend(places: Places) -> int:
    """The process that serves one session."""
    return _run_attached(places, "backend")


def run_fork_away(places: Places) -> int:
    """Starts a process that belongs to nobody any more: the middle one ends at once."""
    start_role("--runaway", own_session=True)
    return 0


def run_runaway(places: Places) -> int:
    """The grandchild: waits for its end and for nothing else."""
    if read_faults(places.faults).ignore_sigterm:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Event().wait()
    return 0


def ask_before(places: Places, question: str, seconds: float) -> bool:
    """Put a question to whoever sits there; they answer through the control channel. Silence is a no."""
    try:
        link, token = open_link(places.channel, seconds)
        link.send({"attach": question, "token": token})
        message = link.receive()
    except (NotRunningError, OSError):
        return False
    return message is not None and message.get("order") == "yes"


def _run_attached(places: Places, role: str) -> int:
    _obey(read_faults(places.faults))
    with contextlib.suppress(_CloseRequestedError):
        _follow(_attach(places, role), _no_more_signals)
    return 0


def _no_more_signals() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _attach(places: Places, role: str) -> Link:
    """Return a link to the service as soon as it listens."""
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


def _attach_again(places: Places, role: str) -> Link:
    """Return a link to the next service, however long that takes."""
    while True:
        try:
            return _attach(places, role)
        except (NotRunningError, OSError):
            time.sleep(_AGAIN_SECONDS)


def _live(link: Link, faults: Faults, attach_again: Callable[[], Link] | None = None) -> None:
    """Blocks until the window is closed: by its user or by an order."""
    if sys.platform == "win32":
        _live_with_window(link, faults, attach_again)
    else:
        _follow(link, _no_more_signals, attach_again)


def _live_with_window(link: Link, faults: Faults, attach_again: Callable[[], Link] | None) -> None:
    from demo.anydesk.window import Window

    window = Window(is_stubborn=faults.ignore_sigterm)

    def be_stubborn() -> None:
        window.is_stubborn = True

    def follow() -> None:
        _follow(link, be_stubborn, attach_again)
        window.close()

    threading.Thread(target=follow, daemon=True).start()
    window.live()


def _follow(
    link: Link, be_stubborn: Callable[[], None], attach_again: Callable[[], Link] | None = None
) -> None:
    """Obeys orders until told to quit; outlives the service, as AnyDesk's window does."""
    while True:
        message = link.receive()
        if message is None:
            if attach_again is None:
                threading.Event().wait()
                return
            link = attach_again()
            continue
        order = message.get("order")
        if order == "quit":
            return
        if order == "ignore-sigterm":
            be_stubborn()
        elif order == "crash":
            crash()
        elif order == "die":
            os._exit(9001 & 0xFF)
