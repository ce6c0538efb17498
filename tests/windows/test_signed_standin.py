"""The whole way with signatures: a client signed by its maker is started, one signed with the withdrawn key is not."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client_app.core.anydesk import AnyDeskRefusedError, ProgramFile
from client_app.core.errors import ErrorCode
from client_app.core.session import EndedBy
from client_app.services.anydesk import session as session_module
from client_app.services.anydesk.session import AnyDeskSession
from tests.contracts.client import home_variables
from tests.contracts.world import BUILD, TECHNICIAN, AnyDeskWorld, permission

NUMBERS = frozenset((TECHNICIAN,))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AnyDeskWorld]:
    """Our session with the stand-in, which a test signs."""
    if not (BUILD / "signed").is_dir():
        pytest.skip("osslsigncode is not on this machine, so the stand-in is not signed")
    for name, value in home_variables(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(session_module, "SECOND_LOOK_SECONDS", 0.1)
    world = AnyDeskWorld(tmp_path)
    yield world
    world.session.end(EndedBy.UNKNOWN)


def with_signature(world: AnyDeskWorld, tmp_path: Path, signer: str, wanted: str | None) -> None:
    """Give the world a bundled client signed by somebody, and a signed list with its true hash."""
    source = tmp_path / "bundle"
    shutil.copytree(world.config.source_folder, source)
    program = source / world.config.release.program.name
    shutil.copyfile(BUILD / "signed" / f"{signer}.exe", program)
    data = program.read_bytes()
    file = ProgramFile(program.name, hashlib.sha256(data).hexdigest(), len(data), signer=wanted)
    release = replace(world.config.release, program=file)
    world.config = replace(world.config, source_folder=source, release=release)
    world.session = AnyDeskSession(world.system, world.config)


@pytest.mark.parametrize(
    ("signer", "code"),
    [
        ("stolen", ErrorCode.SIGNATURE_REVOKED),
        ("former", ErrorCode.SIGNATURE_REVOKED),
        ("other", ErrorCode.SIGNATURE_WRONG),
        ("unsigned", ErrorCode.SIGNATURE_WRONG),
    ],
)
def test_nothing_is_started(world: AnyDeskWorld, tmp_path: Path, signer: str, code: ErrorCode) -> None:
    """Even though the signed list names exactly these bytes."""
    with_signature(world, tmp_path, signer, None)
    with pytest.raises(AnyDeskRefusedError) as error:
        world.session.start(permission(), NUMBERS, world.events)
    assert error.value.code is code
    assert world.own_processes() == []
    assert not world.remote.is_running()
    assert list(world.private_root.glob("run-*")) == []


def test_the_withdrawn_key_is_refused_even_where_nobody_need_have_signed(
    world: AnyDeskWorld, tmp_path: Path
) -> None:
    with_signature(world, tmp_path, "stolen", "")
    with pytest.raises(AnyDeskRefusedError) as error:
        world.session.start(permission(), NUMBERS, world.events)
    assert error.value.code is ErrorCode.SIGNATURE_REVOKED
    assert world.own_processes() == []


def test_the_makers_own_is_started(world: AnyDeskWorld, tmp_path: Path) -> None:
    with_signature(world, tmp_path, "maker", None)
    world.start_ready()
    assert world.own_processes()
    assert world.session.end(EndedBy.CUSTOMER).is_proven
