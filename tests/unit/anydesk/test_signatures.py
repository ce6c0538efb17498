"""Code signatures: whatever is not a clear yes refuses. The systems' halves with stand-ins for their libraries."""

from __future__ import annotations

import contextlib
import ctypes
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from client_app.core.anydesk import AnyDeskRefusedError, ProgramFile, ProgramRelease
from client_app.core.anydesk_signature import SignatureFinding, SignatureOutcome
from client_app.core.anydesk_system import HeldFile
from client_app.core.errors import ErrorCode
from client_app.platforms import System, anydesk_system
from client_app.platforms.macos.signature import CODESIGN, MacSignatures, signed_whole
from client_app.platforms.shared.unsigned import NoSignatures
from client_app.platforms.windows.signature import (
    MAKER,
    CertContext,
    CertInfo,
    ProviderCert,
    TrustLibraries,
    WindowsSignatures,
    judge,
)
from client_app.services.anydesk.signatures import check_signature
from tests.unit.anydesk.fakes import FakeHeld

Outcome = SignatureOutcome
OFFLINE, REVOKED, BAD_DIGEST, NO_SIGNATURE = 0x80092013, 0x800B010C, 0x80096010, 0x800B0100


class Checker:
    """Answers as a test says and remembers what it was asked."""

    maker = "Maker"

    def __init__(self, *findings: SignatureFinding, hangs: bool = False) -> None:
        self.findings = list(findings)
        self.asked: list[tuple[str, bool]] = []
        self.go_on = threading.Event()
        self.hangs = hangs
        self.closed_in_time = True

    def check(self, file: HeldFile, signer: str, *, online: bool) -> SignatureFinding:
        self.asked.append((signer, online))
        if online and self.hangs:
            self.go_on.wait(10)
            # It looks at its own handle, which nobody closed under it.
            self.closed_in_time = not file.stream.closed and file.stream.read(1) == b"x"
        return self.findings.pop(0) if len(self.findings) > 1 else self.findings[0]


@pytest.fixture
def held(tmp_path: Path) -> Iterator[HeldFile]:
    from client_app.platforms.shared.posix_files import PosixHeldFile

    (tmp_path / "a").write_bytes(b"x" * 10)
    file = PosixHeldFile(tmp_path / "a", (tmp_path / "a").open("rb"))
    with contextlib.closing(file):
        yield file


def file_of(signer: str | None = None, name: str = "a") -> ProgramFile:
    return ProgramFile(name, "ab" * 32, 1, signer=signer)


def look(checker: Checker, held: HeldFile, signer: str | None = None, seconds: float = 5.0) -> None:
    file = file_of(signer)
    check_signature(checker, ProgramRelease("windows", file), file, held, seconds)


def refusal(checker: Checker, held: HeldFile, signer: str | None = None) -> AnyDeskRefusedError:
    with pytest.raises(AnyDeskRefusedError) as caught:
        look(checker, held, signer)
    return caught.value


# --- the rule -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", set(Outcome) - {Outcome.VALID, Outcome.NOT_APPLICABLE})
@pytest.mark.parametrize("signer", [None, "Somebody"])
def test_every_answer_but_a_clear_yes_refuses(
    held: HeldFile, outcome: SignatureOutcome, signer: str | None
) -> None:
    error = refusal(Checker(SignatureFinding(outcome)), held, signer)
    is_revoked = outcome is Outcome.REVOKED
    assert error.code is (ErrorCode.SIGNATURE_REVOKED if is_revoked else ErrorCode.SIGNATURE_WRONG)
    assert error.reason.startswith("anydesk.")


def test_reasons_are_different(held: HeldFile) -> None:
    outcomes = set(Outcome) - {Outcome.VALID, Outcome.NOT_APPLICABLE}
    reasons = {refusal(Checker(SignatureFinding(outcome)), held).reason for outcome in outcomes}
    assert len(reasons) == len(outcomes)


@pytest.mark.parametrize(("signer", "asked"), [(None, "Maker"), ("Somebody", "Somebody"), ("", "")])
def test_who_must_have_signed(held: HeldFile, signer: str | None, asked: str) -> None:
    checker = Checker(SignatureFinding(Outcome.VALID))
    look(checker, held, signer)
    assert checker.asked == [(asked, True)]


def test_hash_alone_only_when_the_list_says_so_and_never_for_a_withdrawn_one(held: HeldFile) -> None:
    for outcome in (Outcome.UNSIGNED, Outcome.INVALID, Outcome.WRONG_SIGNER, Outcome.UNKNOWN):
        look(Checker(SignatureFinding(outcome)), held, "")
    assert refusal(Checker(SignatureFinding(Outcome.REVOKED)), held, "").code is ErrorCode.SIGNATURE_REVOKED


