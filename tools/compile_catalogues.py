"""Compiles every gettext catalogue of resources/locale that is newer than its compiled form.

Compiled catalogues are not committed: set-up and the wheel build make them, so a text and its
translation can never drift apart unseen.
"""

from __future__ import annotations

import sys
from pathlib import Path

LOCALE_DIR = Path(__file__).resolve().parent.parent / "resources" / "locale"


def stale_catalogues(locale_dir: Path) -> list[Path]:
    """Returns the .po files under `locale_dir` whose .mo file is missing or older, sorted."""
    found = []
    for catalogue in sorted(locale_dir.glob("*/LC_MESSAGES/*.po")):
        compiled = catalogue.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime_ns < catalogue.stat().st_mtime_ns:
            found.append(catalogue)
    return found


def compile_catalogue(catalogue: Path) -> Path:
    """Compiles one .po file beside itself and returns the path of the .mo file.

    Fuzzy entries are left out: a guess of a tool is no translation of a consent text.

    Raises:
        ValueError: the catalogue has a faulty entry (placeholders that differ, a broken plural).
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with catalogue.open("rb") as source:
        parsed = read_po(source, locale=catalogue.parent.parent.name)
    for message, errors in parsed.check():
        raise ValueError(f"{catalogue}:{message.lineno}: {errors[0]}")
    compiled = catalogue.with_suffix(".mo")
    partial = compiled.with_suffix(".mo.part")
    with partial.open("wb") as target:
        write_mo(target, parsed, use_fuzzy=False)
    partial.replace(compiled)
    return compiled


def main() -> int:
    """Compiles what is stale and says what it did; silent when there is nothing to do."""
    for catalogue in stale_catalogues(LOCALE_DIR):
        try:
            compiled = compile_catalogue(catalogue)
        except ValueError as error:
            print(f"catalogue refused: {error}", file=sys.stderr)
            return 1
        print(f"compiled {compiled.relative_to(LOCALE_DIR.parent.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
