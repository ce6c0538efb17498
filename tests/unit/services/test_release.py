"""The signed list of programs: refused unless the pinned root certified the key that signed it, and in time."""

import hashlib
import ssl
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from client_app.core.anydesk import Prepared, ProgramFile, ProgramRelease
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.session import EndedBy
from client_app.services.anydesk.download import Downloads
from client_app.services.anydesk.fetch import FetchLimits, Web
from client_app.services.anydesk.source import ClientSource, Located
from client_app.services.release import CompanyAnyDesk, load_release
from client_app.services.seen_lists import SeenLists
from consent_record.canonical import canonical_bytes
from consent_record.fields import timestamp
from consent_record.keys import Role, certify, public_hex
from consent_record.records import SystemFamily
from consent_record.release import PART, ReleaseFile, ReleaseManifest, SignedManifest, sign_manifest
from tests.unit.services.server import reply, serving

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
    version: int = 1,
    **program: Any,
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
        ReleaseFile(system=system, name="anydesk", size=3, sha256=HASH, **program),
        ReleaseFile(system=system, name="lib/part.so", size=4, sha256=HASH, product=PART),
    )
    issued = timestamp(NOW - timedelta(days=2))
    listed = ReleaseManifest(
        manifest_version=version,
        sequence=sequence,
        issued_at=issued,
        expires_at=timestamp(expires),
        files=files,
    )
    return sign_manifest(KEY, certificate, listed)


def load(file: Path, seen: SeenLists | None = None) -> ProgramRelease:
    return load_release(file, root_key=public_hex(ROOT), system=SystemFamily.LINUX, now=NOW, seen=seen)


def refusal(file: Path, seen: SeenLists | None = None) -> CustomerError:
    """The error of a list that is not taken."""
    with pytest.raises(CustomerError) as caught:
        load(file, seen)
    return caught.value


@pytest.mark.parametrize(
    ("signed", "reason"),
    [
        (manifest(root=SigningKey(b"x" * 32)), "certificate.other_root"),
        (manifest(role=Role.DOCUMENT), "certificate.role"),
        (manifest(expires=NOW - timedelta(days=1)), "manifest.expired"),
        (manifest(sequence=2), "manifest.rollback"),
        (manifest(version=2), "manifest.version"),
    ],
)
def test_a_list_that_is_not_the_companys_is_refused(
    tmp_path: Path, signed: SignedManifest, reason: str
) -> None:
    file = tmp_path / "release.json"
    file.write_bytes(canonical_bytes(signed))
    seen = SeenLists(tmp_path / "seen.json")
    seen.note(public_hex(ROOT), 3)
    error = refusal(file, seen)
    assert (error.code, error.detail) == (ErrorCode.LIST_UNTRUSTED, reason)
    assert seen.newest(public_hex(ROOT)) == 3


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
    release = load(file)
    assert (release.program.name, release.program.size) == ("anydesk", 3)
    assert [part.name for part in release.companions] == ["lib/part.so"]


@pytest.mark.expect_log("client_app.services.release", "end_before_prepare")
def test_without_a_list_nothing_is_started_and_nothing_is_called_proven() -> None:
    def no_list() -> ProgramRelease:
        raise CustomerError(ErrorCode.LIST_UNTRUSTED)

    anydesk = CompanyAnyDesk(
        no_list, lambda *_: pytest.fail("located"), lambda _located: pytest.fail("opened")
    )
    for attempt in (lambda: anydesk.prepare(frozenset()), anydesk.fetch):
        with pytest.raises(CustomerError):
            attempt()
    assert not anydesk.end(EndedBy.CUSTOMER).is_proven


# --- what a list says besides hashes ------------------------------------------------------------------------------


def test_addresses_and_signer_of_the_list_reach_the_release(tmp_path: Path) -> None:
    file = tmp_path / "release.json"
    urls = ("https://files.example/a", "https://files.example:8443/b?c=d")
    file.write_bytes(canonical_bytes(manifest(urls=urls, signer="Somebody Else GmbH")))
    release = load(file)
    assert (release.program.urls, release.program.signer) == (urls, "Somebody Else GmbH")
    assert (release.companions[0].urls, release.companions[0].signer) == ((), None)
    file.write_bytes(canonical_bytes(manifest(signer="")))
    assert load(file).program.signer == ""


def test_a_list_of_before_keeps_its_bytes_and_its_signature() -> None:
    data = canonical_bytes(manifest())
    assert b"urls" not in data
    assert b"signer" not in data


@pytest.mark.parametrize(
    "url",
    [
        "http://files.example/a",
        "https://user@files.example/a",
        "https://files.example",
        "https://files.example/a#b",
        "https://files.example/a b",
        "https://files.example/\u0105",
        "https://files.example/a\n",
        "file:///etc/passwd",
        "",
        "https://files.example/" + "a" * 500,
    ],
)
def test_a_signed_list_with_another_kind_of_address_is_refused_as_a_whole(tmp_path: Path, url: str) -> None:
    file = tmp_path / "release.json"
    file.write_bytes(canonical_bytes(manifest(urls=(url,))))
    error = refusal(file)
    assert (error.code, error.detail) == (ErrorCode.LIST_UNTRUSTED, "json.shape")


# --- no older list ------------------------------------------------------------------------------------------------


