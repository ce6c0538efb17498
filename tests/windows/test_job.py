"""Nothing that the guardian started outlives it, however it or the client ends: the job object, for real."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.platforms.windows.anydesk import WindowsAnyDeskSystem
from client_app.platforms.windows.processes import plain_path
from client_app.services.guardian.client import GuardianClient, GuardianError
from client_app.services.guardian.protocol import FileClaim, Question, StartRequest
from tests.windows.held import GUARDIAN, NAME, Held, private_copy, processes_in, request_for, wait_for


@pytest.fixture
def guardian() -> Iterator[GuardianClient]:
    client = GuardianClient(WindowsAnyDeskSystem(), GUARDIAN, lambda *_: None)
    yield client
    assert client.quit()


@pytest.fixture(scope="module")
def times() -> Iterator[dict[str, list[float]]]:
    """Collects how long it took until nothing was left; printed at the end (pytest -s shows it)."""
    measured: dict[str, list[float]] = {}
    yield measured
    for what, seconds in sorted(measured.items()):
        print(f"\n{what}: {len(seconds)} times, longest {max(seconds) * 1000:.0f} ms")


@pytest.fixture(params=[False, True], ids=["user", "elevated"])
def any_held(request: pytest.FixtureRequest, waiter: Path, tmp_path: Path) -> Iterator[Held]:
    """A program with an orphan of three generations, held by either guardian of a client of its own."""
    held = Held(waiter, tmp_path, generations="3", elevated=request.param)
    yield held
    held.close()


@pytest.mark.parametrize("who", ["client", "guardian", "both"])
def test_somebody_is_killed(any_held: Held, who: str, times: dict[str, list[float]]) -> None:
    held = any_held
    if who != "client":
        held.kill_guardian()
    if who != "guardian":
        held.kill_client()
    times.setdefault(f"{who} killed", []).append(held.wait_until_nothing_is_left())
    wait_for(lambda: held.table.identify(held.guardian_pid) is None)


def test_without_an_orphan_too(held: Held) -> None:
    held.kill_client()
    held.wait_until_nothing_is_left()


def test_nobody_gets_out_of_the_job(any_held: Held) -> None:
    """The program tried with CREATE_BREAKAWAY_FROM_JOB: Windows refuses that (5, access denied)."""
    assert any_held.notes.read_text() == "5"


def test_the_system_says_who_is_in_the_job(guardian: GuardianClient, waiter: Path, tmp_path: Path) -> None:
    """IsProcessInJob: one that runs from the same folder and was started elsewhere is a member, and loose."""
    folder = private_copy(waiter, tmp_path)
    main = guardian.start(request_for(folder))
    assert guardian.loose_members() == ()
    outside = subprocess.Popen([str(folder / NAME), "--generation", "0"], stdin=subprocess.DEVNULL)
    try:
        wait_for(lambda: len(guardian.members()) == 2)
        assert [one.pid for one in guardian.loose_members()] == [outside.pid]
        assert main in guardian.members()
        # The guardian ends it all the same, while it lives.
        assert guardian.close_program()["left"] == []
        assert processes_in(folder) == []
    finally:
        outside.kill()
        outside.wait(10)


def test_another_hash_starts_nothing(guardian: GuardianClient, waiter: Path, tmp_path: Path) -> None:
    folder = private_copy(waiter, tmp_path)
    size = (folder / NAME).stat().st_size
    with pytest.raises(GuardianError, match="wrong_hash"):
        guardian.start(StartRequest(str(folder), (FileClaim(NAME, "0" * 64, size),)))
    assert processes_in(folder) == []


def test_what_is_held_cannot_be_exchanged(guardian: GuardianClient, waiter: Path, tmp_path: Path) -> None:
    folder = private_copy(waiter, tmp_path)
    guardian.start(request_for(folder))
    program, other = folder / NAME, tmp_path / "other.exe"
    other.write_bytes(b"evil")
    for exchange in (
        lambda: program.write_bytes(b"evil"),
        lambda: os.replace(other, program),
        lambda: program.rename(folder / "aside.exe"),
        lambda: program.unlink(),
    ):
        with pytest.raises(PermissionError):
            exchange()


def test_members_are_the_program_and_its_orphan(
    waiter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAITER_GENERATIONS", "3")
    client = GuardianClient(WindowsAnyDeskSystem(), GUARDIAN, lambda *_: None)
    folder = private_copy(waiter, tmp_path)
    main = client.start(request_for(folder))
    try:
        wait_for(lambda: len(client.members()) == 2, 10)
        assert {one.image for one in client.members()} == {plain_path(str(folder / NAME))}
        assert main in client.members()
        closed = client.close_program()
        # The window is asked and goes by itself; the orphan has none and is forced.
        assert closed["left"] == []
        assert len(closed["forced"]) == 1
        assert closed["forced"][0]["pid"] != main.pid
        assert processes_in(folder) == []
    finally:
        assert client.quit()


def test_a_question_is_answered(guardian: GuardianClient, waiter: Path, tmp_path: Path) -> None:
    folder = private_copy(waiter, tmp_path)
    guardian.start(request_for(folder))
    answer = guardian.ask(Question.STATUS)
    assert (answer["code"], answer["output_untrusted"].strip()) == (0, "online")
