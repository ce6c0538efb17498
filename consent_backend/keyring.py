"""The backend's keys: one private key a role with the root's certificate of it, and the secret behind tokens.

Layout of the folder (every file 0600): `root.pub` (pinned by clients), `<role>.key` (32-byte seed in hexadecimal),
`<role>.certificate.json` (canonical), `tokens.key`; `root.key` only where a local root was made for trying.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from nacl.signing import SigningKey

from consent_backend.settings import write_private
from consent_record.canonical import canonical_bytes, decode_canonical
from consent_record.errors import RecordError
from consent_record.fields import timestamp
from consent_record.keys import (
    Role,
    SignedCertificate,
    certify,
    check_certificate,
    format_public_key,
    parse_public_key,
    public_hex,
)

ONLINE_ROLES = (Role.DOCUMENT, Role.RECEIPT, Role.CASE)
"""Roles whose keys the server holds. The release key decides what runs on customers' computers: offline."""

LOCAL_ROOT_NOTICE = (
    "The root key lies beside the other keys: good for trying, not for a company. "
    "A company makes its root offline: python -m consent_backend keys init --offline FOLDER"
)

VALIDITY_DAYS = {Role.RELEASE: 366, Role.DOCUMENT: 2 * 366, Role.RECEIPT: 366, Role.CASE: 366}
SLACK = timedelta(minutes=10)
"""A certificate begins a little in the past, so that clocks may differ."""


class KeyringError(Exception):
    """The keys cannot be used; the message is one sentence for the person at the command line."""


@dataclass(frozen=True)
class RoleKey:
    """A private key with its certificate."""

    key: SigningKey
    certificate: SignedCertificate


@dataclass(frozen=True)
class Keyring:
    """Everything that the server signs with.

    Attributes:
        root_key: the root's public half in hexadecimal.
        document: signs documents.
        receipt: signs receipts.
        case: signs case statements.
        token_secret: 32 bytes; case tokens and hashes of addresses are derived from it.
        has_local_root: True when the root's private half lies beside the other keys.
    """

    root_key: str
    document: RoleKey
    receipt: RoleKey
    case: RoleKey
    token_secret: bytes
    has_local_root: bool


def root_path(folder: Path) -> Path:
    """Return where a local root's private half lies."""
    return folder / "root.key"


def key_path(folder: Path, role: Role) -> Path:
    """Return where the private key of a role lies."""
    return folder / f"{role.value}.key"


def next_key_path(folder: Path, role: Role) -> Path:
    """Return where a new private key waits for its certificate."""
    return folder / f"{role.value}.next.key"


def certificate_path(folder: Path, role: Role) -> Path:
    """Return where the certificate of a role lies."""
    return folder / f"{role.value}.certificate.json"


