"""A browser without scripts, and the live stream that a script would read."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import requests

from demo.backend_process import TECHNICIAN_NAME, TECHNICIAN_PASSWORD
from tests.backend.actors import TIMEOUT, http_session


class Browser:
    """A browser without scripts."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = http_session()
        self.csrf = ""

    def get(self, path: str, **headers: str) -> requests.Response:
        """Load a page and remember its CSRF token."""
        answer = self.http.get(self.url + path, headers=headers, timeout=TIMEOUT)
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', answer.text)
        self.csrf = found[1] if found else self.csrf
        return answer

    def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> requests.Response:
        """Send a form as one of our pages does."""
        data = {"csrf": self.csrf, **(fields or {})}
        return self.http.post(
            self.url + path, data=data, headers=headers, timeout=TIMEOUT, allow_redirects=False
        )

    def sign_in(self) -> Browser:
        """Sign in."""
        answer = self.post("/console/sign-in", {"name": TECHNICIAN_NAME, "password": TECHNICIAN_PASSWORD})
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/")
        self.get("/console/")
        return self


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    """Return every tag of a page with its attributes."""
    parser = _Tags()
    parser.feed(page)
    return parser.found


class Stream:
    """The live stream of a signed-in browser, read in a thread."""

    def __init__(self, browser: Browser, last_id: str = "") -> None:
        headers = {"Last-Event-ID": last_id} if last_id else {}
        url = f"{browser.url}/console/live"
        self.answer = browser.http.get(url, headers=headers, stream=True, timeout=TIMEOUT)
        self.lines = self.answer.iter_lines(decode_unicode=True)

    def next_event(self) -> dict[str, str]:
        """Return the next event."""
        event: dict[str, str] = {}
        for line in self.lines:
            if line:
                name, _, value = line.partition(": ")
                event[name] = value
            elif "data" in event or "event" in event:
                return event
            else:
                event = {}
        raise AssertionError("the stream ended")