def test_parts_are_asked_only_when_the_list_names_a_signer(held: HeldFile) -> None:
    program, plain, signed = file_of(), file_of(name="b"), file_of("Somebody", name="c")
    release = ProgramRelease("windows", program, (plain, signed))
    checker = Checker(SignatureFinding(Outcome.UNSIGNED))
    check_signature(checker, release, plain, held)
    assert checker.asked == []
    with pytest.raises(AnyDeskRefusedError):
        check_signature(checker, release, signed, held)


def test_without_a_list_of_withdrawn_certificates_the_stored_ones_are_asked(held: HeldFile) -> None:
    unknown = SignatureFinding(Outcome.UNKNOWN, is_revocation_known=False)
    checker = Checker(unknown, SignatureFinding(Outcome.VALID, is_revocation_known=False))
    look(checker, held)
    assert checker.asked == [("Maker", True), ("Maker", False)]
    checker = Checker(unknown, SignatureFinding(Outcome.REVOKED))
    assert refusal(checker, held).code is ErrorCode.SIGNATURE_REVOKED
    # Also the second answer must be a clear yes.
    assert refusal(Checker(unknown), held).reason == "anydesk.signature_unknown"


def test_a_network_that_hangs_holds_nothing_up_and_keeps_its_own_handle(held: HeldFile) -> None:
    checker = Checker(SignatureFinding(Outcome.VALID), hangs=True)
    before = {thread.name for thread in threading.enumerate()}
    look(checker, held, seconds=0.1)
    assert checker.asked == [("Maker", True), ("Maker", False)]
    hanging = [t for t in threading.enumerate() if t.name == "signature" and t.name not in before]
    held.close()
    checker.go_on.set()
    for thread in hanging:
        thread.join(10)
    assert checker.closed_in_time


def test_linux_has_none(held: HeldFile) -> None:
    assert NoSignatures().check(held, "", online=True).outcome is Outcome.NOT_APPLICABLE
    file = file_of()
    check_signature(NoSignatures(), ProgramRelease("linux", file), file, held)


@pytest.mark.parametrize(
    ("system", "maker"),
    [(System.LINUX, ""), (System.WINDOWS, "AnyDesk Software GmbH"), (System.MACOS, "KHRWM533LU")],
)
def test_who_makes_anydesk(system: System, maker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert anydesk_system(system).signatures.maker == maker


# --- Windows ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "who", "serial", "signer", "outcome"),
    [
        (0, MAKER, "01", MAKER, Outcome.VALID),
        (0, "anydesk software gmbh", "01", MAKER, Outcome.WRONG_SIGNER),
        (0, f"{MAKER}\0.example", "01", MAKER, Outcome.WRONG_SIGNER),
        (0, "", "01", MAKER, Outcome.WRONG_SIGNER),
        (0, "Anybody", "01", "", Outcome.VALID),
        (0, "philandro Software GmbH", "01", "philandro Software GmbH", Outcome.REVOKED),
        (0, MAKER, "0dbf152deaf0b981a8a938d53f769db8", MAKER, Outcome.REVOKED),
        (0, MAKER, "dbf152deaf0b981a8a938d53f769db8", MAKER, Outcome.REVOKED),
        (0x800B0101, "philandro Software GmbH", "01", MAKER, Outcome.REVOKED),
        (REVOKED, MAKER, "01", MAKER, Outcome.REVOKED),
        (0x80092010, MAKER, "01", MAKER, Outcome.REVOKED),
        (0x800B0111, MAKER, "01", MAKER, Outcome.REVOKED),
        (NO_SIGNATURE, "", "", MAKER, Outcome.UNSIGNED),
        (0x800B0003, "", "", MAKER, Outcome.UNSIGNED),
        (BAD_DIGEST, MAKER, "01", MAKER, Outcome.INVALID),
        (0x800B0109, MAKER, "01", MAKER, Outcome.INVALID),
        (0x800B010A, MAKER, "01", MAKER, Outcome.INVALID),
        (0x800B0101, MAKER, "01", MAKER, Outcome.INVALID),
        (OFFLINE, MAKER, "01", MAKER, Outcome.UNKNOWN),
        (0x12345678, MAKER, "01", MAKER, Outcome.UNKNOWN),
        (5, MAKER, "01", MAKER, Outcome.UNKNOWN),
    ],
)
def test_what_an_answer_of_windows_means(
    code: int, who: str, serial: str, signer: str, outcome: SignatureOutcome
) -> None:
    assert judge(code, who, serial, signer).outcome is outcome


