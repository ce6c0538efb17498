"""What was answered is there: after kill -9, after a restart, with the same receipt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from consent_backend.store.readback import read_back
from consent_record.canonical import hash_of
from consent_record.keys import parse_public_key
from consent_record.receipt import check_receipt, read_receipt
from demo.backend_process import BackendError, BackendProcess, start
from tests.backend.actors import TIMEOUT, Client, Console
from tests.backend.browser import Browser, Stream

ConfirmAt = Callable[[BackendProcess], tuple[Console, Client]]


def test_an_answered_record_survives_kill_9(own_backend: BackendProcess, confirm_at: ConfirmAt) -> None:
    console, client = confirm_at(own_backend)
    consent = client.consent()
    receipt = client.put(consent).content
    own_backend.kill()
    found = read_back(own_backend.database, consent.record_id)
    assert found is not None
    assert found.receipt == receipt

    again = start(own_backend.data_dir)
    try:
        back = Client(again.url, joined=client.joined)
        assert back.put(consent).content == receipt
        assert back.call("GET", f"/v1/records/{consent.record_id}/receipt").content == receipt
        assert back.status()["state"] == "ordered"
        console.url = again.url
        assert console.case(client.case.case_id)["records"][0]["record_id"] == consent.record_id
        root = parse_public_key(again.root_path.read_text("ascii"))
        check_receipt(read_receipt(receipt), root_key=root)
    finally:
        again.stop()


def test_no_answered_record_is_lost_by_kill_9_under_load(
    own_backend: BackendProcess, confirm_at: ConfirmAt
) -> None:
    clients = [confirm_at(own_backend)[1] for _ in range(4)]
    answered: dict[str, bytes] = {}
    enough = threading.Event()

    def work(client: Client) -> None:
        previous = None
        while True:
            consent = client.consent(previous_record=previous)
            try:
                answer = client.put(consent)
            except requests.RequestException:
                return
            if answer.status_code != 200:
                return
            previous = hash_of(consent)
            answered[consent.record_id] = answer.content
            if len(answered) >= 40:
                enough.set()

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    assert enough.wait(timeout=30)
    own_backend.kill()
    for thread in threads:
        thread.join(timeout=20)
    for record_id, receipt in answered.items():
        found = read_back(own_backend.database, record_id)
        assert found is not None
        assert found.receipt == receipt


def test_a_stop_is_clean_and_quick_with_streams_open(
    own_backend: BackendProcess, confirm_at: ConfirmAt
) -> None:
    _console, client = confirm_at(own_backend)
    consent = client.consent()
    receipt = client.put(consent).content
    stream = Stream(Browser(own_backend.url).sign_in())
    stream.next_event()
    assert own_backend.stop() == 0
    assert not Path(f"{own_backend.database}-wal").exists()
    found = read_back(own_backend.database, consent.record_id)
    assert found is not None
    assert found.receipt == receipt


def test_a_taken_port_is_said_in_a_sentence(own_backend: BackendProcess) -> None:
    with pytest.raises(BackendError, match=r"Not done: .* port"):
        start(own_backend.data_dir, port=own_backend.port)
    assert requests.get(f"{own_backend.url}/v1/health", timeout=TIMEOUT).status_code == 200
