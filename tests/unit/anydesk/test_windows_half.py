"""Windows' half through faked system calls: handles, job, access lists, registry. Runs on every system."""

from __future__ import annotations

import ctypes
import io
import ntpath
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import pytest

from client_app.core.anydesk_system import ProcessIdentity
from client_app.platforms import System, anydesk_system, containment
from client_app.platforms.windows.containment import WindowsContainment
from client_app.platforms.windows.files import WindowsPrivateFiles, is_private_access
from client_app.platforms.windows.job import KILL_ON_JOB_CLOSE, ExtendedLimits, Job, ProcessIds
from client_app.platforms.windows.libraries import ERROR_MORE_DATA, INVALID_HANDLE, Libraries
from client_app.platforms.windows.persistence import WindowsPersistence
from client_app.platforms.windows.processes import ProcessEntry, WindowsProcessTable, plain_path

OURS = r"C:\Users\Anna\AppData\Local\pomoc\run-1\AnyDesk-ad_5a1b2c3d.exe"


class Kernel:
    """kernel32 with processes (pid -> parent, image, created) and one job. Handles are 1000 + pid."""

    def __init__(self) -> None:
        self.processes: dict[int, tuple[int, str, int]] = {}
        self.terminated: list[int] = []
        self.closed: list[Any] = []
        self.opened: list[Any] = []
        self.fails: set[str] = set()
        self.job_limits = 0
        self.job_pids: list[int] = []
        self.files: list[tuple[str, int, int, int]] = []
        self.waited: list[tuple[int, int]] = []
        self._walk: list[int] = []

    def OpenProcess(self, rights: int, inherit: bool, pid: int) -> int:  # noqa: N802
        assert not inherit
        if pid not in self.processes:
            return 0
        self.opened.append(1000 + pid)
        return 1000 + pid

    def CloseHandle(self, handle: int) -> int:  # noqa: N802
        self.closed.append(handle)
        return 1

    def WaitForSingleObject(self, handle: int, milliseconds: int) -> int:  # noqa: N802
        self.waited.append((handle, milliseconds))
        return 258

    def TerminateProcess(self, handle: int, _code: int) -> int:  # noqa: N802
        self.terminated.append(handle - 1000)
        return 1

    def GetProcessTimes(self, handle: int, created: Any, *_others: Any) -> int:  # noqa: N802
        value = self.processes[handle - 1000][2]
        created._obj.dwHighDateTime, created._obj.dwLowDateTime = value >> 32, value & 0xFFFFFFFF
        return 1

    def QueryFullProcessImageNameW(self, handle: int, _flags: int, buffer: Any, _length: Any) -> int:  # noqa: N802
        buffer.value = self.processes[handle - 1000][1]
        return int(bool(buffer.value))

    def CreateToolhelp32Snapshot(self, _what: int, _pid: int) -> Any:  # noqa: N802
        if "snapshot" in self.fails:
            return INVALID_HANDLE
        self._walk = list(self.processes)
        return 1

    def Process32FirstW(self, _snapshot: int, entry: Any) -> int:  # noqa: N802
        assert entry._obj.dwSize == ctypes.sizeof(ProcessEntry)
        return self.Process32NextW(_snapshot, entry)

    def Process32NextW(self, _snapshot: int, entry: Any) -> int:  # noqa: N802
        if not self._walk:
            return 0
        pid = self._walk.pop(0)
        entry._obj.th32ProcessID, entry._obj.th32ParentProcessID = pid, self.processes[pid][0]
        return 1

    def CreateJobObjectW(self, _attributes: Any, _name: Any) -> int:  # noqa: N802
        return 0 if "create" in self.fails else 5

    def SetInformationJobObject(self, _job: int, kind: int, limits: Any, size: int) -> int:  # noqa: N802
        assert (kind, size) == (9, ctypes.sizeof(ExtendedLimits))
        self.job_limits = limits._obj.BasicLimitInformation.LimitFlags
        return int("limits" not in self.fails)

    def GetCurrentProcess(self) -> int:  # noqa: N802
        return -1

    def AssignProcessToJobObject(self, job: int, process: int) -> int:  # noqa: N802
        assert (job, process) == (5, -1)
        return int("assign" not in self.fails)

    def QueryInformationJobObject(self, _job: int, _kind: int, ids: Any, size: int, _length: Any) -> int:  # noqa: N802
        assert size == ctypes.sizeof(ProcessIds)
        ids._obj.NumberOfProcessIdsInList = len(self.job_pids)
        for index, pid in enumerate(self.job_pids):
            ids._obj.ProcessIdList[index] = pid
        return int("query" not in self.fails)

    def CreateFileW(self, path: str, access: int, share: int, _s: Any, how: int, flags: int, _t: Any) -> Any:  # noqa: N802
        self.files.append((path, share, how, flags))
        return INVALID_HANDLE if "file" in self.fails else 77

    def CreateDirectoryW(self, path: str, _attributes: Any) -> int:  # noqa: N802
        Path(path).mkdir()
        return int("directory" not in self.fails)

    def LocalFree(self, _memory: Any) -> None:  # noqa: N802
        return


