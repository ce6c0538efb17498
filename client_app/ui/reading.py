"""How long a document stood on the screen and how it was used. Recorded, never forced."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from client_app.core.session import DocumentText, Reading
from client_app.ui.input_way import utc_now


class ReadingLog:
    """Counts for every document by the hash of its text. At most one document is on the screen at a time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, now: Callable[[], str] = utc_now) -> None:
        """Start empty.

        Args:
            clock: seconds, never going back.
            now: UTC time in RFC 3339 form.
        """
        self._clock, self._now = clock, now
        self._readings: dict[str, Reading] = {}
        self._seconds: dict[str, float] = {}
        self._reported: dict[str, Reading] = {}
        self._open: str | None = None
        self._since = 0.0

    def shown(self, document: DocumentText) -> None:
        """Note that a document stands on the screen from now on."""
        if self._open == document.sha256:
            return
        self.hidden()
        if document.sha256 not in self._readings:
            self._readings[document.sha256] = Reading(document.kind, document.sha256, self._now())
        self._open, self._since = document.sha256, self._clock()

    def hidden(self) -> None:
        """Note that no document stands on the screen any more."""
        if self._open is not None:
            self._seconds[self._open] = self._seconds.get(self._open, 0.0) + self._clock() - self._since
            self._open = None

    def scrolled_to_end(self) -> None:
        """Note that the end of the document on the screen was seen."""
        if self._open is not None:
            self._readings[self._open] = replace(self._readings[self._open], scrolled_to_end=True)

    def saved(self, sha256: str) -> None:
        """Note that a document was saved as a file."""
        if sha256 in self._readings:
            self._readings[sha256] = replace(self._readings[sha256], saved=True)

    def printed(self, sha256: str) -> None:
        """Note that a document was printed."""
        if sha256 in self._readings:
            self._readings[sha256] = replace(self._readings[sha256], printed=True)

    def changed(self) -> list[Reading]:
        """Return the readings that are news since the last call, with the seconds up to now."""
        news = []
        for sha256, reading in self._readings.items():
            seconds = self._seconds.get(sha256, 0.0)
            if sha256 == self._open:
                seconds += self._clock() - self._since
            now = replace(reading, seconds_shown=int(seconds))
            if self._reported.get(sha256) != now:
                self._reported[sha256] = now
                news.append(now)
        return news
