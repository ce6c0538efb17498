"""The Windows lane's summary counts what the report says, and names each limit and each reason."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.helpers.wine import LIMITS, reason_of
from tools.windows.summary import death_of, lines_of

_CASES = f"""<testsuites><testsuite name="pytest">
<testcase classname="a" name="passes"/>
<testcase classname="a" name="fails"><failure message="no"/></testcase>
<testcase classname="a" name="breaks_at_the_end"><error message="teardown"/></testcase>
<testcase classname="b" name="first"><skipped message="{reason_of("no-printer")}"/></testcase>
<testcase classname="b" name="second"><skipped message="{reason_of("no-printer")}"/></testcase>
<testcase classname="b" name="third"><skipped message="{reason_of("POSIX only")}"/></testcase>
</testsuite></testsuites>"""


def test_a_failure_is_never_counted_as_passed(tmp_path: Path) -> None:
    lines = lines_of("screen", _report(tmp_path, _CASES))
    assert lines[0] == "windows: screen: 1 passed, 2 failed, 3 skipped"
    assert lines[1:3] == ["windows: screen: FAILED a::fails", "windows: screen: FAILED a::breaks_at_the_end"]


def test_every_reason_is_named_with_its_count(tmp_path: Path) -> None:
    assert lines_of("screen", _report(tmp_path, _CASES))[3:] == [
        "windows: screen:    2 left out for a limit of wine: no-printer",
        "windows: screen:    1 left out: not on Windows: POSIX only",
    ]


@pytest.mark.parametrize("limit", LIMITS)
def test_every_limit_is_known_by_its_name(tmp_path: Path, limit: str) -> None:
    skipped = ElementTree.Element("skipped", message=reason_of(limit))
    case = f"<testsuites><testcase>{ElementTree.tostring(skipped, 'unicode')}</testcase></testsuites>"
    assert lines_of("screen", _report(tmp_path, case))[-1].endswith(f"limit of wine: {limit}")


def test_half_a_report_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(ElementTree.ParseError):
        lines_of("screen", _report(tmp_path, _CASES[:200]))


@pytest.mark.parametrize(("code", "words"), [(9, "Qt"), (5, "violation"), (77, "exit code 77")])
def test_how_a_process_died_is_said(code: int, words: str) -> None:
    assert words in death_of(code)


def _report(folder: Path, text: str) -> Path:
    file = folder / "report.xml"
    file.write_text(text, encoding="utf-8")
    return file
