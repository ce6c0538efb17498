"""Prints docs/anydesk-field-check.md from the table in the program: `python -m tools.field_check_page [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path

from client_app.services.field_check.page import document

PAGE = Path(__file__).resolve().parent.parent / "docs" / "anydesk-field-check.md"


def main(arguments: list[str]) -> int:
    """Write the page, or with --check say whether it is fresh."""
    text = document()
    if arguments == ["--check"]:
        is_fresh = PAGE.is_file() and PAGE.read_text("utf-8") == text
        if not is_fresh:
            print(f"{PAGE.name} is not what the program says: run python -m tools.field_check_page")
        return 0 if is_fresh else 1
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
