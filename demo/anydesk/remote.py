"""Drives a running stand-in from the demo and from tests: who calls, who clicks, what breaks.

Rule: nothing here is known to the product; the product sees only what AnyDesk would show it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from demo.anydesk.channel import NotRunningError, ask
from demo.anydesk.conf import read_conf, update_conf
from demo.anydesk.faults import Faults, write_faults
from demo.anydesk.places import Places, data_folder

__all__ = ["Faults", "NotRunningError", "OrderError", "StandInRemote"]


class OrderError(Exception):
    """The stand-in refused an order; the text says why."""


class StandInRemote:
    """One stand-in, found by its executable's name and the home folder it runs with.

    Args:
        program: the executable or its file name.
        home: the HOME of its process.
        timeout: seconds for one order.
    """

    def __init__(self, program: Path | str, home: Path, timeout: float = 10) -> None:
        folder = data_folder(Path(program).name, {"HOME": str(home), "APPDATA": str(home)})
        self.places = Places(folder)
        self._timeout = timeout

    def prepare(self, faults: Faults) -> None:
        """Sets how the next start behaves."""
        write_faults(self.places.faults, faults)

    def is_running(self) -> bool:
        """Whether its local service answers."""
        try:
            self._order("session")
        except NotRunningError:
            return False
        return True

    def wait_until_running(self, seconds: float = 10) -> None:
        """Waits for the local service, then for the network unless the faults say there is none."""
        self.wait_for(self.is_running, seconds)

    def wait_until_online(self, seconds: float = 10) -> None:
        """Waits until the stand-in would show its number and a green light."""
        self.wait_for(lambda: self.is_running() and self._order("get-status") == "online", seconds)

    @staticmethod
    def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
        """Waits for a condition.

        Raises:
            TimeoutError: it did not come true in time.
        """
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not within {seconds} s: {condition}")
            time.sleep(0.01)

    def number(self) -> str:
        """The number that the stand-in shows, "" while it starts."""
        return str(self._order("get-id"))

    def incoming(
        self, number: str, *, alias: str = "", name: str = "", how: str = "User", flags: str = "direct paid"
    ) -> None:
        """Somebody calls. `how` is User (a click decides), Passwd or Token (let in without one)."""
        self._order("incoming", number=number, alias=alias, name=name, how=how, flags=flags)

    def accept(self) -> None:
        """The customer clicks "Accept" in AnyDesk's question."""
        self._order("accept")

    def refuse(self) -> None:
        """The customer clicks "Dismiss" in AnyDesk's question."""
        self._order("refuse")

    def disconnect(self, by: str = "remote") -> None:
        """The session ends: "remote" = the technician left, "local" = the customer in AnyDesk's window."""
        self._order("disconnect", by=by)

    def session(self) -> str:
        """Whether the stand-in is "idle", "asking" or "running"."""
        return str(self._order("session"))

    def close_window(self) -> None:
        """The customer closes AnyDesk's window; the answer may be lost with the service, which ends too.

        Raises:
            NotRunningError: it was not running in the first place.
        """
        self._order("session")
        with contextlib.suppress(NotRunningError):
            self._order("tell", role="window", order="quit")

    def hang(self) -> None:
        """Nothing answers any more and polite requests to end are ignored."""
        self._order("hang")

    def crash(self, role: str = "service") -> None:
        """The local service or the "window" crashes."""
        if role != "service":
            self._order("tell", role=role, order="crash")
            return
        try:
            self._order("crash")
        except NotRunningError:
            return

    def spawn_grandchild(self) -> None:
        """A process starts that detached itself from all its parents (double fork, session of its own)."""
        self._order("grandchild")

    def go_offline(self) -> None:
        """The relay cannot be reached any more."""
        self._order("online", online=False)

    def go_online(self) -> None:
        """The relay is reached again."""
        self._order("online", online=True)

    def change_log(self, change: str) -> None:
        """`rotate` moves the trace file aside, `truncate` empties it."""
        self._order("log", change=change)

    def trace(self, module: str, message: str, role: str = "back") -> None:
        """Writes any line to the trace, in the file's format."""
        self._order("trace", module=module, message=message, role=role)

    def write_raw(self, text: str) -> None:
        """Writes bytes to the trace that need not be a line."""
        self._order("write-raw", text=text)

    def set_setting(self, file: str, values: Mapping[str, str]) -> None:
        """Changes settings, whether it runs or not (an unattended password, say)."""
        try:
            self._order("set", file=file, values=dict(values))
        except NotRunningError:
            self.places.folder.mkdir(parents=True, exist_ok=True)
            update_conf(self.places.folder / file, dict(values))

    def set_unattended_password(self) -> None:
        """What a dishonest technician would do: leave a way back in."""
        profile = "ad.security.permission_profiles._unattended_access"
        self.set_setting("system.conf", {f"{profile}.pwd": "5e" * 32, f"{profile}.salt": "a1" * 16})

    def add_autostart(self) -> Path:
        """Another way back in: an entry that starts it with the desktop. Returns the entry's file."""
        return Path(self._order("add-autostart"))

    def setting(self, file: str, key: str) -> str | None:
        """A setting as it is now."""
        return read_conf(self.places.folder / file).get(key)

    def _order(self, do: str, **arguments: Any) -> Any:
        answer = ask(self.places.channel, {"do": do, **arguments}, self._timeout)
        if not answer["ok"]:
            raise OrderError(f"{do}: {answer['error']}")
        return answer["value"]