class Trust:
    """wintrust: answers with codes in turn, and knows one certificate."""

    def __init__(self, *codes: int, serial: bytes = b"\x01\x02", has_state: bool = True) -> None:
        self.codes = list(codes)
        self.calls: list[tuple[int, int, int, str, int]] = []
        self.closed = 0
        self.has_state = has_state
        # Least significant byte first, as Windows keeps it.
        self._number = (ctypes.c_ubyte * len(serial))(*serial[::-1])
        self._info = CertInfo()
        self._info.SerialNumber.cbData = len(serial)
        self._info.SerialNumber.pbData = ctypes.cast(self._number, ctypes.POINTER(ctypes.c_ubyte))
        self._context = CertContext(pCertInfo=ctypes.pointer(self._info))
        self._cert = ProviderCert(ctypes.sizeof(ProviderCert), ctypes.pointer(self._context))
        self.knows_signer = True

    def WinVerifyTrust(self, _window: Any, _action: Any, data: Any) -> int:  # noqa: N802
        given = data._obj
        if given.dwStateAction == 2:
            self.closed += 1
            return 0
        subject = given.pFile.contents
        assert (given.dwUIChoice, given.dwUnionChoice) == (2, 1)
        self.calls.append(
            (
                given.fdwRevocationChecks,
                given.dwProvFlags,
                subject.hFile,
                subject.pcwszFilePath,
                given.dwStateAction,
            )
        )
        given.hWVTStateData = 77 if self.has_state else None
        code = self.codes.pop(0)
        return code - 2**32 if code >= 2**31 else code

    def WTHelperProvDataFromStateData(self, state: int) -> int:  # noqa: N802
        assert state == 77
        return 78

    def WTHelperGetProvSignerFromChain(self, provider: int, *_rest: object) -> int:  # noqa: N802
        assert provider == 78
        return 79 if self.knows_signer else 0

    def WTHelperGetProvCertFromChain(self, signer: int, _index: int) -> Any:  # noqa: N802
        assert signer == 79
        return ctypes.pointer(self._cert)


class Crypt:
    """crypt32 that reads one name out of any certificate."""

    def __init__(self, organisation: str) -> None:
        self.organisation = organisation

    def CertGetNameStringW(  # noqa: N802
        self, _certificate: Any, kind: int, _flags: int, wanted: Any, buffer: Any, size: int
    ) -> int:
        assert (kind, wanted.value) == (3, b"2.5.4.10")
        text = self.organisation + "\0"
        for index, sign in enumerate(text[:size]) if buffer is not None else ():
            buffer[index] = sign
        return len(text)


def windows(trust: Trust, organisation: str = MAKER) -> WindowsSignatures:
    return WindowsSignatures(TrustLibraries(trust, Crypt(organisation), lambda _stream: 4711))


def held_exe() -> FakeHeld:
    return FakeHeld(Path("C:/p/AnyDesk.exe"), b"MZ")


def test_windows_is_asked_about_the_open_file_and_the_whole_chain() -> None:
    trust = Trust(0)
    finding = windows(trust).check(held_exe(), MAKER, online=True)
    assert finding == SignatureFinding(Outcome.VALID, MAKER)
    revocation, flags, handle, path, _action = trust.calls[0]
    assert (revocation, handle, path) == (1, 4711, str(Path("C:/p/AnyDesk.exe")))
    assert flags & 0x80
    assert not flags & (0x10 | 0x1000 | 0x200)
    assert trust.closed == 1


def test_windows_offline_uses_stored_lists_and_then_none_but_says_so() -> None:
    trust = Trust(OFFLINE, 0)
    finding = windows(trust).check(held_exe(), MAKER, online=False)
    assert finding == SignatureFinding(Outcome.VALID, MAKER, is_revocation_known=False)
    assert [(call[0], call[1] & 0x1000) for call in trust.calls] == [(1, 0x1000), (0, 0x1000)]
    assert trust.closed == 2
    assert windows(Trust(0)).check(held_exe(), MAKER, online=False).is_revocation_known
    assert windows(Trust(REVOKED)).check(held_exe(), MAKER, online=False).outcome is Outcome.REVOKED
    bad = windows(Trust(OFFLINE, BAD_DIGEST)).check(held_exe(), MAKER, online=False)
    assert bad.outcome is Outcome.INVALID


def test_windows_online_without_a_list_is_no_answer() -> None:
    finding = windows(Trust(OFFLINE)).check(held_exe(), MAKER, online=True)
    assert (finding.outcome, finding.is_revocation_known) == (Outcome.UNKNOWN, False)


