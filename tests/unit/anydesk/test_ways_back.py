"""Ending ways back: what must not be touched first, then what is ended, and what is told when it cannot be."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from client_app.core.anydesk import ProgramFile
from client_app.core.anydesk_system import DataPlaces, PersistentEntry, ProcessIdentity
from client_app.services.anydesk.before import Before, look_before
from client_app.services.anydesk.ownership import Ownership
from client_app.services.anydesk.remote_tools import running_remote_tools
from client_app.services.anydesk.scrub import scrub_settings
from client_app.services.anydesk.ways_back import MAX_ENTRIES, Ended, WaysBack
from tests.unit.anydesk.fakes import FakeSystem

ROOT = "/home/anna/.private/"
OWN = "/opt/AnyDesk-ad_5a1b2c3d/AnyDesk-ad_5a1b2c3d"
OWN_SERVICE = PersistentEntry("AnyDesk-ad_5a1b2c3d.service", OWN + " --service")
FOREIGN = ProcessIdentity(20, 200, "/opt/AnyDesk/anydesk")
SHELL = ProcessIdentity(30, 300, "/bin/sh")
NOTHING = Before((FOREIGN,), frozenset(), frozenset(), frozenset(), False)


def ways(system: FakeSystem, before: Before = NOTHING, places: DataPlaces | None = None) -> WaysBack:
    ownership = Ownership(ROOT, "AnyDesk-ad_5a1b2c3d", "")
    return WaysBack(system, ownership, before, places or DataPlaces((), ()))


UNTOUCHED = {
    "the customer's own": PersistentEntry("anydesk.service", "/usr/bin/anydesk --service"),
    "another firm's": PersistentEntry("x", "/opt/AnyDesk-ad_deadbeef/AnyDesk-ad_deadbeef --service"),
    "a name that contains ours": PersistentEntry("x", "/opt/AnyDesk-ad_5a1b2c3d9/AnyDesk-ad_5a1b2c3d9"),
    "a name with more before it": PersistentEntry("x", "/opt/not-AnyDesk-ad_5a1b2c3d"),
    "only its title is ours": PersistentEntry("AnyDesk-ad_5a1b2c3d", "/usr/bin/printerd"),
    "ours is only mentioned": PersistentEntry("x", f"/usr/bin/backup --exclude {OWN}"),
    "nothing is started": PersistentEntry("x", ""),
}


@pytest.mark.parametrize("case", UNTOUCHED)
def test_what_is_not_ours_is_never_touched(case: str) -> None:
    system = FakeSystem(FOREIGN, SHELL)
    system.persistence.service_entries = system.persistence.autostart_entries = (UNTOUCHED[case],)
    assert ways(system).end() == Ended()
    assert system.persistence.disabled == []
    assert system.processes.ended == []


def test_what_an_entry_of_ours_starts_besides_is_never_touched() -> None:
    own, shell, another = (
        ProcessIdentity(40, 400, OWN),
        ProcessIdentity(41, 410, "/bin/sh"),
        ProcessIdentity(42, 420, "/opt/AnyDesk/anydesk"),
    )
    system = FakeSystem(FOREIGN, SHELL, own, shell, another)
    commands = f"/bin/sh -c true\n/opt/AnyDesk/anydesk --tray\n{OWN} --service"
    system.persistence.service_entries = (PersistentEntry("x.service", commands),)
    ended = ways(system).end()
    assert ended.entries == ("x.service",)
    assert ended.processes == (own,)
    assert system.processes.alive == [FOREIGN, SHELL, shell, another]


def test_what_was_there_before_is_never_touched_even_if_it_is_ours() -> None:
    system = FakeSystem(FOREIGN)
    system.persistence.service_entries = (OWN_SERVICE,)
    assert ways(system, replace(NOTHING, services=frozenset((OWN_SERVICE,)))).end() == Ended()
    assert system.persistence.disabled == []


@pytest.mark.parametrize("before", [replace(NOTHING, services=None), NOTHING])
def test_what_is_not_known_to_be_new_is_never_touched(before: Before) -> None:
    system = FakeSystem()
    system.persistence.service_entries = (OWN_SERVICE,) if before.services is None else None
    assert ways(system, before).end() == Ended()
    assert system.persistence.disabled == []


def test_new_entries_of_ours_are_taken_out_and_their_programs_ended() -> None:
    installed, private = ProcessIdentity(40, 400, OWN), ProcessIdentity(41, 410, ROOT + "run-1/x")
    system = FakeSystem(FOREIGN, SHELL, installed, private)
    customers: tuple[PersistentEntry, ...] = (UNTOUCHED["the customer's own"],)
    system.persistence.service_entries = (OWN_SERVICE, *customers)
    ended = ways(system).end()
    assert ended.entries == (OWN_SERVICE.name,)
    assert {one.pid for one in ended.processes} == {40, 41}
    assert system.persistence.services() == customers
    assert system.processes.alive == [FOREIGN, SHELL]


def test_an_entry_that_cannot_be_taken_out_stays_and_is_not_claimed() -> None:
    system = FakeSystem()
    system.persistence.service_entries, system.persistence.is_allowed = (OWN_SERVICE,), False
    assert ways(system).end() == Ended()
    assert system.persistence.service_entries == (OWN_SERVICE,)


def test_no_more_entries_than_a_pass_may_take() -> None:
    system = FakeSystem()
    system.persistence.autostart_entries = tuple(
        replace(OWN_SERVICE, name=str(n)) for n in range(2 * MAX_ENTRIES)
    )
    assert len(ways(system).end().entries) == MAX_ENTRIES


@pytest.mark.parametrize(("home", "is_ended"), [("/home/anna", True), ("/home/jan", False), (None, False)])
def test_a_copy_elsewhere_is_ended_only_in_this_users_own_files(home: str | None, is_ended: bool) -> None:
    copy = ProcessIdentity(50, 500, "/tmp/AnyDesk-ad_5a1b2c3d")
    system = FakeSystem(copy)
    if home is not None:
        system.processes.homes = {50: home}
    assert bool(ways(system).end().processes) is is_ended


def test_a_copy_that_ran_before_is_left_alone() -> None:
    copy = ProcessIdentity(50, 500, OWN)
    system = FakeSystem(copy)
    system.processes.homes = {50: system.home}
    assert ways(system, replace(NOTHING, foreign=(copy,))).end() == Ended()


@pytest.mark.parametrize("is_new", [True, False])
def test_the_same_bytes_under_another_name_are_ours_only_when_new(tmp_path: Path, is_new: bool) -> None:
    """The technician installs a standard client, whose name tells nothing."""
    (tmp_path / "anydesk").write_bytes(b"client")
    release = ProgramFile("anydesk", hashlib.sha256(b"client").hexdigest(), 6)
    service = PersistentEntry("anydesk.service", f"{tmp_path}/anydesk --service")
    system = FakeSystem()
    system.persistence.service_entries = (service,)
    before = NOTHING if is_new else replace(NOTHING, services=frozenset((service,)))
    ended = WaysBack(system, Ownership(ROOT, "anydesk", "", release), before, DataPlaces((), ())).end()
    assert ended.entries == ((service.name,) if is_new else ())


def test_what_others_added_is_named() -> None:
    system = FakeSystem()
    new = PersistentEntry("printer.service", "/usr/bin/printerd")
    system.persistence.service_entries = (new, OWN_SERVICE, UNTOUCHED["another firm's"])
    before = replace(NOTHING, services=frozenset((UNTOUCHED["another firm's"],)))
    assert ways(system, before).others_new() == ("printer.service",)


def test_other_tools_for_remote_access_are_named_once_and_nothing_else() -> None:
    images = (
        r"C:\Program Files\TeamViewer\TeamViewer.exe", "/opt/TeamViewer_Service.exe", "/usr/bin/rustdesk",
        "/usr/bin/rustdesk-notes", "/opt/AnyDesk/anydesk", "",
    )  # fmt: skip
    system = FakeSystem(*(ProcessIdentity(n, n, image) for n, image in enumerate(images, 1)))
    assert running_remote_tools(system) == ("RustDesk", "TeamViewer")
    assert system.processes.ended == []


class TestSettings:
    TEXT = (
        "ad.anynet.id=123456789\n"
        "ad.security.permission_profiles._unattended_access.pwd=5e5e\n"
        "ad.anynet.pwd_hash=77\n"
        "ad.security.permission_profiles.evil.permissions.input=1\n"
        "ad.security.permission_profiles._default.permissions.input=1\n"
        "# a line of another kind\n"
    )
    LEFT = (
        "ad.anynet.id=123456789\n"
        "ad.security.permission_profiles._default.permissions.input=1\n"
        "# a line of another kind\n"
    )

    @pytest.mark.parametrize("before", [replace(NOTHING, has_password=None), replace(NOTHING, profiles=None)])
    def test_what_could_not_be_read_before_is_left_alone(self, tmp_path: Path, before: Before) -> None:
        (tmp_path / "system.conf").write_text(self.TEXT)
        assert scrub_settings(DataPlaces((tmp_path,), ()), before) == 0
        assert (tmp_path / "system.conf").read_text() == self.TEXT

    def test_what_was_there_before_stays(self, tmp_path: Path) -> None:
        (tmp_path / "system.conf").write_text(self.TEXT)
        before = replace(
            NOTHING, has_password=True, profiles=frozenset(("evil", "_default", "_unattended_access"))
        )
        assert scrub_settings(DataPlaces((tmp_path,), ()), before) == 0

    def test_a_link_is_not_followed(self, tmp_path: Path) -> None:
        target, folder = tmp_path / "foreign.conf", tmp_path / "data"
        folder.mkdir()
        target.write_text(self.TEXT)
        try:
            (folder / "system.conf").symlink_to(target)
        except OSError:
            pytest.skip("no symbolic links here")
        if not (folder / "system.conf").is_symlink():
            pytest.skip("no symbolic links here")
        assert scrub_settings(DataPlaces((folder,), ()), NOTHING) == 0
        assert target.read_text() == self.TEXT

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_new_passwords_and_profiles_go_and_everything_else_stays(
        self, tmp_path: Path, encoding: str
    ) -> None:
        path = tmp_path / "service.conf"
        path.write_bytes(self.TEXT.encode(encoding))
        path.chmod(0o600)
        assert scrub_settings(DataPlaces((tmp_path,), ()), NOTHING) == 3
        assert path.read_bytes() == self.LEFT.encode(encoding)
        assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [one.name for one in tmp_path.iterdir()] == ["service.conf"]
        assert scrub_settings(DataPlaces((tmp_path,), ()), NOTHING) == 0

    def test_the_look_before_knows_passwords(self, tmp_path: Path) -> None:
        places = DataPlaces((tmp_path,), ())
        assert look_before(FakeSystem(), places, ROOT).has_password is False
        (tmp_path / "system.conf").write_text("ad.anynet.pwd_hash=1\n")
        assert look_before(FakeSystem(), places, ROOT).has_password is True
        (tmp_path / "system.conf").write_bytes(b"\xff\xff")
        assert look_before(FakeSystem(), places, ROOT).has_password is None