def test_the_newest_list_is_remembered_and_an_older_one_refused(tmp_path: Path) -> None:
    file, seen = tmp_path / "release.json", SeenLists(tmp_path / "data" / "seen.json")
    file.write_bytes(canonical_bytes(manifest(sequence=5)))
    load(file, seen)
    file.write_bytes(canonical_bytes(manifest(sequence=4)))
    assert refusal(file, SeenLists(tmp_path / "data" / "seen.json")).detail == "manifest.rollback"
    file.write_bytes(canonical_bytes(manifest(sequence=5)))
    load(file, seen)
    file.write_bytes(canonical_bytes(manifest(sequence=6)))
    load(file, seen)
    assert seen.newest(public_hex(ROOT)) == 6
    seen.note(public_hex(ROOT), 2)
    assert seen.newest(public_hex(ROOT)) == 6


def test_a_look_that_starts_nothing_remembers_nothing(tmp_path: Path) -> None:
    file = tmp_path / "release.json"
    file.write_bytes(canonical_bytes(manifest()))
    load(file)
    assert [path.name for path in tmp_path.iterdir()] == ["release.json"]


def test_another_root_counts_for_itself(tmp_path: Path) -> None:
    seen = SeenLists(tmp_path / "seen.json")
    seen.note("ab" * 32, 900)
    assert seen.newest(public_hex(ROOT)) == 0
    seen.note(public_hex(ROOT), 1)
    assert seen.newest(public_hex(ROOT)) == 1


@pytest.mark.parametrize(
    "damage", [b"", b"\0" * 100, b"{}", b'{"format":1,"root":"x","sequence":1}', b"[" * 5000, None]
)
def test_a_damaged_memory_is_an_error_and_never_nothing(tmp_path: Path, damage: bytes | None) -> None:
    file, memory = tmp_path / "release.json", tmp_path / "seen.json"
    file.write_bytes(canonical_bytes(manifest()))
    if damage is None:
        memory.mkdir()
    else:
        memory.write_bytes(damage)
    error = refusal(file, SeenLists(memory))
    assert error.code is ErrorCode.LIST_UNTRUSTED
    assert "remove the program" in error.detail
    if damage is not None:
        assert memory.read_bytes() == damage


def test_a_memory_that_cannot_be_kept_starts_nothing(tmp_path: Path) -> None:
    file = tmp_path / "release.json"
    file.write_bytes(canonical_bytes(manifest()))
    (tmp_path / "file").write_text("")
    assert refusal(file, SeenLists(tmp_path / "file" / "seen.json")).code in (
        ErrorCode.FOLDER_NOT_WRITABLE,
        ErrorCode.LIST_UNTRUSTED,
    )


# --- found or fetched, then prepared ------------------------------------------------------------------------------


class Port:
    """A session that only remembers what it was made of."""

    def __init__(self, located: Located) -> None:
        self.located = located

    def prepare(self, _numbers: frozenset[str]) -> Prepared:
        return Prepared(self.located.release.program.sha256, ())


def company_anydesk(
    source: ClientSource, release: ProgramRelease, opened: list[Located], stop: Callable[[], None]
) -> CompanyAnyDesk:
    def open_session(located: Located) -> Any:
        opened.append(located)
        return Port(located)

    return CompanyAnyDesk(lambda: release, source.locate, open_session, stop)


def test_over_https_with_the_systems_certificates_and_again_when_it_was_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = Path(__file__).parent / "tls"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls / "server.pem")
    data = b"the client"
    file = ProgramFile("AnyDesk.exe", hashlib.sha256(data).hexdigest(), len(data))
    opened: list[Located] = []
    with serving(lambda _a, _s: reply(data), context) as server:
        web = Web("test", limits=FetchLimits(2.0, 2.0))
        source = ClientSource(tmp_path / "none", tmp_path / "fetched", Downloads(tmp_path / "fetched", web))
        listed = ProgramRelease(
            "linux", ProgramFile(file.name, file.sha256, file.size, (f"https://localhost:{server.port}/a",))
        )
        anydesk = company_anydesk(source, listed, opened, web.stop)
        with pytest.raises(CustomerError) as caught:
            anydesk.fetch()
        assert caught.value.code is ErrorCode.DOWNLOAD_FAILED
        assert server.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tls / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_DIR", str(tls / "none"))
        anydesk = company_anydesk(
            ClientSource(
                tmp_path / "none", tmp_path / "fetched", Downloads(tmp_path / "fetched", Web("test"))
            ),
            listed,
            opened,
            web.stop,
        )
        anydesk.fetch()
        assert anydesk.prepare(frozenset()).sha256 == file.sha256
        (opened[0].folder / opened[0].release.program.stored_as).unlink()
        anydesk.prepare(frozenset())
    assert len(opened) == 1
    assert len(server.asked) == 2


@pytest.mark.expect_log("client_app.services.release", "end_before_prepare")
def test_ending_does_not_wait_for_a_fetch(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(release: ProgramRelease, _progress: object) -> Located:
        begun.set()
        assert go_on.wait(10)
        return Located(tmp_path, release)

    release = ProgramRelease("linux", ProgramFile("a", HASH, 1))
    anydesk = CompanyAnyDesk(lambda: release, slow, Port)  # type: ignore[arg-type]
    thread = threading.Thread(target=anydesk.fetch)
    thread.start()
    assert begun.wait(10)
    assert not anydesk.end(EndedBy.CUSTOMER).is_proven
    assert thread.is_alive()
    go_on.set()
    thread.join(10)
