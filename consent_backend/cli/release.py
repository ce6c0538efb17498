"""`release sign-manifest`: the signed list of programs that may run on customers' computers."""

import argparse
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import msgspec
from msgspec import UNSET, UnsetType

from consent_backend.keyring import KeyringError, certificate_path, key_path, read_certificate, read_private
from consent_backend.settings import DataFolder
from consent_record.canonical import canonical_bytes, decode_canonical
from consent_record.fields import timestamp
from consent_record.keys import Role, public_hex
from consent_record.records import SystemFamily
from consent_record.release import (
    PART,
    PROGRAM,
    ReleaseFile,
    ReleaseManifest,
    SignedManifest,
    check_manifest,
    sign_manifest,
)


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
    sign.add_argument(
        "--url",
        action="append",
        default=[],
        metavar="SYSTEM=ADDRESS",
        help="https address of that system's program, for clients without it; again for another place to try."
        " Parts (--with-folder) are looked for beside it, under their names",
    )
    sign.add_argument(
        "--signer",
        action="append",
        default=[],
        metavar="SYSTEM=NAME",
        help="who signed that system's program, if not AnyDesk itself; windows=Organisation, macos=TEAMID",
    )
    sign.add_argument(
        "--unsigned",
        action="append",
        default=[],
        metavar="SYSTEM",
        help="that system's program carries no signature: its hash alone decides",
    )
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
    wishes = _wishes(options)
    manifest = ReleaseManifest(
        sequence=options.sequence,
        issued_at=timestamp(now),
        expires_at=timestamp(now + timedelta(days=options.days)),
        files=tuple(
            file
            for text in options.files
            for file in _files(text, options.product_version, wishes, with_folder=options.with_folder)
        ),
    )
    _demand_used(wishes, manifest)
    # Read back as a customer's program reads it, so that no list leaves that would be refused there.
    signed = decode_canonical(
        canonical_bytes(sign_manifest(key, certificate, manifest)) + b"\n", SignedManifest
    )
    check_manifest(signed, root_key=certificate.certificate.root_key, now=now)
    options.out.write_bytes(canonical_bytes(signed) + b"\n")
    for file in manifest.files:
        print(f"{file.system.value}: {file.name}, {file.size} bytes, SHA-256 {file.sha256}")
        if file.signer == "":
            print(f"{file.system.value}: {file.name}: NO signature is demanded, the hash alone decides")
        for address in file.urls or ():
            print(f"{file.system.value}: {file.name} may be fetched from {address}")
    print(f"Signed until {manifest.expires_at}: {options.out}")
    return 0


@dataclass
class _Wishes:
    """What the command line says of one system's program besides its file."""

    urls: tuple[str, ...] | UnsetType = UNSET
    signer: str | UnsetType = UNSET


def _wishes(options: argparse.Namespace) -> dict[SystemFamily, _Wishes]:
    found: dict[SystemFamily, _Wishes] = {}
    for text in options.url:
        system, address = _pair(text, "ADDRESS")
        wish = found.setdefault(system, _Wishes())
        wish.urls = (*(wish.urls or ()), address)
    for text in (*options.signer, *(f"{system}=" for system in options.unsigned)):
        system, name = _pair(text, "NAME")
        wish = found.setdefault(system, _Wishes())
        if wish.signer is not UNSET:
            raise KeyringError(f"{system.value}: --signer and --unsigned may be given once in all")
        if not name and system.value not in options.unsigned:
            raise KeyringError(f"{system.value}: an empty signer is said by --unsigned {system.value}")
        wish.signer = name
    return found


def _demand_used(wishes: dict[SystemFamily, _Wishes], manifest: ReleaseManifest) -> None:
    unused = set(wishes) - {file.system for file in manifest.files}
    if unused:
        names = ", ".join(sorted(system.value for system in unused))
        raise KeyringError(f"{names}: an address or signer was given, but no file")


def _pair(text: str, what: str) -> tuple[SystemFamily, str]:
    family, separator, value = text.partition("=")
    if not separator or family not in {family.value for family in SystemFamily}:
        families = "|".join(family.value for family in SystemFamily)
        raise KeyringError(f"{text!r} is not {families}={what}")
    return SystemFamily(family), value


def _files(
    text: str, version: str, wishes: dict[SystemFamily, _Wishes], *, with_folder: bool
) -> list[ReleaseFile]:
    system, place = _pair(text, "FILE")
    program = Path(place)
    wish = wishes.get(system, _Wishes())
    first = _describe(system, program, program.name, PROGRAM, version)
    found = [msgspec.structs.replace(first, urls=wish.urls, signer=wish.signer)]
    if with_folder:
        parts = sorted(path for path in program.parent.rglob("*") if path.is_file() and path != program)
        for part in parts:
            name = part.relative_to(program.parent).as_posix()
            described = _describe(system, part, name, PART, version)
            found.append(msgspec.structs.replace(described, urls=_beside(wish.urls, name)))
    return found


def _beside(urls: tuple[str, ...] | UnsetType, name: str) -> tuple[str, ...] | UnsetType:
    if isinstance(urls, UnsetType):
        return UNSET
    return tuple(urljoin(url, quote(name)) for url in urls)


def _describe(system: SystemFamily, path: Path, name: str, product: str, version: str) -> ReleaseFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ReleaseFile(
        system=system, name=name, size=path.stat().st_size, sha256=digest, product=product, version=version
    )
