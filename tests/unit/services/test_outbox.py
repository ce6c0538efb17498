"""The outbox alone: nothing is lost, nothing changes, one process at a time, a damaged file is said to be one."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from client_app.core.errors import CustomerError, ErrorCode
from client_app.services.outbox import ANSWER_TRIES, NewRow, Outbox, RowState
from consent_record.canonical import sha256_hex
from tests.unit.services.company import new_id


def row(record_id: str = "", data: bytes = b'{"a":1}', case_id: str = "case") -> NewRow:
    return NewRow(record_id or new_id(), "consent", case_id, "run", data, sha256_hex(data), "token")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "outbox.sqlite3"


@pytest.fixture
def outbox(file: Path) -> Outbox:
    return Outbox(file)


def code_of(outbox: Outbox) -> ErrorCode:
    with pytest.raises(CustomerError) as caught:
        outbox.unsent()
    return caught.value.code


# --- refusals -----------------------------------------------------------------------------------------------------


def test_the_same_id_twice_is_refused_and_the_first_stays(outbox: Outbox) -> None:
    first = row()
    outbox.add(first)
    with pytest.raises(CustomerError) as caught:
        outbox.add(row(first.record_id, b"other"))
    assert caught.value.code is ErrorCode.CANNOT_STORE
    stored = outbox.get(first.record_id)
    assert stored is not None
    assert stored.record == first.record


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM records",
        "UPDATE records SET record = x'00'",
        "UPDATE records SET record_hash = 'x'",
        "UPDATE records SET case_id = 'x'",
        "UPDATE records SET record_id = 'x'",
        "UPDATE records SET state = 'verified'",
        "UPDATE records SET state = 'gone'",
    ],
)
def test_the_file_itself_refuses_to_lose_or_change_a_record(
    file: Path, outbox: Outbox, statement: str
) -> None:
    outbox.add(row())
    outbox.close()
    with sqlite3.connect(file) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    connection.close()
    again = Outbox(file)
    assert len(again.unsent()) == 1
    again.close()


def test_a_second_process_is_locked_out_and_let_in_when_the_first_is_gone(file: Path, outbox: Outbox) -> None:
    outbox.add(row())
    probe = (
        "import sys; from pathlib import Path; from client_app.services.outbox import Outbox\n"
        "from client_app.core.errors import CustomerError\n"
        "try: print(len(Outbox(Path(sys.argv[1])).unsent()))\n"
        "except CustomerError as error: print(error.code.name)\n"
    )

    def ask() -> str:
        run = subprocess.run(
            [sys.executable, "-c", probe, str(file)], capture_output=True, text=True, timeout=30, check=True
        )
        return run.stdout.strip()

    assert ask() == "ALREADY_RUNNING"
    outbox.close()
    assert ask() == "1"


@pytest.mark.parametrize("where", ["head", "middle", "short", "text"])
def test_a_damaged_file_is_said_to_be_one_and_stays(file: Path, outbox: Outbox, where: str) -> None:
    for number in range(30):
        outbox.add(row(data=b"x" * 3000 + bytes([number])))
    outbox.close()
    data = bytearray(file.read_bytes())
    if where == "head":
        data[:100] = b"\x00" * 100
    elif where == "middle":
        data[4096:12_288] = os.urandom(8192)
    elif where == "short":
        del data[5000:]
    else:
        data[:] = b"this is no database\n" * 100
    file.write_bytes(data)
    damaged = Outbox(file)
    assert code_of(damaged) is ErrorCode.CANNOT_STORE
    with pytest.raises(CustomerError):
        damaged.add(row())
    damaged.close()
    assert file.read_bytes() == data


@pytest.mark.parametrize("pragma", ["user_version = 99", "application_id = 1"])
def test_a_file_of_another_program_or_a_newer_version_is_left_alone(
    file: Path, outbox: Outbox, pragma: str
) -> None:
    outbox.add(row())
    outbox.close()
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA {pragma}")
    connection.close()
    assert code_of(Outbox(file)) is ErrorCode.CANNOT_STORE


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    assert code_of(Outbox(tmp_path / "state" / "outbox.sqlite3")) is ErrorCode.CANNOT_STORE


def test_a_closed_outbox_is_closed(outbox: Outbox, file: Path) -> None:
    outbox.add(row())
    outbox.close()
    outbox.close()
    assert code_of(outbox) is ErrorCode.CANNOT_STORE
    assert not outbox.is_there
    assert not file.with_name(file.name + "-wal").exists()


def fill(outbox: Outbox) -> None:
    for number in range(50):
        outbox.add(row(data=b"x" * 4000 + bytes([number])))


def test_a_full_disk_stores_nothing_and_says_so(file: Path) -> None:
    outbox = Outbox(file)
    assert outbox.unsent() == ()
    assert outbox._connection is not None
    # SQLite's own limit gives the very error of a full disk (SQLITE_FULL).
    outbox._connection.execute("PRAGMA max_page_count = 20")
    with pytest.raises(CustomerError) as caught:
        fill(outbox)
    assert caught.value.code is ErrorCode.CANNOT_STORE
    stored = len(outbox.unsent())
    outbox.close()
    again = Outbox(file)
    assert len(again.unsent()) == stored
    again.close()


# --- what holds ---------------------------------------------------------------------------------------------------


def test_only_this_user_can_read_it(file: Path, outbox: Outbox) -> None:
    os.umask(0)
    try:
        outbox.add(row())
    finally:
        os.umask(0o022)
    files = [file, *file.parent.glob("outbox.sqlite3-*")]
    assert len(files) > 1
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    outbox.close()


def test_asking_whether_it_is_there_makes_none(file: Path, outbox: Outbox) -> None:
    assert [outbox.is_there, file.exists()] == [False, False]
    outbox.add(row())
    assert [outbox.is_there, file.exists()] == [True, True]
    outbox.close()


def test_a_record_survives_reopening_with_everything(file: Path, outbox: Outbox) -> None:
    added = row()
    outbox.add(added)
    outbox.note_failure(added.record_id, "K-10", next_try_at=50.0, not_before=70.0)
    assert outbox.take_answer_try(added.record_id) == ANSWER_TRIES - 1
    outbox.close()
    again = Outbox(file)
    stored = again.get(added.record_id)
    assert stored is not None
    assert (stored.record, stored.record_hash, stored.token) == (added.record, added.record_hash, "token")
    assert (stored.state, stored.tries, stored.reason) == (RowState.UNSENT, 1, "K-10")
    assert (stored.next_try_at, stored.not_before, stored.answer_tries) == (50.0, 70.0, 1)
    again.close()


def test_a_receipt_drops_the_token_and_nothing_else_can_happen_to_it(outbox: Outbox) -> None:
    added = row()
    outbox.add(added)
    outbox.note_receipt(added.record_id, b"receipt", receipt_id="r", server_time="t")
    outbox.note_failure(added.record_id, "K-10", next_try_at=1.0, not_before=1.0)
    outbox.note_refusal(added.record_id, "record.conflict")
    stored = outbox.get(added.record_id)
    assert stored is not None
    assert (stored.state, stored.receipt, stored.token, stored.reason) == (
        RowState.VERIFIED,
        b"receipt",
        "",
        "",
    )
    assert outbox.without_receipt() == ()
    outbox.close()


def test_a_refused_record_stays_with_its_reason(outbox: Outbox) -> None:
    added = row()
    outbox.add(added)
    outbox.note_refusal(added.record_id, "document.outdated")
    assert outbox.unsent() == ()
    (parked,) = outbox.without_receipt()
    assert (parked.state, parked.reason, parked.record) == (
        RowState.REFUSED,
        "document.outdated",
        added.record,
    )
    outbox.close()


def test_answers_are_counted_to_five_and_no_further(outbox: Outbox) -> None:
    added = row()
    outbox.add(added)
    assert [outbox.take_answer_try(added.record_id) for _ in range(7)] == [4, 3, 2, 1, 0, None, None]
    assert outbox.take_answer_try("nobody") is None
    outbox.close()


@pytest.mark.parametrize(
    ("next_try", "not_before", "now", "due_in", "server_wait"),
    [
        (0.0, 0.0, 100.0, 0.0, 0.0),
        (130.0, 0.0, 100.0, 30.0, 0.0),
        (130.0, 160.0, 100.0, 60.0, 60.0),
        (90.0, 0.0, 100.0, 0.0, 0.0),
        # Written while the clock was a year ahead.
        (100.0 + 366 * 86_400, 100.0 + 366 * 86_400, 100.0, 0.0, 0.0),
    ],
    ids=["new", "backoff", "server", "past", "wrong clock"],
)
def test_when_a_record_is_due(
    outbox: Outbox, next_try: float, not_before: float, now: float, due_in: float, server_wait: float
) -> None:
    added = row()
    outbox.add(added)
    outbox.note_failure(added.record_id, "x", next_try_at=next_try, not_before=not_before)
    stored = outbox.get(added.record_id)
    assert stored is not None
    assert (stored.seconds_until_due(now), stored.server_wait_seconds(now)) == (due_in, server_wait)
    outbox.close()


def test_many_threads_store_in_one_outbox(outbox: Outbox) -> None:
    def store() -> None:
        for _ in range(10):
            outbox.add(row())

    threads = [threading.Thread(target=store) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(outbox.unsent()) == 50
    outbox.close()


def test_nothing_secret_is_printed(outbox: Outbox) -> None:
    added = NewRow(new_id(), "consent", "case", "run", b"Jan Nowak", "hash", "geheim")
    outbox.add(added)
    shown = f"{added!r} {outbox.get(added.record_id)!r}"
    assert "Nowak" not in shown
    assert "geheim" not in shown
    outbox.close()
