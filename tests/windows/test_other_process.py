"""What the system tells of another process, for real: its job and its rights."""

from __future__ import annotations

import os

from client_app.platforms.field import ProcessEyes
from client_app.platforms.windows.libraries import Libraries
from client_app.platforms.windows.other_process import is_in_a_job, is_process_elevated
from tests.windows.held import Held

NO_PID = 0xFFFFFFF0


def test_what_the_guardian_holds_is_in_a_job(held: Held) -> None:
    eyes = ProcessEyes()
    members = [one.pid for one in held.alive()]
    assert members
    assert [eyes.is_held(pid) for pid in members] == [True] * len(members)


def test_rights_are_those_of_the_process() -> None:
    # wine's users are administrators; what counts is that the system answers for another process as for this one.
    assert is_process_elevated(Libraries(), os.getpid()) in (True, False)


def test_a_process_that_is_not_there_is_not_known() -> None:
    assert is_in_a_job(Libraries(), NO_PID) is None
    assert is_process_elevated(Libraries(), NO_PID) is None
