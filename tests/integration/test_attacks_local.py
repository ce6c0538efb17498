"""Attacks from the customer's own computer: a poisoned environment, changed company files, another run's order."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.session import Phase
from demo.world import World, make_company
from tests.integration.customer import Customer
from tests.integration.evidence import anydesk_processes, assert_never_started

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("quick_second_look")]

POISON = ("LD_PRELOAD", "LD_AUDIT", "PYTHONPATH", "PYTHONSTARTUP", "QT_PLUGIN_PATH", "GTK_MODULES")


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment in which everything that can lead astray leads to one folder; it has a false AnyDesk, too."""
    folder = tmp_path / "poison"
    folder.mkdir()
    mark = tmp_path / "was-run"
    for name in ("anydesk", "AnyDesk", "pkcheck", "systemctl", "client_app", "python", "sh"):
        (folder / name).write_text(f'#!/bin/sh\necho "$0" >> "{mark}"\n')
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return mark


def test_a_poisoned_environment_reaches_neither_anydesk_nor_the_choice_of_program(
    poisoned: Path, customer: Customer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    customer.come_to(Phase.COMPUTER)
    for name in POISON:
        # What the guardian inherits and must not hand on; an empty library is enough to see it.
        monkeypatch.setenv(name, str(tmp_path / "no-such-file"))
    customer.come_to(Phase.CONNECTED)
    running = anydesk_processes(customer.data)
    assert running
    for process in running:
        environment = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
        names = {entry.partition(b"=")[0].decode() for entry in environment}
        assert names.isdisjoint(POISON)
    assert not poisoned.exists()


def _changed(name: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    def act(company: Path) -> None:
        file = company / name
        text = file.read_text("utf-8")
        assert change(text) != text
        file.write_text(change(text), "utf-8")

    return act


def _swap_program(company: Path) -> None:
    for file in (company / "anydesk").iterdir():
        if file.is_file():
            file.write_bytes(b"#!/bin/sh\nexec sleep 60\n")


def _own_hash_of_a_swapped_program(company: Path) -> None:
    """As an attacker does who can write the folder but has no key: swap the program and its hash in the list."""
    import hashlib

    _swap_program(company)
    listed = json.loads((company / "release.json").read_bytes())
    for entry in listed["manifest"]["files"]:
        file = company / "anydesk" / entry["name"]
        if file.is_file():
            data = file.read_bytes()
            entry["sha256"], entry["size"] = hashlib.sha256(data).hexdigest(), len(data)
    text = json.dumps(listed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (company / "release.json").write_text(text)


def _link_to_another_program(company: Path) -> None:
    for file in (company / "anydesk").iterdir():
        if file.is_file():
            file.unlink()
            file.symlink_to("/bin/sleep")


def _folder_for_the_list(company: Path) -> None:
    (company / "release.json").unlink()
    (company / "release.json").mkdir()


TAMPERED: dict[str, tuple[Callable[[Path], None], set[ErrorCode]]] = {
    "another sequence": (
        _changed("release.json", lambda t: t.replace('"sequence":1', '"sequence":2')),
        {ErrorCode.LIST_UNTRUSTED},
    ),
    "a blank": (_changed("release.json", lambda t: t.replace(",", ", ", 1)), {ErrorCode.LIST_UNTRUSTED}),
    "a list and a program": (_own_hash_of_a_swapped_program, {ErrorCode.LIST_UNTRUSTED}),
    "another program": (_swap_program, {ErrorCode.ANYDESK_CHANGED}),
    "a link": (_link_to_another_program, {ErrorCode.ANYDESK_CHANGED}),
    "no list": (lambda company: (company / "release.json").unlink(), {ErrorCode.LIST_UNTRUSTED}),
    "the list is a folder": (
        _folder_for_the_list,
        {ErrorCode.LIST_UNTRUSTED},
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_with_changed_files_of_the_company_nothing_starts(
    name: str, direct: World, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper, codes = TAMPERED[name]
    company = tmp_path / "company"
    make_company(company, direct.backend, direct.standin, direct.backend.url)
    tamper(company)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    customer = Customer(replace(direct, company=company), qtbot, tmp_path)
    try:
        customer.come_to(Phase.COMPUTER)
        customer.wait_for(lambda: not customer.session.checks_running, "checks")
        customer.answer_backup()
        assert customer.session.phase is Phase.COMPUTER
        found = {check.code for check in customer.session.checks if check.code is not None}
        assert found & codes
        assert_never_started(customer.remote, customer.data)
    finally:
        customer.leave()


@pytest.mark.expect_log("client_app.services.documents", "document_dropped")
def test_the_root_in_the_brand_decides(
    direct: World, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program with another root believes nothing of this company's: no document, no case."""
    company = tmp_path / "company"
    make_company(company, direct.backend, direct.standin, direct.backend.url)
    root = direct.backend.root_path.read_text("ascii").strip().removeprefix("ed25519:")
    brand = (company / "brand.json").read_text("utf-8")
    assert root in brand
    (company / "brand.json").write_text(brand.replace(root, "ab" * 32), "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    customer = Customer(replace(direct, company=company), qtbot, tmp_path)
    try:
        customer.wait_for(lambda: customer.controller.services is not None, "services")
        customer.do(ev.CodeTyped(direct.technician.case(customer.case_id)["code"]))
        customer.wait_for(lambda: customer.session.error is not None, "a code")
        assert customer.session.error in (ErrorCode.DOCUMENT_WRONG, ErrorCode.NOT_THE_COMPANY)
        assert customer.session.phase is Phase.CODE
        assert not customer.session.documents
        assert_never_started(customer.remote, customer.data)
    finally:
        customer.leave()
