"""Whose AnyDesk it is: what is not ours comes first."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from client_app.core.anydesk import ProgramFile
from client_app.core.anydesk_system import PersistentEntry
from client_app.services.anydesk.ownership import Ownership, own_names

ROOT = "/home/anna/.private/"
WINDOWS_ROOT = "c:\\users\\anna\\private\\"
CUSTOM = "AnyDesk-ad_5a1b2c3d"


def entry(command: str, name: str = "an entry") -> PersistentEntry:
    return PersistentEntry(name, command)


NOT_OURS = [
    "/usr/bin/anydesk --service",
    "/opt/AnyDesk-ad_deadbeef/AnyDesk-ad_deadbeef --service",
    "/opt/AnyDesk-ad_5a1b2c3d4/AnyDesk-ad_5a1b2c3d4",
    "/opt/MyAnyDesk-ad_5a1b2c3d",
    "/opt/AnyDesk-ad_5a1b2c3d-backup/run",
    "/home/anna/.private-too/run-1/program",
    "/home/anna/.private/../other/program",
    "/usr/bin/rsync /home/anna/x",
    "",
    "@",
]


@pytest.mark.parametrize("command", NOT_OURS)
def test_what_is_not_ours(command: str) -> None:
    ownership = Ownership(ROOT, CUSTOM, "")
    assert not ownership.starts_ours(entry(command))
    assert not ownership.mentions_ours(entry(command)) or ".private/.." in command


@pytest.mark.parametrize(
    "command",
    [
        "/usr/bin/rsync --exclude /opt/AnyDesk-ad_5a1b2c3d/AnyDesk-ad_5a1b2c3d /",
        f"/bin/sh -c '{ROOT}run-1/AnyDesk --control'",
        "cmd /c start AnyDesk-ad_5a1b2c3d.exe",
    ],
)
def test_what_only_mentions_ours_is_seen_and_not_taken_for_ours(command: str) -> None:
    ownership = Ownership(ROOT, CUSTOM, "")
    assert ownership.mentions_ours(entry(command))
    assert not ownership.starts_ours(entry(command))


@pytest.mark.parametrize(
    "command",
    [
        f"{ROOT}run-1/AnyDesk-ad_5a1b2c3d --service",
        "-/opt/AnyDesk-ad_5a1b2c3d/AnyDesk-ad_5a1b2c3d --service",
        '"/opt/any thing/anydesk-AD_5A1B2C3D" --control',
        "/bin/true\n/opt/AnyDesk-5a1b2c3d/AnyDesk-5a1b2c3d",
        "/Applications/AnyDesk-ad_5a1b2c3d.app/Contents/MacOS/AnyDesk --service",
    ],
)
def test_what_is_ours(command: str) -> None:
    assert Ownership(ROOT, CUSTOM, "").starts_ours(entry(command))


@pytest.mark.parametrize(
    ("command", "is_ours"),
    [
        (r'"C:\Program Files (x86)\AnyDesk-ad_5a1b2c3d\AnyDesk-ad_5a1b2c3d.exe" --service', True),
        (r"C:\Program Files (x86)\AnyDesk-ad_5a1b2c3d_msi\AnyDesk-ad_5a1b2c3d_msi.exe --service", True),
        (r"\??\C:\Users\Anna\Private\run-1\AnyDesk.exe", True),
        (r'"C:\Program Files (x86)\AnyDesk\AnyDesk.exe" --service', False),
        (r"C:\Tools\AnyDesk-ad_5a1b2c3d-x.exe", False),
        (r"C:\Windows\System32\svchost.exe -k AnyDesk-ad_5a1b2c3d", False),
    ],
)
def test_windows_commands(command: str, is_ours: bool) -> None:
    assert Ownership(WINDOWS_ROOT, CUSTOM + ".exe", "").starts_ours(entry(command)) is is_ours


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16-le"])
@pytest.mark.parametrize(
    ("target", "is_ours"),
    [
        (r"C:\Program Files\AnyDesk-ad_5a1b2c3d\AnyDesk-ad_5a1b2c3d.exe", True),
        (r"C:\Program Files\AnyDesk\AnyDesk.exe", False),
    ],
)
def test_the_target_of_a_shortcut_decides(encoding: str, target: str, is_ours: bool) -> None:
    path = r"C:\Startup\AnyDesk-ad_5a1b2c3d.lnk"
    data = b"L\0\0\0\x01" + target.encode(encoding) + b"\0\0--control"
    text = data.decode("latin-1").replace("\0", "") + "\n" + data.decode("utf-16-le", "replace")
    link = entry(f"{path}\n{text}", path)
    assert Ownership(WINDOWS_ROOT, CUSTOM + ".exe", "").starts_ours(link) is is_ours


def test_a_standard_client_has_no_name_of_its_own() -> None:
    assert (
        own_names("AnyDesk.exe", "")
        == own_names("anydesk", "")
        == own_names("AnyDeskMSI.exe", "")
        == frozenset()
    )
    assert not Ownership(ROOT, "anydesk", "").starts_ours(entry("/usr/bin/anydesk --service"))


def test_the_prefix_gives_the_name() -> None:
    assert "anydesk-ad_5a1b2c3d" in own_names("AnyDesk.exe", "ad_5a1b2c3d")
    assert own_names(CUSTOM, "") == own_names(CUSTOM + ".exe", "5a1b2c3d")


class TestBytes:
    def ownership(self, data: bytes) -> Ownership:
        return Ownership(
            ROOT, "anydesk", "", ProgramFile("anydesk", hashlib.sha256(data).hexdigest(), len(data))
        )

    def test_other_bytes_links_folders_and_nothing(self, tmp_path: Path) -> None:
        ownership = self.ownership(b"client")
        other, same = tmp_path / "other", tmp_path / "same"
        other.write_bytes(b"cliemt")
        same.write_bytes(b"client")
        for image in (other, tmp_path, tmp_path / "none", ""):
            assert not ownership.has_our_bytes(str(image))
        assert not ownership.has_our_bytes("with\0zero")
        assert not Ownership(ROOT, "anydesk", "").has_our_bytes(str(same))
        assert ownership.has_our_bytes(str(same))

    def test_through_no_link(self, tmp_path: Path) -> None:
        (tmp_path / "same").write_bytes(b"client")
        try:
            (tmp_path / "link").symlink_to(tmp_path / "same")
        except OSError:
            pytest.skip("no symbolic links here")
        if not (tmp_path / "link").is_symlink():
            pytest.skip("no symbolic links here")
        assert not self.ownership(b"client").has_our_bytes(str(tmp_path / "link"))


def test_the_copy_of_an_elevated_guardian_is_ours_too() -> None:
    protected = "c:\\program files\\pomoc\\guardian\\run-2\\"
    ownership = Ownership(WINDOWS_ROOT, "AnyDesk.exe", "", elevated_root=protected)
    image = protected + "AnyDesk.exe"
    assert ownership.is_our_image(image)
    assert ownership.starts_ours(entry(f'"{image}" --service'))
    assert ownership.mentions_ours(entry(f'cmd /c "{image}"'))
    assert not Ownership(WINDOWS_ROOT, "AnyDesk.exe", "").is_our_image(image)
    assert not ownership.is_our_image("c:\\program files\\pomoc\\guardian\\run-22\\AnyDesk.exe")
