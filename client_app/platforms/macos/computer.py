"""Rights and display on macOS: administrators are the members of the group "admin"."""

from __future__ import annotations

import os
from collections.abc import Callable

from client_app.core.computer import Display, Rights
from client_app.platforms.shared.groups import own_groups

ADMIN_GROUP = "admin"


class MacComputer:
    """`ComputerProbe` for macOS; what it asks of the system is handed in."""

    def __init__(
        self,
        *,
        user_id: Callable[[], int] | None = None,
        groups: Callable[[], frozenset[str]] = own_groups,
    ) -> None:
        self._user_id = user_id or (lambda: os.geteuid())
        self._groups = groups

    def rights(self) -> Rights:
        """Return what user id and groups say."""
        if self._user_id() == 0:
            return Rights.ADMINISTRATOR
        try:
            return Rights.CAN_ELEVATE if ADMIN_GROUP in self._groups() else Rights.NONE
        except OSError:
            return Rights.UNKNOWN

    def display(self) -> Display:
        """Whether screen recording is allowed cannot be read here; AnyDesk itself asks for it."""
        return Display.SHAREABLE
