"""The CI script tells failed, absent and passed lanes apart, on a tree whose targets only end in some way."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

LANES = ("check", "test", "demo", "bundle", "windows", "pictures")


def _run_ci(
    root: Path, project_root: Path, recipes: dict[str, str], setup: str = "exit 0"
) -> tuple[int, str]:
    (root / ".ci").mkdir()
    (root / "tools").mkdir()
    shutil.copy(project_root / ".ci" / "run", root / ".ci" / "run")
    setup_script = root / "tools" / "setup.sh"
    setup_script.write_text(f"#!/bin/sh\n{setup}\n", encoding="utf-8")
    setup_script.chmod(0o755)
    rules = "".join(f"{lane}:\n\t@{recipes.get(lane, 'true')}\n" for lane in LANES)
    (root / "Makefile").write_text(f".PHONY: {' '.join(LANES)}\n{rules}", encoding="utf-8")
    run = subprocess.run(
        [root / ".ci" / "run"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=50,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def _verdicts(output: str) -> dict[str, str]:
    table = output[output.rindex("lane       result") :]
    return dict(re.findall(r"^(\w+) +(ok|absent|FAILED \(.*?\)) +\d+ s$", table, re.MULTILINE))


@pytest.mark.parametrize("lane", ["check", "test", "pictures"])
def test_one_failed_lane_fails_the_run_and_hides_no_other(
    tmp_path: Path, project_root: Path, lane: str
) -> None:
    code, output = _run_ci(tmp_path, project_root, {lane: "echo broken; exit 3"})
    assert code == 1
    verdicts = _verdicts(output)
    assert verdicts.pop(lane) == "FAILED (2)"
    assert set(verdicts.values()) == {"ok"}
    assert set(verdicts) == {"setup", *LANES} - {lane}


def test_failed_setup_fails_the_run_and_starts_nothing(tmp_path: Path, project_root: Path) -> None:
    code, output = _run_ci(tmp_path, project_root, {}, setup="exit 1")
    assert code == 1
    assert _verdicts(output) == {"setup": "FAILED (1)"}


def test_missing_target_is_a_failure_and_not_absent(tmp_path: Path, project_root: Path) -> None:
    code, output = _run_ci(tmp_path, project_root, {"demo": "$(MAKE) no-such-target"})
    assert code == 1
    assert _verdicts(output)["demo"] == "FAILED (2)"


def test_absent_lane_is_listed_and_fails_nothing(tmp_path: Path, project_root: Path) -> None:
    code, output = _run_ci(tmp_path, project_root, {"windows": "echo not built yet; exit 77"})
    assert code == 0
    assert _verdicts(output)["windows"] == "absent"
    assert "absent, not built yet: windows\n" in output


def test_summary_of_the_tests_is_the_last_line(tmp_path: Path, project_root: Path) -> None:
    code, output = _run_ci(tmp_path, project_root, {"test": "echo '==== 12 passed, 1 skipped in 3.2s ===='"})
    assert code == 0
    assert output.splitlines()[-1] == "==== 12 passed, 1 skipped in 3.2s ===="


def test_process_left_behind_does_not_hold_the_run(tmp_path: Path, project_root: Path) -> None:
    recipe = "setsid sh -c 'echo $$$$ > left.pid; exec sleep 40' & sleep 0.2"
    try:
        code, _ = _run_ci(tmp_path, project_root, {"demo": recipe})
    finally:
        left = (tmp_path / "left.pid").read_text(encoding="ascii").strip()
        subprocess.run(["kill", left], check=False, capture_output=True, timeout=5)
    assert code == 0


@pytest.mark.parametrize(
    "target", ["demo", "test", "check", "bundle", "windows", "pictures", "bench", "help"]
)
def test_make_help_lists_every_target(project_root: Path, target: str) -> None:
    run = subprocess.run(["make"], cwd=project_root, capture_output=True, text=True, timeout=20, check=True)
    assert re.search(rf"^{target} +\S", run.stdout, re.MULTILINE)
