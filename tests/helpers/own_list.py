"""A company's folder as it lies beside an installed program: brand, signed list, AnyDesk. All signatures real."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nacl.signing import SigningKey

import resources
from consent_record.canonical import canonical_bytes
from consent_record.fields import timestamp
from consent_record.keys import Role, certify, public_hex
from consent_record.records import SystemFamily
from consent_record.release import ReleaseFile, ReleaseManifest, sign_manifest
from resources.compile import compile_brand


@dataclass
class OwnList:
    """What a test may change of a list before it is written."""

    folder: Path
    system: SystemFamily
    name: str
    program: bytes
    root: SigningKey = field(default_factory=SigningKey.generate)
    signer: str = ""

    def write(
        self,
        *,
        sequence: int = 5,
        expires_in: timedelta = timedelta(days=1),
        root: SigningKey | None = None,
        role: Role = Role.RELEASE,
        bundled: bytes | None = None,
    ) -> None:
        """Write the folder: the brand pins our root, whatever root the list is signed under.

        Args:
            sequence: of the list.
            expires_in: from now on.
            root: another one than the brand's.
            role: of the key that signs.
            bundled: what lies there as AnyDesk; the listed program when None, nothing when empty.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        compile_brand(resources.path("brand.toml"), self.folder / "brand.json")
        brand = json.loads((self.folder / "brand.json").read_bytes())
        brand["backend"]["root_public_key"] = public_hex(self.root)
        (self.folder / "brand.json").write_text(json.dumps(brand), "utf-8")
        now, key = datetime.now(UTC), SigningKey.generate()
        certificate = certify(
            root or self.root,
            serial=str(uuid.uuid4()),
            role=role,
            public_key=public_hex(key),
            not_before=timestamp(now - timedelta(days=9)),
            not_after=timestamp(now + timedelta(days=9)),
        )
        listed = ReleaseManifest(
            sequence=sequence,
            issued_at=timestamp(now - timedelta(days=2)),
            expires_at=timestamp(now + expires_in),
            files=(
                ReleaseFile(
                    system=self.system,
                    name=self.name,
                    size=len(self.program),
                    sha256=hashlib.sha256(self.program).hexdigest(),
                    signer=self.signer,
                ),
            ),
        )
        signed = sign_manifest(key, certificate, listed)
        (self.folder / "release.json").write_bytes(canonical_bytes(signed))
        bundle = self.folder / "anydesk"
        bundle.mkdir(exist_ok=True)
        (bundle / self.name).unlink(missing_ok=True)
        if bundled is None or bundled:
            (bundle / self.name).write_bytes(self.program if bundled is None else bundled)
