"""Fetching AnyDesk: what a cut leaves and how it is continued, several addresses, several files. Real sockets."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import threading
from pathlib import Path

import pytest

from client_app.core.anydesk import AnyDeskRefusedError, ProgramFile, ProgramRelease
from client_app.core.errors import ErrorCode
from client_app.services.anydesk.download import Downloads
from client_app.services.anydesk.fetch import FetchLimits, Web
from client_app.services.paths import fetched_names
from tests.unit.anydesk.fetching import (
    DATA,
    LOGGER,
    TAG,
    WRONG,
    begun,
    changing,
    cut_after,
    downloads,
    names,
    refused,
    release_of,
    whole,
)
from tests.unit.services.server import Asked, Handler, reply, serving

# --- cut and continued ----------------------------------------------------------------------------------------------


def test_a_cut_is_continued_by_another_run(tmp_path: Path) -> None:
    with changing(cut_after(200_000), whole) as server:
        url = server.url + "/a"
        assert refused(tmp_path, url).code is ErrorCode.DOWNLOAD_FAILED
        assert begun(tmp_path) == 200_000
        told: list[tuple[int, int]] = []
        stored = downloads(tmp_path).fetch(release_of(url), lambda *now: told.append(now))
    assert server.asked[1].headers["range"] == "bytes=200000-"
    assert server.asked[1].headers["if-range"] == TAG
    assert (tmp_path / stored.program.stored_as).read_bytes() == DATA
    assert names(tmp_path) == {"file-00"}
    assert told[0] == (200_000, len(DATA))
    assert told[-1] == (len(DATA), len(DATA))


@pytest.mark.parametrize(
    "second",
    [
        lambda _a, _c: reply(DATA, headers={"ETag": TAG}),
        lambda _a, _c: reply(DATA, headers={"ETag": '"v2"'}),
    ],
    ids=["ignores ranges", "has another version"],
)
def test_a_server_that_sends_everything_again(tmp_path: Path, second: Handler) -> None:
    with changing(cut_after(1000), second) as server:
        refused(tmp_path, server.url + "/a")
        stored = downloads(tmp_path).fetch(release_of(server.url + "/a"))
    assert (tmp_path / stored.program.stored_as).read_bytes() == DATA
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "second",
    [
        reply(b"", 416),
        reply(DATA[999:], 206, headers={"Content-Range": f"bytes 999-{len(DATA) - 1}/{len(DATA)}"}),
        reply(DATA[1000:], 206, headers={"Content-Range": f"bytes 1000-{len(DATA) - 1}/{len(DATA) + 1}"}),
        reply(DATA[1000:2000], 206, headers={"Content-Range": f"bytes 1000-1999/{len(DATA)}"}),
        reply(DATA[1000:], 206),
        reply(DATA[1000:], 206, headers={"Content-Range": "bytes x"}),
    ],
    ids=["416", "from elsewhere", "of another length", "a piece", "no range", "odd range"],
)
def test_a_server_that_continues_wrongly_is_asked_for_the_whole(tmp_path: Path, second: bytes) -> None:
    with changing(cut_after(1000), lambda _a, _c: second, whole) as server:
        refused(tmp_path, server.url + "/a")
        stored = downloads(tmp_path).fetch(release_of(server.url + "/a"))
    assert (tmp_path / stored.program.stored_as).read_bytes() == DATA
    assert "range" not in server.asked[2].headers
    assert len(server.asked) == 3


def test_a_part_without_an_unasked_range(tmp_path: Path) -> None:
    """A partial answer to a request for everything is none."""
    answer = reply(DATA, 206, headers={"Content-Range": f"bytes 0-{len(DATA) - 1}/{len(DATA)}"})
    with serving(lambda _a, _c: answer) as server:
        assert refused(tmp_path, server.url + "/a").code is ErrorCode.DOWNLOAD_FAILED


def test_a_weak_tag_is_not_used_and_the_hash_decides(tmp_path: Path) -> None:
    with changing(cut_after(1000, 'W/"v1"'), whole) as server:
        refused(tmp_path, server.url + "/a")
        downloads(tmp_path).fetch(release_of(server.url + "/a"))
    assert server.asked[1].headers["range"] == "bytes=1000-"
    assert "if-range" not in server.asked[1].headers


def test_a_beginning_that_was_another_files_is_fetched_once_more(tmp_path: Path) -> None:
    with changing(cut_after(1000), whole) as server:
        refused(tmp_path, server.url + "/a")
        (tmp_path / "file-00.part").write_bytes(b"y" * 1000)
        stored = downloads(tmp_path).fetch(release_of(server.url + "/a"))
    assert (tmp_path / stored.program.stored_as).read_bytes() == DATA
    assert [asked.headers.get("range") for asked in server.asked] == [None, "bytes=1000-", None]


@pytest.mark.parametrize("length", [len(DATA), len(DATA) + 1, 10_000_000])
def test_a_part_as_long_as_the_file_or_longer(tmp_path: Path, length: int) -> None:
    with changing(cut_after(1000), whole) as server:
        refused(tmp_path, server.url + "/a")
        (tmp_path / "file-00.part").write_bytes(b"y" * length)
        stored = downloads(tmp_path).fetch(release_of(server.url + "/a"))
    assert (tmp_path / stored.program.stored_as).read_bytes() == DATA


@pytest.mark.parametrize("note", [b"", b"{}", b"\xff", b'{"sha256":1}', None])
def test_a_part_without_a_good_note_is_not_continued(tmp_path: Path, note: bytes | None) -> None:
    with changing(cut_after(1000), whole) as server:
        refused(tmp_path, server.url + "/a")
        (tmp_path / "file-00.json").unlink()
        if note is not None:
            (tmp_path / "file-00.json").write_bytes(note)
        downloads(tmp_path).fetch(release_of(server.url + "/a"))
    assert "range" not in server.asked[1].headers


def test_a_new_list_drops_what_was_begun_and_what_was_whole(tmp_path: Path) -> None:
    other = b"another version" * 100
    with changing(cut_after(1000), whole, lambda _a, _c: reply(other)) as server:
        url = server.url + "/a"
        refused(tmp_path, url)
        downloads(tmp_path).fetch(release_of(url))
        stored = downloads(tmp_path).fetch(release_of(url, data=other))
    assert (tmp_path / stored.program.stored_as).read_bytes() == other
    assert "range" not in server.asked[2].headers


# --- several addresses, several files -----------------------------------------------------------------------------


@pytest.mark.expect_log(LOGGER, WRONG)
def test_addresses_are_tried_in_order(tmp_path: Path) -> None:
    def answer(asked: Asked, connection: socket.socket) -> bytes | None:
        if asked.path == "/cut":
            return cut_after(1000)(asked, connection)
        return {"/gone": reply(b"", 404), "/other": reply(b"other")}.get(asked.path) or whole(asked)

    with serving(answer) as server:
        urls = [server.url + path for path in ("/gone", "/other", "/cut", "/good", "/never")]
        downloads(tmp_path).fetch(release_of(*urls))
    assert [asked.path for asked in server.asked] == ["/gone", "/other", "/cut", "/good"]
    # What the third began, the fourth continues; a tag is not carried from one address to another.
    assert server.asked[3].headers["range"] == "bytes=1000-"
    assert "if-range" not in server.asked[3].headers


@pytest.mark.expect_log(LOGGER, WRONG)
def test_one_wrong_answer_among_failures_is_what_is_told(tmp_path: Path) -> None:
    with serving(lambda a, _c: reply(b"", 404) if a.path == "/b" else reply(b"other")) as server:
        error = refused(tmp_path, server.url + "/a", server.url + "/b")
    assert error.code is ErrorCode.DOWNLOAD_WRONG


def test_what_is_here_is_not_fetched_again_until_it_is_spoiled(tmp_path: Path) -> None:
    with serving(whole) as server:
        release = release_of(server.url + "/a")
        stored = downloads(tmp_path).fetch(release)
        downloads(tmp_path).fetch(release)
        assert len(server.asked) == 1
        (tmp_path / stored.program.stored_as).write_bytes(DATA[:-1] + b"!")
        downloads(tmp_path).fetch(release)
        assert len(server.asked) == 2
    assert (tmp_path / stored.program.stored_as).read_bytes() == DATA


def test_parts_of_a_program_and_progress_over_all_of_it(tmp_path: Path) -> None:
    part = b"p" * 70_000
    told: list[tuple[int, int]] = []
    with serving(lambda a, _c: reply(part) if a.path == "/part" else whole(a)) as server:
        program = release_of(server.url + "/a").program
        companion = ProgramFile(
            "lib/x.so", hashlib.sha256(part).hexdigest(), len(part), (server.url + "/part",)
        )
        stored = downloads(tmp_path).fetch(
            ProgramRelease("linux", program, (companion,)), lambda *now: told.append(now)
        )
    total = len(DATA) + len(part)
    assert [(tmp_path / file.stored_as).read_bytes() for file in stored.files] == [DATA, part]
    assert [file.name for file in stored.files] == ["AnyDesk", "lib/x.so"]
    assert told[0] == (0, total)
    assert told[-1] == (total, total)
    # On a quick network only the beginning and the ends are told.
    assert len(told) <= 6


def test_files_and_folder_are_private_and_have_names_that_removal_knows(tmp_path: Path) -> None:
    folder = tmp_path / "fetched"
    with changing(cut_after(1000), whole) as server:
        refused(folder, server.url + "/a")
        assert names(folder) <= set(fetched_names())
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (*folder.iterdir(),)}
        downloads(folder).fetch(release_of(server.url + "/a"))
    assert names(folder) <= set(fetched_names())
    if os.name == "posix":
        assert modes == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_stopping_ends_a_fetch_that_waits_for_bytes(tmp_path: Path) -> None:
    waiting, released = threading.Event(), threading.Event()
    web = Web("test", limits=FetchLimits(read_seconds=60.0), allow_plain_loopback=True)
    found: list[AnyDeskRefusedError] = []

    def hang(_asked: Asked, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 X\r\nContent-Length: %d\r\n\r\n" % len(DATA) + DATA[:1000])
        waiting.set()
        released.wait(20)

    def work(url: str) -> None:
        try:
            Downloads(tmp_path, web).fetch(release_of(url))
        except AnyDeskRefusedError as error:
            found.append(error)

    with serving(hang) as server:
        thread = threading.Thread(target=work, args=(server.url + "/a",))
        thread.start()
        assert waiting.wait(10)
        web.stop()
        thread.join(10)
        released.set()
        assert not thread.is_alive()
        assert found[0].code is ErrorCode.DOWNLOAD_FAILED
        work(server.url + "/a")
    assert len(server.asked) == 1
