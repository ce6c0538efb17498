"""Signatures where a system has none for programs (Linux): the hash of the signed list is all there is."""

from __future__ import annotations

from client_app.core.anydesk_signature import SignatureFinding, SignatureOutcome
from client_app.core.anydesk_system import HeldFile


class NoSignatures:
    """`SignatureChecker` that says so."""

    maker = ""

    def check(self, file: HeldFile, signer: str, *, online: bool) -> SignatureFinding:
        """Return that there is nothing to check."""
        return SignatureFinding(SignatureOutcome.NOT_APPLICABLE)
