"""Linux's half with real processes, files and folders."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.core.anydesk_system import ProcessIdentity, SeenProcess
from client_app.platforms import System, UnsupportedSystemError, anydesk_system, containment, current_system
from client_app.platforms.linux.changes import InotifyWaiter
from client_app.platforms.linux.persistence import LinuxPersistence
from client_app.platforms.linux.ports import listening_ports
from client_app.platforms.linux.processes import LinuxProcessTable, descendants, read_process
from client_app.platforms.shared.environment import child_environment
from client_app.platforms.shared.exits import wait_for_exit
from client_app.platforms.shared.places import client_ids, dotted_places, windows_places
from client_app.platforms.shared.posix_files import PosixPrivateFiles, check_private_parents
from client_app.platforms.shared.query import MAX_OUTPUT, run_query

pytestmark = pytest.mark.skipif(current_system() is not System.LINUX, reason="the Linux half")


def test_there_is_no_half_for_other_systems() -> None:
    for make in (anydesk_system, containment):
        with pytest.raises(UnsupportedSystemError):
            make(System.OTHER)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["/bin/sleep", "60"], env={"HOME": "/tmp"})
    yield process
    process.kill()
    process.wait(5)


def _forbidden(_pid: int) -> int:
    raise PermissionError("forbidden by a container")


class TestProcesses:
    def test_another_creation_time_is_another_process(self, sleeper: subprocess.Popen[bytes]) -> None:
        table = LinuxProcessTable()
        identity = table.identify(sleeper.pid)
        assert identity is not None
        table.end(ProcessIdentity(identity.pid, identity.created + 1, identity.image), force=True)
        table.end(ProcessIdentity(2**22 + 1, 1, ""), force=True)
        assert sleeper.poll() is None
        table.end(identity, force=False)
        assert sleeper.wait(5) == -signal.SIGTERM

    def test_without_pidfds_it_works_too(
        self, sleeper: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "pidfd_open", _forbidden)
        table = LinuxProcessTable()
        identity = table.identify(sleeper.pid)
        assert identity is not None
        table.end(identity, force=True)
        assert sleeper.wait(5) == -signal.SIGKILL

    def test_a_zombie_is_not_alive(self) -> None:
        process = subprocess.Popen(["/bin/true"])
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert read_process(process.pid) is None
        process.wait(5)

    def test_names_with_brackets_do_not_confuse(self, tmp_path: Path) -> None:
        program = tmp_path / "a) S 1 (b"
        program.write_bytes(Path("/bin/sleep").read_bytes())
        program.chmod(0o700)
        process = subprocess.Popen([str(program), "60"])
        try:
            seen = read_process(process.pid)
            assert seen is not None
            assert (seen.parent, seen.identity.image) == (os.getpid(), str(program))
            program.unlink()
            again = read_process(process.pid)
            assert again == seen
        finally:
            process.kill()
            process.wait(5)

    def test_home_of_a_process(self, sleeper: subprocess.Popen[bytes]) -> None:
        table = LinuxProcessTable()
        assert table.home_of(sleeper.pid) == os.path.realpath("/tmp")
        assert table.home_of(2**22 + 1) is None

    def test_descendants_even_in_a_table_that_changed_while_it_was_read(self) -> None:
        def one(pid: int, parent: int) -> SeenProcess:
            return SeenProcess(ProcessIdentity(pid, pid, ""), parent)

        table = (one(4, 3), one(3, 2), one(2, 1), one(9, 8), one(1, 4))
        assert [identity.pid for identity in descendants(table, 2)] == [3, 4, 1]

    @pytest.mark.parametrize("address", [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
    def test_listening_ports_name_their_owner(self, address: tuple[str, socket.AddressFamily]) -> None:
        table, gone = LinuxProcessTable(), 2**22 + 1
        try:
            server = socket.create_server((address[0], 0), family=address[1])
        except OSError:
            pytest.skip("no IPv6 here")
        with server, socket.create_connection(server.getsockname()[:2]) as connected:
            port = server.getsockname()[1]
            for found in (table.listening(), table.listening((os.getpid(), gone))):
                assert found is not None
                assert found[port] == os.getpid()
                assert connected.getsockname()[1] not in found
            assert port not in (table.listening((os.getppid(), gone)) or {})
        assert port not in (table.listening() or {})

    def test_ports_that_cannot_be_read_are_not_none_at_all(self, tmp_path: Path) -> None:
        (tmp_path / "net").mkdir()
        table = tmp_path / "net/tcp"
        table.write_text("  sl  local_address rem_address   st\n   0: 0100007F:1B9E 00000000:0000\n")
        assert listening_ports(proc=tmp_path) is None
        row = "   0: 0100007F:1B9E 00000000:0000 {} 00000000:00000000 00:00000000 00000000  1000        0 77 1\n"
        table.write_text("  sl\n" + row.format("0A") + row.format("01").replace("1B9E", "1B9F"))
        assert listening_ports(proc=tmp_path) == {7070: None}
        (tmp_path / "5/fd").mkdir(parents=True)
        (tmp_path / "5/fd/3").symlink_to("socket:[77]")
        assert listening_ports(proc=tmp_path) == listening_ports((5, 6), tmp_path) == {7070: 5}
        assert listening_ports((6,), tmp_path) == {}

    @pytest.mark.parametrize("has_pidfds", [True, False])
    def test_the_end_of_a_child_and_a_living_one(
        self, sleeper: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch, has_pidfds: bool
    ) -> None:
        def refused(_process: object, _seconds: float) -> int:
            raise AssertionError("looks again and again")

        with monkeypatch.context() as patch:
            if has_pidfds:
                patch.setattr(subprocess.Popen, "wait", refused)
            else:
                patch.setattr(os, "pidfd_open", _forbidden)
            assert wait_for_exit(sleeper, 0.01) is None
            sleeper.kill()
            assert wait_for_exit(sleeper, 10) == -signal.SIGKILL
        assert wait_for_exit(sleeper, 10) == -signal.SIGKILL


class TestFiles:
    def test_links_folders_and_pipes_are_not_held(self, tmp_path: Path) -> None:
        files = PosixPrivateFiles()
        (tmp_path / "file").write_text("x")
        (tmp_path / "link").symlink_to("file")
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "folder").mkdir()
        for name, words in {
            "link": "symbolic links",
            "pipe": "not a regular",
            "folder": "not a regular",
            "none": "No such",
        }.items():
            with pytest.raises(OSError, match=words):
                files.hold(tmp_path / name)
        held = files.hold(tmp_path / "file")
        assert not os.get_inheritable(held.stream.fileno())
        held.close()

    def test_a_file_that_others_can_reach_is_refused(self, tmp_path: Path) -> None:
        open_folder = tmp_path / "open"
        open_folder.mkdir()
        open_folder.chmod(0o755)
        with pytest.raises(PermissionError):
            check_private_parents(open_folder / "x", PosixPrivateFiles(), depth=1)

    def test_a_lock_is_held_by_one(self, tmp_path: Path) -> None:
        files = PosixPrivateFiles()
        lock = files.lock(tmp_path)
        assert lock is not None
        assert files.lock(tmp_path) is None
        lock.close()
        again = files.lock(tmp_path)
        assert again is not None
        again.close()


class TestChanges:
    def woken_after(self, waiter: InotifyWaiter, change: object) -> float:
        assert callable(change)
        threading.Timer(0.05, change).start()
        begun = time.monotonic()
        waiter.wait(5)
        return time.monotonic() - begun

    def test_a_change_a_new_folder_and_a_call_wake_it(self, tmp_path: Path) -> None:
        there, later = tmp_path / "there", tmp_path / "later"
        there.mkdir()
        waiter = InotifyWaiter([there, later])
        assert self.woken_after(waiter, lambda: (there / "x").write_text("x")) < 2
        assert self.woken_after(waiter, later.mkdir) < 2
        assert self.woken_after(waiter, lambda: (later / "x").write_text("x")) < 2
        assert self.woken_after(waiter, waiter.wake) < 2
        waiter.close()
        # After the end nothing happens; above all, no foreign descriptor is written to.
        waiter.wake()
        waiter.close()

    def test_nothing_happens_until_the_time_is_over(self, tmp_path: Path) -> None:
        waiter = InotifyWaiter([tmp_path])
        begun = time.monotonic()
        waiter.wait(0.05)
        assert time.monotonic() - begun < 1
        waiter.close()


class TestPersistence:
    def test_units_scripts_and_desktop_entries(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        system, init = tmp_path / "etc/systemd/system", tmp_path / "etc/init.d"
        own = tmp_path / "config"
        for folder in (system, init, own / "autostart", own / "systemd/user"):
            folder.mkdir(parents=True)
        (system / "a.service").write_text("[Service]\nExecStartPre=/bin/one\nExecStart=/bin/two --service\n")
        (system / "gone.service").symlink_to("nowhere")
        (own / "systemd/user/b.service").write_bytes(b"ExecStart=/bin/\xff\n")
        (own / "autostart/c.desktop").write_text("[Desktop Entry]\nExec=/bin/three\n")
        (init / "anydesk").write_text("")
        monkeypatch.setenv("XDG_CONFIG_HOME", str(own))
        persistence = LinuxPersistence(tmp_path)
        services, autostarts = persistence.services(), persistence.autostarts()
        assert services is not None
        assert autostarts is not None
        assert {Path(entry.name).name for entry in services} == {"a.service", "b.service", "anydesk"}
        assert "/bin/two --service" in services[0].command_untrusted
        assert [entry.command_untrusted for entry in autostarts] == ["/bin/three"]

    def test_what_cannot_be_read_is_unknown(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = tmp_path / "config/autostart"
        folder.mkdir(parents=True)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        loop = folder / "a.desktop"
        loop.symlink_to(loop)
        assert LinuxPersistence(tmp_path).autostarts() is None


class TestQuery:
    def ask(self, code: str, seconds: float = 10.0) -> tuple[int | None, bytes]:
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        answer = run_query(process, seconds)
        return answer.code, answer.output_untrusted

    def test_too_slow(self) -> None:
        assert self.ask("import time; print('x', flush=True); time.sleep(60)", 0.5) == (None, b"x\n")

    def test_too_long(self) -> None:
        code, output = self.ask("print('x' * 1000000)")
        assert (code, len(output)) == (0, MAX_OUTPUT)

    def test_code_and_output(self) -> None:
        assert self.ask("import sys; print('SERVICE_NOT_RUNNING'); sys.exit(50)") == (
            50,
            b"SERVICE_NOT_RUNNING\n",
        )


def test_the_environment_for_a_foreign_program() -> None:
    own = {
        "HOME": "/home/anna",
        "DISPLAY": ":0",
        "LD_PRELOAD": "/evil.so",
        "PYTHONPATH": "/x",
        "QT_PLUGIN_PATH": "/x",
        "_PYI_ARCHIVE_FILE": "/x",
        "LD_LIBRARY_PATH": "/frozen",
        "LD_LIBRARY_PATH_ORIG": "/home/anna/lib",
    }
    expected = {"HOME": "/home/anna", "DISPLAY": ":0", "LD_LIBRARY_PATH": "/home/anna/lib"}
    assert child_environment(own) == expected
    without = {name: value for name, value in own.items() if name != "LD_LIBRARY_PATH_ORIG"}
    assert "LD_LIBRARY_PATH" not in child_environment(without)
    assert child_environment({"LD_LIBRARY_PATH": "/own"}) == {"LD_LIBRARY_PATH": "/own"}


@pytest.mark.parametrize(
    ("program", "client", "ids"),
    [
        ("anydesk", "", ()),
        ("AnyDesk.exe", "", ()),
        ("anydesk", "5a1b2c3d", ("5a1b2c3d", "ad_5a1b2c3d")),
        ("AnyDesk-ad_5a1b2c3d", "", ("ad_5a1b2c3d", "5a1b2c3d")),
        ("AnyDesk-5a1b2c3d.exe", "", ("5a1b2c3d", "ad_5a1b2c3d")),
        ("AnyDesk-ad_5a1b2c3d_msi.exe", "", ("ad_5a1b2c3d_msi", "ad_5a1b2c3d", "5a1b2c3d")),
    ],
)
def test_ids_of_custom_clients(program: str, client: str, ids: tuple[str, ...]) -> None:
    assert client_ids(program, client) == ids


def test_a_custom_client_never_looks_into_a_standard_ones_folder() -> None:
    home = Path("/home/anna")
    custom = dotted_places(home, "AnyDesk-ad_5a1b2c3d", "")
    assert home / ".anydesk-ad_5a1b2c3d" in custom.folders
    assert home / ".anydesk_ad_5a1b2c3d" in custom.folders
    assert home / ".anydesk" not in custom.folders
    assert dotted_places(home, "anydesk", "").folders == (home / ".anydesk",)
    roaming = Path("/r")
    assert windows_places(roaming, "AnyDesk.exe", "").folders == (roaming / "AnyDesk",)
    assert roaming / "AnyDesk" not in windows_places(roaming, "AnyDesk.exe", "5a1b2c3d").folders


def test_the_guardian_imports_nothing_heavy() -> None:
    """Neither Qt nor the network nor psutil: the guardian is small and starts at once."""
    code = (
        "import sys; from client_app.platforms import containment; containment();"
        "import client_app.services.guardian.run;"
        "heavy = {'PySide6', 'psutil', 'requests', 'msgspec', 'nacl', 'sqlite3', 'ssl'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert run.stdout.strip() == "[]"
