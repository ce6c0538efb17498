"""The life of an elevated guardian: check itself and its client, obey, leave nothing; every end has its exit code."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from client_app.core.brand_reader import ConfigError
from client_app.core.elevation import ElevatedHalf, GuardianEnd, GuardianEndError
from client_app.services.guardian.run import run_guardian
from client_app.services.guardian.verified import VerifiedProgram


def run_elevated(half: ElevatedHalf, name: str, program: Callable[[], VerifiedProgram]) -> int:
    """Be the elevated guardian until its client is gone.

    Args:
        half: this system's.
        name: of the pipe, as the starter chose it.
        program: what may be started; made after the client was checked, since it imports more.

    Returns:
        The exit code, one of `GuardianEnd`.
    """
    try:
        client = half.link(name).accept()
    except GuardianEndError as refused:
        return int(refused.end)
    with contextlib.closing(client):
        try:
            verified = program()
            verified.sweep()
        except (OSError, ConfigError):
            # Files of ours beside this program are missing or damaged.
            return int(GuardianEnd.NO_LIST)
        with contextlib.closing(verified):
            return run_guardian(client.stdin, client.stdout, half.containment(client.pid), verified)
