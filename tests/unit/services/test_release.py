"""The signed list of programs: refused unless the pinned root certified the key that signed it, and in time."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.session import EndedBy
from client_app.services.release import CompanyAnyDesk, load_release
from consent_record.canonical import canonical_bytes
from consent_record.fields import timestamp
from consent_record.keys import Role, certify, public_hex
from consent_record.records import SystemFamily
from consent_record.release import PART, ReleaseFile, ReleaseManifest, SignedManifest, sign_manifest

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ROOT = SigningKey(b"r" * 32)
KEY = SigningKey(b"k" * 32)
HASH = "ab" * 32


def manifest(
    *,
    role: Role = Role.RELEASE,
    root: SigningKey = ROOT,
    expires: datetime = NOW + timedelta(days=1),
    sequence: int = 5,
    system: SystemFamily = SystemFamily.LINUX,
) -> SignedManifest:
    """A signed list with one program and one part."""
    certificate = certify(
        root,
        serial=str(uuid.uuid4()),
        role=role,
        public_key=public_hex(KEY),
        not_before=timestamp(NOW - timedelta(days=9)),
        not_after=timestamp(NOW + timedelta(days=9)),
    )
    files = (
        ReleaseFile(system=system, name="anydesk", size=3, sha256=HASH),
        ReleaseFile(system=system, name="lib/part.so", size=4, sha256=HASH, product=PART),
    )
    issued = timestamp(NOW - timedelta(days=2))
    listed = ReleaseManifest(sequence=sequence, issued_at=issued, expires_at=timestamp(expires), files=files)
    return sign_manifest(KEY, certificate, listed)


def refusal(file: Path, least_sequence: int = 0) -> CustomerError:
    """The error of a list that is not taken."""
    with pytest.raises(CustomerError) as caught:
        load_release(
            file, root_key=public_hex(ROOT), system=SystemFamily.LINUX, now=NOW, least_sequence=least_sequence
        )
    return caught.value


@pytest.mark.parametrize(
    ("signed", "reason"),
    [
        (manifest(root=SigningKey(b"x" * 32)), "certificate.other_root"),
        (manifest(role=Role.DOCUMENT), "certificate.role"),
        (manifest(expires=NOW - timedelta(days=1)), "manifest.expired"),
        (manifest(sequence=2), "manifest.rollback"),
    ],
)
def test_a_list_that_is_not_the_companys_is_refused(
    tmp_path: Path, signed: SignedManifest, reason: str
) -> None:
    file = tmp_path / "release.json"
    file.write_bytes(canonical_bytes(signed))
    error = refusal(file, least_sequence=3)
    assert (error.code, error.detail) == (ErrorCode.LIST_UNTRUSTED, reason)


def test_a_changed_byte_a_missing_file_and_another_system_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "release.json"
    assert refusal(file).code is ErrorCode.LIST_UNTRUSTED
    good = canonical_bytes(manifest())
    file.write_bytes(good.replace(b'"size":3', b'"size":4'))
    assert refusal(file).detail == "signature.wrong"
    file.write_bytes(good.replace(b":", b": ", 1))
    assert refusal(file).detail == "json.not_canonical"
    file.write_bytes(canonical_bytes(manifest(system=SystemFamily.WINDOWS)))
    assert refusal(file).code is ErrorCode.ANYDESK_MISSING


def test_the_companys_list_names_program_and_parts(tmp_path: Path) -> None:
    file = tmp_path / "release.json"
    file.write_bytes(canonical_bytes(manifest()) + b"\n")
    release = load_release(file, root_key=public_hex(ROOT), system=SystemFamily.LINUX, now=NOW)
    assert (release.program.name, release.program.size) == ("anydesk", 3)
    assert [part.name for part in release.companions] == ["lib/part.so"]


@pytest.mark.expect_log("client_app.services.release", "end_before_prepare")
def test_without_a_list_nothing_is_started_and_nothing_is_called_proven() -> None:
    def load() -> None:
        raise CustomerError(ErrorCode.LIST_UNTRUSTED)

    anydesk = CompanyAnyDesk(load, lambda release: pytest.fail("opened"))  # type: ignore[arg-type]
    with pytest.raises(CustomerError):
        anydesk.prepare(frozenset())
    assert not anydesk.end(EndedBy.CUSTOMER).is_proven
