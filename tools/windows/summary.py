"""What a run of pytest came to, from its report: how many passed, and every reason for which tests were left out."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

_ENDS = {
    3: "abort()",
    5: "access violation",
    9: "it stopped itself at once, as Qt does after a fatal message",
    124: "its time was over",
}
"""The lowest byte of a Windows exit code, which is all that wine passes on, as a death rather than a verdict."""
_LIMIT = re.compile(r"wine: (?P<name>[\w-]+): ")


def death_of(code: int) -> str:
    """Return what an exit code means when pytest wrote no report."""
    return _ENDS.get(code, f"exit code {code}")


def lines_of(name: str, report: Path) -> list[str]:
    """Return the lines that sum a part up: the counts, then the skips by limit of wine and by reason.

    Raises:
        ElementTree.ParseError: the report is no JUnit file.
    """
    cases = ElementTree.parse(report).getroot().findall(".//testcase")
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    reasons = [skip.get("message", "") for case in cases if (skip := case.find("skipped")) is not None]
    passed = len({id(case) for case in cases}) - len(failed) - len(reasons)
    lines = [f"{passed} passed, {len(failed)} failed, {len(reasons)} skipped"]
    lines += [f"FAILED {case.get('classname')}::{case.get('name')}" for case in failed]
    limits = Counter(found["name"] for reason in reasons if (found := _LIMIT.match(reason)))
    others = Counter(reason for reason in reasons if not _LIMIT.match(reason))
    lines += [f"{count:4} left out for a limit of wine: {limit}" for limit, count in limits.most_common()]
    lines += [f"{count:4} left out: {reason}" for reason, count in others.most_common()]
    return [f"windows: {name}: {line}" for line in lines]
