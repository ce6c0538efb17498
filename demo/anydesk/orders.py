"""What a running service answers: the questions of AnyDesk's switches, and the orders of the demo and the tests.

Each public method is one order of the control channel; its name with hyphens is what the channel carries.
"""

from __future__ import annotations

import os
from pathlib import Path

from demo.anydesk.conf import update_conf
from demo.anydesk.places import own_program
from demo.anydesk.processes import crash, start_role
from demo.anydesk.service import Service


class Orders:
    """Orders to one service; they run under its lock."""

    def __init__(self, service: Service) -> None:
        self._service = service

    # What the switches ask.
    def get_id(self) -> str:
        return self._service.number

    def get_alias(self) -> str:
        return self._service.alias or self._service.number

    def get_status(self) -> str:
        if not self._service.number:
            return ""
        return "online" if self._service.is_online else "offline"

    def has_window(self) -> bool:
        return self._service.has("window")

    def stop_service(self) -> None:
        self._service.end()

    # Sessions.
    def incoming(
        self, number: str, alias: str = "", name: str = "", how: str = "User", flags: str = "direct paid"
    ) -> str:
        self._service.sessions.ask(number, alias, name or alias, how, flags)
        return self.accept(number) if how in ("Passwd", "Token") else self._service.sessions.state

    def accept(self, number: str = "") -> str:
        self._service.start_backend(self._service.sessions.accept(number))
        return self._service.sessions.state

    def refuse(self, number: str = "") -> str:
        self._service.sessions.refuse(number)
        return self._service.sessions.state

    def withdraw(self, number: str = "") -> str:
        self._service.sessions.withdraw(number)
        return self._service.sessions.state

    def disconnect(self, by: str, number: str = "") -> str:
        self._service.end_backend(self._service.sessions.end(by, number))
        return self._service.sessions.state

    def session(self) -> str:
        return self._service.sessions.state

    def peers(self) -> dict[str, str]:
        return self._service.sessions.peers

    # Faults while it runs.
    def online(self, online: bool) -> None:
        self._service.set_online(online)

    def tell(self, role: str, order: str) -> None:
        self._service.push(role, order)

    def hang(self) -> None:
        self._service.is_hung = True
        self._service.push("window", "ignore-sigterm")

    def crash(self) -> None:
        crash()

    def grandchild(self) -> None:
        start_role("--fork-away").wait(5)

    def log(self, change: str) -> None:
        if change == "rotate":
            self._service.log.rotate()
        else:
            self._service.log.truncate()

    def trace(self, module: str, message: str, role: str = "") -> None:
        self._service.trace.write(module, message, role=role)

    def write_raw(self, text: str) -> None:
        with self._service.places.service_trace.open("ab") as file:
            file.write(text.encode())

    def set(self, file: str, values: dict[str, str]) -> None:
        update_conf(self._service.places.folder / file, values)

    def run(self, arguments: list[str], standard_input: str = "") -> int:
        """What a technician could do with the program's own switches while connected. Returns the exit code."""
        import subprocess

        done = subprocess.run(
            [own_program(), *arguments],
            input=standard_input.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
        return done.returncode

    def add_autostart(self, behind_shell: bool = False) -> str:
        from demo.anydesk.entries import autostart_entry, make_link, shell_for

        entry = autostart_entry(Path(own_program()).name, dict(os.environ))
        if behind_shell:
            make_link(entry, *shell_for(f"{own_program()} --control"))
        else:
            make_link(entry, Path(own_program()), "--control")
        return str(entry)
