"""What leaves the computer, byte by byte, and what stays in logs: one whole session, tapped on its way."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import platform
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
import psutil
import pytest
from pytestqt.qtbot import QtBot

from client_app import __version__
from client_app.core import events as ev
from client_app.core.session import Phase, StopReason
from consent_record.canonical import canonical_bytes, decode
from consent_record.records import Record
from consent_record.wire import JoinRequest, SessionEvent, StepReport, WordRequest
from demo.backend_process import TECHNICIAN_PASSWORD
from demo.world import World, make_company
from tests.integration.customer import Customer
from tests.unit.core.sessions import PERSON

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("quick_second_look")]

ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
BODIES: tuple[tuple[str, Any], ...] = (
    (r"POST /v1/cases/join", JoinRequest),
    (rf"POST /v1/cases/{ID}/word", WordRequest),
    (rf"PUT /v1/cases/{ID}/step", StepReport),
    (rf"POST /v1/cases/{ID}/events", SessionEvent),
    (rf"PUT /v1/records/{ID}", Record),
    (r"GET /v1/health", None),
    (r"GET /v1/documents", None),
    (rf"GET /v1/cases/{ID}", None),
)
"""Every request there is, with the type that is its whole content."""

HEADERS = {
    "host", "accept", "accept-encoding", "user-agent", "content-type", "content-length", "authorization",
    "content-digest",
}  # fmt: skip

HOST = "tajny-komputer-klienta"
HOME = "tajny-katalog-klienta"


@dataclass
class Request:
    """One request as it was on the wire."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Tap:
    """Passes bytes on between client and backend and keeps those of the client."""

    port: int
    streams: list[bytearray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._links: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Tap:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for link in (self._listener, *self._links):
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for link in (self._listener, *self._links):
            link.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                backend = socket.create_connection(("127.0.0.1", self.port))
                kept = bytearray()
                self.streams.append(kept)
                self._links += [client, backend]
                for source, target, keep in ((client, backend, kept), (backend, client, bytearray())):
                    thread = threading.Thread(target=self._pass, args=(source, target, keep), daemon=True)
                    self._threads.append(thread)
                    thread.start()

    def _pass(self, source: socket.socket, target: socket.socket, kept: bytearray) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                kept += piece
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    def requests(self) -> list[Request]:
        """Return what the client sent, every byte of it in some request."""
        return [request for stream in self.streams for request in _requests(bytes(stream))]


def _requests(stream: bytes) -> Iterator[Request]:
    while stream:
        head, mark, stream = stream.partition(b"\r\n\r\n")
        assert mark, "bytes that are no request"
        line, *lines = head.decode("ascii").split("\r\n")
        headers = {name.lower(): value for name, _, value in (text.partition(": ") for text in lines)}
        assert len(headers) == len(lines)
        size = int(headers.get("content-length", "0"))
        body, stream = stream[:size], stream[size:]
        assert len(body) == size
        yield Request(line, headers, body)


@pytest.fixture
def tap(direct: World) -> Iterator[Tap]:
    """A tap on the line to the backend."""
    with Tap(direct.backend.port) as made:
        yield made


@pytest.fixture
def tapped(
    direct: World, tap: Tap, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Customer]:
    """A customer behind the tap, at a computer whose names must not be told."""
    monkeypatch.setenv("HOME", str(tmp_path / HOME))
    monkeypatch.setenv("USER", HOME)
    monkeypatch.setenv("LOGNAME", HOME)
    monkeypatch.setattr(socket, "gethostname", lambda: HOST)
    monkeypatch.setattr(platform, "node", lambda: HOST)
    company = tmp_path / "company"
    make_company(company, direct.backend, direct.standin, tap.url)
    customer = Customer(replace(direct, company=company), qtbot, tmp_path / HOME)
    yield customer
    customer.leave()


def _check_allow_list(requests: list[Request]) -> None:
    """Check that every request is one of the known ones, and nothing but the value of its type."""
    for request in requests:
        called = request.line.removesuffix(" HTTP/1.1")
        kinds = [kind for pattern, kind in BODIES if re.fullmatch(pattern, called)]
        assert len(kinds) == 1, request.line
        assert set(request.headers) <= HEADERS
        assert request.headers["user-agent"] == f"pomoc-zdalna/{__version__}"
        assert request.headers["accept-encoding"] == "identity"
        if kinds[0] is None:
            assert request.body == b""
            continue
        value = decode(request.body, kinds[0])
        # Byte for byte what the types write: no unknown member, no second one of a name.
        assert request.body in (msgspec.json.encode(value), canonical_bytes(value))


def _names_of_this_computer() -> list[bytes]:
    found = {HOST, HOME, socket.getfqdn(), platform.release(), platform.version(), platform.platform()}
    found |= {Path.home().name, str(Path.cwd()), os.environ["HOME"], os.environ["XDG_DATA_HOME"]}
    for process in psutil.process_iter(["name"]):
        found.add(process.info["name"] or "")
    for addresses in psutil.net_if_addrs().values():
        found |= {a.address for a in addresses if a.family in (socket.AF_INET, socket.AF_INET6)}
        found |= {a.address for a in addresses if a.family == psutil.AF_LINK}
    known = {"127.0.0.1", "python", "python3", "anydesk", "AnyDesk", getpass.getuser()}
    # Short names ("sh") are parts of other words.
    return [name.encode() for name in found - known if len(name) >= 6]


def test_what_leaves_is_the_allow_list_and_names_nothing_of_the_computer(tapped: Customer, tap: Tap) -> None:
    tapped.come_to(Phase.FINISHED)
    tapped.wait_until_all_is_sent()
    requests = tap.requests()
    _check_allow_list(requests)
    sent = b"".join(bytes(stream) for stream in tap.streams)
    assert [name for name in _names_of_this_computer() if name in sent] == []
    # Name and e-mail leave with the order and with nothing else.
    with_person = [r for r in requests if PERSON.email.encode() in r.body or PERSON.name.encode() in r.body]
    assert [json.loads(r.body)["kind"] for r in with_person] == ["consent"]
    token = next(r.headers["authorization"] for r in requests if "authorization" in r.headers)
    assert not any(token.removeprefix("Bearer ").encode() in r.body for r in requests)


def test_a_refusal_leaves_without_the_person(tapped: Customer, tap: Tap) -> None:
    tapped.come_to(Phase.COMPUTER)
    tapped.do(ev.RefusePressed())
    tapped.until(Phase.STOPPED)
    assert tapped.session.stop_reason is StopReason.REFUSED
    tapped.wait_until_all_is_sent()
    _check_allow_list(tap.requests())
    sent = b"".join(bytes(stream) for stream in tap.streams)
    assert b'"kind":"refusal"' in sent
    for text in (PERSON.name, PERSON.email, PERSON.address):
        assert text.encode() not in sent


def test_no_log_holds_a_person_or_a_secret(tapped: Customer, tap: Tap) -> None:
    tapped.come_to(Phase.TERMS)
    case = tapped.world.technician.case(tapped.case_id)
    code, word = str(case["code"]), str(case["word"])
    tapped.come_to(Phase.FINISHED)
    tapped.wait_until_all_is_sent()
    services = tapped.controller.services
    assert services is not None
    run = services.consent._run  # type: ignore[attr-defined]
    secrets = [run.case().token, run.case_secret(), run.nonce, code, TECHNICIAN_PASSWORD, PERSON.name]
    secrets += [PERSON.email, PERSON.address, tapped.session.anydesk_number, "Drukarka", "Anna", HOST]
    tapped.leave()
    state = tapped.data / "state"
    logs = [path for path in state.rglob("*") if path.is_file()]
    logs.append(tapped.world.backend.log_path)
    assert any(path.name == "client.log" and path.stat().st_size for path in logs)
    for path in logs:
        content = path.read_bytes()
        found = [secret for secret in secrets if secret.encode() in content]
        # The word is an ordinary one: it is looked for as a word of its own.
        found += re.findall(rf"\b{re.escape(word)}\b", content.decode("utf-8", "replace"))
        assert found == [], path.name


def test_what_the_client_leaves_on_the_disk_is_private_and_knows_no_case_secret(tapped: Customer) -> None:
    tapped.come_to(Phase.FINISHED)
    tapped.wait_until_all_is_sent()
    services = tapped.controller.services
    assert services is not None
    run = services.consent._run  # type: ignore[attr-defined]
    secret, nonce, token = run.case_secret(), run.nonce, run.case().token
    tapped.leave()
    everything = [path for path in tapped.data.rglob("*") if not path.is_symlink()]
    assert [p for p in everything if p.is_file() and p.stat().st_mode & 0o077 and p.suffix != ".lock"] == []
    content = b"".join(path.read_bytes() for path in everything if path.is_file())
    assert secret.encode() not in content
    assert nonce.encode() not in content
    assert token.encode() not in content
    assert [p for p in everything if p.is_dir() and "anydesk" in p.name and any(p.iterdir())] == []
