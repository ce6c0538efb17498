"""Words in the customer's language: gettext catalogues for our texts, Qt's own catalogue for Qt's buttons.

Rule: texts are marked where they are defined and translated where they are shown, so a switch needs no restart.
Without compiled catalogues everything is English. Needed before the first paint: the standard library only.
"""

from __future__ import annotations

import functools
import gettext
from typing import TYPE_CHECKING

import resources
from client_app.core.messages import N_

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QTranslator

    from client_app.core.session import Money
    from client_app.core.view_state_types import Say

DOMAIN = "pomoc_zdalna"
LANGUAGES = {"pl": "Polski", "en": "English"}
"""Languages of the program, each in its own words; the source texts are English."""


class Translator:
    """Translates message ids; calling it is what `_()` is elsewhere."""

    def __init__(self, language: str = "pl", folder: Path | None = None) -> None:
        """Prepare for a language.

        Args:
            language: one of `LANGUAGES`; anything else becomes English.
            folder: folder with `<language>/LC_MESSAGES`, by default the program's own.
        """
        self._folder = folder or resources.path("locale")
        self._qt: QTranslator | None = None
        self._qt_language = ""
        self.language = ""
        self._catalogue = gettext.NullTranslations()
        self.set_language(language)

    def set_language(self, language: str) -> None:
        """Switch; a catalogue is read once."""
        self.language = language if language in LANGUAGES else "en"
        self._catalogue = catalogue(self._folder, self.language)

    def __call__(self, msgid: str) -> str:
        """Translate a message id; an unknown one is returned as it is."""
        # gettext keeps the catalogue's header under the empty id.
        return self._catalogue.gettext(msgid) if msgid else ""

    def plural(self, singular: str, plural: str, number: int) -> str:
        """Translate by number; the result may hold `{number}`."""
        return self._catalogue.ngettext(singular, plural, number).format(number=number)

    def say(self, words: Say | str) -> str:
        """Return a text: a `Say` translated with its values filled in, a `str` as it is."""
        if isinstance(words, str):
            return words
        values = {
            name: value if isinstance(value, int) else self.say(value) for name, value in words.values.items()
        }
        text = self(words.msgid)
        return text.format(**values) if values else text

    def money(self, price: Money) -> str:
        """Return an amount as people of the language write it, `80,00 zł`; zero is "free of charge"."""
        if price.amount == 0:
            return self(N_("free of charge"))
        from PySide6.QtCore import QLocale

        locale = QLocale(self.language)
        number = locale.toString(price.amount / 100, "f", 2)
        unit = "zł" if price.currency == "PLN" else price.currency
        return f"{number} {unit}"

    def clock_time(self, moment: str) -> str:
        """Return the local hour and minute of a UTC time in RFC 3339 form; nothing if it cannot be read."""
        from datetime import datetime

        try:
            return datetime.fromisoformat(moment).astimezone().strftime("%H:%M")
        except ValueError:
            return ""

    def day(self, iso_date: str) -> str:
        """Return a date as people of the language write it; the text itself if it is no ISO date."""
        from PySide6.QtCore import QDate, QLocale

        date = QDate.fromString(iso_date, "yyyy-MM-dd")
        if not date.isValid():
            return iso_date
        return str(QLocale(self.language).toString(date, "d MMMM yyyy"))

    def install_qt(self) -> None:
        """Let Qt's own buttons and menus speak the language; called after the first paint."""
        from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

        if self._qt_language == self.language:
            return
        if self._qt is not None:
            QCoreApplication.removeTranslator(self._qt)
            self._qt = None
        self._qt_language = self.language
        translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        # English is in the sources of Qt; a language without a file stays English, which is no error.
        if translator.load(f"qtbase_{self.language}", folder):
            self._qt = translator
            QCoreApplication.installTranslator(translator)


@functools.cache
def catalogue(folder: Path, language: str) -> gettext.NullTranslations:
    """Return a compiled catalogue, read once; an empty one, which leaves every text English, when there is none."""
    try:
        with (folder / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
            return gettext.GNUTranslations(file)
    except OSError:
        return gettext.NullTranslations()
