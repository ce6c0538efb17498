"""A guardian with more rights starts what the signed list names and what it copied itself; refusals first."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from client_app.core.anydesk_signature import SignatureFinding, SignatureOutcome
from client_app.core.anydesk_system import HeldFile
from client_app.platforms.shared.posix_files import PosixPrivateFiles
from client_app.services.guardian.keeper import RefusedError
from client_app.services.guardian.protocol import FileClaim, StartRequest
from client_app.services.guardian.verified import VerifiedProgram
from client_app.services.release import load_release, now
from client_app.services.seen_lists import SeenLists
from consent_record.keys import Role, public_hex
from consent_record.records import SystemFamily
from tests.helpers.own_list import OwnList

PROGRAM = b"the company's program"


class FakeSignatures:
    """Says of every file what the test wants."""

    maker = "AnyDesk Software GmbH"

    def __init__(self) -> None:
        self.outcome = SignatureOutcome.VALID

    def check(self, file: HeldFile, signer: str, *, online: bool) -> SignatureFinding:
        return SignatureFinding(self.outcome, signer)


class World:
    """A company's folder and a guardian's choice over it."""

    def __init__(self, folder: Path) -> None:
        self.list = OwnList(folder / "company", SystemFamily.LINUX, "anydesk", PROGRAM)
        self.copies = folder / "copies"
        self.copies.mkdir(mode=0o700)
        self.signatures = FakeSignatures()
        self.looked_at: list[Path] = []
        self.is_plain = True
        self.list.write()
        key = public_hex(self.list.root)
        self.choice = VerifiedProgram(
            lambda: load_release(
                self.list.folder / "release.json",
                root_key=key,
                system=SystemFamily.LINUX,
                now=now(),
                seen=SeenLists(self.copies / "list.json"),
            ),
            system="linux",
            bundled=self.list.folder / "anydesk",
            root=self.copies,
            files=PosixPrivateFiles(),
            signatures=self.signatures,
            is_plain_source=self._is_plain_source,
        )

    def _is_plain_source(self, folder: Path) -> bool:
        self.looked_at.append(folder)
        return self.is_plain

    def request(self, folder: str | Path = "/nowhere", **changes: Any) -> StartRequest:
        sha256 = hashlib.sha256(PROGRAM).hexdigest()
        return StartRequest(str(folder), (replace(FileClaim("anydesk", sha256, len(PROGRAM)), **changes),))

    def refusal(self, request: StartRequest | None = None) -> str:
        with pytest.raises(RefusedError) as error:
            self.choice(request or self.request())
        assert list(self.copies.glob("run-*")) == []
        return error.value.reason


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: one.write(expires_in=timedelta(seconds=-1)),
        lambda one: one.write(root=SigningKey.generate()),
        lambda one: one.write(role=Role.CASE),
        lambda one: (one.folder / "release.json").unlink(),
        lambda one: (one.folder / "release.json").write_bytes(b"{}"),
    ],
    ids=["expired", "other root", "other role", "none", "empty"],
)
def test_a_list_that_does_not_hold(world: World, spoil: Callable[[OwnList], object]) -> None:
    spoil(world.list)
    assert world.refusal() == "list_untrusted"


def test_a_list_that_is_older_than_one_before(world: World) -> None:
    world.list.write(sequence=9)
    world.choice(world.request())
    world.choice.close()
    world.list.write(sequence=8)
    assert world.refusal() == "list_untrusted"
    # What is remembered cannot be taken away without being noticed as something else than "never seen one".
    (world.copies / "list.json").write_bytes(b"x")
    world.list.write(sequence=9)
    assert world.refusal() == "list_untrusted"


def test_a_list_for_another_system(world: World) -> None:
    world.list.system = SystemFamily.WINDOWS
    world.list.write()
    assert world.refusal() == "list_untrusted"


@pytest.mark.parametrize(
    "change", [{"sha256": "0" * 64}, {"size": 1}, {"name": "sh"}, {"name": "../anydesk"}], ids=str
)
def test_a_claim_that_the_list_does_not_make(world: World, change: dict[str, Any]) -> None:
    assert world.refusal(world.request(**change)) == "unlisted"


def test_more_than_the_list_names(world: World) -> None:
    right = world.request().files
    assert world.refusal(StartRequest("/nowhere", (*right, FileClaim("more", "0" * 64, 1)))) == "unlisted"
    assert world.refusal(StartRequest("/nowhere", ())) == "unlisted"


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (SignatureOutcome.UNSIGNED, "unsigned"),
        (SignatureOutcome.INVALID, "signature_invalid"),
        (SignatureOutcome.REVOKED, "signature_revoked"),
        (SignatureOutcome.WRONG_SIGNER, "wrong_signer"),
        (SignatureOutcome.UNKNOWN, "signature_unknown"),
    ],
)
def test_a_wrong_signature(world: World, outcome: SignatureOutcome, reason: str) -> None:
    world.list.signer = "AnyDesk Software GmbH"
    world.list.write()
    world.signatures.outcome = outcome
    assert world.refusal() == reason


def test_a_link_beside_the_program(world: World, tmp_path: Path) -> None:
    bundled = world.list.folder / "anydesk" / "anydesk"
    bundled.rename(tmp_path / "elsewhere")
    bundled.symlink_to(tmp_path / "elsewhere")
    assert world.refusal() == "unreadable"
    # Something stands there, so the client's folder is not asked instead.
    assert world.looked_at == []


def test_an_odd_folder_is_not_looked_into(world: World, tmp_path: Path) -> None:
    world.list.write(bundled=b"")
    world.is_plain = False
    (tmp_path / "anydesk").write_bytes(PROGRAM)
    assert world.refusal(world.request(tmp_path)) == "odd_source"
    assert world.looked_at == [tmp_path]


def test_the_clients_folder_counts_only_when_nothing_came_with_the_program(
    world: World, tmp_path: Path
) -> None:
    request = world.choice(world.request(tmp_path))
    assert world.looked_at == []
    assert Path(request.folder).parent == world.copies
    assert request.files == world.request().files
    world.list.write(bundled=b"")
    (tmp_path / "anydesk").write_bytes(PROGRAM)
    again = world.choice(world.request(tmp_path))
    assert (Path(again.folder) / "anydesk").read_bytes() == PROGRAM
    assert again.folder != request.folder
    # The first copy is gone with the second request, and nothing stays at the end.
    assert not Path(request.folder).exists()
    world.choice.close()
    assert list(world.copies.glob("run-*")) == []


def test_other_bytes_in_the_clients_folder(world: World, tmp_path: Path) -> None:
    world.list.write(bundled=b"")
    (tmp_path / "anydesk").write_bytes(PROGRAM[:-1] + b"x")
    assert world.refusal(world.request(tmp_path)) == "wrong_hash"


def test_what_an_earlier_guardian_left_is_removed_and_what_is_in_use_stays(world: World) -> None:
    files = PosixPrivateFiles()
    old, used = files.make_folder(world.copies), files.make_folder(world.copies)
    (old / "anydesk").write_bytes(b"x")
    os.chmod(old / "anydesk", 0o400)
    lock = files.lock(used)
    assert lock is not None
    world.choice.sweep()
    assert (old.exists(), used.exists()) == (False, True)
    lock.close()