class User:
    """user32 with windows (handle -> pid)."""

    def __init__(self) -> None:
        self.windows: dict[int, int] = {}
        self.posted: list[tuple[int, int]] = []

    def EnumWindows(self, visit: Any, parameter: int) -> int:  # noqa: N802
        for window in self.windows:
            assert visit(window, parameter)
        return 1

    def GetWindowThreadProcessId(self, window: int, pid: Any) -> int:  # noqa: N802
        pid._obj.value = self.windows[window]
        return 1

    def PostMessageW(self, window: int, message: int, _w: int, _l: int) -> int:  # noqa: N802
        self.posted.append((window, message))
        return 1


class Advapi:
    """advapi32 that converts access lists; `access` is what a folder has."""

    def __init__(self) -> None:
        self.access = ""
        self.asked_for = ""
        self.error = 0
        self._keep: Any = None

    def ConvertStringSecurityDescriptorToSecurityDescriptorW(  # noqa: N802
        self, text: str, _revision: int, _descriptor: Any, _size: Any
    ) -> int:
        self.asked_for = text
        return int(not self.error)

    def GetNamedSecurityInfoW(self, *_arguments: Any) -> int:  # noqa: N802
        return self.error

    def ConvertSecurityDescriptorToStringSecurityDescriptorW(  # noqa: N802
        self, _descriptor: Any, _revision: int, _what: int, text: Any, _length: Any
    ) -> int:
        text._obj.value = self._keep = self.access
        return 1


class Windows:
    """One faked computer."""

    def __init__(self) -> None:
        self.kernel, self.user, self.advapi = Kernel(), User(), Advapi()
        self.error = 0
        self.libraries = Libraries(self.kernel, self.user, self.advapi, lambda: self.error)
        self.table = WindowsProcessTable(self.libraries)


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

    def test_it_waits_for_the_clients_process(
        self, windows: Windows, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("os.getppid", lambda: 7)
        windows.kernel.processes[7] = (1, r"C:\pomoc.exe", 1)
        contained = WindowsContainment(windows.libraries)
        contained.enter()
        contained.wait_for_client()
        assert windows.kernel.waited == [(1007, 0xFFFFFFFF)]


class Key:
    """An open registry key."""

    def __init__(self, values: dict[str, str], keys: dict[str, dict[str, str]]) -> None:
        self.values, self.keys = values, keys

    def __enter__(self) -> Key:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return


class Registry:
    """winreg with services and Run keys."""

    HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER = "machine", "user"

    def __init__(self, services: dict[str, dict[str, str]] | None, run: dict[str, str]) -> None:
        self.services, self.run = services, run

    def OpenKey(self, parent: Any, path: str) -> Key:  # noqa: N802
        if isinstance(parent, Key):
            return Key(parent.keys[path], {})
        if path.endswith("Services"):
            if self.services is None:
                raise PermissionError(path)
            return Key({}, self.services)
        if parent == "user" and path.endswith(r"CurrentVersion\Run") and "WOW" not in path:
            return Key(self.run, {})
        raise FileNotFoundError(path)

    def QueryInfoKey(self, key: Key) -> tuple[int, int, int]:  # noqa: N802
        return len(key.keys), len(key.values), 0

    def EnumKey(self, key: Key, index: int) -> str:  # noqa: N802
        return list(key.keys)[index]

    def EnumValue(self, key: Key, index: int) -> tuple[str, str, int]:  # noqa: N802
        name = list(key.values)[index]
        return name, key.values[name], 1

    def QueryValueEx(self, key: Key, name: str) -> tuple[str, int]:  # noqa: N802
        if name not in key.values:
            raise FileNotFoundError(name)
        return key.values[name], 1


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
