"""The console's languages: gettext catalogues of the domain `backend`; Polish first, English is in the code."""

import gettext
from functools import cache
from importlib import resources
from pathlib import Path

DOMAIN = "backend"
LANGUAGES = {"pl": "Polski", "en": "English"}
DEFAULT = "pl"


class CatalogueError(Exception):
    """A catalogue is missing: it is compiled when the program is set up."""


def catalogue_folder() -> Path:
    """Return the folder with the catalogues."""
    return Path(str(resources.files("resources") / "locale"))


@cache
def translations(language: str) -> gettext.NullTranslations:
    """Return the catalogue of a language.

    Raises:
        CatalogueError: it was not compiled.
    """
    if language == "en":
        return gettext.NullTranslations()
    try:
        return gettext.translation(DOMAIN, catalogue_folder(), languages=[language])
    except OSError as error:
        raise CatalogueError(
            f"the catalogue {language}/LC_MESSAGES/{DOMAIN}.mo is missing in {catalogue_folder()}; "
            "compile it with: python -m tools.compile_catalogues"
        ) from error


def language_of(wish_untrusted: str | None) -> str:
    """Return a language that the console has."""
    return wish_untrusted if wish_untrusted in LANGUAGES else DEFAULT
