"""Saving where the customer chose: nothing is lost, nothing is left half, nothing is overwritten."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from client_app.core.errors import CustomerError, ErrorCode
from client_app.services import saving
from client_app.services.saving import Files, save

DATA = "Zażółć gęślą jaźń\n".encode() * 1000


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refused(path: Path, data: bytes = DATA) -> CustomerError:
    with pytest.raises(CustomerError) as caught:
        save(path, data)
    assert caught.value.code is ErrorCode.CANNOT_SAVE
    return caught.value


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    refused(tmp_path / "no" / "a.pdf")
    assert names(tmp_path) == []


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    refused(tmp_path / "file" / "a.pdf")
    assert (tmp_path / "file").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["a\0b.pdf", "a" * 300 + ".pdf"])
def test_names_that_cannot_be(tmp_path: Path, name: str) -> None:
    error = refused(tmp_path / name)
    assert name not in str(error), "a path may hold a person's name and is not logged"
    assert names(tmp_path) == []


def test_folder_without_the_right_to_write(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        refused(Path("/proc/a.pdf"))  # Not even root may write there; anywhere else it may.
        return
    tmp_path.chmod(0o500)
    try:
        refused(tmp_path / "a.pdf")
    finally:
        tmp_path.chmod(0o700)


def test_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """A limit on the size of files refuses the write in the middle, as a full disk does."""
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from client_app.services.saving import save\n"
        "from client_app.core.errors import CustomerError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n    save(Path(sys.argv[1]), b'x' * 100_000)\n"
        "except CustomerError as error:\n    print(error.code.name)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a.pdf")],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert run.stdout.strip() == "CANNOT_SAVE", run.stderr
    assert names(tmp_path) == []


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"mine")
    (tmp_path / "a (2).pdf").mkdir()
    assert save(tmp_path / "a.pdf", DATA) == tmp_path / "a (3).pdf"
    assert (tmp_path / "a.pdf").read_bytes() == b"mine"
    assert (tmp_path / "a (3).pdf").read_bytes() == DATA


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"mine")
    (tmp_path / "a.pdf").symlink_to(tmp_path / "target")
    (tmp_path / "b.pdf").symlink_to(tmp_path / "nowhere")
    assert save(tmp_path / "a.pdf", DATA).name == "a (2).pdf"
    assert save(tmp_path / "b.pdf", DATA).name == "b (2).pdf"
    assert (tmp_path / "target").read_bytes() == b"mine"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP])
def test_where_there_are_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """FAT on a USB stick."""

    def link(_source: Path, _target: Path) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("client_app.services.saving.os.link", link)
    (tmp_path / "a.json").write_bytes(b"mine")
    assert save(tmp_path / "a.json", DATA).name == "a (2).json"
    assert (tmp_path / "a (2).json").read_bytes() == DATA
    assert names(tmp_path) == ["a (2).json", "a.json"]


def test_all_names_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "NAMES_TRIED", 2)
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "a (2)").write_bytes(b"2")
    refused(tmp_path / "a")
    assert names(tmp_path) == ["a", "a (2)"]


def test_many_at_once_each_get_a_name(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        saved = list(pool.map(lambda n: save(tmp_path / "a.pdf", DATA + bytes([n])), range(24)))
    assert len(set(saved)) == 24
    assert {path.read_bytes()[-1] for path in saved} == set(range(24))
    assert len(names(tmp_path)) == 24


def test_file_has_the_users_own_rights(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        saved = Files().save(tmp_path / "a.pdf", DATA)
    finally:
        os.umask(before)
    assert stat.S_IMODE(saved.stat().st_mode) == 0o640
    assert saved.read_bytes() == DATA
