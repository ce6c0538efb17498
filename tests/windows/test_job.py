"""Nothing that the guardian started outlives it, however it or the client ends: the job object, for real."""

from __future__ import annotations

import os
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


def test_the_client_is_killed(held: Held) -> None:
    held.kill_client()
    held.wait_until_nothing_is_left()
    wait_for(lambda: held.table.identify(held.guardian_pid) is None)


def test_the_guardian_is_killed(held: Held) -> None:
    held.kill_guardian()
    held.wait_until_nothing_is_left()


def test_both_are_killed(held: Held) -> None:
    held.kill_guardian()
    held.kill_client()
    held.wait_until_nothing_is_left()


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
