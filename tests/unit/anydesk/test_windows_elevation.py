"""Who may be an elevated guardian, who may speak with it and whom its client believes: faked system calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from client_app.core.elevation import ElevationError, ElevationOutcome, GuardianEnd, GuardianEndError
from client_app.platforms import System, elevated_half, elevated_starter
from client_app.platforms.windows.containment import WindowsContainment
from client_app.platforms.windows.elevated import WindowsElevatedHalf, WindowsElevatedLink
from client_app.platforms.windows.elevation import WindowsElevatedStarter
from tests.unit.anydesk.elevated_fakes import (
    ADMINISTRATOR,
    ANNA,
    CLIENT,
    LATER,
    OWN,
    PROGRAM,
    STRANGER,
    ElevatedWindows,
)

NAME = "0123456789abcdef" * 2
FIRST_INSTANCE, REJECT_REMOTE = 0x00080000, 0x8


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> ElevatedWindows:
    monkeypatch.setattr("os.getpid", lambda: OWN)
    return ElevatedWindows()


def link(windows: ElevatedWindows, name: str = NAME, *, is_protected: bool = True) -> WindowsElevatedLink:
    return WindowsElevatedLink(name, windows.libraries, lambda _path: is_protected, 0.01)


def end_of(windows: ElevatedWindows, name: str = NAME, *, is_protected: bool = True) -> GuardianEnd:
    with pytest.raises(GuardianEndError) as error:
        link(windows, name, is_protected=is_protected).accept()
    return error.value.end


class TestGuardian:
    def test_its_own_client_is_accepted(self, windows: ElevatedWindows) -> None:
        client = link(windows).accept()
        assert client.pid == CLIENT
        ((path, mode, kind, most),) = windows.kernel.made
        assert path == rf"\\.\pipe\{NAME}"
        assert (mode & FIRST_INSTANCE, kind, most) == (FIRST_INSTANCE, REJECT_REMOTE, 1)
        (access,) = windows.advapi.asked_accesses
        assert access == f"D:P(D;;GA;;;NU)(A;;0x12019b;;;{ANNA})(A;;GA;;;SY)S:(ML;;NW;;;ME)"
        # Whoever may connect may not make a second instance (FILE_CREATE_PIPE_INSTANCE).
        assert not 0x12019B & 0x4
        client.close()
        assert 1000 + CLIENT in windows.kernel.closed

    @pytest.mark.parametrize("name", ["", "../x", NAME[:-1], NAME + "0", NAME.upper(), NAME[:-1] + "\n"])
    def test_a_name_that_no_starter_chose(self, windows: ElevatedWindows, name: str) -> None:
        assert end_of(windows, name) is GuardianEnd.USAGE
        assert windows.kernel.made == []

    def test_a_place_that_users_can_write_to(self, windows: ElevatedWindows) -> None:
        assert end_of(windows, is_protected=False) is GuardianEnd.NOT_PROTECTED
        assert windows.kernel.made == []

    def test_without_the_rights(self, windows: ElevatedWindows) -> None:
        windows.advapi.is_elevated = 0
        assert end_of(windows) is GuardianEnd.NOT_ELEVATED
        assert windows.kernel.made == []

    @pytest.mark.parametrize("who", [ADMINISTRATOR, ""])
    def test_another_accounts_password_was_typed(self, windows: ElevatedWindows, who: str) -> None:
        """Nobody is let in: the administrator's AnyDesk would have settings that nobody looked at."""
        windows.advapi.logged_in = who
        assert end_of(windows) is GuardianEnd.OTHER_ACCOUNT
        assert windows.advapi.asked_names == ["DOM\\anna"]
        assert windows.kernel.made == []

    def test_a_system_that_does_not_say_who_is_logged_in(self, windows: ElevatedWindows) -> None:
        windows.terminal.texts = {}
        assert end_of(windows) is GuardianEnd.OTHER_ACCOUNT

    @pytest.mark.parametrize("error", [5, 231])
    def test_a_name_that_is_taken(self, windows: ElevatedWindows, error: int) -> None:
        windows.kernel.pipe_error = error
        assert end_of(windows) is GuardianEnd.PIPE_TAKEN

    def test_nobody_comes(self, windows: ElevatedWindows) -> None:
        windows.kernel.connect_error = 997
        assert end_of(windows) is GuardianEnd.NO_CLIENT

    @pytest.mark.parametrize(
        "change",
        [
            {"peer": 0},
            {"peer": 99},
            {"processes": (1, r"C:\Users\anna\evil.exe", 5)},
            {"processes": (1, PROGRAM + ".exe", 5)},
            {"processes": (1, "", 5)},
            {"processes": (1, PROGRAM, LATER)},
            {"processes": (1, PROGRAM, 0)},
            {"session": 2},
            {"session": None},
        ],
        ids=lambda change: str(change),
    )
    def test_strangers(self, windows: ElevatedWindows, change: dict[str, object]) -> None:
        """Not told, gone, another image, younger than the connection (a reused pid), another session."""
        kernel = windows.kernel
        match change:
            case {"peer": int(peer)}:
                kernel.peer = peer
            case {"processes": (int(parent), str(image), int(created))}:
                kernel.processes[CLIENT] = (parent, image, created)
            case {"session": int(session)}:
                kernel.sessions[CLIENT] = session
            case _:
                del kernel.sessions[CLIENT]
        assert end_of(windows) is GuardianEnd.FOREIGN_CLIENT
        # The pipe and whatever was opened of the stranger are closed.
        assert 50 in kernel.closed
        assert all(handle in kernel.closed for handle in kernel.opened)


