"""What is kept of a customer, and for how long: searched for in the bytes of the database itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from demo.backend_process import BackendProcess
from tests.backend.actors import Client, Console

ConfirmAt = Callable[[BackendProcess], tuple[Console, Client]]

TRACES = ("Kowalski", "jan@example.pl", "Długa", "600 100 200", "987654321", "555666777", "K-21", "K-55")


def everything(backend: BackendProcess) -> bytes:
    """Return the bytes of the database after the write-ahead log was moved into it."""
    with closing(sqlite3.connect(backend.database, timeout=10)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return b"".join(path.read_bytes() for path in sorted(Path(backend.data_dir).glob("backend.sqlite3*")))


def live(client: Client) -> None:
    """Report what a session reports."""
    client.step(step="computer", state="problem", code="K-21")
    client.event("anydesk_number", anydesk_number="987654321")
    client.event("connected", peer_number="555666777", code="K-55")


def test_a_refused_case_leaves_nothing_of_the_customer(
    own_backend: BackendProcess, confirm_at: ConfirmAt
) -> None:
    _console, client = confirm_at(own_backend)
    live(client)
    before = everything(own_backend)
    assert [t for t in TRACES if t.encode() not in before] == []
    assert client.put(client.refusal()).status_code == 200
    after = everything(own_backend)
    assert [t for t in TRACES if t.encode() in after] == []


def test_an_ended_case_leaves_the_record_alone(own_backend: BackendProcess, confirm_at: ConfirmAt) -> None:
    _console, client = confirm_at(own_backend)
    consent = client.consent()
    client.put(consent)
    live(client)
    client.put(client.session_start(consent))
    client.put(client.session_end(consent))
    client.event("not_closed", code="K-77", peer_number="555666777")
    client.step(step="finish", code="K-88")
    with closing(sqlite3.connect(own_backend.database)) as connection:
        row = connection.execute(
            "SELECT state, draft, phone, case_secret, step_code, anydesk_number FROM cases"
        )
        assert row.fetchall() == [("ended", None, "", None, "", None)]
        details = connection.execute(
            "SELECT DISTINCT detail FROM case_events WHERE source = 'client'"
        ).fetchall()
        assert details == [("",)]
    after = everything(own_backend)
    kept = [t for t in TRACES if t.encode() in after]
    assert kept == ["Kowalski", "jan@example.pl", "Długa"]
    with closing(sqlite3.connect(own_backend.database)) as connection:
        connection.execute("UPDATE records SET canonical = x'', receipt = x''")
        connection.commit()
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("VACUUM")
    assert [t for t in TRACES if t.encode() in everything(own_backend)] == []


def test_no_address_is_kept(own_backend: BackendProcess, confirm_at: ConfirmAt) -> None:
    _console, client = confirm_at(own_backend)
    stranger = Client(own_backend.url)
    for _ in range(3):
        stranger.try_join("123456782")
    adapter = stranger.http.get_adapter("http://127.0.0.1")
    address = adapter._address  # type: ignore[attr-defined]
    found = everything(own_backend)
    assert address.encode() not in found
    assert b"127." not in found
    assert "127." not in own_backend.log_path.read_text("utf-8")
    assert client.case.token.encode() not in found
