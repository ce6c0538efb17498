"""Who signed the program that is about to be started: the system is asked about the file that is held open.

Rule: the hash of the company's signed list decides first and always; the signature is a second, independent demand, and
every answer but a clear yes refuses. The one softening: when no list of withdrawn certificates can be had, a signature
that is good in all else counts (docs/decisions/0013-whose-anydesk.md).
"""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path
from typing import BinaryIO

from client_app.core.anydesk import AnyDeskRefusedError, ProgramFile, ProgramRelease
from client_app.core.anydesk_signature import SignatureChecker, SignatureFinding, SignatureOutcome
from client_app.core.anydesk_system import HeldFile
from client_app.core.errors import ErrorCode
from client_app.services.bounded import LimitReachedError, run_bounded

_log = logging.getLogger(__name__)

ONLINE_SECONDS = 6.0
"""How long the system may ask the network for lists of withdrawn certificates before stored ones are used."""

_REFUSALS = {
    SignatureOutcome.UNSIGNED: (ErrorCode.SIGNATURE_WRONG, "anydesk.unsigned"),
    SignatureOutcome.INVALID: (ErrorCode.SIGNATURE_WRONG, "anydesk.signature_invalid"),
    SignatureOutcome.WRONG_SIGNER: (ErrorCode.SIGNATURE_WRONG, "anydesk.wrong_signer"),
    SignatureOutcome.UNKNOWN: (ErrorCode.SIGNATURE_WRONG, "anydesk.signature_unknown"),
    SignatureOutcome.REVOKED: (ErrorCode.SIGNATURE_REVOKED, "anydesk.signature_revoked"),
}


def check_signature(
    checker: SignatureChecker,
    release: ProgramRelease,
    file: ProgramFile,
    held: HeldFile,
    online_seconds: float = ONLINE_SECONDS,
) -> None:
    """Check one held file of a release, if a signature is demanded of it.

    The program must be signed by AnyDesk's maker unless the signed list names another signer; its parts only when
    the list names one. An empty name in the list means that the hash alone decides; a withdrawn signature refuses
    even then.

    Raises:
        AnyDeskRefusedError: SIGNATURE_WRONG or SIGNATURE_REVOKED.
    """
    if file is not release.program and not file.signer:
        return
    signer = checker.maker if file.signer is None else file.signer
    finding = _look(checker, held, signer, online_seconds)
    _log.info("signature", extra={"state": finding.outcome, "holds": finding.is_revocation_known})
    if finding.outcome in (SignatureOutcome.VALID, SignatureOutcome.NOT_APPLICABLE):
        return
    if file.signer == "" and finding.outcome is not SignatureOutcome.REVOKED:
        return
    code, reason = _REFUSALS[finding.outcome]
    raise AnyDeskRefusedError(code, reason, file.name)


def _look(checker: SignatureChecker, held: HeldFile, signer: str, seconds: float) -> SignatureFinding:
    # A handle of its own to the same open file: a check that hangs in the network may outlive ours.
    second = _SecondHold(held)

    def online() -> SignatureFinding:
        with contextlib.closing(second):
            return checker.check(second, signer, online=True)

    with contextlib.suppress(LimitReachedError):
        finding = run_bounded(online, seconds=seconds, name="signature")
        if finding.is_revocation_known:
            return finding
    return checker.check(held, signer, online=False)


class _SecondHold:
    """Another descriptor of a held file."""

    def __init__(self, held: HeldFile) -> None:
        self._path = held.path
        self._stream: BinaryIO = os.fdopen(os.dup(held.stream.fileno()), "rb")

    @property
    def path(self) -> Path:
        return self._path

    @property
    def stream(self) -> BinaryIO:
        return self._stream

    def close(self) -> None:
        self._stream.close()
