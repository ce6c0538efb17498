"""`keys init|certify|rotate`: making keys, letting an offline root certify them, replacing them."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from consent_backend.keyring import (
    LOCAL_ROOT_NOTICE,
    ONLINE_ROLES,
    KeyringError,
    certificate_path,
    certify_key,
    has_keys,
    key_path,
    make_keys,
    make_local_keys,
    next_key_path,
    read_private,
    read_root,
    replace_certificate,
    root_path,
    write_new_private,
)
from consent_backend.settings import DataFolder, write_private
from consent_record.canonical import canonical_bytes, decode_canonical
from consent_record.keys import (
    Role,
    SignedCertificate,
    check_certificate,
    fingerprint,
    format_public_key,
    parse_public_key,
    public_hex,
)


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands to the parser."""
    keys = commands.add_parser("keys", help="make, certify and replace keys").add_subparsers(required=True)
    init = keys.add_parser("init", parents=[common], help="make all keys")
    init.add_argument(
        "--offline",
        type=Path,
        metavar="FOLDER",
        help="where root and release key go (a medium that is taken away); without it they stay here, for trying",
    )
    init.set_defaults(run=run_init)
    certify = keys.add_parser("certify", parents=[common], help="let the root certify a public key")
    certify.add_argument("--root", type=Path, required=True, help="the root's private key file")
    certify.add_argument("--role", choices=[role.value for role in Role], required=True)
    certify.add_argument("--public-key", required=True, help="ed25519:... as `keys rotate` printed it")
    certify.add_argument("--days", type=int, help="validity")
    certify.add_argument("--out", type=Path, required=True, help="file for the certificate")
    certify.set_defaults(run=run_certify)
    rotate = keys.add_parser(
        "rotate", parents=[common], help="replace the key of a role; old receipts stay valid"
    )
    rotate.add_argument("role", choices=[role.value for role in Role])
    rotate.add_argument("--root", type=Path, help="the root's private key file, when it is at hand")
    rotate.add_argument("--certificate", type=Path, help="the certificate that `keys certify` made")
    rotate.set_defaults(run=run_rotate)


def run_init(options: argparse.Namespace, folder: DataFolder) -> int:
    """Make root, release and server keys."""
    folder.make()
    if has_keys(folder.keys):
        raise KeyringError(f"there are keys in {folder.keys} already; they are never overwritten")
    if options.offline is None:
        root = make_local_keys(folder.keys)
        print(f"WARNING: {LOCAL_ROOT_NOTICE}")
    else:
        options.offline.mkdir(mode=0o700, parents=True, exist_ok=True)
        root = write_new_private(root_path(options.offline))
        make_keys(folder.keys, root=root, roles=ONLINE_ROLES)
        release = write_new_private(key_path(options.offline, Role.RELEASE))
        certificate = certify_key(root, Role.RELEASE, public_hex(release))
        path = certificate_path(options.offline, Role.RELEASE)
        write_private(path, canonical_bytes(certificate) + b"\n")
        print(
            f"Offline: {options.offline} holds the root and the release key; take it away from this computer."
        )
    print(f"Server keys: {folder.keys}")
    _print_public("Root", public_hex(root))
    return 0


def run_certify(options: argparse.Namespace, _folder: DataFolder) -> int:
    """Write a certificate for a public key."""
    root = read_private(options.root)
    public_key = parse_public_key(options.public_key)
    certificate = certify_key(root, Role(options.role), public_key, days=options.days)
    write_private(options.out, canonical_bytes(certificate) + b"\n")
    print(f"Certificate: {options.out}, {options.role}, valid until {certificate.certificate.not_after}")
    return 0


def run_rotate(options: argparse.Namespace, folder: DataFolder) -> int:
    """Make a new key for a role, or put its certificate in place."""
    role = Role(options.role)
    if options.certificate is not None:
        certificate = decode_canonical(options.certificate.read_bytes(), SignedCertificate)
        return _install(folder, role, certificate)
    waiting = next_key_path(folder.keys, role)
    key = read_private(waiting) if waiting.exists() else write_new_private(waiting)
    root_file = options.root or root_path(folder.keys)
    if root_file.exists():
        return _install(folder, role, certify_key(read_private(root_file), role, public_hex(key)))
    print("A new key waits for its certificate. Where the root is, run:")
    print(f"  python -m consent_backend keys certify --root ROOT.key --role {role.value} \\")
    print(f"    --public-key {format_public_key(public_hex(key))} --out {role.value}.certificate.json")
    print(f"then here: python -m consent_backend keys rotate {role.value} --certificate FILE")
    return 0


def _install(folder: DataFolder, role: Role, certificate: SignedCertificate) -> int:
    check_certificate(certificate, role=role, root_key=read_root(folder.keys), at=datetime.now(UTC))
    replace_certificate(folder.keys, role, certificate)
    print(f"Replaced: the {role.value} key, valid until {certificate.certificate.not_after}.")
    print("Start the server again to use it.")
    return 0


def _print_public(name: str, public_key: str) -> None:
    print(f"{name}: {format_public_key(public_key)}\nFingerprint: {fingerprint(public_key)}")
