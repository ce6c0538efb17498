"""Taking entries out on each system: never one that changed meanwhile, and never claimed without a new look."""

from __future__ import annotations

import os
import plistlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from client_app.core.anydesk_system import PersistentEntry
from client_app.platforms.linux.persistence import LinuxPersistence
from client_app.platforms.linux.systemd import run_systemctl
from client_app.platforms.macos.persistence import MacPersistence
from client_app.platforms.windows.persistence import WindowsPersistence
from client_app.platforms.windows.scm import ServiceManager
from tests.unit.anydesk.windows_fakes import Registry


@pytest.mark.skipif(os.name == "nt", reason="unit files are named by POSIX paths")
class TestLinux:
    """Entries of the user's own folders and of the system's; `systemctl` is what the test says."""

    def persistence(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> tuple[LinuxPersistence, list[object]]:
        for variable in ("CONFIG", "DATA"):
            monkeypatch.setenv(f"XDG_{variable}_HOME", str(root / variable.lower()))
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        asked: list[object] = []
        return LinuxPersistence(root, asked.append), asked

    def entry(self, path: Path, command: str = "/opt/x --service") -> PersistentEntry:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"[Service]\nExecStart={command}\n")
        return PersistentEntry(str(path), command)

    def test_what_is_not_exactly_there_is_left_alone(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        persistence, asked = self.persistence(tmp_path, monkeypatch)
        unit = tmp_path / "config/systemd/user/a.service"
        entry = self.entry(unit)
        elsewhere = self.entry(tmp_path / "elsewhere/a.service")
        assert not persistence.disable(PersistentEntry(entry.name, "/opt/other"))
        assert not persistence.disable(elsewhere)
        assert unit.is_file()
        assert Path(elsewhere.name).is_file()
        assert asked == []

    def test_a_packages_own_file_is_only_switched_off(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        persistence, asked = self.persistence(tmp_path, monkeypatch)
        entry = self.entry(tmp_path / "usr/lib/systemd/system/a.service")
        assert not persistence.disable(entry)
        assert Path(entry.name).is_file()
        assert asked == [("disable", "--now", "--", "a.service")]

    @pytest.mark.parametrize("home", ["config", "data"])
    def test_a_unit_of_the_user_goes_with_its_links(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
    ) -> None:
        persistence, asked = self.persistence(tmp_path, monkeypatch)
        folder = tmp_path / home / "systemd/user"
        entry, other = self.entry(folder / "a.service"), self.entry(folder / "b.service")
        wants = folder / "default.target.wants"
        wants.mkdir()
        for name in ("a.service", "b.service"):
            (wants / name).symlink_to(folder / name)
        assert persistence.disable(entry)
        assert asked == [("--user", "disable", "--now", "--", "a.service")]
        assert persistence.services() == (other,)
        assert [one.name for one in wants.iterdir()] == ["b.service"]

    def test_a_pipe_or_a_device_in_the_place_of_an_entry_is_not_waited_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        persistence, _asked = self.persistence(tmp_path, monkeypatch)
        folder, autostart = tmp_path / "config/systemd/user", tmp_path / "config/autostart"
        for one in (folder, autostart):
            one.mkdir(parents=True)
        os.mkfifo(autostart / "pipe.desktop")
        (folder / "masked.service").symlink_to("/dev/null")
        assert persistence.autostarts() == (PersistentEntry(str(autostart / "pipe.desktop"), ""),)
        assert persistence.services() == (PersistentEntry(str(folder / "masked.service"), ""),)

    def test_a_units_name_is_no_option_of_systemctl(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        persistence, asked = self.persistence(tmp_path, monkeypatch)
        entry = self.entry(tmp_path / "config/systemd/user" / "--host=evil.service")
        assert persistence.disable(entry)
        assert asked == [("--user", "disable", "--now", "--", "--host=evil.service")]

    def test_an_autostart_goes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        persistence, asked = self.persistence(tmp_path, monkeypatch)
        entry = self.entry(tmp_path / "config/autostart/a.desktop")
        assert persistence.disable(entry)
        assert (persistence.autostarts(), asked) == ((), [])

    def test_the_systems_own_program_is_bounded_and_may_fail(self) -> None:
        run_systemctl(("--user", "is-enabled", "no-such-unit-of-ours.service"))


@pytest.mark.skipif(os.name == "nt", reason="property lists are named by POSIX paths")
class TestMac:
    def entry(self, folder: Path, name: str = "x.plist") -> PersistentEntry:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(plistlib.dumps({"ProgramArguments": ["/x", "--service"]}))
        return PersistentEntry(str(folder / name), "/x --service")

    def test_what_is_not_exactly_there_is_left_alone(self, tmp_path: Path) -> None:
        asked: list[Any] = []
        persistence = MacPersistence(tmp_path, tmp_path / "home", asked.append)
        entry = self.entry(tmp_path / "Library/LaunchDaemons")
        elsewhere = self.entry(tmp_path / "elsewhere")
        helper = tmp_path / "Library/PrivilegedHelperTools/x"
        helper.parent.mkdir()
        helper.write_text("x")
        for wanted in (
            PersistentEntry(entry.name, "/y"),
            elsewhere,
            PersistentEntry(str(helper), str(helper)),
        ):
            assert not persistence.disable(wanted)
        assert asked == []
        assert helper.is_file()

    @pytest.mark.parametrize("is_daemon", [True, False])
    def test_a_job_is_booted_out_and_its_list_deleted(self, tmp_path: Path, is_daemon: bool) -> None:
        asked: list[Any] = []
        persistence = MacPersistence(tmp_path, tmp_path / "home", asked.append)
        folder = tmp_path / "Library/LaunchDaemons" if is_daemon else tmp_path / "home/Library/LaunchAgents"
        entry = self.entry(folder)
        assert persistence.disable(entry)
        domain = "system" if is_daemon else f"gui/{os.getuid()}"
        assert asked == [("bootout", domain, entry.name)]
        assert (persistence.services(), persistence.autostarts()) == ((), ())


class FakeManager:
    """advapi32's service functions; `rights` is what this user gets at most."""

    def __init__(self, rights: int = 0xF01FF, manager: int = 9) -> None:
        self.rights, self.manager = rights, manager
        self.calls: list[str] = []
        self.looks = 0
        self.never_stops = False
        self.on_delete: Callable[[], object] = list

    def OpenSCManagerW(self, *_arguments: Any) -> int:  # noqa: N802
        return self.manager

    def OpenServiceW(self, manager: int, name: str, rights: int) -> int:  # noqa: N802
        assert manager == self.manager
        self.calls.append(f"open {name}")
        return 7 if rights & self.rights == rights else 0

    def ChangeServiceConfigW(self, _service: int, kind: int, start: int, *_others: Any) -> int:  # noqa: N802
        assert (kind, start) == (0xFFFFFFFF, 4)
        self.calls.append("disabled")
        return 1

    def ControlService(self, _service: int, control: int, status: Any) -> int:  # noqa: N802
        assert control == 1
        self.calls.append("stop")
        status._obj.dwCurrentState = 3
        return 1

    def QueryServiceStatus(self, _service: int, status: Any) -> int:  # noqa: N802
        self.looks += 1
        status._obj.dwCurrentState = 3 if self.never_stops else 1
        return 1

    def DeleteService(self, _service: int) -> int:  # noqa: N802
        self.calls.append("deleted")
        self.on_delete()
        return 1

    def CloseServiceHandle(self, handle: int) -> int:  # noqa: N802
        self.calls.append(f"closed {handle}")
        return 1


class TestServiceManager:
    def test_without_any_right_nothing_happens(self) -> None:
        library = FakeManager(rights=0)
        ServiceManager(library).remove("x")
        assert library.calls == ["open x", "open x", "closed 9"]

    def test_without_a_manager_nothing_happens(self) -> None:
        library = FakeManager(manager=0)
        ServiceManager(library).remove("x")
        assert library.calls == []

    def test_who_may_only_stop_it_stops_it(self) -> None:
        library = FakeManager(rights=0x24)
        ServiceManager(library).remove("x")
        assert library.calls == ["open x", "open x", "stop", "closed 7", "closed 9"]

    def test_disabled_then_stopped_then_deleted(self) -> None:
        library = FakeManager()
        ServiceManager(library).remove("x")
        assert library.calls == ["open x", "disabled", "stop", "deleted", "closed 7", "closed 9"]
        assert library.looks == 1

    def test_one_that_never_stops_is_deleted_all_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("client_app.platforms.windows.scm._STOP_SECONDS", 0.1)
        library = FakeManager()
        library.never_stops = True
        ServiceManager(library).remove("x")
        assert "deleted" in library.calls


class RegistryWithManager(Registry):
    """A registry whose services go when the manager deletes them."""

    KEY_SET_VALUE = 2

    def OpenKey(self, parent: Any, path: str, _reserved: int = 0, _rights: int = 0) -> Any:  # noqa: N802
        return super().OpenKey(parent, path)

    def DeleteValue(self, key: Any, name: str) -> None:  # noqa: N802
        del key.values[name]


class TestWindows:
    def make(
        self, tmp_path: Path, *, rights: int = 0xF01FF
    ) -> tuple[WindowsPersistence, RegistryWithManager, FakeManager]:
        registry = RegistryWithManager({"AnyDesk-x": {"ImagePath": "C:\\x.exe"}}, {"X": "C:\\x.exe"})
        library = FakeManager(rights)
        assert registry.services is not None
        library.on_delete = registry.services.clear
        environment = {"APPDATA": str(tmp_path)}
        return WindowsPersistence(registry, environment, ServiceManager(library)), registry, library

    def test_what_is_not_exactly_there_is_left_alone(self, tmp_path: Path) -> None:
        persistence, registry, library = self.make(tmp_path)
        place = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run"
        for entry in (
            PersistentEntry("AnyDesk-x", "C:\\other.exe"),
            PersistentEntry("X", "C:\\other.exe", place),
            PersistentEntry("X", "C:\\x.exe", place.replace("HKCU", "HKLM")),
            PersistentEntry(str(tmp_path / "x.lnk"), ""),
        ):
            assert not persistence.disable(entry)
        assert library.calls == []
        assert registry.run == {"X": "C:\\x.exe"}

    def test_a_service_goes_with_the_right_to_delete_it(self, tmp_path: Path) -> None:
        persistence, _registry, _library = self.make(tmp_path)
        assert persistence.disable(PersistentEntry("AnyDesk-x", "C:\\x.exe"))
        assert persistence.services() == ()

    def test_a_service_stays_without_it_and_nothing_else_is_said(self, tmp_path: Path) -> None:
        persistence, _registry, library = self.make(tmp_path, rights=0x24)
        assert not persistence.disable(PersistentEntry("AnyDesk-x", "C:\\x.exe"))
        assert "stop" in library.calls

    def test_a_value_of_a_run_key_and_a_link_go(self, tmp_path: Path) -> None:
        persistence, registry, _library = self.make(tmp_path)
        folder = tmp_path / "Microsoft/Windows/Start Menu/Programs/Startup"
        folder.mkdir(parents=True)
        (folder / "x.lnk").write_bytes(b"L")
        entries = persistence.autostarts()
        assert entries is not None
        assert len(entries) == 2
        assert all(persistence.disable(entry) for entry in entries)
        assert (registry.run, list(folder.iterdir())) == ({}, [])