def read_private(path: Path) -> SigningKey:
    """Read a private key file.

    Raises:
        KeyringError: missing, unreadable or malformed.
    """
    try:
        seed = bytes.fromhex(path.read_text("ascii").strip())
        return SigningKey(seed)
    except OSError as error:
        raise KeyringError(f"the key {path} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise KeyringError(f"{path} is no private key (64 hexadecimal digits)") from error


def write_new_private(path: Path) -> SigningKey:
    """Make a private key and store it with mode 0600.

    Raises:
        KeyringError: there is one already; keys are never overwritten.
    """
    key = SigningKey.generate()
    _write_new(path, bytes(key).hex().encode("ascii") + b"\n")
    return key


def certify_key(
    root: SigningKey, role: Role, public_key: str, *, days: int | None = None
) -> SignedCertificate:
    """Let the root certify a public key for a role, from now for `days` (default: `VALIDITY_DAYS`)."""
    now = datetime.now(UTC)
    return certify(
        root,
        serial=str(uuid4()),
        role=role,
        public_key=public_key,
        not_before=timestamp(now - SLACK),
        not_after=timestamp(now + timedelta(days=days or VALIDITY_DAYS[role])),
    )


def make_keys(folder: Path, *, root: SigningKey, roles: tuple[Role, ...]) -> None:
    """Make a key and a certificate for each role, the root's public file and the token secret.

    Raises:
        KeyringError: one of them exists.
    """
    _write_new(folder / "root.pub", format_public_key(public_hex(root)).encode("ascii") + b"\n")
    for role in roles:
        key = write_new_private(key_path(folder, role))
        certificate = certify_key(root, role, public_hex(key))
        _write_new(certificate_path(folder, role), canonical_bytes(certificate) + b"\n")
    _write_new(folder / "tokens.key", secrets.token_hex(32).encode("ascii") + b"\n")


def make_local_keys(folder: Path) -> SigningKey:
    """Make every key with the root's private half beside them: for trying, not for a company."""
    root = write_new_private(root_path(folder))
    make_keys(folder, root=root, roles=(*ONLINE_ROLES, Role.RELEASE))
    return root


def replace_certificate(folder: Path, role: Role, certificate: SignedCertificate) -> None:
    """Put a new certificate and, when one waits, the new key it belongs to in the old ones' place.

    The old pair is kept beside them under the old certificate's serial; receipts carry their certificate and
    stay valid.

    Raises:
        KeyringError: the certificate fits neither the waiting key nor the one in use.
    """
    wanted = certificate.certificate.public_key
    waiting = next_key_path(folder, role)
    current = key_path(folder, role)
    source = next(
        (p for p in (waiting, current) if p.exists() and public_hex(read_private(p)) == wanted), None
    )
    if source is None:
        raise KeyringError(f"the certificate is for another key than the {role.value} keys here")
    old = read_certificate(folder, role)
    serial = old.certificate.serial
    new_file = certificate_path(folder, role).with_suffix(".new")
    _write_new(new_file, canonical_bytes(certificate) + b"\n")
    if source == waiting:
        current.rename(folder / f"{role.value}.{serial}.old.key")
        waiting.rename(current)
    certificate_path(folder, role).rename(folder / f"{role.value}.{serial}.old.certificate.json")
    new_file.rename(certificate_path(folder, role))


def read_certificate(folder: Path, role: Role) -> SignedCertificate:
    """Read the certificate of a role.

    Raises:
        KeyringError: missing or changed.
    """
    path = certificate_path(folder, role)
    try:
        return decode_canonical(path.read_bytes(), SignedCertificate)
    except OSError as error:
        raise KeyringError(f"the certificate {path} cannot be read: {error.strerror}") from error
    except RecordError as error:
        raise KeyringError(f"the certificate {path} was changed: {error.reason}") from error


def read_root(folder: Path) -> str:
    """Read the root's public half (hexadecimal).

    Raises:
        KeyringError: missing or malformed.
    """
    try:
        return parse_public_key((folder / "root.pub").read_text("ascii"))
    except (OSError, UnicodeDecodeError, RecordError) as error:
        raise KeyringError(f"{folder / 'root.pub'} is no readable root key: {error}") from error


def load_role(folder: Path, role: Role, root_key: str) -> RoleKey:
    """Load one role's key with its certificate and check both against the root.

    Raises:
        KeyringError: they do not fit each other, the root, or the present time.
    """
    key = read_private(key_path(folder, role))
    certificate = read_certificate(folder, role)
    if certificate.certificate.public_key != public_hex(key):
        raise KeyringError(f"key and certificate of the role {role.value} do not belong together")
    try:
        check_certificate(certificate, role=role, root_key=root_key, at=datetime.now(UTC))
    except RecordError as error:
        raise KeyringError(f"the {role.value} key cannot be used: {error.reason}") from error
    return RoleKey(key, certificate)


def load_keyring(folder: Path) -> Keyring:
    """Load every key the server needs.

    Raises:
        KeyringError: one is missing, changed, expired or of another root.
    """
    root_key = read_root(folder)
    document, receipt, case = (load_role(folder, role, root_key) for role in ONLINE_ROLES)
    return Keyring(
        root_key=root_key,
        document=document,
        receipt=receipt,
        case=case,
        token_secret=bytes(read_private(folder / "tokens.key")),
        has_local_root=root_path(folder).exists(),
    )


def has_keys(folder: Path) -> bool:
    """Tell whether keys were made here."""
    return (folder / "root.pub").exists()


def _write_new(path: Path, data: bytes) -> None:
    try:
        write_private(path, data)
    except FileExistsError as error:
        raise KeyringError(f"{path} exists already and is not overwritten") from error
    except OSError as error:
        raise KeyringError(f"{path} cannot be written: {error.strerror}") from error
