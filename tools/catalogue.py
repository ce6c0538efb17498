"""Keeps the catalogue of the customer's program in step with the sources: `python -m tools.catalogue [--check]`.

A text whose source changed loses its translation on purpose: a guess of a tool is no translation of a consent text.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE_DIR = ROOT / "resources" / "locale"
DOMAIN = "pomoc_zdalna"
KEYWORDS = {"_": None, "N_": None, "plural": (1, 2)}
SOURCES = ("client_app",)
HEADER = "# Texts of the customer's program. Kept by python -m tools.catalogue."


def extract() -> dict[str | tuple[str, str], list[str]]:
    """Return every text of the sources with the comments for translators that stand above it."""
    found: dict[str | tuple[str, str], list[str]] = {}
    for folder in SOURCES:
        for _name, _line, message, comments, _context in extract_from_dir(
            ROOT / folder,
            method_map=[("**.py", "python")],
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=False,
        ):
            key = message if isinstance(message, str) else (message[0], message[1])
            if key and key != ("", ""):
                found.setdefault(key, []).extend(comments)
    return found


def renewed(catalogue: Catalog) -> Catalog:
    """Return a catalogue with exactly the texts of the sources, sorted, and the translations that still belong."""
    fresh = Catalog(locale=catalogue.locale, header_comment=HEADER, fuzzy=False)
    for key, comments in sorted(extract().items(), key=lambda item: str(item[0])):
        known = catalogue.get(key)
        fresh.add(key, known.string if known is not None else "", auto_comments=list(dict.fromkeys(comments)))
    return fresh


def written(catalogue: Catalog) -> bytes:
    """Return the file of a catalogue."""
    out = io.BytesIO()
    # Babel stamps every catalogue with versions and dates, which would change the file without a reason.
    write_po(out, catalogue, width=100, omit_header=True)
    fields = {
        "Language": str(catalogue.locale),
        "Plural-Forms": catalogue.plural_forms,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    head = [
        HEADER,
        'msgid ""',
        'msgstr ""',
        *(f'"{name}: {value}\\n"' for name, value in fields.items()),
    ]
    return ("\n".join(head) + "\n\n").encode() + out.getvalue()


def untranslated(catalogue: Catalog) -> list[Message]:
    """Return the texts that have no complete translation."""
    return [
        message
        for message in catalogue
        if message.id and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]


def main(arguments: list[str]) -> int:
    """Renew every catalogue, or with --check say whether one is stale; 1 when something is missing."""
    failed = 0
    for file in sorted(LOCALE_DIR.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        language = file.parent.parent.name
        with file.open("rb") as source:
            old = read_po(source, locale=language)
        fresh = renewed(old)
        content = written(fresh)
        if "--check" not in arguments:
            file.write_bytes(content)
        elif content != file.read_bytes():
            print(f"{file.relative_to(ROOT)} is stale: run python -m tools.catalogue")
            failed = 1
        for message in untranslated(fresh):
            print(f"{language}: not translated: {message.id!r}")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
