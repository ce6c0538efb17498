"""Making pages: Jinja2 with everything escaped, one environment a language, our own files as the only resources."""

import hashlib
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from consent_backend.console import wording
from consent_backend.console.texts import LANGUAGES, translations
from consent_backend.problems import ApiError
from consent_record.case import Price
from consent_record.codes import group_digits
from consent_record.fields import moment_of

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@cache
def static_files() -> dict[str, tuple[bytes, str]]:
    """Return content and media type of each file that pages may load."""
    folder = resources.files("consent_backend.console") / "static"
    return {
        file.name: (file.read_bytes(), MEDIA_TYPES[file.name.rsplit(".", 1)[-1]])
        for file in folder.iterdir()
        if file.name.rsplit(".", 1)[-1] in MEDIA_TYPES
    }


def static_url(name: str) -> str:
    """Return the address of a file of ours; it changes with the content, so that browsers may keep it."""
    digest = hashlib.sha256(static_files()[name][0]).hexdigest()[:12]
    return f"/console/static/{name}?v={digest}"


def money(price: Price) -> str:
    """Return a price as people write it: `120,00 PLN`."""
    return f"{price.amount // 100},{price.amount % 100:02d} {price.currency}"


def local(text: str, pattern: str = "%d.%m.%Y %H:%M") -> str:
    """Return a UTC `Timestamp` in the server's own time zone; text that is no date as it is."""
    try:
        return moment_of(text).astimezone().strftime(pattern)
    except (ValueError, OverflowError):
        # A moment at the end of all years has none in another time zone, and a client may send one.
        return text


def form_time(moment: datetime) -> str:
    """Return a moment as an input of the type datetime-local wants it."""
    return moment.astimezone().strftime("%Y-%m-%dT%H:%M")


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("consent_backend.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(
        money=money,
        local=local,
        clock=lambda text: local(text, "%H:%M:%S"),
        groups=group_digits,
        said=lambda name, table: translations(language).gettext(table[name]) if name in table else str(name),
    )
    environment.globals.update(static_url=static_url, wording=wording, languages=LANGUAGES, lang=language)
    return environment


def render(template: str, language: str, **values: Any) -> bytes:
    """Return a page in UTF-8."""
    return _environment(language).get_template(template).render(**values).encode("utf-8")


def sentence_of(error: ApiError, language: str) -> str:
    """Return the sentence of a refusal in a language of the console."""
    text = translations(language).gettext(error.template)
    text = text.format(**error.values) if error.values else text
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
