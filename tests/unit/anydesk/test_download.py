"""Fetching AnyDesk: what is refused and deleted, what survives a cut, and what leaves this computer. Real sockets."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from client_app.core.anydesk import AnyDeskRefusedError, ProgramRelease
from client_app.core.errors import ErrorCode
from client_app.services.anydesk import download as download_module
from client_app.services.anydesk.download import Downloads
from client_app.services.anydesk.fetch import Web
from client_app.services.anydesk.source import ClientSource
from tests.unit.anydesk.fetching import (
    DATA,
    LOGGER,
    QUICK,
    WRONG,
    begun,
    downloads,
    names,
    refused,
    release_of,
    whole,
)
from tests.unit.services.server import Asked, reply, serving, unused_port

# --- refused ------------------------------------------------------------------------------------------------------


def test_an_answer_whose_head_never_ends_is_given_up_in_time(tmp_path: Path) -> None:
    is_over = threading.Event()

    def drip(_asked: Asked, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not is_over.wait(0.05):
                connection.sendall(b"x")

    begun_at = time.monotonic()
    with serving(drip) as server:
        limit = threading.Timer(10.0, is_over.set)
        limit.start()
        with pytest.raises(AnyDeskRefusedError) as caught:
            downloads(tmp_path, total_seconds=1.0).fetch(release_of(server.url + "/a"))
        is_over.set()
        limit.cancel()
    assert caught.value.code is ErrorCode.DOWNLOAD_FAILED
    assert time.monotonic() - begun_at < 5


@pytest.mark.parametrize("data", [DATA[:-1] + b"x", b"\0" * len(DATA)])
@pytest.mark.expect_log(LOGGER, WRONG)
def test_a_wrong_hash_is_refused_and_deleted(tmp_path: Path, data: bytes) -> None:
    with serving(lambda _a, _c: reply(data)) as server:
        error = refused(tmp_path, server.url + "/a")
    assert (error.code, error.reason) == (ErrorCode.DOWNLOAD_WRONG, "anydesk.download_wrong")
    assert names(tmp_path) == set()
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        reply(DATA + b"x"),
        reply(DATA[:-1]),
        reply(b""),
        reply(b"<html>log in to this network</html>", content_type="text/html"),
        reply(DATA, headers={"Content-Encoding": "gzip"}),
        b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n" + DATA + b"x",
    ],
    ids=["longer", "shorter", "empty", "a page", "compressed", "longer, not announced"],
)
@pytest.mark.expect_log(LOGGER, WRONG)
def test_another_size_is_refused(tmp_path: Path, answer: bytes) -> None:
    def send(_asked: Asked, connection: socket.socket) -> None:
        connection.sendall(answer)

    with serving(send) as server:
        assert refused(tmp_path, server.url + "/a").code is ErrorCode.DOWNLOAD_WRONG
    assert begun(tmp_path) == 0


@pytest.mark.expect_log(LOGGER, WRONG)
def test_an_answer_without_an_end_is_cut_at_the_signed_size(tmp_path: Path) -> None:
    sent = []

    def answer(_asked: Asked, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(2000):
                connection.sendall(b"x" * 65536)
                sent.append(65536)

    with serving(answer) as server:
        assert refused(tmp_path, server.url + "/a").code is ErrorCode.DOWNLOAD_WRONG
    assert sum(sent) < 100 * 1000 * 1000
    assert names(tmp_path) <= {"file-00.part", "file-00.json"}
    assert begun(tmp_path) == 0


@pytest.mark.parametrize("status", [204, 304, 403, 404, 500, 503])
def test_other_answers(tmp_path: Path, status: int) -> None:
    with serving(lambda _a, _c: reply(b"", status)) as server:
        error = refused(tmp_path, server.url + "/a")
    assert (error.code, error.reason) == (ErrorCode.DOWNLOAD_FAILED, "anydesk.download_failed")


def test_nobody_there_and_nothing_coming(tmp_path: Path) -> None:
    assert refused(tmp_path, f"http://127.0.0.1:{unused_port()}/a").code is ErrorCode.DOWNLOAD_FAILED
    released = threading.Event()

    def hang(_asked: Asked, _connection: socket.socket) -> None:
        released.wait(10)

    with serving(hang) as server:
        assert refused(tmp_path, server.url + "/a").code is ErrorCode.DOWNLOAD_FAILED
        released.set()


@pytest.mark.parametrize(
    "url",
    [
        "http://files.example/a",
        "http://192.168.0.1/a",
        "ftp://127.0.0.1/a",
        "file:///etc/passwd",
        "https://user:secret@files.example/a",
        "https://",
        "https://[::1/a",
        "",
    ],
)
def test_addresses_that_are_never_asked(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: pytest.fail("asked"))
    assert refused(tmp_path, url).code is ErrorCode.DOWNLOAD_FAILED


def test_plain_http_is_refused_without_the_tests_own_leave(tmp_path: Path) -> None:
    with serving(whole) as server, pytest.raises(AnyDeskRefusedError):
        Downloads(tmp_path, Web("test", limits=QUICK)).fetch(release_of(server.url + "/a"))
    assert server.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_three_times_and_no_further(tmp_path: Path, status: int) -> None:
    def answer(asked: Asked, _connection: socket.socket) -> bytes:
        hop = int(asked.path[1:])
        return whole(asked) if hop == 3 else reply(b"", status, headers={"Location": f"/{hop + 1}"})

    with serving(answer) as server:
        downloads(tmp_path / "three").fetch(release_of(server.url + "/0"))
        error = refused(tmp_path / "four", server.url + "/-1")
    assert error.code is ErrorCode.DOWNLOAD_FAILED


@pytest.mark.parametrize(
    "target",
    ["http://files.example/a", "file:///etc/passwd", "//user@files.example/a", "gopher://127.0.0.1/"],
)
def test_a_redirect_to_what_is_not_https_is_not_followed(
    tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(lambda _a, _c: reply(b"", 302, headers={"Location": target})) as server:
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda h, *a, **k: real(h, *a, **k) if h == "127.0.0.1" else pytest.fail(h)
        )
        assert refused(tmp_path, server.url + "/a").code is ErrorCode.DOWNLOAD_FAILED
    assert len(server.asked) == 1


def test_the_time_for_everything_is_limited(tmp_path: Path) -> None:
    released = threading.Event()

    def drip(_asked: Asked, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 X\r\nContent-Length: %d\r\n\r\n" % len(DATA))
        with contextlib.suppress(OSError):
            while not released.wait(0.05):
                connection.sendall(b"x")

    with serving(drip) as server:
        with pytest.raises(AnyDeskRefusedError) as caught:
            downloads(tmp_path, total_seconds=0.4).fetch(release_of(server.url + "/a"))
        released.set()
    assert caught.value.code is ErrorCode.DOWNLOAD_FAILED


def test_a_disk_without_room_is_said_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        download_module, "shutil", SimpleNamespace(disk_usage=lambda _f: SimpleNamespace(free=len(DATA)))
    )
    with serving(whole) as server:
        assert refused(tmp_path, server.url + "/a").reason == "anydesk.no_space"
    assert server.connections == 0


def test_a_link_in_the_place_of_a_part_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "file-00.part").symlink_to(tmp_path / "elsewhere")
    with serving(whole) as server:
        downloads(tmp_path).fetch(release_of(server.url + "/a"))
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_disk_that_fills_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from client_app.services.anydesk.part import OpenPart

    def full(_self: OpenPart, _data: bytes) -> None:
        with open("/dev/full", "wb", buffering=0) as device:
            device.write(b"x")

    monkeypatch.setattr(OpenPart, "append", full)
    with serving(whole) as server:
        error = refused(tmp_path, server.url + "/a")
    assert (error.code, error.reason) == (ErrorCode.FOLDER_NOT_WRITABLE, "anydesk.cannot_store")
    assert error.code.info.retryable


def test_more_files_than_there_are_places(tmp_path: Path) -> None:
    file = release_of("https://files.example/a").program
    many = ProgramRelease("linux", file, tuple(replace(file, name=f"f{i}") for i in range(64)))
    with pytest.raises(AnyDeskRefusedError) as caught:
        downloads(tmp_path).fetch(many)
    assert caught.value.code is ErrorCode.LIST_UNTRUSTED


# --- what leaves --------------------------------------------------------------------------------------------------


def test_exactly_these_bytes_leave(tmp_path: Path) -> None:
    received: list[bytes] = []

    def first(connection: socket.socket) -> None:
        received.append(connection.recv(65536))
        connection.sendall(
            b"HTTP/1.1 302 X\r\nLocation: /moved?x=1\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
        )

    def second(connection: socket.socket) -> None:
        received.append(connection.recv(65536))
        head = b'HTTP/1.1 200 X\r\nETag: "v1"\r\nSet-Cookie: c=d\r\nContent-Length: %d\r\n\r\n' % len(DATA)
        connection.sendall(head + DATA[:500])

    with raw_server(first, second, first, second) as port:
        for _ in range(2):
            refused(tmp_path, f"http://127.0.0.1:{port}/AnyDesk")

    def request(path: str, more: str = "") -> bytes:
        lines = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"
        )
        return f"{lines}User-Agent: test\r\n{more}\r\n".encode()

    ranged = 'Range: bytes=500-\r\nIf-Range: "v1"\r\n'
    assert [sorted(sent.split(b"\r\n")) for sent in received] == [
        sorted(request(*line).split(b"\r\n"))
        for line in (("/AnyDesk",), ("/moved?x=1",), ("/AnyDesk", ranged), ("/moved?x=1", ranged))
    ]


@contextlib.contextmanager
def raw_server(*steps: Callable[[socket.socket], None]) -> Iterator[int]:
    """One connection for each step, seen as bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve() -> None:
            for step in steps:
                with contextlib.suppress(OSError):
                    connection, _address = listener.accept()
                    with connection:
                        step(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join(15)
        assert not thread.is_alive()


def test_the_systems_proxy_is_asked_for_every_address_that_leaves(tmp_path: Path) -> None:
    asked: list[str] = []

    def proxies(url: str) -> dict[str, str]:
        asked.append(url)
        return {"https": f"http://127.0.0.1:{unused_port()}"}

    web = Web("test", proxies, QUICK)
    with pytest.raises(AnyDeskRefusedError) as caught:
        Downloads(tmp_path, web).fetch(release_of("https://files.example/a"))
    assert caught.value.code is ErrorCode.DOWNLOAD_FAILED
    assert asked == ["https://files.example/a"]


# --- where it comes from ------------------------------------------------------------------------------------------


def source_of(tmp_path: Path) -> ClientSource:
    return ClientSource(tmp_path / "bundle", tmp_path / "fetched", downloads(tmp_path / "fetched"))


def test_what_came_with_the_program_is_used_even_when_it_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "AnyDesk").write_bytes(b"wrong")
    located = source_of(tmp_path).locate(release_of("https://files.example/a"))
    assert located.folder == tmp_path / "bundle"
    assert not (tmp_path / "fetched").exists()


def test_without_an_address_nothing_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(AnyDeskRefusedError) as caught:
        source_of(tmp_path).locate(release_of())
    assert (caught.value.code, caught.value.reason) == (ErrorCode.ANYDESK_MISSING, "anydesk.file_missing")


def test_a_list_that_makes_no_sense_fetches_nothing(tmp_path: Path) -> None:
    file = replace(release_of("https://files.example/a").program, size=10**12)
    with pytest.raises(AnyDeskRefusedError) as caught:
        source_of(tmp_path).locate(ProgramRelease("linux", file))
    assert caught.value.code is ErrorCode.LIST_UNTRUSTED


def test_otherwise_it_is_fetched(tmp_path: Path) -> None:
    with serving(whole) as server:
        located = source_of(tmp_path).locate(release_of(server.url + "/a"))
    assert (located.folder / located.release.program.stored_as).read_bytes() == DATA
