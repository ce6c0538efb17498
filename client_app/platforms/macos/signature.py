"""Code signatures of macOS: /usr/bin/codesign with a requirement that names Apple's authority and the signer's team.

Sources: codesign(1) (exit codes 0, 1, 2, 3), Apple's Code Signing Requirement Language.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from client_app.core.anydesk_signature import SignatureFinding, SignatureOutcome
from client_app.core.anydesk_system import HeldFile

MAKER = "KHRWM533LU"
"""The team of AnyDesk Software GmbH."""

CODESIGN = "/usr/bin/codesign"
LIMIT_SECONDS = 6.0
_TEAM = re.compile(r"[A-Z0-9]{10}")
_FAILED, _OTHER_REQUIREMENT = 1, 3
# What codesign writes is not translated.
_NOT_SIGNED = b"code object is not signed at all"
_WITHDRAWN = (b"CSSMERR_TP_CERT_REVOKED", b"certificate was revoked")

Run = Callable[[Sequence[str], float], tuple[int | None, bytes]]
"""Runs a program within seconds; returns its exit code (None: it did not run or end) and what it wrote to stderr."""


class MacSignatures:
    """`SignatureChecker` by codesign. A program in a bundle is checked with the whole bundle."""

    maker = MAKER

    def __init__(self, run: Run | None = None) -> None:
        self._run = run or _run

    def check(self, file: HeldFile, signer: str, *, online: bool) -> SignatureFinding:
        """Check the file (or its bundle) where it lies: in a folder of ours that nobody else can enter."""
        command = [CODESIGN, "--verify", "--strict"]
        if signer:
            if not _TEAM.fullmatch(signer):
                return SignatureFinding(SignatureOutcome.UNKNOWN)
            requirement = f'=anchor apple generic and certificate leaf[subject.OU] = "{signer}"'
            command += ["-R", requirement]
        code, errors_untrusted = self._run([*command, str(signed_whole(file.path))], LIMIT_SECONDS)
        outcome = _outcome(code, errors_untrusted)
        return SignatureFinding(outcome, signer if outcome is SignatureOutcome.VALID else "")


def signed_whole(program: Path) -> Path:
    """Return the bundle that a program is the executable of, or the program itself."""
    macos, contents, bundle = (*program.parents, *[Path()] * 3)[:3]
    is_bundle = macos.name == "MacOS" and contents.name == "Contents" and bundle.suffix == ".app"
    return bundle if is_bundle else program


def _outcome(code: int | None, errors_untrusted: bytes) -> SignatureOutcome:
    if code == 0:
        return SignatureOutcome.VALID
    if any(words in errors_untrusted for words in _WITHDRAWN):
        return SignatureOutcome.REVOKED
    if code == _FAILED:
        is_bare = _NOT_SIGNED in errors_untrusted
        return SignatureOutcome.UNSIGNED if is_bare else SignatureOutcome.INVALID
    return SignatureOutcome.WRONG_SIGNER if code == _OTHER_REQUIREMENT else SignatureOutcome.UNKNOWN


def _run(command: Sequence[str], seconds: float) -> tuple[int | None, bytes]:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=seconds,
            check=False,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None, b""
    return done.returncode, done.stderr[:65536]
