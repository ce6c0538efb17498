"""Where only administrators can write: access lists as Windows writes them, and paths that are not what they seem."""

from __future__ import annotations

from pathlib import Path

import pytest

from client_app.platforms.windows.files import is_private_access
from client_app.platforms.windows.protected import (
    ADMINISTRATORS_ONLY,
    ProtectedFiles,
    ProtectedPlace,
    is_unwritable,
    is_written_out,
)
from tests.unit.anydesk.elevated_fakes import PROGRAM, ElevatedWindows

INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
# As Windows 10 and 11 have it on the folder for programs, and on a folder that an installer made in it.
PROGRAM_FILES = (
    f"O:{INSTALLER}D:PAI(A;;FA;;;{INSTALLER})(A;CIIO;GA;;;{INSTALLER})(A;;0x1301bf;;;SY)(A;OICIIO;GA;;;SY)"
    "(A;;0x1301bf;;;BA)(A;OICIIO;GA;;;BA)(A;;0x1200a9;;;BU)(A;OICIIO;GXGR;;;BU)(A;OICIIO;GA;;;CO)"
    "(A;;0x1200a9;;;AC)(A;OICIIO;GXGR;;;AC)"
)
INSTALLED = (
    f"O:BAD:AI(A;ID;FA;;;{INSTALLER})(A;CIIOID;GA;;;{INSTALLER})(A;ID;FA;;;SY)(A;OICIIOID;GA;;;SY)"
    "(A;ID;FA;;;BA)(A;OICIIOID;GA;;;BA)(A;ID;0x1200a9;;;BU)(A;OICIIOID;GXGR;;;BU)(A;OICIIOID;GA;;;CO)"
)
USER = "S-1-5-21-1-2-3-1001"


@pytest.mark.parametrize("text", [PROGRAM_FILES, INSTALLED, ADMINISTRATORS_ONLY, "O:SYD:(A;;FA;;;SY)"])
def test_places_that_users_cannot_write_to(text: str) -> None:
    assert is_unwritable(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "O:BA",
        "O:BAD:",
        "O:BAD:NO_ACCESS_CONTROL",
        f"O:{USER}D:PAI(A;;FA;;;SY)",
        "D:PAI(A;;FA;;;SY)",
        INSTALLED + f"(A;;FA;;;{USER})",
        INSTALLED + "(A;OICI;0x1301bf;;;BU)",
        INSTALLED + "(A;OICI;FW;;;WD)",
        INSTALLED + "(A;OICI;GRGW;;;AU)",
        INSTALLED + "(A;;CCDC;;;BU)",
        INSTALLED + "(A;;0x2;;;BU)",
        INSTALLED + "(A;;0x40;;;BU)",
        INSTALLED + "(A;OICIIO;GA;;;BU)",
        INSTALLED + "(A;;GA;;;CO)",
        INSTALLED + "(XA;;FR;;;BU;(1==1))",
        INSTALLED + "(OA;;FA;00000000-0000-0000-0000-000000000000;;WD)",
        INSTALLED + "(A;;;;;WD)",
        INSTALLED + "(A;;FRX;;;WD)",
    ],
)
def test_places_that_somebody_may_write_to(text: str) -> None:
    """Each right to write, each odd entry, a user as the owner: whatever is not understood counts against it."""
    assert not is_unwritable(text)


@pytest.mark.parametrize(
    "text",
    [
        "C:\\Users\\anna\\x",
        "D:\\x",
        "c:\\a b\\ą.d",
    ],
)
def test_paths_that_are_written_out(text: str) -> None:
    assert is_written_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "\\x",
        "C:",
        "C:x",
        "C:/x",
        "C:\\a/b",
        "C:\\a\\..\\b",
        "C:\\a\\.\\b",
        "C:\\a\\",
        "C:\\a\\\\b",
        "\\\\server\\share\\x",
        "\\\\?\\C:\\x",
        "\\\\?\\UNC\\server\\share",
        "\\\\.\\C:\\x",
        "\\\\.\\pipe\\x",
        "C:\\x:stream",
        "C:\\x::$DATA",
        "C:\\a\0b",
        "C:\\a ",
        "C:\\a.",
        "C:\\a.\\b",
        "C:\\a*",
        "C:\\a?",
        "\\??\\C:\\x",
    ],
)
def test_paths_that_mean_another_place(text: str) -> None:
    assert not is_written_out(text)


