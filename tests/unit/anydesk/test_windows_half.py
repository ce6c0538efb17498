"""Windows' half through faked system calls: handles, job, access lists, registry. Runs on every system."""

from __future__ import annotations

import io
import ntpath
from pathlib import Path
from typing import Any, cast

import pytest

from client_app.core.anydesk_system import ProcessIdentity
from client_app.platforms import System, anydesk_system, containment
from client_app.platforms.windows.containment import WindowsContainment
from client_app.platforms.windows.files import WindowsPrivateFiles, is_private_access
from client_app.platforms.windows.job import KILL_ON_JOB_CLOSE, Job
from client_app.platforms.windows.libraries import ERROR_MORE_DATA
from client_app.platforms.windows.persistence import WindowsPersistence
from client_app.platforms.windows.processes import plain_path
from tests.unit.anydesk.windows_fakes import Registry, Windows

OURS = r"C:\Users\Anna\AppData\Local\pomoc\run-1\AnyDesk-ad_5a1b2c3d.exe"


@pytest.fixture
def windows() -> Windows:
    return Windows()


class TestProcesses:
    def test_a_reused_pid_is_never_ended(self, windows: Windows) -> None:
        windows.kernel.processes[7] = (1, r"C:\bank.exe", 999)
        windows.table.end(ProcessIdentity(7, 100, OURS), force=True)
        windows.table.end(ProcessIdentity(7, 100, OURS), force=False)
        windows.table.end(ProcessIdentity(8, 100, OURS), force=True)
        assert windows.kernel.terminated == []
        assert windows.user.posted == []
        assert windows.kernel.closed == windows.kernel.opened

    def test_the_right_one_is_ended(self, windows: Windows) -> None:
        windows.kernel.processes[7] = (1, OURS, 5 << 32 | 6)
        identity = windows.table.identify(7)
        assert identity == ProcessIdentity(7, 5 << 32 | 6, OURS.lower())
        windows.table.end(identity, force=True)
        assert windows.kernel.terminated == [7]

    def test_being_asked_is_a_message_to_its_own_windows_only(self, windows: Windows) -> None:
        windows.kernel.processes[7] = (1, OURS, 100)
        windows.user.windows = {21: 7, 22: 8, 23: 7}
        windows.table.end(ProcessIdentity(7, 100, ""), force=False)
        assert windows.user.posted == [(21, 0x10), (23, 0x10)]
        assert windows.kernel.terminated == []

    def test_the_whole_table(self, windows: Windows) -> None:
        windows.kernel.processes = {7: (1, OURS, 100), 8: (7, "", 200)}
        seen = windows.table.everything()
        assert [(one.identity.pid, one.parent, one.identity.image) for one in seen] == [
            (7, 1, OURS.lower()),
            (8, 7, ""),
        ]

    def test_no_table_is_an_error_and_not_an_empty_one(self, windows: Windows) -> None:
        windows.kernel.fails.add("snapshot")
        with pytest.raises(OSError, match="CreateToolhelp32Snapshot"):
            windows.table.everything()

    def test_paths_have_one_spelling(self) -> None:
        assert plain_path("\\\\?\\" + OURS) == plain_path(OURS.upper()) == OURS.lower()


class TestJob:
    @pytest.mark.parametrize("step", ["create", "limits", "assign"])
    def test_without_a_job_nothing_may_be_started(self, windows: Windows, step: str) -> None:
        windows.kernel.fails.add(step)
        with pytest.raises(OSError, match="Job"):
            Job(windows.libraries)

    def test_its_end_is_the_end_of_all_in_it(self, windows: Windows) -> None:
        job = Job(windows.libraries)
        assert windows.kernel.job_limits == KILL_ON_JOB_CLOSE
        windows.kernel.job_pids = [3, 4]
        assert job.pids() == (3, 4)

    def test_a_list_that_is_too_long_still_counts(self, windows: Windows) -> None:
        job = Job(windows.libraries)
        windows.kernel.job_pids = [3]
        windows.kernel.fails.add("query")
        windows.error = ERROR_MORE_DATA
        assert job.pids() == (3,)
        windows.error = 5
        with pytest.raises(OSError, match="Query"):
            job.pids()


class TestFiles:
    @pytest.mark.parametrize(
        "access",
        [
            "",
            "D:",
            "D:P",
            "D:(A;OICI;FA;;;SY)",
            "D:P(A;OICI;FA;;;SY)(A;OICI;FR;;;WD)",
            "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;S-1-5-21-1-2-3-1001)",
            "D:P(A;OICI;FA;;;SY)(XA;OICI;FA;;;BA)",
            "D:P(D;OICI;FA;;;WD)",
        ],
    )
    def test_folders_that_others_can_enter(self, access: str) -> None:
        assert not is_private_access(access)

    def test_a_private_folder(self, windows: Windows, tmp_path: Path) -> None:
        files = WindowsPrivateFiles(windows.libraries)
        folder = files.make_folder(tmp_path / "root")
        assert folder.name.startswith("run-")
        windows.advapi.access = windows.advapi.asked_for
        assert files.is_private(folder)
        windows.advapi.access = "D:AI(A;OICIID;FA;;;WD)"
        assert not files.is_private(folder)
        windows.advapi.error = 2
        assert not files.is_private(folder)
        with pytest.raises(OSError, match="Security"):
            files.make_folder(tmp_path / "root")

    def test_a_held_file_lets_others_only_read(self, windows: Windows, tmp_path: Path) -> None:
        path = tmp_path / "AnyDesk.exe"
        path.write_bytes(b"x")
        files = WindowsPrivateFiles(windows.libraries, lambda handle: io.BytesIO(b"held"))
        held = files.hold(path)
        assert (held.path, held.stream.read()) == (path, b"held")
        assert windows.kernel.files == [(str(path), 1, 3, 0x00200000)]
        held.close()

    def test_what_is_not_there_or_cannot_be_opened_is_an_error(
        self, windows: Windows, tmp_path: Path
    ) -> None:
        files = WindowsPrivateFiles(windows.libraries, lambda handle: io.BytesIO())
        with pytest.raises(FileNotFoundError):
            files.hold(tmp_path / "none")
        path = tmp_path / "AnyDesk.exe"
        path.write_bytes(b"x")
        windows.kernel.fails.add("file")
        with pytest.raises(OSError, match="CreateFileW"):
            files.hold(path)
        assert files.lock(tmp_path) is None

    def test_a_lock_shares_nothing(self, windows: Windows, tmp_path: Path) -> None:
        files = WindowsPrivateFiles(windows.libraries, lambda handle: io.BytesIO())
        assert files.lock(tmp_path) is not None
        assert windows.kernel.files[0][1] == 0


