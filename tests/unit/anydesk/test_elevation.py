"""Asking for an elevated guardian, its end in every case, and that nothing else depends on it."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from client_app import guardian_entry
from client_app.core.elevation import (
    ElevationError,
    ElevationOutcome,
    GuardianEnd,
    code_of,
    outcome_of_end,
)
from client_app.core.errors import ErrorCode
from client_app.services.guardian.client import GuardianClient, GuardianError
from client_app.services.guardian.elevation import ElevationService
from tests.unit.anydesk.fakes import FakeSystem


class FakeGuardian:
    """A guardian that runs until it is told otherwise."""

    pid = 5

    def __init__(self) -> None:
        self.is_over = False
        self.stdin: BinaryIO = io.BytesIO()
        self.stdout: BinaryIO = io.BytesIO()

    def wait(self, seconds: float) -> bool:
        return self.is_over

    def kill(self) -> None:
        self.is_over = True


class FakeStarter:
    """Answers as it is told; counts how often the customer was asked."""

    def __init__(self, answer: FakeGuardian | ElevationOutcome) -> None:
        self.answer = answer
        self.asked = 0

    def start(self) -> FakeGuardian:
        self.asked += 1
        if isinstance(self.answer, ElevationOutcome):
            raise ElevationError(self.answer)
        return self.answer


def test_where_there_is_none_nobody_is_asked() -> None:
    service = ElevationService(None)
    assert service.ask() is ElevationOutcome.NOT_SUPPORTED
    assert service.take() is None


@pytest.mark.parametrize("outcome", [one for one in ElevationOutcome if one is not ElevationOutcome.STARTED])
def test_a_no_is_an_outcome_and_the_usual_guardian_stays(outcome: ElevationOutcome) -> None:
    service = ElevationService(FakeStarter(outcome))
    assert service.ask() is outcome
    assert service.take() is None
    service.let_go()


def test_asked_once_and_used_once() -> None:
    guardian = FakeGuardian()
    starter = FakeStarter(guardian)
    service = ElevationService(starter)
    assert service.ask() is service.ask() is ElevationOutcome.STARTED
    assert starter.asked == 1
    assert service.take() is guardian
    assert service.take() is None


def test_one_that_ended_meanwhile_is_not_used() -> None:
    guardian = FakeGuardian()
    service = ElevationService(FakeStarter(guardian))
    service.ask()
    guardian.is_over = True
    assert service.take() is None
    guardian.is_over = False
    service.ask()
    service.let_go()
    assert guardian.stdin.closed


def test_a_run_takes_the_one_that_is_ready_and_else_starts_its_own() -> None:
    """The first says nothing and is over, so the run is told; the system's own way was not used for it."""
    with pytest.raises(GuardianError, match="lost"):
        GuardianClient(FakeSystem(), ("x",), lambda *_: None, None, lambda: cast("Any", FakeGuardian()))
    with pytest.raises(GuardianError, match="lost") as error:
        GuardianClient(FakeSystem(), ("x",), lambda *_: None, None, lambda: None)
    assert isinstance(error.value.__cause__, OSError)


def test_codes_for_the_customer() -> None:
    assert code_of(ElevationOutcome.STARTED) is None
    assert code_of(ElevationOutcome.DECLINED) is ErrorCode.ELEVATION_REFUSED
    assert code_of(ElevationOutcome.FOREIGN) is ErrorCode.GUARDIAN_REFUSED
    assert {code_of(one) for one in ElevationOutcome} == {
        None,
        ErrorCode.ELEVATION_REFUSED,
        ErrorCode.GUARDIAN_REFUSED,
    }


def test_every_end_has_its_outcome() -> None:
    assert outcome_of_end(None) is ElevationOutcome.SILENT
    assert outcome_of_end(12345) is ElevationOutcome.UNEXPECTED
    for end in GuardianEnd:
        assert outcome_of_end(int(end)) is not ElevationOutcome.STARTED


@pytest.mark.parametrize(
    ("arguments", "end"),
    [
        (["--elevated"], GuardianEnd.USAGE),
        (["--elevated", "0" * 32, "more"], GuardianEnd.USAGE),
        (["0" * 32], GuardianEnd.USAGE),
        (["--Elevated", "0" * 32], GuardianEnd.USAGE),
        (["--elevated", "0" * 32], GuardianEnd.NOT_PROTECTED),
    ],
)
def test_from_source_and_with_odd_arguments_nothing_begins(arguments: list[str], end: GuardianEnd) -> None:
    assert guardian_entry.main(arguments) == end


def test_frozen_on_a_system_without_it_nothing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr("client_app.guardian_entry.elevated_half", lambda: None)
    assert guardian_entry.main(["--elevated", "0" * 32]) == GuardianEnd.NOT_PROTECTED


_IMPORTS = """
import sys
import client_app.guardian_entry
import client_app.services.guardian.run
import client_app.platforms.linux.containment, client_app.platforms.windows.containment
light = set(sys.modules)
import client_app.core.config, client_app.services.release, client_app.services.seen_lists
import client_app.services.guardian.elevated, client_app.platforms.windows.elevated
heavy = ("PySide6", "requests", "urllib3", "psutil", "truststore", "sqlite3")
print([name for name in (*heavy, "msgspec", "nacl") if name in light], [n for n in heavy if n in sys.modules])
"""


def test_neither_guardian_imports_what_it_does_not_need(project_root: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _IMPORTS],
        cwd=project_root,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout.strip() == "[] []"
