"""Deleting without ever going through a link, on a real file system."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from client_app.services.safe_delete import Kind, Tree


@pytest.fixture
def base(tmp_path: Path) -> Path:
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "deep" / "precious").write_text("precious")
    base = tmp_path / "base"
    (base / "a" / "b").mkdir(parents=True)
    (base / "a" / "b" / "file").write_text("file")
    (base / "a" / "empty").mkdir()
    (base / "to-folder").symlink_to(outside)
    (base / "a" / "to-file").symlink_to(outside / "deep" / "precious")
    (base / "dangling").symlink_to("nowhere")
    return base


PRECIOUS = "outside/deep/precious"


def precious(base: Path) -> bool:
    return (base.parent / PRECIOUS).read_text() == "precious"


@pytest.mark.parametrize(
    "path", ["to-folder/deep/precious", "to-folder/deep", "a/to-file/x", "a/b/file/x", "to-folder/deep/none"]
)
def test_nothing_behind_a_link_is_seen_or_deleted(base: Path, path: str) -> None:
    with Tree(base) as tree:
        assert tree.look(path).kind is Kind.UNREACHABLE
        assert tree.sha256(path) is None
        assert tree.names(path) == ()
        assert not tree.delete_file(path)
        assert not tree.delete_folder(path)
    assert precious(base)


def test_a_link_itself_is_deleted_and_its_target_stays(base: Path) -> None:
    with Tree(base) as tree:
        for link in ("to-folder", "a/to-file", "dangling"):
            assert tree.look(link).kind is Kind.LINK
            assert tree.sha256(link) is None
            assert not tree.delete_folder(link)
            assert tree.delete_file(link)
            assert tree.look(link).kind is Kind.ABSENT
    assert precious(base)


def test_a_base_that_is_a_link_is_refused(base: Path) -> None:
    link = base.parent / "link"
    link.symlink_to(base)
    with pytest.raises(OSError, match="link"):
        Tree(link).__enter__()


def test_only_empty_folders_go(base: Path) -> None:
    with Tree(base) as tree:
        assert not tree.delete_folder("a")
        assert not tree.delete_file("a/empty")
        assert tree.delete_folder("a/empty")
        assert not tree.delete_folder("a/b/file")
    assert (base / "a" / "b" / "file").exists()


def test_what_is_seen(base: Path) -> None:
    os.mkfifo(base / "pipe")
    with Tree(base) as tree:
        assert (tree.look("a/b/file").kind, tree.look("a/b/file").size) == (Kind.FILE, 4)
        assert tree.look("a").kind is Kind.FOLDER
        assert tree.look("none").kind is Kind.ABSENT
        assert tree.look("none/deeper").kind is Kind.ABSENT
        assert tree.look("dangling").target == "nowhere"
        assert tree.look("pipe").kind is Kind.OTHER
        # A pipe must not be waited for.
        assert tree.sha256("pipe") is None
        assert tree.sha256("a/b/file") == hashlib.sha256(b"file").hexdigest()
        assert tree.names() == ("a", "dangling", "pipe", "to-folder")


def test_everything_is_named_the_inner_first(base: Path) -> None:
    with Tree(base) as tree:
        assert list(tree.everything("")) == [
            ("a/b/file", Kind.FILE),
            ("a/b", Kind.FOLDER),
            ("a/empty", Kind.FOLDER),
            ("a/to-file", Kind.LINK),
            ("a", Kind.FOLDER),
            ("dangling", Kind.LINK),
            ("to-folder", Kind.LINK),
        ]


def test_no_descriptor_is_left_open(base: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    with Tree(base) as tree:
        for path in ("a/b/file", "none/x", "to-folder/deep", "a"):
            tree.look(path)
            tree.sha256(path)
            tree.names(path)
    assert len(os.listdir("/proc/self/fd")) == before
