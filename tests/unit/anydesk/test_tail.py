"""Following a log file through everything that can happen to it."""

from __future__ import annotations

import codecs
import os
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client_app.core.anydesk_system import DataPlaces
from client_app.services.anydesk.picture import MAX_KEPT, Picture, advance
from client_app.services.anydesk.tail import MAX_PENDING, MAX_READ, LineDecoder, Tail, guess_encoding
from client_app.services.anydesk.tails import Tails
from tests.bench.programs.garbage import kinds, make, read_all


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def test_a_file_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    tail = Tail(tmp_path / "none" / "trace")
    assert tail.read() == []


def test_a_folder_in_its_place_is_no_error(tmp_path: Path) -> None:
    assert Tail(tmp_path).read() == []


@pytest.mark.skipif(os.name == "nt", reason="a pipe cannot stand in a file's place")
def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    tail = Tail(path)
    append(path, b"old\n")
    assert tail.read() == ["old"]
    path.unlink()
    os.mkfifo(path)
    assert tail.read() == []
    path.unlink()
    append(path, b"something new\n")
    assert tail.read() == ["something new"]


def test_what_was_there_before_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    append(path, b"old\n")
    tail = Tail(path)
    append(path, b"new\n")
    assert tail.read() == ["new"]
    assert tail.read() == []


def test_a_half_line_waits_for_its_end(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    tail = Tail(path)
    append(path, b"one\ntw")
    assert tail.read() == ["one"]
    append(path, b"o\r\n")
    assert tail.read() == ["two"]


def test_half_a_character_waits_for_its_other_half(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    tail = Tail(path)
    append(path, "zażółć\n".encode()[:3])
    assert tail.read() == []
    append(path, "zażółć\n".encode()[3:])
    assert tail.read() == ["zażółć"]


def test_rotation_begins_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    append(path, b"one\n")
    tail = Tail(path)
    path.rename(tmp_path / "trace.1")
    assert tail.read() == []
    append(path, b"two\n")
    assert tail.read() == ["two"]


@pytest.mark.parametrize(
    "grown", [b"x\n", b"this is longer than what was there before\n"], ids=["shorter", "longer"]
)
def test_truncation_begins_again_even_when_it_has_grown_past_the_old_end(
    tmp_path: Path, grown: bytes
) -> None:
    path = tmp_path / "trace"
    append(path, b"what was there before\n")
    tail = Tail(path)
    os.truncate(path, 0)
    append(path, grown)
    assert tail.read() == [grown.decode().strip()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "trace"
    data = "Zażółć\ngęślą jaźń\n".encode(encoding)
    if encoding == "utf-16-be":
        data = codecs.BOM_UTF16_BE + data
    tail = Tail(path)
    append(path, data)
    assert tail.read() == ["Zażółć", "gęślą jaźń"]


def test_wide_text_keeps_being_wide_when_joined_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    append(path, "old\n".encode("utf-16"))
    tail = Tail(path)
    append(path, "new (221436813)\n".encode("utf-16-le"))
    assert tail.read() == ["new (221436813)"]


def test_bytes_that_are_no_text_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    tail = Tail(path)
    append(path, b"a\xff\xfeb\n")
    assert tail.read() == ["a\ufffd\ufffdb"]


@pytest.mark.parametrize("separator", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\r"])
def test_only_a_line_feed_ends_a_line(separator: str) -> None:
    """A name may hold every other separator; none of them may begin a line that the parser believes."""
    text = f"one{separator}two"
    assert LineDecoder(b"").feed((text + "\n").encode()) == [text]


def test_a_line_without_an_end_is_dropped_and_the_next_one_is_read() -> None:
    decoder = LineDecoder(b"")
    tracemalloc.start()
    for _ in range(1000):
        assert decoder.feed(b"x" * 10_000) == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 * MAX_PENDING
    assert decoder.feed(b"end\nnext\n") == ["next"]


@given(st.text(st.characters(exclude_characters="\n\r\ufeff\0", exclude_categories=["Cs"])), st.data())
@settings(max_examples=60)
def test_any_cut_of_the_bytes_gives_the_same_lines(text: str, data: st.DataObject) -> None:
    raw = (text + "\nend\n").encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=5)))
    decoder = LineDecoder(b"x")
    lines: list[str] = []
    for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True):
        lines += decoder.feed(raw[start:end])
    assert lines == [text, "end"]


