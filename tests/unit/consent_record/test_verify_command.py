"""`python -m consent_record verify`: exit 0 only against a root, 1 with the reason, 2 without a root, 64 for usage."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from consent_record.canonical import canonical_bytes
from consent_record.keys import format_public_key
from tests.unit.consent_record.samples import Company

PROVEN, WRONG, UNKNOWN, USAGE = 0, 1, 2, 64


@pytest.fixture(scope="module")
def company() -> Company:
    """Keys."""
    return Company()


@pytest.fixture
def folder(company: Company, tmp_path: Path) -> Path:
    """A folder with a receipt and two roots."""
    (tmp_path / "receipt.json").write_bytes(canonical_bytes(company.receipt()))
    (tmp_path / "root.pub").write_text(format_public_key(company.root_key) + "\n", "ascii")
    (tmp_path / "other.pub").write_text(format_public_key(Company().root_key), "ascii")
    return tmp_path


def verify(project_root: Path, *arguments: str | Path) -> tuple[int, str]:
    """Run the command; returns the exit code and everything printed."""
    done = subprocess.run(
        [sys.executable, "-m", "consent_record", *map(str, arguments)],
        cwd=project_root,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_against_the_right_root(folder: Path, project_root: Path) -> None:
    code, said = verify(project_root, "verify", folder / "receipt.json", "--root", folder / "root.pub")
    assert code == PROVEN
    assert said.startswith("VALID: ")
    assert "Price accepted: 120.50 PLN" in said
    assert "no log proof yet" in said


def test_without_a_root(folder: Path, project_root: Path) -> None:
    code, said = verify(project_root, "verify", folder / "receipt.json")
    assert code == UNKNOWN
    assert "ORIGIN UNKNOWN" in said


def test_against_another_root(folder: Path, project_root: Path) -> None:
    code, said = verify(project_root, "verify", folder / "receipt.json", "--root", folder / "other.pub")
    assert code == WRONG
    assert "certificate.other_root" in said


@pytest.mark.parametrize("change", ["byte", "blank", "empty", "text", "missing", "folder", "huge", "root"])
def test_whatever_is_wrong_is_said_with_exit_1(change: str, folder: Path, project_root: Path) -> None:
    receipt, root = folder / "receipt.json", folder / "root.pub"
    data = receipt.read_bytes()
    if change == "missing":
        receipt.unlink()
    elif change == "folder":
        receipt.unlink()
        receipt.mkdir()
    elif change == "root":
        root.write_bytes(b"\xff\xfe")
    else:
        changed = {
            "byte": data.replace(b"12050", b"12051"),
            "blank": data.replace(b",", b", ", 1),
            "empty": b"",
            "text": b"this is not a receipt",
            "huge": data + b" " * (4 * 1024 * 1024),
        }
        receipt.write_bytes(changed[change])
    code, said = verify(project_root, "verify", receipt, "--root", root)
    assert code == WRONG
    assert "NOT " in said


@pytest.mark.parametrize("arguments", [(), ("verify",), ("prove", "x"), ("verify", "x", "--key", "y")])
def test_a_wrong_command_line_reads_as_no_verdict(arguments: tuple[str, ...], project_root: Path) -> None:
    assert verify(project_root, *arguments)[0] == USAGE


def test_it_needs_no_network_and_no_backend(folder: Path, project_root: Path) -> None:
    probe = (
        "import socket, sys\n"
        "def refuse(*_a, **_k): raise SystemExit(99)\n"
        "socket.socket = refuse\n"
        "from consent_record.__main__ import main\n"
        "code = main(sys.argv[1:])\n"
        "loaded = {m.partition('.')[0] for m in sys.modules}\n"
        "sys.exit(98 if loaded & {'consent_backend', 'requests', 'sqlalchemy', 'litestar'} else code)\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            probe,
            "verify",
            str(folder / "receipt.json"),
            "--root",
            str(folder / "root.pub"),
        ],
        cwd=project_root,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == PROVEN, done.stderr
