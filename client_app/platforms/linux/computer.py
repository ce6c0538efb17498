"""Rights and display on Linux: groups and polkit for the one, the session's environment for the other."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from client_app.core.computer import Display, Rights
from client_app.platforms.shared.groups import own_groups

ADMIN_GROUPS = frozenset({"sudo", "wheel", "admin"})
"""Whose members may become root with their own password: Debian and others, Fedora and others, old Ubuntu."""

PKCHECK_PLACES = (Path("/usr/bin/pkcheck"), Path("/bin/pkcheck"))
PKCHECK_SECONDS = 5.0
_AUTHORISED, _NOT_AUTHORISED = 0, 1


def ask_polkit(pid: int) -> int | None:
    """Return pkcheck's exit code for "may run a program as root" (pkcheck(1)); None when it cannot be asked.

    0: yes, without a question; 1: no; 2: somebody would have to sign in for it.
    """
    program = next((place for place in PKCHECK_PLACES if place.is_file()), None)
    if program is None:
        return None
    arguments = [str(program), "--action-id", "org.freedesktop.policykit.exec", "--process", str(pid)]
    try:
        run = subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PKCHECK_SECONDS,
            check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return run.returncode


class LinuxComputer:
    """`ComputerProbe` for Linux; what it asks of the system is handed in."""

    def __init__(
        self,
        *,
        user_id: Callable[[], int] | None = None,
        groups: Callable[[], frozenset[str]] = own_groups,
        polkit: Callable[[int], int | None] = ask_polkit,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._user_id = user_id or (lambda: os.geteuid())
        self._groups = groups
        self._polkit = polkit
        self._environment = os.environ if environment is None else environment

    def rights(self) -> Rights:
        """Return what user id, groups and polkit say, in this order.

        A polkit that would ask for somebody's password says nothing about this user: the groups decide then.
        """
        if self._user_id() == 0:
            return Rights.ADMINISTRATOR
        try:
            is_in_group = bool(ADMIN_GROUPS & self._groups())
        except OSError:
            is_in_group = None
        if is_in_group:
            return Rights.CAN_ELEVATE
        answer = self._polkit(os.getpid())
        if answer == _AUTHORISED:
            return Rights.CAN_ELEVATE
        if is_in_group is None and answer != _NOT_AUTHORISED:
            return Rights.UNKNOWN
        return Rights.NONE

    def display(self) -> Display:
        """Return WAYLAND when the session says so (pam_systemd(8): XDG_SESSION_TYPE) or only Wayland is offered."""
        kind = self._environment.get("XDG_SESSION_TYPE", "").strip().lower()
        if kind == "wayland":
            return Display.WAYLAND
        only_wayland = self._environment.get("WAYLAND_DISPLAY") and not self._environment.get("DISPLAY")
        return Display.WAYLAND if kind not in ("x11", "mir") and only_wayland else Display.SHAREABLE
