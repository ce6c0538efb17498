"""Words of a receipt in one language: sentences with their values, times, days and amounts.

No Qt here, and no locale of the system: a receipt reads the same on every computer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from client_app.core.messages import N_
from consent_record.case import Price
from consent_record.fields import moment_of

Translate = Callable[[str], str]
"""From a message id to the reader's language."""

_NO_BREAK = "\N{NO-BREAK SPACE}"
_LANGUAGES = {"pl": N_("Polish"), "en": N_("English")}


@dataclass(frozen=True)
class Words:
    """Says things in one language.

    Attributes:
        language: "pl" or "en".
        translate: message ids into that language.
        zone: of the times that people read; the computer's own when None.
    """

    language: str
    translate: Translate
    zone: tzinfo | None = None

    def say(self, msgid: str, **values: str | int) -> str:
        """Return a sentence with its values filled in; what stands in a value is never filled in again."""
        text = self.translate(msgid)
        return text.format(**values) if values else text

    def time(self, timestamp: str) -> str:
        """Return day, time and offset of a `Timestamp`; one that is no date is returned as it is."""
        moment = self._moment(timestamp)
        if moment is None:
            return timestamp
        offset = moment.isoformat()[-6:]
        return f"{self._day(moment.date())}, {moment:%H:%M:%S}{_NO_BREAK}(UTC{offset})"

    def iso_day_of(self, timestamp: str) -> str:
        """Return the day of a `Timestamp` for file names, which sort by it."""
        moment = self._moment(timestamp)
        return moment.date().isoformat() if moment else "0000-00-00"

    def day(self, iso_date: str) -> str:
        """Return a date; a text that is none is returned as it is."""
        try:
            return self._day(date.fromisoformat(iso_date))
        except ValueError:
            return iso_date

    def money(self, price: Price) -> str:
        """Return an amount, `1 200,00 zł` or `1,200.00 zł`; no float is involved."""
        if price.amount == 0:
            return self.say(N_("free of charge"))
        whole, rest = divmod(price.amount, 100)
        grouped = f"{whole:,}.{rest:02d}"
        if self.language == "pl":
            grouped = grouped.replace(",", _NO_BREAK).replace(".", ",")
        return f"{grouped}{_NO_BREAK}{'zł' if price.currency == 'PLN' else price.currency}"

    def name_of_language(self, code: str) -> str:
        """Return a language's name, its code when it has none here."""
        return self.say(_LANGUAGES[code]) if code in _LANGUAGES else code

    def _moment(self, timestamp: str) -> datetime | None:
        # A day in the year 1 has no local time in some zones, hence OverflowError.
        try:
            return moment_of(timestamp).astimezone(self.zone)
        except (ValueError, OverflowError, OSError):
            return None

    def _day(self, day: date) -> str:
        return f"{day:%d.%m.%Y}" if self.language == "pl" else day.isoformat()