class TestPlace:
    @pytest.fixture
    def windows(self) -> ElevatedWindows:
        windows = ElevatedWindows()
        windows.kernel.real_paths = {PROGRAM: "\\\\?\\" + PROGRAM}
        windows.advapi.accesses = {
            r"C:\Program Files": PROGRAM_FILES,
            r"C:\Program Files\Pomoc": INSTALLED,
            PROGRAM: INSTALLED,
        }
        return windows

    def is_protected(self, windows: ElevatedWindows, path: str = PROGRAM) -> bool:
        return ProtectedPlace(windows.libraries).is_protected(Path(path))

    def test_an_installed_program(self, windows: ElevatedWindows) -> None:
        assert self.is_protected(windows)

    @pytest.mark.parametrize("place", [r"C:\Program Files", r"C:\Program Files\Pomoc", PROGRAM])
    @pytest.mark.parametrize("access", ["", INSTALLED + "(A;OICI;FA;;;BU)"], ids=["unread", "writable"])
    def test_every_folder_on_the_way_counts(self, windows: ElevatedWindows, place: str, access: str) -> None:
        windows.advapi.accesses = {**windows.advapi.accesses, place: access}
        assert not self.is_protected(windows)

    @pytest.mark.parametrize(
        "path",
        [
            r"C:\Users\anna\pomoc.exe",
            r"C:\Program Files\..\Users\pomoc.exe",
            r"C:\Program Files Evil\pomoc.exe",
            r"C:\PROGRA~1\Pomoc\pomoc.exe",
            r"\\?\C:\Program Files\Pomoc\pomoc.exe",
            "pomoc.exe",
        ],
    )
    def test_other_places(self, windows: ElevatedWindows, path: str) -> None:
        windows.kernel.real_paths[path] = path
        assert not self.is_protected(windows, path)

    @pytest.mark.parametrize("real", [r"C:\Users\anna\pomoc.exe", r"\\?\UNC\server\share\pomoc.exe", ""])
    def test_a_junction_on_the_way(self, windows: ElevatedWindows, real: str) -> None:
        windows.kernel.real_paths[PROGRAM] = real
        assert not self.is_protected(windows)

    def test_a_system_that_does_not_name_its_folder(self, windows: ElevatedWindows) -> None:
        windows.shell.is_known = False
        assert not self.is_protected(windows)

    @pytest.mark.parametrize("drive", [0, 1, 2, 4, 5, 6])
    def test_only_disks_of_this_computer(self, windows: ElevatedWindows, drive: int) -> None:
        """Removable, remote (a share under a letter), disc, memory: none of them."""
        place = ProtectedPlace(windows.libraries)
        assert place.is_plain_local(Path(PROGRAM))
        windows.kernel.drive = drive
        assert not place.is_plain_local(Path(PROGRAM))


class TestFolders:
    def test_what_is_made_belongs_to_administrators(self, tmp_path: Path) -> None:
        windows = ElevatedWindows()
        folder = ProtectedFiles(windows.libraries).make_folder(tmp_path)
        assert windows.advapi.asked_accesses == [ADMINISTRATORS_ONLY]
        windows.advapi.accesses = {str(folder): "O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"}
        assert ProtectedFiles(windows.libraries).is_private(folder)

    @pytest.mark.parametrize(
        "access",
        [
            "",
            f"O:{USER}D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)",
            "O:BAD:(A;OICI;FA;;;SY)",
            "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FR;;;BU)",
            "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;OW)",
            "O:BAD:P(XA;OICI;FA;;;SY)",
            "O:BAD:P",
        ],
    )
    def test_what_a_user_may_enter_is_not_taken(self, access: str) -> None:
        windows = ElevatedWindows()
        windows.advapi.accesses = {"x": access}
        assert not ProtectedFiles(windows.libraries).is_private(Path("x"))

    def test_a_users_own_folder_may_have_any_owner(self) -> None:
        assert is_private_access(f"O:{USER}D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;OW)")
        assert not is_private_access(f"O:{USER}D:(A;OICI;FA;;;SY)")
