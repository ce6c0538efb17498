"""Feeds logs full of garbage to what reads AnyDesk's logs; says how many megabytes a second and how much memory."""

import json
import random
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

MEGABYTE = 1e6
FILE_BYTES = 10_000_000
MEMORY_BYTES = 2_000_000
_HEAD = "   info 2024-02-16 20:29:04.298       back   4668   6440        "


def kinds() -> dict[str, Callable[[random.Random], bytes]]:
    """Return makers of one line of each kind of garbage."""
    return {
        "random bytes": lambda chance: chance.randbytes(200),
        "empty lines": lambda _chance: b"\n",
        "one endless line": lambda _chance: b"x" * 500,
        "zeros": lambda _chance: bytes(500),
        "unknown lines": lambda chance: (
            f"{_HEAD}anynet.relay_conn - Zażółć gęślą jaźń {chance.random()}\n".encode()
        ),
        "requests of ever new numbers": lambda chance: (
            f"{_HEAD}anynet.any_socket - Client-ID: {chance.randrange(10**8, 10**9)} (FPR: 5f2d8a).\n".encode()
        ),
        "almost a request": lambda chance: (
            f"{_HEAD}app.backend_session - Incoming session request: {'(221436813) ' * 20}{chance.random()}\n".encode()
        ),
    }


def make(line: Callable[[random.Random], bytes], size: int) -> bytes:
    """Return about `size` bytes of one kind."""
    chance, pieces, length = random.Random(1), [], 0
    while length < size:
        piece = line(chance)
        pieces.append(piece)
        length += len(piece)
    return b"".join(pieces)


def read_all(path: Path, data: bytes) -> float:
    """Read a file that appears with this content, through to the picture; return the seconds it took."""
    from client_app.core.anydesk_system import DataPlaces
    from client_app.services.anydesk.picture import Picture, advance
    from client_app.services.anydesk.tails import Tails

    path.unlink(missing_ok=True)
    tails = Tails(DataPlaces((path.parent,), (path.name,)))
    path.write_bytes(data)
    picture = Picture(number="123456789", is_online=True)
    begun = time.perf_counter()
    while True:
        picture, _events = advance(picture, tails.read())
        if not tails.has_more:
            return time.perf_counter() - begun


def main(folder: Path, rounds: int) -> None:
    """Print one line of JSON with what was found."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "anydesk.trace"
    speeds: dict[str, float] = {}
    floors: dict[str, float] = {}
    peak = 0
    for name, line in kinds().items():
        data = make(line, FILE_BYTES)
        speeds[name] = len(data) / MEGABYTE / min(read_all(path, data) for _ in range(rounds))
        begun = time.perf_counter()
        data.splitlines()
        floors[name] = len(data) / MEGABYTE / (time.perf_counter() - begun)
        # Tracing makes everything slower: less of it, in a round of its own.
        some = data[:MEMORY_BYTES]
        tracemalloc.start()
        read_all(path, some)
        peak = max(peak, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    slowest = min(speeds, key=lambda name: speeds[name])
    each = ", ".join(f"{name} {speed:.0f}" for name, speed in speeds.items())
    print(
        json.dumps(
            {
                "slowest": slowest,
                "slowest_mb_s": speeds[slowest],
                "floor_mb_s": floors[slowest],
                "each": each,
                "peak_mb": peak / MEGABYTE,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
