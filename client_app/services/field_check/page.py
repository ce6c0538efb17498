"""The field check's table as text for a terminal and as the page in docs/."""

from __future__ import annotations

import textwrap

from client_app.services.field_check.observation import Observation
from client_app.services.field_check.program_rows import ROWS as PROGRAM_ROWS
from client_app.services.field_check.rows import Row, Verdict
from client_app.services.field_check.session_rows import ROWS as SESSION_ROWS

ROWS: tuple[Row, ...] = (*PROGRAM_ROWS, *SESSION_ROWS)

_WIDTH = 100
_HEAD = """# Field check of AnyDesk

<!-- Printed from client_app/services/field_check by `python -m tools.field_check_page`; do not edit it here. -->

AnyDesk's documents leave some points open. What this program assumes of each stands in one table, and a technician
with the real client confirms it in ten minutes:

1. On a test computer with the company's client installed, open a console and run `client_app --field-check`
   (installed: the program's own name with `--field-check`; from source: `python -m client_app --field-check`).
2. Do what it says: go through the wizard with a test case, connect from another computer, disconnect there, connect
   again, disconnect here, end.
3. It prints the table and writes it into `anydesk-field-check.txt`. A row that says DIFFERS is a defect of this
   program: report its name, what was seen, and the version of AnyDesk and of the system.

The check looks and asks (`--get-id`, `--get-status`, `--version`); it never opens AnyDesk, and nothing is sent
anywhere. It keeps no names, numbers or lines: only which words it understood.
"""


def table_text(seen: Observation) -> str:
    """Return the table for a terminal, rows that differ first."""
    rows = [(row, row.finding(seen)) for row in ROWS if seen.system in row.systems]
    order = [Verdict.DIFFERS, Verdict.FITS, Verdict.NOT_SEEN, Verdict.BY_HAND]
    rows.sort(key=lambda pair: order.index(pair[1].verdict))
    lines = [f"AnyDesk {seen.version or '(version unknown)'} on {seen.system}", ""]
    for row, finding in rows:
        lines.append(f"{finding.verdict.value:>8}  {row.row_id:<18} {row.question}")
        lines += _more("seen", finding.seen)
        if finding.verdict in (Verdict.DIFFERS, Verdict.BY_HAND):
            lines += _more("assumed", row.assumed)
        if finding.verdict in (Verdict.NOT_SEEN, Verdict.BY_HAND):
            lines += _more("how", row.how)
    counts = [f"{sum(f.verdict is v for _, f in rows)} {v.value}" for v in order]
    return "\n".join([*lines, "", ", ".join(counts)]) + "\n"


def differs(seen: Observation) -> bool:
    """Whether a row of this system differs."""
    return any(row.finding(seen).verdict is Verdict.DIFFERS for row in ROWS if seen.system in row.systems)


def document() -> str:
    """Return docs/anydesk-field-check.md."""
    lines = [
        _HEAD,
        "| row | question | assumed | what depends on it | how | systems |",
        "|---|---|---|---|---|---|",
    ]
    for row in ROWS:
        cells = (row.row_id, row.question, row.assumed, row.matters, row.how, ", ".join(row.systems))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _more(word: str, text: str) -> list[str]:
    if not text:
        return []
    return textwrap.wrap(
        text, _WIDTH, initial_indent=f"{'':>10}{word}: ", subsequent_indent=" " * 12, break_long_words=False
    )
