"""Authenticode for real: programs with test signatures, looked at through the handle that holds them.

wine checks digest and certificates but not whether the root is trusted, so a test root passes here; on a real Windows
each of these is refused already for its root, and only the refusals can be tested.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path

import pytest

from client_app.core.anydesk import AnyDeskRefusedError, ProgramFile, ProgramRelease
from client_app.core.anydesk_signature import SignatureFinding, SignatureOutcome
from client_app.core.errors import ErrorCode
from client_app.platforms.windows.files import WindowsPrivateFiles
from client_app.platforms.windows.signature import MAKER, WindowsSignatures
from client_app.services.anydesk.private_copy import make_private_copy
from client_app.services.anydesk.signatures import check_signature
from tests.windows.private import private_files


@pytest.fixture(scope="module")
def signed() -> Path:
    """The folder of signed programs (tools/windows/signing.py)."""
    folder = os.environ.get("POMOC_SIGNED")
    if folder is None:
        pytest.skip(
            "osslsigncode is not on this machine, so there are no signed programs: POMOC_SIGNED is not set"
        )
    return Path(folder)


def look(program: Path, signer: str = MAKER, *, online: bool = False) -> SignatureFinding:
    with contextlib.closing(WindowsPrivateFiles().hold(program)) as held:
        return WindowsSignatures().check(held, signer, online=online)


@pytest.mark.parametrize("online", [True, False])
@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("unsigned", SignatureOutcome.UNSIGNED),
        ("changed", SignatureOutcome.INVALID),
        ("other", SignatureOutcome.WRONG_SIGNER),
        ("former", SignatureOutcome.REVOKED),
        ("stolen", SignatureOutcome.REVOKED),
    ],
)
def test_what_is_refused(signed: Path, name: str, outcome: SignatureOutcome, online: bool) -> None:
    finding = look(signed / f"{name}.exe", online=online)
    assert finding.outcome is outcome


def test_the_makers_signature_is_good(signed: Path) -> None:
    finding = look(signed / "maker.exe")
    assert (finding.outcome, finding.signer_untrusted) == (SignatureOutcome.VALID, MAKER)
    assert look(signed / "maker.exe", "").outcome is SignatureOutcome.VALID
    assert look(signed / "maker.exe", "AnyDesk Software").outcome is SignatureOutcome.WRONG_SIGNER
    assert look(signed / "other.exe", "Somebody Else GmbH").outcome is SignatureOutcome.VALID


def test_a_signature_cut_off_and_a_file_that_is_no_program(signed: Path, tmp_path: Path) -> None:
    data = (signed / "maker.exe").read_bytes()
    (tmp_path / "cut.exe").write_bytes(data[:-1000])
    (tmp_path / "text.exe").write_bytes(b"no program at all")
    for name in ("cut.exe", "text.exe"):
        assert look(tmp_path / name).outcome is not SignatureOutcome.VALID


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("unsigned", ErrorCode.SIGNATURE_WRONG, "anydesk.unsigned"),
        ("changed", ErrorCode.SIGNATURE_WRONG, "anydesk.signature_invalid"),
        ("other", ErrorCode.SIGNATURE_WRONG, "anydesk.wrong_signer"),
        ("stolen", ErrorCode.SIGNATURE_REVOKED, "anydesk.signature_revoked"),
    ],
)
def test_the_whole_check_refuses_with_a_code(
    signed: Path, tmp_path: Path, name: str, code: ErrorCode, reason: str
) -> None:
    shutil.copyfile(signed / f"{name}.exe", tmp_path / "AnyDesk.exe")
    file = ProgramFile("AnyDesk.exe", "", 0)
    with contextlib.closing(WindowsPrivateFiles().hold(tmp_path / "AnyDesk.exe")) as held:
        with pytest.raises(AnyDeskRefusedError) as caught:
            check_signature(WindowsSignatures(), ProgramRelease("windows", file), file, held)
        assert not held.stream.closed
    assert (caught.value.code, caught.value.reason) == (code, reason)
    (tmp_path / "AnyDesk.exe").unlink()


def release_of(program: Path) -> ProgramRelease:
    data = program.read_bytes()
    return ProgramRelease("windows", ProgramFile(program.name, hashlib.sha256(data).hexdigest(), len(data)))


def test_the_copy_that_is_started_is_the_one_that_was_checked(signed: Path, tmp_path: Path) -> None:
    release = release_of(signed / "maker.exe")
    copy = make_private_copy(private_files(), signed, release, tmp_path, WindowsSignatures())
    try:
        for touch in (
            lambda: copy.program.write_bytes(b""),
            lambda: copy.program.unlink(),
            lambda: copy.program.rename(tmp_path / "other.exe"),
        ):
            with pytest.raises(PermissionError):
                touch()
        assert copy.program.read_bytes() == (signed / "maker.exe").read_bytes()
    finally:
        assert copy.remove()


@pytest.mark.parametrize("name", ["unsigned", "other", "former", "stolen"])
def test_no_copy_is_kept_of_what_somebody_else_signed(signed: Path, tmp_path: Path, name: str) -> None:
    release = release_of(signed / f"{name}.exe")
    with pytest.raises(AnyDeskRefusedError) as caught:
        make_private_copy(private_files(), signed, release, tmp_path, WindowsSignatures())
    assert caught.value.code in (ErrorCode.SIGNATURE_WRONG, ErrorCode.SIGNATURE_REVOKED)
    assert list(tmp_path.iterdir()) == []
