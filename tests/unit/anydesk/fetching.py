"""What tests of fetching share: a file, a server that knows ranges, and one that breaks off."""

from __future__ import annotations

import contextlib
import hashlib
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.core.anydesk import AnyDeskRefusedError, ProgramFile, ProgramRelease
from client_app.services.anydesk.download import Downloads
from client_app.services.anydesk.fetch import FetchLimits, Web
from tests.unit.services.server import Asked, Handler, Server, reply, serving

DATA = bytes(range(256)) * 1200
TAG = '"v1"'
QUICK = FetchLimits(connect_seconds=2.0, read_seconds=1.0)
WRONG = "download_wrong"
LOGGER = "client_app.services.anydesk.download"


def release_of(*urls: str, data: bytes = DATA) -> ProgramRelease:
    file = ProgramFile("AnyDesk", hashlib.sha256(data).hexdigest(), len(data), urls=urls)
    return ProgramRelease("linux", file)


def downloads(folder: Path, **more: object) -> Downloads:
    return Downloads(folder, Web("test", limits=QUICK, allow_plain_loopback=True), **more)  # type: ignore[arg-type]


def refused(folder: Path, *urls: str) -> AnyDeskRefusedError:
    with pytest.raises(AnyDeskRefusedError) as caught:
        downloads(folder).fetch(release_of(*urls))
    return caught.value


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def begun(folder: Path) -> int:
    """Bytes of the part that is kept."""
    part = folder / "file-00.part"
    return part.stat().st_size if part.exists() else 0


def whole(asked: Asked, _connection: socket.socket | None = None, data: bytes = DATA) -> bytes:
    """A server that knows ranges and tags (RFC 9110)."""
    found = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("range", ""))
    if found is None or asked.headers.get("if-range", TAG) != TAG:
        return reply(data, headers={"ETag": TAG})
    first = int(found[1])
    if first >= len(data):
        return reply(b"", 416, headers={"Content-Range": f"bytes */{len(data)}"})
    span = f"bytes {first}-{len(data) - 1}/{len(data)}"
    return reply(data[first:], 206, headers={"ETag": TAG, "Content-Range": span})


def cut_after(count: int, tag: str = TAG) -> Handler:
    """A server that promises everything and breaks off."""

    def answer(_asked: Asked, connection: socket.socket) -> None:
        head = f"HTTP/1.1 200 X\r\nETag: {tag}\r\nContent-Length: {len(DATA)}\r\n\r\n"
        connection.sendall(head.encode() + DATA[:count])

    return answer


@contextlib.contextmanager
def changing(*handlers: Handler) -> Iterator[Server]:
    """Each request by the next handler, the last one from then on."""
    left = list(handlers)

    def answer(asked: Asked, connection: socket.socket) -> bytes | None:
        return (left.pop(0) if len(left) > 1 else left[0])(asked, connection)

    with serving(answer) as server:
        yield server
