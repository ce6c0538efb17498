"""Roles `--local-service` (portable) and `--service` (installed): knows the number and the network, runs sessions.

The one process with state. Window, tray process and session backends are attached to it; the switches ask it, and
orders.py is what the demo may order.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time

from demo.anydesk.channel import Link, Message, Server
from demo.anydesk.conf import read_conf, update_conf
from demo.anydesk.faults import read_faults
from demo.anydesk.places import Installation, Places
from demo.anydesk.processes import start_role, wait_or_kill
from demo.anydesk.sessions import Sessions, StateError
from demo.anydesk.traces import LogFile, Trace

VERSION = "9.7.1"
_QUERIES = ("get-id", "get-alias", "get-status")
_CONTROL_GRACE_SECONDS = 0.3
_CONTROL_LOOK_SECONDS = 0.1
_RELAY_AGAIN_SECONDS = 0.2


class Service:
    """A service; `run` serves until told to quit.

    Args:
        places: its files.
        installation: how it is installed; None for a portable client.
    """

    def __init__(self, places: Places, installation: Installation | None = None) -> None:
        self.places, self.installation = places, installation
        self.faults = read_faults(places.faults)
        self.log = LogFile(places.service_trace, self.faults)
        self.trace = Trace(self.log, "lsvc" if installation is None else "gsvc")
        self.sessions = Sessions(Trace(self.log, "back"), LogFile(places.connection_trace, self.faults))
        self._lock = threading.RLock()
        self._attached: dict[str, Link] = {}
        self.number = self.alias = ""
        self.is_online = False
        self.is_hung = False
        self._backends: dict[str, subprocess.Popen[bytes]] = {}
        self._is_ending = threading.Event()
        self._keeper: threading.Thread | None = None
        self._control: subprocess.Popen[bytes] | None = None
        self._server = Server(places.channel)

    def run(self) -> None:
        """Serves until told to quit."""
        threading.Thread(target=self._come_up, daemon=True).start()
        if self.faults.grandchild_at_start:
            start_role("--fork-away")
        if self.installation is not None:
            self._keeper = threading.Thread(target=self._keep_control, args=(self.installation,), daemon=True)
            self._keeper.start()
        if self.faults.direct_port:
            threading.Thread(target=self._take_direct, daemon=True).start()
        self._server.serve(self._on_link)

    def _come_up(self) -> None:
        self.trace.write("main", f"* Version {VERSION} (stand-in)")
        time.sleep(self.faults.start_delay)
        known = read_conf(self.places.system_conf)
        number = self.faults.number or known.get("ad.anynet.id") or _new_number()
        with self._lock:
            self.number, self.alias = number, self.faults.alias
            values = {"ad.anynet.id": number, "ad.anynet.network_id": "main"}
            if self.alias:
                values["ad.anynet.alias"] = self.alias
            update_conf(self.places.system_conf, values)
            self.trace.write("anynet.main_relay_conn", f"Client-ID: {number}")
        time.sleep(self.faults.online_delay)
        if self.faults.relay:
            self._follow_relay()
        elif not self.faults.offline:
            self.set_online(True)

    def _follow_relay(self) -> None:
        """Online for as long as a relay can be reached, whichever way."""
        from demo.anydesk.relay_link import UnreachableError, reach, wait_for_loss

        said = ""
        while True:
            try:
                port, link = reach(self.faults.relay)
            except UnreachableError as error:
                if str(error) != said:
                    said = str(error)
                    self._note_relay("error", said)
                    self.trace.write("anynet.relay_conn", f"Connecting failed: {said}", level="warning")
                time.sleep(_RELAY_AGAIN_SECONDS)
                continue
            said = ""
            self._note_relay("connected", "")
            self.trace.write("anynet.relay_conn", f"Using port {port}.")
            self.set_online(True)
            wait_for_loss(link)
            self.set_online(False)

    def _note_relay(self, state: str, error: str) -> None:
        values = {"ad.anynet.relay.state": state, "ad.anynet.relay.error": error}
        with self._lock:
            update_conf(self.places.system_conf, values)

    def set_online(self, online: bool) -> None:
        """The light in the window: green or not."""
        if online:
            self.trace.write("anynet.relay_conn", "External address: 198.51.100.20:50112")
            self.trace.write("anynet.main_relay_conn", "Connection established.")
        self.is_online = online
        if not online:
            self.trace.write("anynet.main_relay_conn", "Connection lost.", level="warning")

    def _take_direct(self) -> None:
        """Direct connections are taken and nothing is said: only the open port is to be seen."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.faults.direct_port))
        listener.listen()
        while True:
            listener.accept()[0].close()

    def _keep_control(self, installation: Installation) -> None:
        """The tray process is there as long as the service is: a killed one is started again."""
        switch = "--control" if sys.platform == "win32" else "--tray"
        # One that has outlived an older service may come by itself.
        grace = time.monotonic() + _CONTROL_GRACE_SECONDS
        while not self._is_ending.wait(_CONTROL_LOOK_SECONDS):
            is_starting = self._control is not None and self._control.poll() is None
            if not is_starting and not self.has("control") and time.monotonic() > grace:
                self._control = start_role(switch, environment=installation.environment)

    # --- links --------------------------------------------------------------------------------------------------

    def _on_link(self, link: Link, first: Message) -> None:
        role = first.get("attach")
        if role is None:
            if self.is_hung and first.get("do") in _QUERIES:
                threading.Event().wait()
            link.send(self._answer(first))
            return
        self._attached[str(role)] = link
        while (message := link.receive()) is not None:
            if message.get("do") == "window-closed":
                self.end()
        if self._attached.get(str(role)) is link:
            del self._attached[str(role)]

    def _answer(self, message: Message) -> Message:
        from demo.anydesk.orders import Orders

        what = str(message.pop("do", ""))
        action = getattr(Orders(self), what.replace("-", "_"), None) if not what.startswith("_") else None
        if action is None:
            return {"ok": False, "error": "unknown order"}
        try:
            with self._lock:
                return {"ok": True, "value": action(**message)}
        except (StateError, TypeError, KeyError, OSError) as error:
            return {"ok": False, "error": str(error)}

    def has(self, role: str) -> bool:
        """Whether a process of this role is attached."""
        return role in self._attached

    def push(self, role: str, order: str) -> None:
        """Give an order to an attached process.

        Raises:
            StateError: there is none.
        """
        link = self._attached.get(role)
        if link is None:
            raise StateError(f"no {role} is attached")
        link.send({"order": order})

    # --- sessions' processes and the end ------------------------------------------------------------------------

    def start_backend(self, number: str) -> None:
        """A process of its own serves each session."""
        self._backends[number] = start_role("--backend")

    def end_backend(self, number: str) -> None:
        """The session is over."""
        process = self._backends.pop(number, None)
        if process is not None:
            process.terminate()
            wait_or_kill(process, 1)

    def end(self) -> None:
        """A portable client's window was closed, or the service is stopped."""
        self.wind_down()
        os._exit(0)

    def wind_down(self) -> None:
        """Ends every session and every process that belongs to it; only this process is left."""
        # Or the tray process that ends here would be started again.
        self._is_ending.set()
        if self._keeper is not None:
            self._keeper.join()
        self.sessions.end_all("local")
        # The channel's file goes first, its socket with the process: closing that would end the main thread too soon.
        self.places.channel.unlink(missing_ok=True)
        for role in ("control", *(("window",) if self.installation else ())):
            with contextlib.suppress(StateError, OSError):
                self.push(role, "quit")
        if self._control is not None:
            # One that is not attached yet has heard nothing.
            wait_or_kill(self._control, 1)
        for number in list(self._backends):
            self.end_backend(number)
        self.trace.write("main", "Exiting normally")


def _new_number() -> str:
    return str(10**8 + int.from_bytes(os.urandom(4), "big") % (9 * 10**8))


def run_local_service(places: Places) -> int:
    """Runs a portable client's service until the window is closed or somebody ends the process."""
    if read_faults(places.faults).ignore_sigterm:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Service(places).run()
    return 0


def run_service(installation: Installation) -> int:
    """Runs an installed client's service, under the system's service manager."""
    places = installation.places
    places.make()
    places.channel.unlink(missing_ok=True)
    service = Service(places, installation)
    if sys.platform == "win32":
        from demo.anydesk.scm import run_under_manager

        return run_under_manager(installation.service, service.run, service.wind_down)
    # A second signal while it ends must not end it half-way.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=service.end, daemon=True).start())
    service.run()
    return 0
