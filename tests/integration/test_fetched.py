"""A client that came without AnyDesk: it is fetched over https after the terms, checked, started, and remembered."""

from __future__ import annotations

import shutil
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from pytestqt.qtbot import QtBot

from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.session import CheckKind, CheckState, Phase
from demo.world import World
from tests.integration.conftest import MakeCustomer
from tests.integration.customer import Customer
from tests.integration.evidence import anydesk_processes, assert_never_started
from tests.unit.services.server import Asked, Server, reply, serving

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("quick_second_look")]
TLS = Path(__file__).resolve().parent.parent / "unit" / "services" / "tls"


class Files:
    """A server of the company's files; a test may spoil it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_gone = False
        self.spoil = b""

    def answer(self, asked: Asked, _connection: object) -> bytes:
        file = self.folder / unquote(asked.path).removeprefix("/anydesk/")
        if self.is_gone or not file.is_file():
            return reply(b"", 404)
        data = file.read_bytes()
        return reply(data[: len(data) - len(self.spoil)] + self.spoil)


@pytest.fixture
def files(world: World) -> Files:
    return Files(world.company / "anydesk")


@pytest.fixture
def server(files: Files, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(TLS / "none"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")
    with serving(files.answer, context) as server:
        yield server


@pytest.fixture
def company(world: World, server: Server, tmp_path: Path) -> Path:
    """The company's folder without AnyDesk, and a list that says where it is."""
    folder = tmp_path / "company"
    shutil.copytree(world.company, folder, ignore=shutil.ignore_patterns("anydesk"))
    sign(world, folder, server.port, sequence=9)
    return folder


def sign(world: World, folder: Path, port: int, sequence: int) -> None:
    program = world.company / "anydesk" / world.standin.program.name
    world.backend.run(
        "release", "sign-manifest", f"linux={program}", "--with-folder", "--sequence", str(sequence),
        "--url", f"linux=https://localhost:{port}/anydesk/{program.name}", "--out", str(folder / "release.json"),
    )  # fmt: skip


def code_of_anydesk(customer: Customer) -> ErrorCode | None:
    customer.wait_for(lambda: not customer.session.checks_running, "checks")
    return next(check.code for check in customer.session.checks if check.kind is CheckKind.ANYDESK)


def test_it_is_fetched_after_the_terms_and_started(
    make_customer: MakeCustomer, company: Path, server: Server, world: World
) -> None:
    customer = make_customer(company)
    customer.come_to(Phase.TERMS)
    assert server.connections == 0
    seen: list[tuple[int, int]] = []
    customer.controller.session_changed.connect(
        lambda session: seen.extend(
            (c.fetched, c.to_fetch) for c in session.checks if c.kind is CheckKind.ANYDESK and c.to_fetch
        )
    )
    customer.come_to(Phase.CONNECTED)
    assert anydesk_processes(customer.data)
    assert seen
    assert seen[0][0] == 0
    assert seen[0][1] > 1_000_000
    # Every file once: what was fetched for the check is what was started.
    paths = [asked.path for asked in server.asked]
    assert len(paths) == len(set(paths)) > 1
    sent = {name for asked in server.asked for name in asked.headers}
    assert sent == {"host", "accept", "accept-encoding", "user-agent"}
    assert {asked.headers["user-agent"] for asked in server.asked} == {"pomoc-zdalna"}


def test_a_server_that_is_gone_and_comes_back(
    make_customer: MakeCustomer, company: Path, files: Files
) -> None:
    files.is_gone = True
    customer = make_customer(company)
    customer.come_to(Phase.COMPUTER)
    assert code_of_anydesk(customer) is ErrorCode.DOWNLOAD_FAILED
    files.is_gone = False
    customer.do(ev.RetryPressed())
    customer.wait_for(lambda: not customer.session.checks_running, "checks")
    states = {c.kind: c.state for c in customer.session.checks}
    assert states[CheckKind.ANYDESK] is CheckState.GOOD


@pytest.mark.expect_log("client_app.services.anydesk.download", "download_wrong")
def test_another_file_is_refused_and_deleted(
    make_customer: MakeCustomer, company: Path, files: Files
) -> None:
    files.spoil = b"evil"
    customer = make_customer(company)
    customer.come_to(Phase.COMPUTER)
    assert code_of_anydesk(customer) is ErrorCode.DOWNLOAD_WRONG
    assert not [path for path in customer.data.rglob("file-*") if path.is_file()]
    assert_never_started(customer.remote, customer.data)


def test_an_older_list_is_refused_by_the_next_run(
    make_customer: MakeCustomer, company: Path, server: Server, world: World, qtbot: QtBot
) -> None:
    customer = make_customer(company)
    customer.come_to(Phase.COMPUTER)
    assert code_of_anydesk(customer) is None
    customer.leave()
    sign(world, company, server.port, sequence=8)
    again = Customer(replace(world, company=company), qtbot, customer.data.parent)
    try:
        again.come_to(Phase.COMPUTER)
        assert code_of_anydesk(again) is ErrorCode.LIST_UNTRUSTED
    finally:
        again.leave()
