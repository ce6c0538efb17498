"""Somebody else works on the files while they are copied and checked: what is held at the end is what was released."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from client_app.core.anydesk import AnyDeskRefusedError, ProgramFile, ProgramRelease
from client_app.core.anydesk_signature import SignatureFinding, SignatureOutcome
from client_app.core.anydesk_system import HeldFile
from client_app.core.errors import ErrorCode
from client_app.platforms.shared.posix_files import PosixHeldFile, PosixPrivateFiles
from client_app.services.anydesk.private_copy import make_private_copy

PROGRAM, PART, EVIL = b"the program", b"the library", b"something else"


def file_of(name: str, data: bytes) -> ProgramFile:
    return ProgramFile(name, hashlib.sha256(data).hexdigest(), len(data))


RELEASE = ProgramRelease("linux", file_of("anydesk", PROGRAM), (file_of("lib/one.so", PART),))


class Attacked(PosixPrivateFiles):
    """Lets a test do something at one moment: before or after a path is opened, or when the folder was just made."""

    def __init__(self, moment: str, attack: Callable[[Path], None]) -> None:
        self._moment, self._attack = moment, attack

    def hold(self, path: Path) -> PosixHeldFile:
        name = f"{'copy' if 'run-' in str(path) else 'source'} of {path.name}"
        self._at(f"before the {name}", path)
        held = super().hold(path)
        self._at(f"after the {name}", path)
        return held

    def lock(self, folder: Path) -> BinaryIO | None:
        self._at("in the empty folder", folder)
        return super().lock(folder)

    def _at(self, moment: str, path: Path) -> None:
        if moment == self._moment:
            self._attack(path)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    (folder / "lib").mkdir(parents=True)
    (folder / "anydesk").write_bytes(PROGRAM)
    (folder / "lib/one.so").write_bytes(PART)
    return folder


def exchange(path: Path) -> None:
    """Put another file there."""
    evil = path.with_name("evil")
    evil.write_bytes(EVIL)
    evil.replace(path)


def write_into(path: Path) -> None:
    """Change the very file."""
    path.chmod(0o700)
    with path.open("r+b") as file:
        file.write(b"X")


def link(path: Path) -> None:
    """Put a link there, to a file with the right content."""
    moved = path.parent.parent / "moved"
    path.rename(moved)
    path.symlink_to(moved)


def take_away(path: Path) -> None:
    path.unlink()


def make_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("name", ["anydesk", "one.so"])
@pytest.mark.parametrize("attack", [exchange, write_into, link, take_away, make_pipe])
def test_the_copy_is_changed_before_it_is_held(
    tmp_path: Path, source: Path, name: str, attack: Callable[[Path], None]
) -> None:
    files = Attacked(f"before the copy of {name}", attack)
    with pytest.raises(AnyDeskRefusedError) as caught:
        make_private_copy(files, source, RELEASE, tmp_path / "private")
    assert (caught.value.code, caught.value.reason) == (ErrorCode.ANYDESK_CHANGED, "anydesk.exchanged")
    assert list((tmp_path / "private").glob("run-*")) == []


@pytest.mark.parametrize("name", ["anydesk", "one.so"])
def test_the_copy_is_written_to_while_it_is_being_opened(tmp_path: Path, source: Path, name: str) -> None:
    files = Attacked(f"after the copy of {name}", write_into)
    with pytest.raises(AnyDeskRefusedError) as caught:
        make_private_copy(files, source, RELEASE, tmp_path / "private")
    assert caught.value.reason == "anydesk.exchanged"


@pytest.mark.parametrize("attack", [exchange, take_away])
def test_what_is_exchanged_after_it_was_opened_is_not_what_is_copied(
    tmp_path: Path, source: Path, attack: Callable[[Path], None]
) -> None:
    copy = make_private_copy(Attacked("after the source of anydesk", attack), source, RELEASE, tmp_path / "p")
    assert copy.program.read_bytes() == PROGRAM
    assert copy.remove()


def test_what_is_written_into_the_source_is_seen(tmp_path: Path, source: Path) -> None:
    with pytest.raises(AnyDeskRefusedError) as caught:
        make_private_copy(
            Attacked("after the source of anydesk", write_into), source, RELEASE, tmp_path / "p"
        )
    assert caught.value.reason == "anydesk.wrong_hash"


def test_nothing_is_written_through_a_link_to_a_folder(tmp_path: Path, source: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    files = Attacked("in the empty folder", lambda folder: (folder / "lib").symlink_to(outside))
    with pytest.raises(AnyDeskRefusedError) as caught:
        make_private_copy(files, source, RELEASE, tmp_path / "private")
    assert caught.value.reason == "anydesk.exchanged"
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("kind", ["file", "link", "hard link"])
def test_nothing_that_lies_there_already_is_written_to(tmp_path: Path, source: Path, kind: str) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"keep me")

    def attack(folder: Path) -> None:
        place = folder / "anydesk"
        if kind == "file":
            place.write_bytes(PROGRAM)
        elif kind == "link":
            place.symlink_to(outside)
        else:
            place.hardlink_to(outside)

    with pytest.raises(AnyDeskRefusedError) as caught:
        make_private_copy(Attacked("in the empty folder", attack), source, RELEASE, tmp_path / "private")
    assert caught.value.reason == "anydesk.exchanged"
    assert outside.read_bytes() == b"keep me"


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path, source: Path) -> None:
    files = Attacked("in the empty folder", lambda folder: folder.chmod(0o777))
    with pytest.raises(AnyDeskRefusedError) as caught:
        make_private_copy(files, source, RELEASE, tmp_path / "private")
    assert caught.value.reason == "anydesk.folder_not_private"


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o722])
def test_a_root_in_which_others_can_put_another_folder_is_refused(
    tmp_path: Path, source: Path, mode: int
) -> None:
    root = tmp_path / "private"
    root.mkdir()
    root.chmod(mode)
    with pytest.raises(AnyDeskRefusedError) as caught:
        make_private_copy(PosixPrivateFiles(), source, RELEASE, root)
    assert caught.value.reason == "anydesk.no_folder"
    assert list(root.iterdir()) == []


def test_a_root_that_is_a_link_is_refused(tmp_path: Path, source: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "private").symlink_to(elsewhere)
    with pytest.raises(AnyDeskRefusedError):
        make_private_copy(PosixPrivateFiles(), source, RELEASE, tmp_path / "private")
    assert list(elsewhere.iterdir()) == []


class Asked:
    """A signature check that remembers which open files it was shown."""

    maker = "Maker"

    def __init__(self, outcome: SignatureOutcome) -> None:
        self.outcome = outcome
        self.seen: list[tuple[str, bytes]] = []

    def check(self, file: HeldFile, signer: str, *, online: bool) -> SignatureFinding:
        file.stream.seek(0)
        self.seen.append((signer, file.stream.read()))
        return SignatureFinding(self.outcome)


def test_the_signature_is_asked_of_the_held_copy(tmp_path: Path, source: Path) -> None:
    asked = Asked(SignatureOutcome.VALID)
    copy = make_private_copy(PosixPrivateFiles(), source, RELEASE, tmp_path / "private", asked)
    assert asked.seen == [("Maker", PROGRAM)]
    assert copy.remove()


def test_a_bad_signature_leaves_no_copy(tmp_path: Path, source: Path) -> None:
    with pytest.raises(AnyDeskRefusedError) as caught:
        make_private_copy(
            PosixPrivateFiles(), source, RELEASE, tmp_path / "private", Asked(SignatureOutcome.UNSIGNED)
        )
    assert caught.value.code is ErrorCode.SIGNATURE_WRONG
    assert list((tmp_path / "private").glob("run-*")) == []
