"""Live pages: a change is told at once, a cut loses nothing."""

from __future__ import annotations

import threading

from demo.backend_process import BackendProcess
from tests.backend.actors import TIMEOUT, Client, Console, http_session
from tests.backend.browser import Browser, Stream


def test_changes_arrive_live_and_nothing_is_lost_by_a_cut(
    browser: Browser, console: Console, joined: Client
) -> None:
    case_id = joined.case.case_id
    stream = Stream(browser)
    assert stream.answer.headers["content-type"].startswith("text/event-stream")
    assert stream.next_event()["data"] == "null"
    joined.step(step="details")
    event = stream.next_event()
    assert case_id in event["data"]
    seen = event["id"]
    stream.answer.close()

    again = Stream(browser, seen)
    assert again.next_event()["event"] == "beat"
    again.answer.close()
    joined.step(step="terms")
    late = Stream(browser, seen)
    assert late.next_event()["data"] == "null"
    late.answer.close()
    assert "Regulamin i cena" in browser.get(f"/console/fragments/cases/{case_id}").text


def test_a_stream_needs_a_session(backend: BackendProcess) -> None:
    assert http_session().get(f"{backend.url}/console/live", timeout=TIMEOUT).status_code == 204


def test_many_streams_at_once(browser: Browser, joined: Client) -> None:
    streams = [Stream(Browser(browser.url).sign_in()) for _ in range(5)]
    for stream in streams:
        stream.next_event()
    found: list[str] = []
    threads = [threading.Thread(target=lambda s=s: found.append(s.next_event()["data"])) for s in streams]
    for thread in threads:
        thread.start()
    joined.step(step="details")
    for thread in threads:
        thread.join(timeout=10)
    assert len(found) == 5
    for stream in streams:
        stream.answer.close()