class TestStarter:
    def starter(self, windows: ElevatedWindows, *, is_protected: bool = True) -> WindowsElevatedStarter:
        command = (PROGRAM, "--guardian", "--elevated")
        return WindowsElevatedStarter(command, windows.libraries, lambda _path: is_protected, lambda: NAME)

    def outcome(self, windows: ElevatedWindows, *, is_protected: bool = True) -> ElevationOutcome:
        with pytest.raises(ElevationError) as error:
            self.starter(windows, is_protected=is_protected).start()
        return error.value.outcome

    def test_the_process_that_the_system_started_is_believed(self, windows: ElevatedWindows) -> None:
        windows.kernel.open_errors = [2, 2, 0]
        process = self.starter(windows).start()
        assert process.pid == CLIENT
        ((verb, file, parameters, _folder),) = windows.shell.asked
        assert (verb, file, parameters) == ("runas", PROGRAM, f"--guardian --elevated {NAME}")
        # Neither the right to serve nor leave to act as us is asked for or given.
        assert windows.kernel.open_flags[-1] == (0x80000000 | 0x2, 0x40000000 | 0x00110000)
        assert not process.wait(0)
        process.kill()
        assert process.exit_code() is None

    def test_a_program_that_is_not_protected_is_not_even_asked_for(self, windows: ElevatedWindows) -> None:
        assert self.outcome(windows, is_protected=False) is ElevationOutcome.NOT_PROTECTED
        assert windows.shell.asked == []

    @pytest.mark.parametrize(
        ("error", "outcome"), [(1223, ElevationOutcome.DECLINED), (740, ElevationOutcome.UNEXPECTED)]
    )
    def test_the_answer_is_no(self, windows: ElevatedWindows, error: int, outcome: ElevationOutcome) -> None:
        windows.shell.answer_error = error
        assert self.outcome(windows) is outcome
        assert windows.kernel.open_flags == []

    @pytest.mark.parametrize("peer", [0, STRANGER])
    def test_another_process_serves_the_pipe(self, windows: ElevatedWindows, peer: int) -> None:
        windows.kernel.peer = peer
        assert self.outcome(windows) is ElevationOutcome.FOREIGN
        assert 50 in windows.kernel.closed

    def test_the_right_process_runs_another_image(self, windows: ElevatedWindows) -> None:
        windows.kernel.processes[CLIENT] = (1, r"C:\Users\anna\evil.exe", 5)
        assert self.outcome(windows) is ElevationOutcome.FOREIGN

    @pytest.mark.parametrize(
        ("error", "outcome"),
        [
            (5, ElevationOutcome.FOREIGN),
            (231, ElevationOutcome.FOREIGN),
            (53, ElevationOutcome.UNEXPECTED),
        ],
    )
    def test_a_pipe_that_cannot_be_opened(
        self, windows: ElevatedWindows, error: int, outcome: ElevationOutcome
    ) -> None:
        windows.kernel.open_errors = [error]
        assert self.outcome(windows) is outcome

    @pytest.mark.parametrize(
        ("end", "outcome"),
        [
            (GuardianEnd.OTHER_ACCOUNT, ElevationOutcome.OTHER_ACCOUNT),
            (GuardianEnd.NOT_ELEVATED, ElevationOutcome.NOT_ELEVATED),
            (GuardianEnd.NOT_PROTECTED, ElevationOutcome.NOT_PROTECTED),
            (GuardianEnd.PIPE_TAKEN, ElevationOutcome.FOREIGN),
            (GuardianEnd.NO_CLIENT, ElevationOutcome.SILENT),
            (3221225477, ElevationOutcome.UNEXPECTED),
        ],
    )
    def test_a_guardian_that_ended_said_why(
        self, windows: ElevatedWindows, end: int, outcome: ElevationOutcome
    ) -> None:
        windows.kernel.exit_code = int(end)
        windows.kernel.open_errors = [2]
        assert self.outcome(windows) is outcome


def test_only_windows_has_them(windows: ElevatedWindows) -> None:
    for system in (System.LINUX, System.MACOS, System.OTHER):
        assert elevated_starter(("x",), system) is None
        assert elevated_half(system) is None


def test_what_it_holds_ends_with_the_client_that_was_checked(windows: ElevatedWindows) -> None:
    half = WindowsElevatedHalf(windows.libraries, is_protected=lambda _path: True)
    contained = half.containment(CLIENT)
    assert isinstance(contained, WindowsContainment)
    contained.enter()
    contained.wait_for_client()
    assert windows.kernel.waited == [(1000 + CLIENT, 0xFFFFFFFF)]
    assert not half.is_plain_local(Path("C:\\x"))