@pytest.mark.parametrize(
    ("organisation", "outcome"),
    [
        ("Somebody Else GmbH", Outcome.WRONG_SIGNER),
        ("philandro Software GmbH", Outcome.REVOKED),
        (f"{MAKER}\0x", Outcome.WRONG_SIGNER),
        ("", Outcome.WRONG_SIGNER),
    ],
)
def test_windows_signer(organisation: str, outcome: SignatureOutcome) -> None:
    assert windows(Trust(0), organisation).check(held_exe(), MAKER, online=True).outcome is outcome


def test_windows_withdrawn_number_and_a_good_answer_without_a_signer() -> None:
    stolen = Trust(0, serial=bytes.fromhex("0dbf152deaf0b981a8a938d53f769db8"))
    assert windows(stolen).check(held_exe(), MAKER, online=True).outcome is Outcome.REVOKED
    for nobody in (Trust(0, has_state=False), Trust(0)):
        nobody.knows_signer = False
        assert windows(nobody).check(held_exe(), MAKER, online=True).outcome is Outcome.WRONG_SIGNER


# --- macOS --------------------------------------------------------------------------------------------------------


def mac(code: int | None, errors: bytes = b"") -> tuple[MacSignatures, list[Sequence[str]]]:
    commands: list[Sequence[str]] = []

    def run(command: Sequence[str], _seconds: float) -> tuple[int | None, bytes]:
        commands.append(command)
        return code, errors

    return MacSignatures(run), commands


@pytest.mark.parametrize(
    ("code", "errors", "outcome"),
    [
        (0, b"", Outcome.VALID),
        (1, b"/x: code object is not signed at all\nIn architecture: arm64", Outcome.UNSIGNED),
        (1, b"/x: invalid signature (code or signature have been modified)", Outcome.INVALID),
        (1, b"/x: a sealed resource is missing or invalid", Outcome.INVALID),
        (1, b"/x: CSSMERR_TP_CERT_REVOKED", Outcome.REVOKED),
        (3, b"/x: valid on disk\n/x: does not satisfy its designated Requirement", Outcome.WRONG_SIGNER),
        (2, b"usage", Outcome.UNKNOWN),
        (-9, b"", Outcome.UNKNOWN),
        (None, b"", Outcome.UNKNOWN),
    ],
)
def test_what_codesign_says(code: int | None, errors: bytes, outcome: SignatureOutcome) -> None:
    checker, commands = mac(code, errors)
    held = FakeHeld(Path("/p/AnyDesk.app/Contents/MacOS/AnyDesk"), b"")
    assert checker.check(held, "KHRWM533LU", online=True).outcome is outcome
    assert commands == [
        [
            CODESIGN, "--verify", "--strict", "-R",
            '=anchor apple generic and certificate leaf[subject.OU] = "KHRWM533LU"', str(Path("/p/AnyDesk.app")),
        ]
    ]  # fmt: skip


@pytest.mark.parametrize("team", ['X" or anchor apple or "', "KHRWM533L", "khrwm533lu", "KHRWM533LU\n"])
def test_a_team_that_is_none_is_never_put_into_a_requirement(team: str) -> None:
    checker, commands = mac(0)
    assert checker.check(FakeHeld(Path("/p/a"), b""), team, online=True).outcome is Outcome.UNKNOWN
    assert commands == []


def test_anybody_on_macos_has_no_requirement() -> None:
    checker, commands = mac(0)
    assert checker.check(FakeHeld(Path("/p/a"), b""), "", online=True).outcome is Outcome.VALID
    assert commands == [[CODESIGN, "--verify", "--strict", str(Path("/p/a"))]]


@pytest.mark.parametrize(
    ("program", "whole"),
    [
        ("/p/AnyDesk.app/Contents/MacOS/AnyDesk", "/p/AnyDesk.app"),
        ("/p/AnyDesk", "/p/AnyDesk"),
        ("AnyDesk", "AnyDesk"),
        ("/p/AnyDesk/Contents/MacOS/AnyDesk", "/p/AnyDesk/Contents/MacOS/AnyDesk"),
    ],
)
def test_a_bundle_is_looked_at_as_a_whole(program: str, whole: str) -> None:
    assert signed_whole(Path(program)) == Path(whole)


def test_a_program_that_cannot_be_run_is_no_answer(tmp_path: Path) -> None:
    from client_app.platforms.macos import signature

    assert signature._run([str(tmp_path / "none")], 1.0) == (None, b"")
    assert signature._run([sys.executable, "-c", "input()"], 0.0) == (None, b"")
