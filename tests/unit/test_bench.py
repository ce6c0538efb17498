"""The machinery of the benchmarks: statistics, the shape of results.json, exit codes, programs that fail; untimed."""

from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path

import pytest

from client_app import app
from client_app.ui.wizard import HelpWizard
from tests.bench import __main__ as bench
from tests.bench import families, launch, machine, report, stats
from tests.bench.dialogue import Dialogue
from tests.bench.programs import first_window, session
from tests.bench.rows import Goal, Row, Run, Sense

KEYS = ["name", "value", "unit", "floor", "ratio", "goal", "holds", "how"]


def row(value: float, floor: float | None = 2.0, sense: Sense = Sense.AT_MOST) -> Row:
    return Row("start.x_ms", value, "ms", Goal(sense, 4.0), "how it was measured", floor)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


# --- refusals ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "floors"),
    [([1.0], []), ([1.0], [0.0]), ([1.0], [-1.0])],
    ids=["not pairs", "floor of zero", "floor below zero"],
)
def test_what_is_no_pair_has_no_ratio(values: list[float], floors: list[float]) -> None:
    with pytest.raises(ValueError, match="floor"):
        stats.paired_ratios(values, floors)


def test_nothing_measured_is_no_result() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        stats.summary([])
    with pytest.raises(ValueError, match="no values"):
        stats.percentile([], 0.5)
    with pytest.raises(ValueError, match="not a share"):
        stats.percentile([1.0], 95)


@pytest.mark.parametrize(
    "code",
    ["raise SystemExit(3)", "print('hello')", "print('PAINTED 1'); raise SystemExit(1)"],
    ids=["fails", "never paints", "paints and fails"],
)
def test_a_program_that_does_not_paint_is_an_error(code: str) -> None:
    with pytest.raises(launch.ProgramError, match="ended with"):
        launch.time_to_paint(python(code), os.environ)


def test_a_program_that_ends_in_the_middle_of_a_dialogue_is_an_error(tmp_path: Path) -> None:
    code = "import sys; print('{\"a\": 1}', flush=True); sys.exit('this is why')"
    with (tmp_path / "errors").open("w", encoding="utf-8") as errors:
        with Dialogue(python(code), os.environ, errors) as talk:
            assert talk.hear(lambda message: "a" in message, "a") == {"a": 1}
            with pytest.raises(launch.ProgramError, match="this is why"):
                talk.hear(lambda message: "b" in message, "b")


def test_a_program_that_says_something_else_is_waited_for_within_a_limit(tmp_path: Path) -> None:
    code = "import sys; print('{\"a\": 1}', flush=True); sys.stdin.read()"
    with (tmp_path / "errors").open("w", encoding="utf-8") as errors:
        with Dialogue(python(code), os.environ, errors) as talk:
            with pytest.raises(launch.ProgramError, match=r"not within 0 s: b.*'a': 1"):
                talk.hear(lambda message: "b" in message, "b", 0.3)


def test_an_unknown_family_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["nonsense"]) == bench.EXIT_USAGE
    assert "no family nonsense; there is anydesk" in capsys.readouterr().err


@pytest.mark.parametrize(
    "rows", [[], [row(4.5)], [row(3.0), row(math.nan)]], ids=["none", "missed", "unmeasured"]
)
def test_the_exit_code_says_when_something_does_not_hold(rows: list[Row], tmp_path: Path) -> None:
    assert bench.conclude(rows, tmp_path / "results.json") == bench.EXIT_MISSED


# --- results ----------------------------------------------------------------------------------------------------
def test_rows_that_hold_end_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "new" / "results.json"
    assert bench.conclude([row(3.0), row(4.0, None)], file) == 0
    found = json.loads(file.read_text("utf-8"))
    assert [list(one) for one in found] == [KEYS, KEYS]
    assert found[0] == {
        "name": "start.x_ms",
        "value": 3.0,
        "unit": "ms",
        "floor": 2.0,
        "ratio": 1.5,
        "goal": "<= 4",
        "holds": True,
        "how": "how it was measured",
    }
    assert (found[1]["floor"], found[1]["ratio"]) == (None, None)
    printed = capsys.readouterr().out.splitlines()
    assert printed[1].split() == KEYS[:-1]
    assert "start.x_ms: how it was measured" in printed
    assert list(file.parent.iterdir()) == [file]


def test_numbers_that_are_none_are_null() -> None:
    data = report.as_data(row(math.nan, 0.0))
    assert (data["value"], data["ratio"], data["holds"]) == (None, None, False)
    json.dumps(data, allow_nan=False)


@pytest.mark.parametrize(
    ("sense", "holding"),
    [(Sense.AT_MOST, [3.9, 4.0]), (Sense.BELOW, [3.9]), (Sense.AT_LEAST, [4.0, 4.1])],
)
def test_a_goal_has_a_side(sense: Sense, holding: list[float]) -> None:
    goal = Goal(sense, 4.0)
    assert [value for value in (3.9, 4.0, 4.1) if goal.holds(value)] == holding
    assert str(goal) == f"{sense.value} 4"


def test_statistics() -> None:
    assert stats.paired_ratios([2.0, 9.0], [1.0, 3.0]) == [2.0, 3.0]
    assert str(stats.summary([3.0, 1.0, 2.5])) == "2.5 (1..3, n=3)"
    values = [float(n) for n in range(1, 101)]
    assert [stats.percentile(values, share) for share in (0, 0.5, 0.95, 0.99, 1)] == [1, 50, 95, 99, 100]


def test_long_makes_more_runs(tmp_path: Path) -> None:
    assert (Run(tmp_path).times(5), Run(tmp_path, long=True).times(5)) == (5, 15)


# --- programs ---------------------------------------------------------------------------------------------------
def test_pairs_are_complete_and_warm_ups_do_not_count() -> None:
    paint = python("import time; print('PAINTED', time.perf_counter_ns())")
    pairs = launch.time_pairs(paint, paint, os.environ, 2, machine.Quiet(0))
    assert (len(pairs.values), len(pairs.floors)) == (2, 2)
    assert min(pairs.values + pairs.floors) > 0


def test_every_family_says_what_it_measures() -> None:
    assert {"client", "start"} <= set(families.names())
    for name in families.names():
        family = families.load(name)
        assert callable(family.measure)
        assert family.__doc__


def test_the_hooks_know_the_classes_they_wait_for() -> None:
    assert HelpWizard.__name__ == first_window.WINDOW
    assert "paintEvent" in vars(HelpWizard)
    assert app.Application.__name__ == session.APPLICATION
    assert "open" in vars(app.Application)


@pytest.mark.parametrize("deed", ["code", "word", "details", "terms", "backup", "order", "end", "leave"])
def test_every_deed_of_the_measured_customer_is_events(deed: str) -> None:
    assert session.events_of(deed, "123456782")


def test_an_unknown_deed_is_refused() -> None:
    with pytest.raises(ValueError, match="dance"):
        session.events_of("dance", "")


def test_a_measured_program_sees_none_of_the_developers_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_STYLE_OVERRIDE", "windows")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(machine, "_compiled", {machine.COMPILED})
    made = machine.surroundings(machine.Screen("offscreen"), tmp_path)
    assert "QT_STYLE_OVERRIDE" not in made
    assert "PYTHONDONTWRITEBYTECODE" not in made
    assert "DISPLAY" not in made
    assert (made["QT_QPA_PLATFORM"], made["HOME"]) == ("offscreen", str(tmp_path / "home"))
