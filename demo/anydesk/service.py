"""Role `--local-service`: knows the number and the network, answers the switches, runs sessions, obeys the demo."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from demo.anydesk.channel import Link, Message, Server
from demo.anydesk.conf import read_conf, update_conf
from demo.anydesk.faults import read_faults
from demo.anydesk.places import Places, own_program
from demo.anydesk.processes import start_role, wait_or_kill
from demo.anydesk.sessions import Sessions, StateError
from demo.anydesk.traces import LogFile, Trace

VERSION = "9.7.1"


class Service:
    """The one process with state; window, tray process and session backend are attached to it."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._faults = read_faults(places.faults)
        self._log = LogFile(places.trace, self._faults.encoding)
        self._trace = Trace(self._log, "lsvc")
        self._sessions = Sessions(
            Trace(self._log, "back"), LogFile(places.connection_trace, self._faults.encoding)
        )
        self._lock = threading.RLock()
        self._attached: dict[str, Link] = {}
        self._number = self._alias = ""
        self._online = False
        self._hung = False
        self._backend: subprocess.Popen[bytes] | None = None
        self._server = Server(places.channel)

    def run(self) -> None:
        """Serves until told to quit."""
        threading.Thread(target=self._come_up, daemon=True).start()
        if self._faults.grandchild_at_start:
            start_role("--fork-away")
        self._server.serve(self._on_link)

    def _come_up(self) -> None:
        self._trace.write("main", f"* Version {VERSION} (stand-in)")
        time.sleep(self._faults.start_delay)
        known = read_conf(self._places.system_conf)
        number = self._faults.number or known.get("ad.anynet.id") or _new_number()
        with self._lock:
            self._number, self._alias = number, self._faults.alias
            values = {"ad.anynet.id": number, "ad.anynet.network_id": "main"}
            if self._alias:
                values["ad.anynet.alias"] = self._alias
            update_conf(self._places.system_conf, values)
            self._trace.write("anynet.main_relay_conn", f"Client-ID: {number}")
        time.sleep(self._faults.online_delay)
        if not self._faults.offline:
            self._set_online(True)

    def _set_online(self, online: bool) -> None:
        self._online = online
        if online:
            self._trace.write("anynet.relay_conn", "External address: 198.51.100.20:50112")
            self._trace.write("anynet.main_relay_conn", "Connection established.")
        else:
            self._trace.write("anynet.main_relay_conn", "Connection lost.", level="warning")

    def _on_link(self, link: Link, first: Message) -> None:
        role = first.get("attach")
        if role is None:
            if self._hung and first.get("do") in _QUERIES:
                threading.Event().wait()
            link.send(self._answer(first))
            return
        self._attached[str(role)] = link
        while (message := link.receive()) is not None:
            if message.get("do") == "window-closed":
                self._end()

    def _answer(self, message: Message) -> Message:
        what = str(message.pop("do", ""))
        action = getattr(self, f"_do_{what.replace('-', '_')}", None)
        if action is None:
            return {"ok": False, "error": "unknown order"}
        try:
            with self._lock:
                return {"ok": True, "value": action(**message)}
        except (StateError, TypeError, KeyError, OSError) as error:
            return {"ok": False, "error": str(error)}

    def _push(self, role: str, order: str) -> None:
        link = self._attached.get(role)
        if link is None:
            raise StateError(f"no {role} is attached")
        link.send({"order": order})

    def _end(self) -> None:
        """The window was closed: a portable client ends with it, and with it every session."""
        if self._sessions.state != "idle":
            self._sessions.end("local")
        # The channel's file goes first, its socket with the process: closing that would end the main thread too soon.
        self._places.channel.unlink(missing_ok=True)
        if "control" in self._attached:
            self._push("control", "quit")
        self._end_backend()
        self._trace.write("main", "Exiting normally")
        os._exit(0)

    def _end_backend(self) -> None:
        if self._backend is not None:
            self._backend.terminate()
            wait_or_kill(self._backend, 1)
            self._backend = None

    # What the switches ask.
    def _do_get_id(self) -> str:
        return self._number

    def _do_get_alias(self) -> str:
        return self._alias or self._number

    def _do_get_status(self) -> str:
        return ("online" if self._online else "offline") if self._number else ""

    # What the demo orders.
    def _do_incoming(
        self, number: str, alias: str = "", name: str = "", how: str = "User", flags: str = "direct paid"
    ) -> str:
        self._sessions.ask(number, alias, name or alias, how, flags)
        return self._do_accept() if how in ("Passwd", "Token") else self._sessions.state

    def _do_accept(self) -> str:
        self._sessions.accept()
        self._backend = start_role("--backend")
        return self._sessions.state

    def _do_refuse(self) -> str:
        self._sessions.refuse()
        return self._sessions.state

    def _do_disconnect(self, by: str) -> str:
        self._sessions.end(by)
        self._end_backend()
        return self._sessions.state

    def _do_session(self) -> str:
        return self._sessions.state

    def _do_online(self, online: bool) -> None:
        self._set_online(online)

    def _do_tell(self, role: str, order: str) -> None:
        self._push(role, order)

    def _do_hang(self) -> None:
        self._hung = True
        self._push("window", "ignore-sigterm")

    def _do_crash(self) -> None:
        signal.raise_signal(signal.SIGABRT)

    def _do_grandchild(self) -> None:
        start_role("--fork-away").wait(5)

    def _do_log(self, change: str) -> None:
        if change == "rotate":
            self._log.rotate()
        else:
            self._log.truncate()

    def _do_trace(self, module: str, message: str, role: str = "") -> None:
        self._trace.write(module, message, role=role)

    def _do_write_raw(self, text: str) -> None:
        with self._places.trace.open("ab") as file:
            file.write(text.encode())

    def _do_set(self, file: str, values: dict[str, str]) -> None:
        update_conf(self._places.folder / file, values)

    def _do_add_autostart(self) -> str:
        folder = Path(os.environ["HOME"]) / ".config" / "autostart"
        folder.mkdir(parents=True, exist_ok=True)
        entry = folder / (Path(own_program()).name + ".desktop")
        entry.write_text(
            f"[Desktop Entry]\nType=Application\nName=AnyDesk\nExec={own_program()} --control\n", "utf-8"
        )
        return str(entry)


def _new_number() -> str:
    return str(10**8 + int.from_bytes(os.urandom(4), "big") % (9 * 10**8))


_QUERIES = ("get-id", "get-alias", "get-status")


def run_service(places: Places) -> None:
    """Runs the role until the window is closed or somebody ends the process."""
    if read_faults(places.faults).ignore_sigterm:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Service(places).run()
