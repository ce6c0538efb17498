"""SECURITY.md names the test or module that keeps each claim; what it names must be there."""

from __future__ import annotations

import re
from pathlib import Path


def test_what_the_page_names_is_there(project_root: Path) -> None:
    page = (project_root / "SECURITY.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z_]+/[\w/]+\.py)`", page))
    assert len(named) > 25
    assert [name for name in sorted(named) if not (project_root / name).is_file()] == []


def test_every_row_of_attackers_and_boundaries_names_its_keeper(project_root: Path) -> None:
    page = (project_root / "SECURITY.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and "kept by" not in line]
    assert len(rows) > 15
    assert [row[:60] for row in rows if not re.search(r"`(tests|client_app)/[\w/]+\.py`", row)] == []
