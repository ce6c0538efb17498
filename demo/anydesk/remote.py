"""Drives a running stand-in from the demo and from tests: who calls, who clicks, what breaks.

Rule: nothing here is known to the product; the product sees only what AnyDesk would show it.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from demo.anydesk.channel import NotRunningError, ask
from demo.anydesk.conf import read_conf, update_conf
from demo.anydesk.faults import Faults, write_faults
from demo.anydesk.places import PROGRAM_DATA, Places, data_folder, installed_places

__all__ = ["Faults", "NotRunningError", "OrderError", "StandInRemote"]


class OrderError(Exception):
    """The stand-in refused an order; the text says why."""


class StandInRemote:
    """One stand-in, found by its executable's name and the home folder it runs with.

    Args:
        program: the executable or its file name.
        home: the HOME of its process (on Windows its APPDATA).
        timeout: seconds for one order.
        installed: it is an installed one, whose service keeps its files in a system folder.
    """

    def __init__(
        self, program: Path | str, home: Path, timeout: float = 10, *, installed: bool = False
    ) -> None:
        name = Path(program).name
        known = {"HOME": str(home), "APPDATA": str(home), PROGRAM_DATA: os.environ.get(PROGRAM_DATA, "")}
        self.places = installed_places(name, known) if installed else Places(data_folder(name, known))
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

    def has_window(self) -> bool:
        """Whether its window is there."""
        return bool(self._order("has-window"))

    def number(self) -> str:
        """The number that the stand-in shows, "" while it starts."""
        return str(self._order("get-id"))

    def incoming(
        self, number: str, *, alias: str = "", name: str = "", how: str = "User", flags: str = "direct paid"
    ) -> None:
        """Somebody calls. `how` is User (a click decides), Passwd or Token (let in without one)."""
        self._order("incoming", number=number, alias=alias, name=name, how=how, flags=flags)

    def accept(self, number: str = "") -> None:
        """The customer clicks "Accept" in AnyDesk's question (the newest, or that about a number)."""
        self._order("accept", number=number)

    def refuse(self, number: str = "") -> None:
        """The customer clicks "Dismiss" in AnyDesk's question."""
        self._order("refuse", number=number)

    def withdraw(self, number: str = "") -> None:
        """Whoever asks gives up before anybody has clicked."""
        self._order("withdraw", number=number)

    def disconnect(self, by: str = "remote", number: str = "") -> None:
        """A session ends: "remote" = the technician left, "local" = the customer in AnyDesk's window."""
        self._order("disconnect", by=by, number=number)

    def session(self) -> str:
        """Whether the stand-in is "idle", "asking" or "running" (with two peers: what the foremost is)."""
        return str(self._order("session"))

    def peers(self) -> dict[str, str]:
        """The number of everybody who is asking or connected, with which of the two."""
        return dict(self._order("peers"))

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
        """The service, the "window", the "control" (tray) or the "backend" crashes; the others live on."""
        if role != "service":
            self.wait_for(lambda: self._tells(role, "crash"))
            return
        try:
            self._order("crash")
        except NotRunningError:
            return

    def helper_dies(self, role: str = "control") -> None:
        """A helper process ends by itself, without a word."""
        self.wait_for(lambda: self._tells(role, "die"))

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
        """Writes text to the trace that need not be a line, nor end one."""
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

    def run_switches(self, *arguments: str, standard_input: str = "") -> int:
        """A technician who is connected runs the program with switches, from within. Returns the exit code."""
        return int(self._order("run", arguments=list(arguments), standard_input=standard_input))

    def install_as_service(self, folder: Path, *options: str) -> int:
        """A technician who is connected installs the client: a service outlives every closing. Returns the code.

        Works with `Faults(install_disallowed=False, elevated=True)` and, but on Windows, a service manager
        (`supervisor.Supervisor`) for the home folder.
        """
        return self.run_switches("--install", str(folder), "--start-with-win", *options, "--silent")

    def add_profile(self, name: str, *permissions: str) -> int:
        """A technician adds a permission profile ("+file_manager"). Needs `Faults(elevated=True)`."""
        return self.run_switches("--add-profile", name, *permissions)

    def answer_uninstall(self, yes: bool) -> None:
        """The answer to the question of `--uninstall`, as soon as it is asked."""
        self.wait_for(lambda: self._tells("uninstall", "yes" if yes else "no"))

    def _tells(self, role: str, order: str) -> bool:
        try:
            self._order("tell", role=role, order=order)
        except OrderError:
            return False
        return True

    def add_autostart(self, *, behind_shell: bool = False) -> Path:
        """Another way back in: an entry that starts it with the desktop. Returns the entry's file.

        Behind a shell the entry is somebody else's that only mentions the client: nobody may take it out by itself.
        """
        return Path(self._order("add-autostart", behind_shell=behind_shell))

    def setting(self, file: str, key: str) -> str | None:
        """A setting as it is now."""
        return read_conf(self.places.folder / file).get(key)

    def _order(self, do: str, **arguments: Any) -> Any:
        answer = ask(self.places.channel, {"do": do, **arguments}, self._timeout)
        if not answer["ok"]:
            raise OrderError(f"{do}: {answer['error']}")
        return answer["value"]
