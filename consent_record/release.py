"""The signed list of programs that may run on a customer's computer: hashes, with expiry and sequence.

Rule: what a list says beside hashes (where a file may be fetched, who must have signed it) can only come from here,
because the list is signed by a key that is kept offline.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType
from nacl.signing import SigningKey

from consent_record.errors import MalformedError, UntrustedError
from consent_record.fields import HashHex, Line, SignatureHex, Timestamp, moment_of
from consent_record.keys import Role, SignedCertificate, check_signed, sign
from consent_record.records import SystemFamily

PURPOSE = "release-manifest"

PROGRAM = "anydesk"
"""`product` of the file that is executed; there is one for each system."""

PART = "anydesk-part"
"""`product` of a file that the program needs beside it; its name is relative to the program's folder, with "/"."""


MANIFEST_VERSION = 1

Address = Annotated[str, Meta(pattern=r'^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[!-"$-~]*\Z', max_length=500)]
"""An https address without user, password or fragment, in printable ASCII."""

Size = Annotated[int, Meta(ge=0, le=2**40)]
"""Of a file, in bytes."""


class ReleaseFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One program for one system: its file name, size in bytes and SHA-256.

    The last two fields may be absent, and are then no part of the canonical form: a list that was made before they
    existed keeps its signature.

    Attributes:
        urls: where exactly this file may be fetched when it does not lie beside the program, tried in order.
        signer: who must have signed the file's code: on Windows the organisation's name, on macOS the team's id.
            Absent: the maker of AnyDesk for the program, nobody for its parts. "": no signature is demanded, the
            hash alone decides.
    """

    system: SystemFamily
    name: Line
    size: Size
    sha256: HashHex
    product: Line = "anydesk"
    version: Line = ""
    urls: tuple[Address, ...] | UnsetType = UNSET
    signer: Line | UnsetType = UNSET


class ReleaseManifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All programs of a release. `sequence` only grows: no older list is accepted after a newer one."""

    manifest_version: int = MANIFEST_VERSION
    sequence: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    issued_at: Timestamp
    expires_at: Timestamp
    files: tuple[ReleaseFile, ...]


class SignedManifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A manifest with the release key's signature and certificate."""

    manifest: ReleaseManifest
    signature: SignatureHex
    certificate: SignedCertificate


def sign_manifest(
    key: SigningKey, certificate: SignedCertificate, manifest: ReleaseManifest
) -> SignedManifest:
    """Sign a manifest with the (offline) release key."""
    return SignedManifest(manifest=manifest, signature=sign(key, PURPOSE, manifest), certificate=certificate)


def check_manifest(signed: SignedManifest, *, root_key: str, now: datetime, least_sequence: int = 0) -> None:
    """Check origin, expiry and that no older list is put in a newer one's place.

    Raises:
        UntrustedError: `manifest.version`, `manifest.expired`, `manifest.rollback`, or as `keys.check_signed`.
    """
    manifest = signed.manifest
    try:
        issued, expires = moment_of(manifest.issued_at), moment_of(manifest.expires_at)
    except ValueError as error:
        raise MalformedError("manifest.dates", "the dates of the list of programs cannot be read") from error
    check_signed(
        manifest,
        purpose=PURPOSE,
        signature=signed.signature,
        certificate=signed.certificate,
        role=Role.RELEASE,
        root_key=root_key,
        at=issued,
    )
    if manifest.manifest_version != MANIFEST_VERSION:
        raise UntrustedError("manifest.version", "the list of programs is of a version not known here")
    if manifest.sequence < least_sequence:
        raise UntrustedError("manifest.rollback", "the list of programs is older than one seen before")
    if now > expires:
        raise UntrustedError("manifest.expired", "the list of programs has expired")
