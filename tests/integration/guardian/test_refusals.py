"""What must not be started is not started: for every refusal the absence of a process and of a copy is looked at."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from client_app.core.anydesk import AnyDeskRefusedError, ProgramFile
from client_app.core.errors import ErrorCode
from client_app.services.anydesk import run as run_module
from client_app.services.anydesk.session import AnyDeskSession
from client_app.services.guardian.client import GuardianClient
from demo.anydesk.remote import Faults
from tests.contracts.world import TECHNICIAN, AnyDeskWorld, ForeignAnyDesk, permission

pytestmark = pytest.mark.usefixtures("short_second_look")
NUMBERS = frozenset((TECHNICIAN,))


def assert_nothing_runs(world: AnyDeskWorld) -> None:
    assert world.own_processes() == []
    assert not world.remote.is_running()
    assert list(world.private_root.glob("run-*")) == []


def refused(world: AnyDeskWorld, code: ErrorCode, reason: str) -> None:
    """Both ways in refuse, and nothing was started."""
    for attempt in (
        lambda: world.session.prepare(NUMBERS),
        lambda: world.session.start(permission(), NUMBERS, world.events),
    ):
        with pytest.raises(AnyDeskRefusedError) as error:
            cast("Callable[[], Any]", attempt)()
        assert error.value.code is code
        assert error.value.reason == reason
        assert_nothing_runs(world)
    assert world.events.all == []


def with_own_source(world: AnyDeskWorld, home: Path) -> Path:
    """Give the world a copy of the bundled client that a test may spoil."""
    source = home / "bundle"
    shutil.copytree(world.config.source_folder, source)
    world.config = replace(world.config, source_folder=source)
    world.session = AnyDeskSession(world.system, world.config)
    return source


def with_release(world: AnyDeskWorld, **changes: Any) -> None:
    world.config = replace(world.config, release=replace(world.config.release, **changes))
    world.session = AnyDeskSession(world.system, world.config)


def test_without_a_permission(world: AnyDeskWorld) -> None:
    with pytest.raises(AnyDeskRefusedError) as error:
        world.session.start(cast("Any", None), NUMBERS, world.events)
    assert error.value.code is ErrorCode.NO_PERMISSION
    assert_nothing_runs(world)


def test_wrong_hash(world: AnyDeskWorld) -> None:
    right = world.config.release.program
    with_release(world, program=replace(right, sha256="0" * 64))
    refused(world, ErrorCode.ANYDESK_CHANGED, "anydesk.wrong_hash")


@pytest.mark.parametrize("change", [b"", b"x"], ids=["cut", "longer"])
def test_changed_file(world: AnyDeskWorld, home: Path, change: bytes) -> None:
    program = with_own_source(world, home) / world.config.release.program.name
    data = program.read_bytes()
    program.write_bytes(data + change if change else data[:-1])
    refused(world, ErrorCode.ANYDESK_CHANGED, "anydesk.wrong_hash")


def test_changed_companion(world: AnyDeskWorld, home: Path) -> None:
    source = with_own_source(world, home)
    companion = source / world.config.release.companions[0].name
    data = companion.read_bytes()
    companion.write_bytes(data[:-1] + bytes((data[-1] ^ 1,)))
    refused(world, ErrorCode.ANYDESK_CHANGED, "anydesk.wrong_hash")


def test_missing_file(world: AnyDeskWorld, home: Path) -> None:
    (with_own_source(world, home) / world.config.release.program.name).unlink()
    refused(world, ErrorCode.ANYDESK_MISSING, "anydesk.file_missing")


def test_a_link_or_a_folder_in_its_place(world: AnyDeskWorld, home: Path) -> None:
    program = with_own_source(world, home) / world.config.release.program.name
    moved = program.rename(home / "elsewhere")
    program.symlink_to(moved)
    refused(world, ErrorCode.ANYDESK_CHANGED, "anydesk.unreadable")
    program.unlink()
    program.mkdir()
    refused(world, ErrorCode.ANYDESK_CHANGED, "anydesk.unreadable")


def test_an_installed_anydesk_is_never_used(
    world: AnyDeskWorld, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = with_own_source(world, home)
    installed = home / "bin"
    source.rename(installed)
    monkeypatch.setenv("PATH", str(installed))
    monkeypatch.chdir(installed)
    refused(world, ErrorCode.ANYDESK_MISSING, "anydesk.file_missing")


def test_a_release_for_another_system(world: AnyDeskWorld) -> None:
    with_release(world, system="windows")
    refused(world, ErrorCode.ANYDESK_MISSING, "anydesk.wrong_system")


@pytest.mark.parametrize("name", ["../evil", "/bin/sh", "a/../../b", "C:\\x", "", "a\\b"])
def test_a_list_that_names_files_elsewhere(world: AnyDeskWorld, name: str) -> None:
    with_release(world, companions=(ProgramFile(name, "0" * 64, 1),))
    refused(world, ErrorCode.LIST_UNTRUSTED, "anydesk.list_malformed")


@pytest.mark.parametrize(
    ("file", "settings", "reason"),
    [
        (
            "system.conf",
            {"ad.security.permission_profiles._unattended_access.pwd": "aa"},
            "anydesk.unattended_password",
        ),
        ("service.conf", {"ad.anynet.pwd_hash": "aa"}, "anydesk.unattended_password"),
        ("user.conf", {"ad.security.interactive_access": "2"}, "anydesk.asks_always"),
        (
            "system.conf",
            {"ad.security.acl_enabled": "true", "ad.security.acl_list": "987654321:true"},
            "anydesk.access_list",
        ),
        (
            "system.conf",
            {"ad.security.permission_profiles._default.permissions.block_input": "1"},
            "anydesk.block_input",
        ),
        (
            "system.conf",
            {"ad.security.permission_profiles._default.permissions.record_session": "1"},
            "anydesk.record_session",
        ),
    ],
)
def test_unsafe_settings(world: AnyDeskWorld, file: str, settings: dict[str, str], reason: str) -> None:
    world.remote.set_setting(file, settings)
    refused(world, ErrorCode.ANYDESK_UNSAFE, reason)


def test_our_client_is_open_already(world: AnyDeskWorld, home: Path) -> None:
    by_hand = ForeignAnyDesk(home, world.program.program.name)
    try:
        for attempt in (
            world.session.prepare,
            lambda numbers: world.session.start(permission(), numbers, print),
        ):
            with pytest.raises(AnyDeskRefusedError) as error:
                attempt(NUMBERS)
            assert error.value.code is ErrorCode.ANYDESK_ALREADY_RUNS
        assert world.own_processes() == []
        assert by_hand.is_alive()
    finally:
        by_hand.close()


@pytest.mark.parametrize("which", ["program", "companion", "link"])
def test_exchanged_between_the_check_and_the_start(
    world: AnyDeskWorld, home: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    """Somebody exchanges a file of the private copy after it was verified; the guardian looks for itself."""
    make_guardian = GuardianClient

    def exchange(*arguments: Any) -> Any:
        guardian = make_guardian(*arguments)
        folder = next(world.private_root.glob("run-*"))
        release = world.config.release
        target = folder / (release.companions[0].name if which == "companion" else release.program.name)
        evil = home / "evil"
        evil.write_text("#!/bin/sh\ntouch " + str(home / "ran") + "\n")
        evil.chmod(0o700)
        target.unlink()
        if which == "link":
            target.symlink_to(evil)
        else:
            shutil.copy(evil, target)
        return guardian

    monkeypatch.setattr(run_module, "GuardianClient", exchange)
    with pytest.raises(AnyDeskRefusedError) as error:
        world.session.start(permission(), NUMBERS, world.events)
    assert error.value.code is ErrorCode.ANYDESK_CHANGED
    assert not (home / "ran").exists()
    assert_nothing_runs(world)


def test_a_guardian_that_does_not_start(world: AnyDeskWorld) -> None:
    world.config = replace(world.config, guardian_command=("/bin/false",))
    world.session = AnyDeskSession(world.system, world.config)
    with pytest.raises(AnyDeskRefusedError) as error:
        world.session.start(permission(), NUMBERS, world.events)
    assert error.value.code is ErrorCode.ANYDESK_NOT_STARTED
    assert_nothing_runs(world)


def test_an_anydesk_that_ends_at_once_is_reported_as_gone(world: AnyDeskWorld) -> None:
    world.start(Faults(dies_at_once=True))
    event = world.events.wait(lambda event: event.error is not None)
    assert event.error is ErrorCode.ANYDESK_DIED


def test_a_second_start_while_one_runs(world: AnyDeskWorld) -> None:
    world.start_ready()
    with pytest.raises(AnyDeskRefusedError) as error:
        world.session.start(permission(), NUMBERS, world.events)
    assert error.value.reason == "anydesk.running_already"
