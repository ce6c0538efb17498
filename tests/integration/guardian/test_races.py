"""Somebody of the same user exchanges, renames and rewrites what was checked, up to the moment of the start.

What counts is what ran: the stand-in that was released, or nothing. The other program leaves a mark when it runs.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from client_app.core.anydesk import AnyDeskRefusedError, AnyDeskState
from client_app.core.errors import ErrorCode
from client_app.core.session import EndedBy
from client_app.services.anydesk import run as run_module
from client_app.services.anydesk.session import AnyDeskSession
from client_app.services.guardian.client import GuardianClient
from tests.contracts.world import TECHNICIAN, AnyDeskWorld, permission

pytestmark = pytest.mark.usefixtures("short_second_look")
NUMBERS = frozenset((TECHNICIAN,))


@pytest.fixture
def evil(home: Path) -> Path:
    """Another program, which leaves a mark."""
    program = home / "evil"
    program.write_text(f"#!/bin/sh\ntouch {home / 'ran'}\n")
    program.chmod(0o700)
    return program


def the_copy(world: AnyDeskWorld) -> Path:
    return next(world.private_root.glob("run-*"))


def before_the_guardians_look(monkeypatch: pytest.MonkeyPatch, attack: Callable[[], None]) -> None:
    """Do something when the client has checked everything and the guardian nothing yet."""

    def attacked(*arguments: Any, **named: Any) -> GuardianClient:
        guardian = GuardianClient(*arguments, **named)
        attack()
        return guardian

    monkeypatch.setattr(run_module, "GuardianClient", attacked)


def refused(world: AnyDeskWorld, home: Path) -> AnyDeskRefusedError:
    with pytest.raises(AnyDeskRefusedError) as caught:
        world.session.start(permission(), NUMBERS, world.events)
    assert not (home / "ran").exists()
    assert world.own_processes() == []
    assert not world.remote.is_running()
    return caught.value


@pytest.mark.parametrize("part", ["program", "companion"])
@pytest.mark.parametrize("way", ["written into", "through a hard link", "renamed over", "a pipe"])
def test_a_file_is_changed_between_check_and_start(
    world: AnyDeskWorld, home: Path, evil: Path, monkeypatch: pytest.MonkeyPatch, part: str, way: str
) -> None:
    release = world.config.release
    name = release.program.name if part == "program" else release.companions[0].name

    def attack() -> None:
        target = the_copy(world) / name
        if way == "renamed over":
            shutil.copy(evil, target.with_name("other"))
            target.with_name("other").replace(target)
        elif way == "a pipe":
            target.unlink()
            os.mkfifo(target)
        else:
            place = target
            if way == "through a hard link":
                place = home / "linked"
                place.hardlink_to(target)
            place.chmod(0o700)
            with place.open("r+b") as file:
                file.write(evil.read_bytes())

    before_the_guardians_look(monkeypatch, attack)
    assert refused(world, home).code is ErrorCode.ANYDESK_CHANGED


@pytest.mark.parametrize("way", ["another folder", "a link"])
def test_the_folder_is_exchanged_between_check_and_start(
    world: AnyDeskWorld, home: Path, evil: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    def attack() -> None:
        folder = the_copy(world)
        moved = folder.rename(folder.with_name("moved"))
        other = folder if way == "another folder" else home / "elsewhere"
        shutil.copytree(moved, other, symlinks=True)
        other.chmod(0o700)
        program = other / world.config.release.program.name
        program.chmod(0o700)
        shutil.copy(evil, program)
        if way == "a link":
            folder.symlink_to(other)

    before_the_guardians_look(monkeypatch, attack)
    assert refused(world, home).code is ErrorCode.ANYDESK_CHANGED


def test_the_source_is_changed_between_preparing_and_the_start(
    world: AnyDeskWorld, home: Path, evil: Path
) -> None:
    source = home / "bundle"
    shutil.copytree(world.config.source_folder, source, symlinks=True)
    world.session = AnyDeskSession(world.system, replace(world.config, source_folder=source))
    world.session.prepare(NUMBERS)
    shutil.copy(evil, source / world.config.release.program.name)
    error = refused(world, home)
    assert (error.code, error.reason) == (ErrorCode.ANYDESK_CHANGED, "anydesk.wrong_hash")


def test_a_program_that_is_exchanged_all_the_time_never_runs(
    world: AnyDeskWorld, home: Path, evil: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Good and bad take turns under the program's name as fast as they can; what starts is the good one or nothing."""
    over = threading.Event()
    exchanges: list[int] = []
    threads: list[threading.Thread] = []

    def flip() -> None:
        target = the_copy(world) / world.config.release.program.name
        good = home / "good"
        shutil.copy2(target, good)
        count = 0
        while not over.is_set():
            for kind in (evil, good):
                with contextlib.suppress(OSError):
                    aside = home / "aside"
                    aside.unlink(missing_ok=True)
                    aside.hardlink_to(kind)
                    aside.replace(target)
                    count += 1
        exchanges.append(count)

    def begin() -> None:
        threads.append(threading.Thread(target=flip))
        threads[-1].start()

    before_the_guardians_look(monkeypatch, begin)
    try:
        with contextlib.suppress(AnyDeskRefusedError):
            world.session.start(permission(), NUMBERS, world.events)
            world.events.wait_state(AnyDeskState.STARTING)
    finally:
        over.set()
        for thread in threads:
            thread.join(10)
    world.session.end(EndedBy.CUSTOMER)
    assert exchanges[0] > 10
    assert not (home / "ran").exists()
    assert world.own_processes() == []


def test_a_running_program_cannot_be_written_to(world: AnyDeskWorld) -> None:
    world.start_ready()
    program = the_copy(world) / world.config.release.program.name
    program.chmod(0o700)
    with pytest.raises(OSError, match="busy"):
        program.open("r+b")
