"""The command line: first start, keys with an offline root, rotation, the signed list of programs, accounts."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from msgspec import UNSET

from consent_backend.settings import DataFolder
from consent_record.canonical import decode_canonical
from consent_record.errors import RecordError
from consent_record.keys import parse_public_key
from consent_record.receipt import check_receipt, read_receipt
from consent_record.release import ReleaseFile, SignedManifest, check_manifest
from demo.backend_process import (
    ROOT,
    TECHNICIAN_NAME,
    TECHNICIAN_PASSWORD,
    BackendError,
    BackendProcess,
    run_command,
    start,
)
from tests.backend.actors import TIMEOUT, Client, Console, http_session
from tests.backend.conftest import publish_all

ConfirmAt = Callable[[BackendProcess], tuple[Console, Client]]


def mode(path: Path) -> int:
    """Return the permission bits of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_first_start_makes_everything_closed_to_others_and_says_where(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"
    running = start(data, technician=False)
    try:
        printed = "\n".join(running.printed)
        assert mode(data) == mode(data / "keys") == 0o700
        files = [path for path in data.rglob("*") if path.is_file() and path.name != "stderr.log"]
        assert {path.name for path in files} >= {"backend.sqlite3", "root.key", "root.pub", "tokens.key"}
        assert {path.name: oct(mode(path)) for path in files if mode(path) != 0o600} == {}
        for told in (
            str(data),
            str(data / "backend.sqlite3"),
            str(running.root_path),
            "makes its root offline",
        ):
            assert told in printed
        assert "one-time password" in printed
    finally:
        running.stop()
    again = start(data, technician=False)
    assert "one-time password" not in "\n".join(again.printed)
    again.stop()


def test_an_open_folder_is_closed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    run_command(data, "keys", "init")
    assert mode(data) == 0o700


def test_the_one_time_password_opens_the_console_and_must_be_changed(tmp_path: Path) -> None:
    running = start(tmp_path / "data", technician=False)
    try:
        line = next(line for line in running.printed if "one-time password" in line)
        password = line.split("one-time password ")[1].split()[0]
        fields = {"name": "technik", "password": password}
        session = http_session()
        answer = session.post(
            f"{running.url}/console/sign-in", data=fields, timeout=TIMEOUT, allow_redirects=False
        )
        assert answer.headers["location"] == "/console/me"
        page = session.get(f"{running.url}/console/", timeout=TIMEOUT)
        assert "Zalogowano hasłem jednorazowym" in page.text
    finally:
        running.stop()


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    run_command(tmp_path, "keys", "init")
    before = {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()}
    with pytest.raises(BackendError, match="never overwritten"):
        run_command(tmp_path, "keys", "init")
    with pytest.raises(BackendError, match="never overwritten"):
        run_command(tmp_path, "keys", "init", "--offline", str(tmp_path / "usb"))
    assert before == {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()}


def test_a_company_keeps_its_root_offline(tmp_path: Path) -> None:
    data, usb = tmp_path / "data", tmp_path / "usb"
    printed = run_command(data, "keys", "init", "--offline", str(usb))
    assert "take it away from this computer" in printed
    assert {path.name for path in usb.iterdir()} == {"root.key", "release.key", "release.certificate.json"}
    assert {mode(path) for path in usb.iterdir()} == {0o600}
    assert not {"root.key", "release.key"} & {path.name for path in (data / "keys").iterdir()}
    running = start(data)
    try:
        assert "WARNING" not in "\n".join(running.printed)
        page = http_session().get(f"{running.url}/console/sign-in", timeout=TIMEOUT)
        assert "klucz główny" not in page.text
    finally:
        running.stop()


def test_a_key_is_replaced_with_an_offline_root_and_old_receipts_stay_valid(
    tmp_path: Path, confirm_at: ConfirmAt
) -> None:
    data, usb = tmp_path / "data", tmp_path / "usb"
    run_command(data, "keys", "init", "--offline", str(usb))
    running = start(data)
    try:
        publish_all(running, tmp_path)
        client = confirm_at(running)[1]
        old = client.put(client.consent()).content
    finally:
        running.stop()
    printed = run_command(data, "keys", "rotate", "receipt")
    public = next(word for word in printed.split() if word.startswith("ed25519:"))
    certificate = tmp_path / "receipt.certificate.json"
    wrong = tmp_path / "case.certificate.json"
    made = ("keys", "certify", "--root", str(usb / "root.key"), "--public-key", public, "--role")
    run_command(data, *made, "receipt", "--out", str(certificate))
    run_command(data, *made, "case", "--out", str(wrong))
    with pytest.raises(BackendError, match="a case key was used where a receipt key is needed"):
        run_command(data, "keys", "rotate", "receipt", "--certificate", str(wrong))
    assert "Replaced" in run_command(data, "keys", "rotate", "receipt", "--certificate", str(certificate))

    running = start(data)
    try:
        client = confirm_at(running)[1]
        new = client.put(client.consent()).content
    finally:
        running.stop()
    root = parse_public_key((data / "keys" / "root.pub").read_text("ascii"))
    receipts = [read_receipt(old), read_receipt(new)]
    assert receipts[0].certificate != receipts[1].certificate
    for receipt in receipts:
        check_receipt(receipt, root_key=root)


def test_a_certificate_of_another_root_is_refused(tmp_path: Path) -> None:
    run_command(tmp_path / "one", "keys", "init")
    run_command(tmp_path / "two", "keys", "init")
    (tmp_path / "one/keys/root.key").unlink()
    printed = run_command(tmp_path / "one", "keys", "rotate", "case")
    public = next(word for word in printed.split() if word.startswith("ed25519:"))
    out = tmp_path / "foreign.json"
    foreign = str(tmp_path / "two/keys/root.key")
    run_command(
        tmp_path,
        "keys",
        "certify",
        "--root",
        foreign,
        "--role",
        "case",
        "--public-key",
        public,
        "--out",
        str(out),
    )
    with pytest.raises(BackendError, match="not certified by the given root"):
        run_command(tmp_path / "one", "keys", "rotate", "case", "--certificate", str(out))


@pytest.mark.parametrize("name", ["receipt.key", "receipt.certificate.json", "root.pub", "tokens.key"])
def test_a_server_with_damaged_keys_does_not_start(name: str, tmp_path: Path) -> None:
    run_command(tmp_path, "keys", "init")
    file = tmp_path / "keys" / name
    file.write_bytes(file.read_bytes()[:20])
    with pytest.raises(BackendError, match="Not done: "):
        start(tmp_path, technician=False)


def test_a_server_with_a_key_of_another_role_does_not_start(tmp_path: Path) -> None:
    run_command(tmp_path, "keys", "init")
    keys = tmp_path / "keys"
    for suffix in ("key", "certificate.json"):
        (keys / f"receipt.{suffix}").write_bytes((keys / f"case.{suffix}").read_bytes())
    with pytest.raises(BackendError, match="a case key was used where a receipt key is needed"):
        start(tmp_path, technician=False)


def test_the_list_of_programs_is_signed_by_the_release_key(tmp_path: Path) -> None:
    run_command(tmp_path, "keys", "init")
    program = tmp_path / "anydesk"
    program.write_bytes(b"\x7fELF")
    out = tmp_path / "manifest.json"
    made = ("release", "sign-manifest", "--sequence", "3", "--out", str(out))
    run_command(tmp_path, *made, f"linux={program}")
    signed = decode_canonical(out.read_bytes(), SignedManifest)
    root = parse_public_key((tmp_path / "keys/root.pub").read_text("ascii"))
    now = datetime.now(UTC)
    check_manifest(signed, root_key=root, now=now, least_sequence=3)
    with pytest.raises(RecordError, match="rollback"):
        check_manifest(signed, root_key=root, now=now, least_sequence=4)
    assert (signed.manifest.files[0].name, signed.manifest.files[0].size) == ("anydesk", 4)
    for wrong in ("beos=/x", "linux", f"linux={tmp_path}/nothing"):
        with pytest.raises(BackendError, match="Not done: "):
            run_command(tmp_path, *made, wrong)


def test_the_list_of_programs_names_addresses_and_signers(tmp_path: Path) -> None:
    run_command(tmp_path, "keys", "init")
    for name in ("anydesk", "AnyDesk.exe"):
        (tmp_path / name).write_bytes(b"program")
    out = tmp_path / "manifest.json"
    made = ("release", "sign-manifest", "--sequence", "3", "--out", str(out))
    files = (f"linux={tmp_path}/anydesk", f"windows={tmp_path}/AnyDesk.exe")
    run_command(tmp_path, *made, *files)
    assert all((file.urls, file.signer) == (UNSET, UNSET) for file in listed(out))
    urls = ("https://files.example/1", "https://mirror.example/2")
    said = run_command(
        tmp_path, *made, *files, "--url", f"windows={urls[0]}", "--url", f"windows={urls[1]}",
        "--signer", "windows=Example GmbH", "--unsigned", "linux",
    )  # fmt: skip
    first, second = listed(out)
    assert (first.urls, first.signer) == (UNSET, "")
    assert (second.urls, second.signer) == (urls, "Example GmbH")
    assert "NO signature is demanded" in said
    (tmp_path / "bundle/lib x").mkdir(parents=True)
    (tmp_path / "bundle/AnyDesk").write_bytes(b"program")
    (tmp_path / "bundle/lib x/a").write_bytes(b"part")
    run_command(
        tmp_path, *made, f"macos={tmp_path}/bundle/AnyDesk", "--with-folder",
        "--url", "macos=https://files.example/9/AnyDesk",
    )  # fmt: skip
    assert [(file.name, file.urls) for file in listed(out)] == [
        ("AnyDesk", ("https://files.example/9/AnyDesk",)),
        ("lib x/a", ("https://files.example/9/lib%20x/a",)),
    ]
    out.unlink()
    for wrong in (
        ("--url", "windows=http://files.example/1"),
        ("--url", "windows=https://me:secret@files.example/1"),
        ("--url", "https://files.example/1"),
        ("--url", "macos=https://files.example/1"),
        ("--signer", "windows="),
        ("--signer", "windows=A", "--signer", "windows=B"),
        ("--signer", "windows=A", "--unsigned", "windows"),
        ("--unsigned", "beos"),
    ):
        with pytest.raises(BackendError, match="Not done: "):
            run_command(tmp_path, *made, *files, *wrong)
        assert not out.exists()


def listed(file: Path) -> tuple[ReleaseFile, ...]:
    """The files of a signed list."""
    return decode_canonical(file.read_bytes(), SignedManifest).manifest.files


def test_accounts_are_made_and_changed_by_command(backend: BackendProcess) -> None:
    for wrong in ("Ola", "o" * 65, "o l a", TECHNICIAN_NAME):
        with pytest.raises(BackendError, match=r"Not done: .*sign-in name"):
            backend.run("technician", "add", wrong, "--display-name", "Ola")
    with pytest.raises(BackendError, match="a password has 12 to 200"):
        backend.run("technician", "add", "short", "--display-name", "S", "--password-stdin", text="short\n")
    with pytest.raises(BackendError, match="there is no technician nobody"):
        backend.run("technician", "numbers", "nobody", "123456789")
    with pytest.raises(BackendError, match="6 to 12 digits"):
        backend.run("technician", "numbers", TECHNICIAN_NAME, "12-34")
    backend.run(
        "technician", "add", "jola", "--display-name", "Jola", "--password-stdin", text="first password\n"
    )
    session = Console(backend.url, "jola", "first password")
    backend.run("technician", "set-password", "jola", "--password-stdin", text="second password\n")
    answer = session.http.get(f"{backend.url}/v1/console/cases", timeout=TIMEOUT)
    assert answer.status_code == 401
    Console(backend.url, "jola", "second password")
    Console(backend.url, TECHNICIAN_NAME, TECHNICIAN_PASSWORD)


def test_a_wrong_command_line_leaves_64_and_no_traceback(tmp_path: Path) -> None:
    for arguments in ([], ["dance"], ["serve", "--port", "x"], ["keys"]):
        done = subprocess.run(
            [sys.executable, "-m", "consent_backend", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 64
        assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(BackendError, match="Not done: "):
        run_command(file / "data", "keys", "init")


def test_ready_tells_where_everything_is(backend: BackendProcess) -> None:
    line = next(line for line in backend.printed if line.startswith("READY "))
    told = json.loads(line.removeprefix("READY "))
    assert told == {"url": backend.url, "root": str(backend.root_path), "database": str(backend.database)}
    folder = DataFolder(backend.data_dir)
    assert (folder.root_public, folder.database) == (backend.root_path, backend.database)
    assert msgspec.json.encode(told)
