"""Keys by role under one pinned root: certificates, signatures with domain separation (Ed25519, RFC 8032).

A signature is made over `prefix || 0x00 || canonical bytes`. The prefix names the role and the type, so that
a signature of one kind can never be shown as one of another kind. The root signs certificates only.
"""

import enum
from datetime import datetime

import msgspec
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from consent_record.canonical import canonical_bytes, sha256_hex
from consent_record.errors import MalformedError, UntrustedError
from consent_record.fields import HashHex, Identifier, KeyHex, SignatureHex, Timestamp, moment_of

ROOT_FILE_PREFIX = "ed25519:"


class Role(enum.Enum):
    """What a certified key may sign; each role is a key of its own."""

    RELEASE = "release"
    DOCUMENT = "document"
    RECEIPT = "receipt"
    CASE = "case"


class Certificate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The root's word that one public key has one role for a time."""

    version: int = 1
    serial: Identifier
    role: Role
    public_key: KeyHex
    not_before: Timestamp
    not_after: Timestamp
    root_key: KeyHex


class SignedCertificate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A certificate with the root's signature."""

    certificate: Certificate
    signature: SignatureHex


def _message(purpose: str, payload: object) -> bytes:
    return b"pomoc-zdalna/1/" + purpose.encode("ascii") + b"\x00" + canonical_bytes(payload)


def sign(key: SigningKey, purpose: str, payload: object) -> str:
    """Sign the canonical form of `payload` for one purpose; returns 128 hexadecimal digits.

    Args:
        key: the private key of the role that the purpose belongs to.
        purpose: ASCII name of the kind of statement, for example `receipt`.
        payload: the struct that is signed.
    """
    return key.sign(_message(purpose, payload)).signature.hex()


def check_signature(public_key: str, purpose: str, payload: object, signature: str) -> None:
    """Check a signature made by `sign`.

    Raises:
        UntrustedError: code `signature.wrong`.
    """
    try:
        VerifyKey(bytes.fromhex(public_key)).verify(_message(purpose, payload), bytes.fromhex(signature))
    except (BadSignatureError, ValueError) as error:
        raise UntrustedError(
            "signature.wrong", f"the signature of the {purpose} is not by the key named"
        ) from error


def certify(
    root: SigningKey, *, serial: str, role: Role, public_key: str, not_before: str, not_after: str
) -> SignedCertificate:
    """Let the root certify `public_key` for `role` between two `Timestamp`s."""
    certificate = Certificate(
        serial=serial,
        role=role,
        public_key=public_key,
        not_before=not_before,
        not_after=not_after,
        root_key=public_hex(root),
    )
    return SignedCertificate(certificate=certificate, signature=sign(root, "certificate", certificate))


def check_certificate(signed: SignedCertificate, *, role: Role, root_key: str | None, at: datetime) -> None:
    """Check that a key had `role` at the moment `at`.

    Args:
        signed: the certificate.
        role: the role that the caller needs.
        root_key: the pinned root (hexadecimal). None checks only that the certificate is consistent with the
            root that it names itself; the caller must then say that the origin is unknown.
        at: aware moment of the signature that the certificate vouches for.

    Raises:
        UntrustedError: `certificate.other_root`, `certificate.version`, `certificate.role`,
            `certificate.expired`, `signature.wrong`.
        MalformedError: `certificate.dates`.
    """
    body = signed.certificate
    if root_key is not None and body.root_key != root_key:
        raise UntrustedError("certificate.other_root", "the key was not certified by the given root")
    check_signature(body.root_key, "certificate", body, signed.signature)
    if body.version != 1:
        raise UntrustedError("certificate.version", f"certificate version {body.version} is not known here")
    if body.role is not role:
        raise UntrustedError(
            "certificate.role", f"a {body.role.value} key was used where a {role.value} key is needed"
        )
    try:
        valid = moment_of(body.not_before) <= at <= moment_of(body.not_after)
    except ValueError as error:
        raise MalformedError("certificate.dates", "the certificate's dates cannot be read") from error
    if not valid:
        raise UntrustedError("certificate.expired", f"the {role.value} key was not valid at {at.isoformat()}")


def check_signed(
    payload: object,
    *,
    purpose: str,
    signature: str,
    certificate: SignedCertificate,
    role: Role,
    root_key: str | None,
    at: datetime,
) -> None:
    """Check certificate and signature together; raises as `check_certificate` and `check_signature`."""
    check_certificate(certificate, role=role, root_key=root_key, at=at)
    check_signature(certificate.certificate.public_key, purpose, payload, signature)


def public_hex(key: SigningKey) -> str:
    """Return the public half of `key` as 64 hexadecimal digits."""
    return bytes(key.verify_key).hex()


def fingerprint(public_key: str) -> HashHex:
    """Return the SHA-256 of a public key, for people to compare on the phone or on paper."""
    return sha256_hex(bytes.fromhex(public_key))


def format_public_key(public_key: str) -> str:
    """Return the one-line file form of a public key: `ed25519:` and 64 hexadecimal digits."""
    return ROOT_FILE_PREFIX + public_key


def parse_public_key(text_untrusted: str) -> str:
    """Read the one-line file form of a public key.

    Raises:
        MalformedError: code `key.malformed`.
    """
    text = text_untrusted.strip()
    digits = text.removeprefix(ROOT_FILE_PREFIX)
    if (
        not text.startswith(ROOT_FILE_PREFIX)
        or len(digits) != 64
        or not set(digits) <= set("0123456789abcdef")
    ):
        raise MalformedError(
            "key.malformed", "a public key is 'ed25519:' followed by 64 lower-case hexadecimal digits"
        )
    return digits
