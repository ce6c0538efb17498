"""Programs with test signatures for tests of the signature check: made here, because the signing tools are Linux's.

Rule: the keys are new each time and are deleted at once; every name says that it is for tests only, but the
organisation,
which is what the tests compare.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

SIGNER = "osslsigncode"

SIGNERS = {
    "maker": ("AnyDesk Software GmbH", "0x0101"),
    "other": ("Somebody Else GmbH", "0x0102"),
    "former": ("philandro Software GmbH", "0x0103"),
    "stolen": ("AnyDesk Software GmbH", "0x0dbf152deaf0b981a8a938d53f769db8"),
}
"""File name to the signer's organisation and the number of the certificate."""

_EXTENSIONS = """basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,codeSigning
"""
_SECONDS = 60


def is_possible() -> bool:
    """Whether the tools are here."""
    return shutil.which(SIGNER) is not None and shutil.which("openssl") is not None


def make(program: Path, folder: Path) -> None:
    """Put the program into a folder once for each signer, once unsigned and once changed after signing.

    Raises:
        OSError, subprocess.SubprocessError: a tool failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(program, folder / "unsigned.exe")
    with tempfile.TemporaryDirectory() as name:
        keys = Path(name)
        _make_root(keys)
        for signer, (organisation, serial) in SIGNERS.items():
            _make_leaf(keys, signer, organisation, serial)
            _sign(keys, signer, program, folder / f"{signer}.exe")
    changed = bytearray((folder / "maker.exe").read_bytes())
    # Inside the DOS stub, which no loader reads.
    changed[0x4E] ^= 1
    (folder / "changed.exe").write_bytes(changed)


def _make_root(keys: Path) -> None:
    _run(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", keys / "root.key",
        "-out", keys / "root.pem", "-days", "3650", "-subj", "/C=PL/O=TEST ONLY/CN=TEST ONLY root",
        "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
    )  # fmt: skip


def _make_leaf(keys: Path, signer: str, organisation: str, serial: str) -> None:
    (keys / "extensions").write_text(_EXTENSIONS)
    _run(
        "openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", keys / f"{signer}.key",
        "-out", keys / f"{signer}.csr", "-subj", f"/C=PL/O={organisation}/CN=TEST ONLY code signing",
    )  # fmt: skip
    _run(
        "openssl", "x509", "-req", "-in", keys / f"{signer}.csr", "-CA", keys / "root.pem",
        "-CAkey", keys / "root.key", "-set_serial", serial, "-days", "3650",
        "-extfile", keys / "extensions", "-out", keys / f"{signer}.pem",
    )  # fmt: skip
    chain = (keys / f"{signer}.pem").read_bytes() + (keys / "root.pem").read_bytes()
    (keys / f"{signer}-chain.pem").write_bytes(chain)


def _sign(keys: Path, signer: str, program: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    _run(
        SIGNER, "sign", "-certs", keys / f"{signer}-chain.pem", "-key", keys / f"{signer}.key",
        "-h", "sha256", "-n", "TEST ONLY", "-in", program, "-out", target,
    )  # fmt: skip


def _run(*command: str | Path) -> None:
    subprocess.run(
        [str(part) for part in command],
        check=True,
        timeout=_SECONDS,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