@given(st.binary())
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    LineDecoder(data[:256]).feed(data)
    assert guess_encoding(data) in ("utf-8", "utf-16-le", "utf-16-be")


def test_what_was_written_just_before_a_rotation_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ad.trace"
    append(path, b"one\n")
    tail = Tail(path)
    append(path, b"two\n")
    path.rename(tmp_path / "ad.trace.1")
    append(path, b"three\n")
    assert tail.read() == ["two", "three"]


def test_a_file_that_was_exchanged_for_a_foreign_one_is_read_from_its_beginning(tmp_path: Path) -> None:
    path, other = tmp_path / "ad.trace", tmp_path / "new"
    append(path, b"one\n")
    tail = Tail(path)
    append(other, b"two\n")
    other.replace(path)
    assert tail.read() == ["two"]


def test_zeros_of_a_file_emptied_under_its_writer_hide_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ad.trace"
    append(path, b"x" * 5000 + b"\n")
    tail = Tail(path)
    path.write_bytes(bytes(6000) + b"a line\n")
    assert tail.read() == ["a line"]
    append(path, b"the next\n")
    assert tail.read() == ["the next"]


def test_more_than_one_pass_takes_is_said_to_be_there(tmp_path: Path) -> None:
    path = tmp_path / "ad.trace"
    tail = Tail(path)
    append(path, b"0123456\n" * (3 * MAX_READ // 16))
    lines, passes = 0, 0
    while not passes or tail.has_more:
        lines, passes = lines + len(tail.read()), passes + 1
    assert (lines, passes) == (3 * MAX_READ // 16, 2)


def test_a_wide_file_joined_in_the_middle_of_a_letter(tmp_path: Path) -> None:
    path = tmp_path / "ad.trace"
    data = "old line\nnew line\n".encode("utf-16-le")
    append(path, data[:19])
    tail = Tail(path)
    append(path, data[19:])
    assert tail.read()[-1].endswith("new line")


DEEDS = st.one_of(
    st.binary(max_size=300),
    st.sampled_from(["rotate", "truncate", "remove", "read"]),
    st.text(max_size=80).map(lambda text: (text + "\n").encode("utf-16", "surrogatepass")),
)


@given(st.lists(DEEDS, max_size=15))
@settings(max_examples=80, deadline=None)
def test_whatever_happens_to_the_files_nothing_is_raised_and_little_is_kept(deeds: list[bytes | str]) -> None:
    """Tail, parser and picture together, in two places at once."""
    with tempfile.TemporaryDirectory() as name:
        folders = tuple(Path(name) / one for one in ("a", "b"))
        for folder in folders:
            folder.mkdir()
        tails = Tails(DataPlaces(folders, ("ad.trace",)))
        picture = Picture()
        for number, deed in enumerate(deeds):
            path = folders[number % 2] / ("ad.trace" if number % 3 else "connection_trace.txt")
            if isinstance(deed, bytes):
                append(path, deed)
            elif deed == "truncate" and path.exists():
                os.truncate(path, 0)
            elif deed == "rotate" and path.exists():
                path.replace(path.with_name(path.name + ".1"))
            elif deed == "remove":
                path.unlink(missing_ok=True)
            picture, _events = advance(picture, tails.read())
        assert len(picture.calls) <= MAX_KEPT
        assert all(len(call.numbers) <= MAX_KEPT for call in picture.calls)


@pytest.mark.parametrize("name", sorted(kinds()))
def test_garbage_needs_little_memory(tmp_path: Path, name: str) -> None:
    """Not more for six megabytes than for the one that a pass reads, as its lines and events."""
    data = make(kinds()[name], 6_000_000)
    tracemalloc.start()
    read_all(tmp_path / "anydesk.trace", data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30 * MAX_READ
