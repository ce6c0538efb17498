"""The private copy: what is not exactly the released file leaves nothing behind."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from client_app.core.anydesk import AnyDeskRefusedError, ProgramFile, ProgramRelease
from client_app.core.errors import ErrorCode
from client_app.platforms.shared.posix_files import PosixPrivateFiles
from client_app.services.anydesk.private_copy import (
    check_release,
    image_prefix,
    make_private_copy,
    remove_folder,
)
from client_app.services.guardian.protocol import is_plain_name

FILES = PosixPrivateFiles()
PROGRAM, COMPANION = b"\x7fELF program", b"library"


def file_of(name: str, data: bytes) -> ProgramFile:
    return ProgramFile(name, hashlib.sha256(data).hexdigest(), len(data))


@pytest.fixture
def release() -> ProgramRelease:
    return ProgramRelease("linux", file_of("anydesk", PROGRAM), (file_of("lib/one.so", COMPANION),))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    (folder / "lib").mkdir(parents=True)
    (folder / "anydesk").write_bytes(PROGRAM)
    (folder / "anydesk").chmod(0o755)
    (folder / "lib/one.so").write_bytes(COMPANION)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "private"


def refused(source: Path, release: ProgramRelease, root: Path) -> AnyDeskRefusedError:
    with pytest.raises(AnyDeskRefusedError) as error:
        make_private_copy(FILES, source, release, root)
    assert list(root.glob("*")) == []
    return error.value


@pytest.mark.parametrize("data", [b"", PROGRAM[:-1], PROGRAM + b"x", b"\0" + PROGRAM[1:]])
def test_other_bytes(source: Path, release: ProgramRelease, root: Path, data: bytes) -> None:
    (source / "anydesk").write_bytes(data)
    assert refused(source, release, root).reason == "anydesk.wrong_hash"


def test_a_file_that_never_ends_is_not_read_to_its_end(
    source: Path, release: ProgramRelease, root: Path
) -> None:
    (source / "anydesk").unlink()
    (source / "anydesk").symlink_to("/dev/zero")
    assert refused(source, release, root).reason == "anydesk.unreadable"
    (source / "anydesk").unlink()
    os.mkfifo(source / "anydesk")
    assert refused(source, release, root).reason == "anydesk.unreadable"


def test_a_missing_companion(source: Path, release: ProgramRelease, root: Path) -> None:
    (source / "lib/one.so").unlink()
    error = refused(source, release, root)
    assert (error.code, error.reason) == (ErrorCode.ANYDESK_MISSING, "anydesk.file_missing")


def test_nowhere_to_copy_to(source: Path, release: ProgramRelease, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AnyDeskRefusedError) as error:
        make_private_copy(FILES, source, release, tmp_path / "file" / "private")
    assert error.value.code is ErrorCode.FOLDER_NOT_WRITABLE


def test_the_copy_is_private_and_cannot_be_written(source: Path, release: ProgramRelease, root: Path) -> None:
    (source / "not released").write_text("stays")
    copy = make_private_copy(FILES, source, release, root)
    assert copy.program.read_bytes() == PROGRAM
    assert stat.S_IMODE(copy.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert stat.S_IMODE(copy.program.stat().st_mode) == 0o500
    assert stat.S_IMODE((copy.folder / "lib/one.so").stat().st_mode) == 0o400
    assert not (copy.folder / "not released").exists()
    assert FILES.lock(copy.folder) is None
    assert [claim.name for claim in copy.start_request().files] == ["anydesk", "lib/one.so"]
    (copy.folder / "gcapi.dll").write_text("dropped by the program itself")
    assert copy.remove()
    assert not copy.folder.exists()


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "/a",
        "a/",
        "a//b",
        "./a",
        "a/../b",
        "../a",
        "C:a",
        "C:\\a",
        "a\\b",
        "a\0b",
        "a\nb",
        'a"b',
    ],
)
def test_names_that_leave_the_folder(release: ProgramRelease, name: str) -> None:
    assert not is_plain_name(name)
    with pytest.raises(AnyDeskRefusedError, match="malformed"):
        check_release(replace(release, companions=(file_of(name, b""),)), "linux")


@pytest.mark.parametrize(
    "name", ["anydesk", "AnyDesk.app/Contents/MacOS/AnyDesk", "_internal/a b.so", "zażółć"]
)
def test_names_that_stay_inside(name: str) -> None:
    assert is_plain_name(name)


def test_lists_that_make_no_sense(release: ProgramRelease) -> None:
    for broken in (
        replace(release, companions=release.companions * 2),
        replace(release, companions=tuple(file_of(f"f{i}", b"") for i in range(300))),
        replace(release, program=replace(release.program, size=10**12)),
    ):
        with pytest.raises(AnyDeskRefusedError, match="malformed"):
            check_release(broken, "linux")
    with pytest.raises(AnyDeskRefusedError, match="wrong_system"):
        check_release(release, "macos")


def test_folders_of_others_are_not_private(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    assert FILES.is_private(folder)
    folder.chmod(0o750)
    assert not FILES.is_private(folder)
    assert not FILES.is_private(tmp_path / "none")
    link = tmp_path / "link"
    folder.chmod(0o700)
    link.symlink_to(folder)
    assert not FILES.is_private(link)


def test_removing_does_not_follow_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("x")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    assert remove_folder(folder)
    assert (outside / "kept").exists()


def test_image_prefix_ends_with_a_separator() -> None:
    assert image_prefix(Path("/a/run-1")) == "/a/run-1/"
