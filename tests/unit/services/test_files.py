"""Small file work and the list of the program's own files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from client_app.services.files import (
    create_private_file,
    make_private_folder,
    sync_folder,
    write_atomically,
)
from client_app.services.paths import user_folders


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "potwierdzenie ąę.json"
    file.write_bytes(b"old")
    write_atomically(file, b"new")
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("target", ["folder", "none/file"])
def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "kept").write_text("kept")
    with pytest.raises(OSError, match=r"directory|folder"):
        write_atomically(tmp_path / target, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]
    assert (tmp_path / "folder" / "kept").read_text() == "kept"


def test_a_name_as_long_as_the_system_takes(tmp_path: Path) -> None:
    file = tmp_path / ("x" * 255)
    write_atomically(file, b"new")
    assert file.read_bytes() == b"new"


def test_a_link_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"theirs")
    (tmp_path / "link").symlink_to("target")
    write_atomically(tmp_path / "link", b"ours")
    assert (tmp_path / "target").read_bytes() == b"theirs"
    assert (tmp_path / "link").read_bytes() == b"ours"


def test_private_means_private_whatever_the_mask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_private_folder(tmp_path / "a")
        create_private_file(tmp_path / "a" / "file")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "a" / "file").stat().st_mode) == 0o600
    (tmp_path / "a" / "file").write_text("kept")
    create_private_file(tmp_path / "a" / "file")
    assert (tmp_path / "a" / "file").read_text() == "kept"
    sync_folder(tmp_path / "a")
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "none")


def test_folders_of_the_user(tmp_path: Path) -> None:
    home = Path(os.environ["HOME"])
    real = user_folders("pomoc-zdalna")
    assert real.data == home / ".local/share/pomoc-zdalna/outbox"
    assert (real.state, real.config) == (home / ".local/state/pomoc-zdalna", home / ".config/pomoc-zdalna")
    ours = user_folders("pomoc-zdalna", tmp_path)
    assert all(tmp_path in path.parents for path in (*ours.own_files(), *ours.own_folders()))
    assert not list(tmp_path.iterdir())


def test_every_file_of_ours_lies_in_a_folder_of_ours(tmp_path: Path) -> None:
    ours = user_folders("pomoc-zdalna", tmp_path)
    named = {ours.outbox_file, ours.log_file, ours.lock_file, ours.crash_file, ours.settings_file}
    assert named <= set(ours.own_files())
    assert {file.parent for file in ours.own_files()} <= set(ours.own_folders())
    inner_first = ours.own_folders()
    assert inner_first.index(ours.anydesk_folder) < inner_first.index(ours.data)
