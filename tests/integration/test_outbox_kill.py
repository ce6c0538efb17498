"""SIGKILL while records are stored, at moments that nobody chose: what was reported as stored is there, whole."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from client_app.services.outbox import NewRow, Outbox, RowState
from consent_record.canonical import sha256_hex

ROUNDS = 20
MOST_MILLISECONDS = 60

STORING = """
import itertools, os, sys, uuid
from pathlib import Path
from client_app.services.outbox import NewRow, Outbox
from consent_record.canonical import sha256_hex
say = lambda *words: (sys.stdout.write(" ".join(words) + "\\n"), sys.stdout.flush())
outbox = Outbox(Path(sys.argv[1]))
say("ready")
for number in itertools.count():
    data = os.urandom(1500 + number % 7 * 900)
    row = NewRow(str(uuid.uuid4()), "consent", "case", "run", data, sha256_hex(data), "token")
    outbox.add(row)
    say("stored", row.record_id, row.record_hash)
    if number % 3 == 0:
        outbox.note_failure(row.record_id, "K-10", next_try_at=1.0, not_before=0.0)
        say("failed", row.record_id)
    if number % 5 == 0:
        outbox.note_receipt(row.record_id, b"receipt", receipt_id="r", server_time="t")
        say("verified", row.record_id)
    if number % 4 == 0:
        outbox.take_answer_try(row.record_id)
        say("tried", row.record_id)
"""


def kill_while_storing(file: Path, wait_seconds: float) -> list[list[str]]:
    """Let a process store, kill it, and return what it had reported, word by word."""
    process = subprocess.Popen([sys.executable, "-c", STORING, str(file)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        threading.Event().wait(wait_seconds)
    finally:
        process.kill()
    said, _ = process.communicate(timeout=30)
    whole, _, _cut = said.rpartition("\n")
    return [line.split() for line in whole.splitlines()]


@pytest.mark.timeout(180)
def test_what_was_reported_as_stored_survives(tmp_path: Path) -> None:
    file = tmp_path / "state" / "outbox.sqlite3"
    moments = random.Random(20261122)
    hashes: dict[str, str] = {}
    reported: dict[str, set[str]] = {"failed": set(), "verified": set(), "tried": set()}
    for number in range(ROUNDS):
        for word, record_id, *rest in kill_while_storing(file, moments.random() * MOST_MILLISECONDS / 1000):
            if word == "stored":
                hashes[record_id] = rest[0]
            else:
                reported[word].add(record_id)
        outbox = Outbox(file)
        for record_id, record_hash in hashes.items():
            row = outbox.get(record_id)
            assert row is not None
            assert sha256_hex(row.record) == row.record_hash == record_hash
            assert row.tries >= (record_id in reported["failed"])
            assert row.answer_tries >= (record_id in reported["tried"])
            if record_id in reported["verified"]:
                assert (row.state, row.receipt) == (RowState.VERIFIED, b"receipt")
        # Besides what was reported: one of each round whose report was cut off, and the one added below.
        assert len(outbox.without_receipt()) <= len(hashes) - len(reported["verified"]) + 2 * ROUNDS
        outbox.add(NewRow(f"after-{number}", "consent", "c", "r", b"{}", sha256_hex(b"{}"), "t"))
        outbox.close()
    assert len(hashes) > ROUNDS


@pytest.mark.timeout(180)
def test_a_file_that_was_being_made_is_usable(tmp_path: Path) -> None:
    moments = random.Random(7)
    for number in range(ROUNDS):
        file = tmp_path / str(number) / "outbox.sqlite3"
        said = kill_while_storing(file, moments.random() * 0.01)
        outbox = Outbox(file)
        assert all(outbox.get(words[1]) is not None for words in said)
        outbox.add(NewRow("after", "consent", "c", "r", b"{}", sha256_hex(b"{}"), "t"))
        assert outbox.get("after") is not None
        outbox.close()
