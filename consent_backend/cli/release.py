"""`release sign-manifest`: the signed list of programs that may run on customers' computers."""

import argparse
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from consent_backend.keyring import KeyringError, certificate_path, key_path, read_certificate, read_private
from consent_backend.settings import DataFolder
from consent_record.canonical import canonical_bytes
from consent_record.fields import timestamp
from consent_record.keys import Role, public_hex
from consent_record.records import SystemFamily
from consent_record.release import PART, PROGRAM, ReleaseFile, ReleaseManifest, check_manifest, sign_manifest


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    release = commands.add_parser("release", help="sign what may run at customers").add_subparsers(
        required=True
    )
    sign = release.add_parser("sign-manifest", parents=[common], help="write a signed list of programs")
    sign.add_argument("files", nargs="+", metavar="SYSTEM=FILE", help="for example windows=AnyDesk.exe")
    sign.add_argument(
        "--with-folder",
        action="store_true",
        help="list every other file of a program's folder as a part of it",
    )
    sign.add_argument("--keys", type=Path, metavar="FOLDER", help="where release.key is (default: DATA/keys)")
    sign.add_argument("--sequence", type=int, required=True, help="larger than that of every list before")
    sign.add_argument("--days", type=int, default=90, help="validity (default: %(default)s)")
    sign.add_argument("--product-version", default="", help="version of the programs, for people")
    sign.add_argument("--out", type=Path, required=True, help="file for the list")
    sign.set_defaults(run=run)


def run(options: argparse.Namespace, folder: DataFolder) -> int:
    """Hash the programs, sign the list, check it and write it."""
    keys = options.keys or folder.keys
    key = read_private(key_path(keys, Role.RELEASE))
    certificate = read_certificate(keys, Role.RELEASE)
    if certificate.certificate.public_key != public_hex(key):
        raise KeyringError(f"release key and {certificate_path(keys, Role.RELEASE)} do not belong together")
    now = datetime.now(UTC)
    manifest = ReleaseManifest(
        sequence=options.sequence,
        issued_at=timestamp(now),
        expires_at=timestamp(now + timedelta(days=options.days)),
        files=tuple(
            file
            for text in options.files
            for file in _files(text, options.product_version, with_folder=options.with_folder)
        ),
    )
    signed = sign_manifest(key, certificate, manifest)
    check_manifest(signed, root_key=certificate.certificate.root_key, now=now)
    options.out.write_bytes(canonical_bytes(signed) + b"\n")
    for file in manifest.files:
        print(f"{file.system.value}: {file.name}, {file.size} bytes, SHA-256 {file.sha256}")
    print(f"Signed until {manifest.expires_at}: {options.out}")
    return 0


def _files(text: str, version: str, *, with_folder: bool) -> list[ReleaseFile]:
    family, separator, name = text.partition("=")
    if not separator or family not in {family.value for family in SystemFamily}:
        families = "|".join(family.value for family in SystemFamily)
        raise KeyringError(f"{text!r} is not {families}=FILE")
    system, program = SystemFamily(family), Path(name)
    found = [_describe(system, program, program.name, PROGRAM, version)]
    if with_folder:
        parts = sorted(path for path in program.parent.rglob("*") if path.is_file() and path != program)
        found += [
            _describe(system, part, part.relative_to(program.parent).as_posix(), PART, version)
            for part in parts
        ]
    return found


def _describe(system: SystemFamily, path: Path, name: str, product: str, version: str) -> ReleaseFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ReleaseFile(
        system=system, name=name, size=path.stat().st_size, sha256=digest, product=product, version=version
    )
