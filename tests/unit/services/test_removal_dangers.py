"""Removal deletes what is ours and nothing else: everything that could lead it astray, one row each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from client_app.core.errors import CustomerError, ErrorCode
from tests.unit.services.installed import (
    COMMAND,
    ENTRY,
    FILES,
    LIBRARY,
    PROGRAM,
    SLOT,
    Installed,
    file_entry,
    listing,
)

OUTSIDE = b"a" * 5000
"""The same bytes as one of our files: a fitting hash alone must not make a foreign file ours."""


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    return Installed(tmp_path / "Dom użytkownika ąę" / "ola")


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A file of the customer's outside of everything, in a folder with other files."""
    folder = tmp_path / "Dokumenty"
    folder.mkdir()
    (folder / "b.so").write_bytes(b"b")
    (folder / "a.so").write_bytes(OUTSIDE)
    return folder / "a.so"


def refused(installed: Installed) -> CustomerError:
    """Let planning and removing be refused; nothing may have been deleted."""
    before = listing(installed.home)
    with pytest.raises(CustomerError) as planning:
        installed.service().plan()
    with pytest.raises(CustomerError):
        installed.remove()
    assert listing(installed.home) == before
    return planning.value


def folder_for_link(installed: Installed, letter: Path) -> Path:
    shutil.rmtree(installed.path(LIBRARY).parent)
    installed.path(LIBRARY).parent.symlink_to(letter.parent)
    return installed.path(LIBRARY).parent


def file_for_link(installed: Installed, letter: Path) -> Path:
    installed.path(LIBRARY).unlink()
    installed.path(LIBRARY).symlink_to(letter)
    return installed.path(LIBRARY)


def other_link(installed: Installed, letter: Path) -> Path:
    link = installed.path(SLOT) / "_internal/a.so"
    link.unlink()
    link.symlink_to(letter)
    return link


def foreign_link(installed: Installed, letter: Path) -> Path:
    link = installed.path(SLOT) / "_internal/mine"
    link.symlink_to(letter.parent)
    return link


def linked_state_folder(installed: Installed, letter: Path) -> Path:
    shutil.copy(letter, letter.parent / "client.log")
    state = installed.user.state
    state.parent.mkdir(parents=True)
    state.symlink_to(letter.parent)
    return state


@pytest.mark.parametrize(
    "trap", [folder_for_link, file_for_link, other_link, foreign_link, linked_state_folder]
)
def test_links_are_never_followed(
    installed: Installed, letter: Path, trap: Callable[[Installed, Path], Path]
) -> None:
    link = trap(installed, letter)
    outside = listing(letter.parent)

    view = installed.remove()

    assert listing(letter.parent) == outside
    assert letter.read_bytes() == OUTSIDE
    assert link.is_symlink()
    assert str(link) in view.left
    assert not any(path.startswith(str(letter.parent)) for path in (*view.planned, *view.removed))


def changed_file(installed: Installed) -> Path:
    installed.path(LIBRARY).write_bytes(b"c" * 5000)
    return installed.path(LIBRARY)


def longer_file(installed: Installed) -> Path:
    with installed.path(LIBRARY).open("ab") as file:
        file.write(b"more")
    return installed.path(LIBRARY)


def edited_entry(installed: Installed) -> Path:
    installed.path(ENTRY).write_text("[Desktop Entry]\nName=Mine\n")
    return installed.path(ENTRY)


def folder_for_file(installed: Installed) -> Path:
    installed.path(LIBRARY).unlink()
    installed.path(LIBRARY).mkdir()
    return installed.path(LIBRARY)


def pipe_for_file(installed: Installed) -> Path:
    """Opening a pipe that nobody writes to would wait for ever."""
    installed.path(LIBRARY).unlink()
    os.mkfifo(installed.path(LIBRARY))
    return installed.path(LIBRARY)


def foreign_file(installed: Installed) -> Path:
    path = installed.path(SLOT) / "_internal/libs/notatki – ważne.txt"
    path.write_text("mine")
    return path


def foreign_file_in_the_data(installed: Installed) -> Path:
    installed.user.data.mkdir()
    path = installed.user.data / "receipt.pdf"
    path.write_text("mine")
    return path


def foreign_empty_folder(installed: Installed) -> Path:
    path = installed.path(PROGRAM) / "kopia"
    path.mkdir()
    return path


@pytest.mark.parametrize(
    "change",
    [
        changed_file,
        longer_file,
        edited_entry,
        folder_for_file,
        pipe_for_file,
        foreign_file,
        foreign_file_in_the_data,
        foreign_empty_folder,
    ],
)
def test_what_is_not_as_installed_stays_and_is_named(
    installed: Installed, change: Callable[[Installed], Path]
) -> None:
    theirs = change(installed)

    planned = installed.service().plan()
    view = installed.remove()

    assert planned.left == view.left == (str(theirs),)
    assert set(view.removed) == set(planned.planned)
    left = {installed.home / name for name in listing(installed.home)}
    assert {path for path in left if not path.is_dir() or path == theirs} == {theirs}


def test_a_file_that_is_gone_already_is_no_trouble(installed: Installed) -> None:
    installed.path(LIBRARY).unlink()
    installed.path(ENTRY).unlink()
    view = installed.remove()
    assert view.left == ()
    assert listing(installed.home) == set()