class TestContainment:
    def test_a_program_outside_a_private_folder_is_not_opened(self, windows: Windows, tmp_path: Path) -> None:
        windows.advapi.access = "D:AI(A;OICIID;FA;;;WD)"
        held = WindowsContainment(windows.libraries, WindowsPrivateFiles(windows.libraries))
        with pytest.raises(PermissionError):
            held.hold(tmp_path / "AnyDesk.exe")
        assert windows.kernel.files == []

    def test_members_are_the_job_and_what_runs_from_the_folder(
        self, windows: Windows, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        contained = WindowsContainment(windows.libraries)
        monkeypatch.setattr("os.getpid", lambda: 3)
        contained.enter()
        contained._folder = ntpath.dirname(OURS).lower() + "\\"
        windows.kernel.processes = {
            3: (1, r"C:\pomoc.exe", 1),
            4: (3, OURS, 2),
            5: (1, OURS.upper(), 3),
            6: (1, r"C:\Program Files\AnyDesk\AnyDesk.exe", 4),
        }
        windows.kernel.job_pids = [3, 4]
        assert [member.pid for member in contained.members()] == [4, 5]
        contained.end(contained.members()[1], force=True)
        assert windows.kernel.terminated == [5]

    @pytest.mark.parametrize(
        ("inside", "loose"), [({4, 5}, []), ({4}, [5]), (set(), [4, 5]), (None, [4, 5])], ids=str
    )
    def test_members_that_the_job_would_not_end(
        self, windows: Windows, monkeypatch: pytest.MonkeyPatch, inside: set[int] | None, loose: list[int]
    ) -> None:
        """Field check: an AnyDesk that was elevated later. What the system does not tell is not called held."""
        contained = WindowsContainment(windows.libraries)
        monkeypatch.setattr("os.getpid", lambda: 3)
        contained.enter()
        contained._folder = ntpath.dirname(OURS).lower() + "\\"
        windows.kernel.processes = {3: (1, r"C:\pomoc.exe", 1), 4: (3, OURS, 2), 5: (1, OURS, 3)}
        windows.kernel.job_pids = [3, 4]
        windows.kernel.in_job = inside
        assert [member.pid for member in contained.loose()] == loose
        snapshot = 1
        assert sorted(one for one in windows.kernel.closed if one != snapshot) == sorted(
            windows.kernel.opened
        )

    def test_it_waits_for_the_clients_process(
        self, windows: Windows, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("os.getppid", lambda: 7)
        windows.kernel.processes[7] = (1, r"C:\pomoc.exe", 1)
        contained = WindowsContainment(windows.libraries)
        contained.enter()
        contained.wait_for_client()
        assert windows.kernel.waited == [(1007, 0xFFFFFFFF)]


class TestPersistence:
    def test_a_registry_that_cannot_be_read_is_unknown(self) -> None:
        assert WindowsPersistence(Registry(None, {}), {}).services() is None

    def test_services_with_and_without_a_path(self) -> None:
        registry = Registry({"AnyDesk": {"ImagePath": '"C:\\x\\AnyDesk.exe" --service'}, "Shared": {}}, {})
        services = WindowsPersistence(registry, {}).services()
        assert services is not None
        assert [(one.name, one.command_untrusted) for one in services] == [
            ("AnyDesk", '"C:\\x\\AnyDesk.exe" --service'),
            ("Shared", ""),
        ]

    @pytest.mark.parametrize("encoding", ["latin-1", "utf-16-le"])
    def test_run_keys_and_shortcuts(self, tmp_path: Path, encoding: str) -> None:
        folder = tmp_path / "Microsoft/Windows/Start Menu/Programs/Startup"
        folder.mkdir(parents=True)
        (folder / "AnyDesk.lnk").write_bytes(b"L\0\0\0" + OURS.encode(encoding))
        registry = Registry({}, {"Updater": "C:\\updater.exe"})
        entries = WindowsPersistence(registry, {"APPDATA": str(tmp_path)}).autostarts()
        assert entries is not None
        assert entries[0].command_untrusted == "C:\\updater.exe"
        assert OURS in entries[1].command_untrusted


def test_the_halves_can_be_made_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPDATA", "/home/anna/roaming")
    system = anydesk_system(System.WINDOWS)
    assert system.name == "windows"
    assert system.home == "/home/anna/roaming"
    places = system.data_places("AnyDesk-ad_5a1b2c3d.exe", "")
    assert Path("/home/anna/roaming/AnyDesk/ad_5a1b2c3d") in places.folders
    waiter = system.watch(())
    waiter.wake()
    waiter.wait(10)
    waiter.close()
    assert isinstance(containment(System.WINDOWS), WindowsContainment)
    assert cast("Any", system).processes is not None
