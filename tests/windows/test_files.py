"""Files of Windows: bytes stay bytes, a held file cannot be touched, a private folder is private."""

from __future__ import annotations

from pathlib import Path

import pytest

from client_app.core.computer import Rights
from client_app.platforms.windows.computer import WindowsComputer
from client_app.platforms.windows.files import WindowsPrivateFiles
from client_app.services.files import write_atomically
from client_app.services.saving import save
from tests.helpers.wine import wine_limit

DATA = b"%PDF\n\r\n\x1a\x00\n"


def test_an_atomic_write_keeps_every_byte(tmp_path: Path) -> None:
    write_atomically(tmp_path / "potwierdzenie ąę.json", DATA)
    assert (tmp_path / "potwierdzenie ąę.json").read_bytes() == DATA


def test_saving_keeps_every_byte_and_replaces_nothing(tmp_path: Path) -> None:
    assert save(tmp_path / "ł.pdf", DATA) == tmp_path / "ł.pdf"
    assert save(tmp_path / "ł.pdf", b"second").name == "ł (2).pdf"
    assert (tmp_path / "ł.pdf").read_bytes() == DATA


def test_a_held_file_can_be_read_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.exe"
    path.write_bytes(DATA)
    held = WindowsPrivateFiles().hold(path)
    try:
        assert held.stream.read() == path.read_bytes() == DATA
        for touch in (
            lambda: path.write_bytes(b""),
            lambda: path.unlink(),
            lambda: path.rename(tmp_path / "b"),
        ):
            with pytest.raises(PermissionError):
                touch()
    finally:
        held.close()
    path.unlink()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="not a regular file"):
        WindowsPrivateFiles().hold(tmp_path)


def test_a_lock_is_for_one(tmp_path: Path) -> None:
    files = WindowsPrivateFiles()
    first = files.lock(tmp_path)
    assert first is not None
    assert files.lock(tmp_path) is None
    first.close()
    again = files.lock(tmp_path)
    assert again is not None
    again.close()


def test_any_folder_is_not_private(tmp_path: Path) -> None:
    assert not WindowsPrivateFiles().is_private(tmp_path)
    assert not WindowsPrivateFiles().is_private(tmp_path / "none")


@wine_limit("access-lists")
def test_a_folder_of_ours_is_private(tmp_path: Path) -> None:
    files = WindowsPrivateFiles()
    assert files.is_private(files.make_folder(tmp_path))


def test_the_rights_of_this_user_are_known() -> None:
    assert WindowsComputer().rights() in (Rights.ADMINISTRATOR, Rights.CAN_ELEVATE, Rights.NONE)