@pytest.mark.parametrize(
    "path",
    [
        "../Dokumenty/a.so",
        f"{PROGRAM}/../../../../Dokumenty/a.so",
        "/etc/hostname",
        f"{PROGRAM}//a.so",
        f"{PROGRAM}/./a.so",
        f"{PROGRAM}/a\x00.so",
        "",
    ],
)
def test_a_path_that_leads_out_refuses_the_whole_list(installed: Installed, letter: Path, path: str) -> None:
    installed.write_list(files=[*installed.entries, file_entry(path, OUTSIDE)])
    assert refused(installed).code is ErrorCode.REMOVED_PARTLY
    assert letter.read_bytes() == OUTSIDE


@pytest.mark.parametrize(
    "path",
    [
        "Dokumenty/list.odt",
        ".bashrc",
        ".local/share/other/data",
        ".local/share/applications/deeper/x.desktop",
        ".local/share/icons/hicolor/index.theme",
        ".local/bin/other",
    ],
)
def test_a_list_cannot_make_a_foreign_file_ours(installed: Installed, path: str) -> None:
    """Its hash fits, it lies in the home folder, and still our installer never makes such a file."""
    theirs = installed.path(path)
    theirs.parent.mkdir(parents=True, exist_ok=True)
    theirs.write_bytes(OUTSIDE)
    installed.write_list(files=[*installed.entries, file_entry(path, OUTSIDE)])
    assert refused(installed).code is ErrorCode.REMOVED_PARTLY


def test_a_command_that_leads_elsewhere_is_not_ours(installed: Installed) -> None:
    theirs = installed.path(".local/bin/tool")
    theirs.symlink_to("/opt/tool")
    installed.write_list(files=[*installed.entries, {"path": ".local/bin/tool", "link": "/opt/tool"}])
    refused(installed)


@pytest.mark.parametrize("folder", ["Dokumenty", ".local/share/other", ".config/other", "..", "/tmp"])
def test_a_list_cannot_make_a_foreign_folder_ours(installed: Installed, folder: str) -> None:
    installed.write_list(folders=[*installed.folders, folder])
    (installed.home / folder).mkdir(parents=True, exist_ok=True)
    refused(installed)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


@pytest.mark.parametrize(
    "spoil",
    [
        cut,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\xff\xfe\x00"),
        lambda path: path.write_text("[]"),
        lambda path: path.write_text('{"format": 2}'),
        lambda path: path.write_text(path.read_text().replace('"format": 1', '"format": 2')),
        lambda path: path.write_bytes(b" " * (5 * 1024 * 1024)),
        lambda path: path.write_text("[" * 100_000),
    ],
    ids=["cut", "empty", "binary", "list", "short", "newer", "huge", "deep"],
)
def test_a_damaged_list_removes_nothing(installed: Installed, spoil: Callable[[Path], Any]) -> None:
    service = installed.service()
    spoil(installed.list_file)
    before = listing(installed.home)
    for act in (service.plan, service.remove):
        with pytest.raises(CustomerError) as error:
            act()
        assert error.value.code is ErrorCode.REMOVED_PARTLY
    assert listing(installed.home) == before
    assert not installed.log_stops


def test_a_list_that_vanished_removes_nothing(installed: Installed) -> None:
    service = installed.service()
    installed.list_file.unlink()
    before = listing(installed.home)
    with pytest.raises(CustomerError):
        service.remove()
    assert listing(installed.home) == before


def test_a_copy_without_a_list_removes_nothing(installed: Installed) -> None:
    installed.list_file.unlink()
    before = listing(installed.home)
    service = installed.service()
    assert service.plan().planned == ()
    assert service.remove().removed == ()
    assert listing(installed.home) == before


def test_a_program_that_was_moved_removes_nothing(installed: Installed) -> None:
    target = installed.home / "Pulpit" / "pomoc"
    target.parent.mkdir()
    shutil.move(installed.path(PROGRAM), target)
    installed.path(COMMAND).unlink()
    installed.path(COMMAND).symlink_to(target / "app/pomoc")
    refused(installed)


@pytest.fixture
def ordinary_user(tmp_path: Path) -> Iterator[None]:
    """File permissions mean nothing to root, so as root these tests act as another user."""
    if os.geteuid() != 0:
        yield
        return
    opened = [folder for folder in (tmp_path, *tmp_path.parents) if folder.stat().st_mode & 0o011 == 0]
    modes = [(folder, folder.stat().st_mode) for folder in opened]
    for folder in opened:
        folder.chmod(0o755)
    tmp_path.chmod(0o777)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        for folder, mode in modes:
            folder.chmod(mode)


@pytest.mark.usefixtures("ordinary_user")
def test_a_folder_that_may_not_be_changed_is_named_and_the_list_waits(tmp_path: Path) -> None:
    installed = Installed(tmp_path / "home")
    locked = installed.path(LIBRARY).parent
    locked.chmod(0o555)

    view = installed.remove()
    assert set(view.left) >= {str(installed.path(LIBRARY)), str(locked / "b.so"), str(installed.list_file)}
    assert str(installed.path(ENTRY)) in view.removed

    locked.chmod(0o755)
    again = installed.remove_by(installed.list_file)
    assert again.left == ()
    assert listing(installed.home) == set()


@pytest.mark.usefixtures("ordinary_user")
def test_a_folder_that_cannot_be_looked_into_is_named(tmp_path: Path) -> None:
    installed = Installed(tmp_path / "home")
    locked = installed.path(LIBRARY).parent
    locked.chmod(0o000)
    try:
        view = installed.remove()
    finally:
        locked.chmod(0o755)
    assert str(locked) in " ".join(view.left)
    assert installed.path(LIBRARY).read_bytes() == FILES[LIBRARY]
