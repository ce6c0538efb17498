"""Errors of this package: a stable code for programs and logs, a sentence for people."""


class RecordError(Exception):
    """Something in a record, receipt or signature does not hold.

    Attributes:
        code: stable dotted identifier, for example `signature.wrong`.
        reason: one English sentence for logs and the verifier's output.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class MalformedError(RecordError):
    """The bytes are not what they claim to be (syntax, shape, canonical form)."""


class UntrustedError(RecordError):
    """The bytes are well formed, but a signature, certificate, hash or validity does not hold."""
