"""The guardian with more rights, for real: started by the system's door, met at its pipe, every stranger refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from client_app.core.elevation import ElevationError, ElevationOutcome, GuardianEnd
from client_app.platforms.windows.anydesk import WindowsAnyDeskSystem
from client_app.platforms.windows.elevation import ElevatedProcess
from client_app.platforms.windows.libraries import Libraries
from client_app.platforms.windows.pipe import PipeServer, PipeTakenError, connect
from client_app.platforms.windows.processes import plain_path
from client_app.platforms.windows.protected import ProtectedPlace
from client_app.services.guardian.client import GuardianClient, GuardianError
from client_app.services.guardian.elevation import ElevationService
from client_app.services.guardian.protocol import MAX_LINE, Question
from consent_record.keys import Role
from tests.helpers.wine import wine_limit
from tests.windows.elevated_world import CONNECTED_SILENT, REFUSED, TOLD_NOTHING, ElevatedWorld
from tests.windows.held import NAME, ROOT, private_copy, processes_in, wait_for


@pytest.fixture
def world(waiter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ElevatedWorld]:
    # The system's door starts a program in its own folder.
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    world = ElevatedWorld(waiter, tmp_path)
    yield world
    world.close()


@pytest.fixture
def elevated(world: ElevatedWorld) -> Iterator[ElevatedProcess]:
    process = world.starter().start()
    yield process
    process.kill()
    wait_for(lambda: process.wait(0), 10)


def client_of(process: ElevatedProcess) -> GuardianClient:
    return GuardianClient(WindowsAnyDeskSystem(), ("never",), lambda *_: None, None, lambda: process)


# --- the right one ------------------------------------------------------------------------------------------------


def test_it_starts_its_own_copy_of_what_the_list_names(world: ElevatedWorld, tmp_path: Path) -> None:
    service = ElevationService(world.starter())
    assert service.ask() is ElevationOutcome.STARTED
    assert service.ask() is ElevationOutcome.STARTED
    client = GuardianClient(WindowsAnyDeskSystem(), ("never",), lambda *_: None, None, service.take)
    assert client.is_elevated
    assert service.take() is None
    folder = private_copy(world.stranger, tmp_path / "own")
    main = client.start(world.request(folder))
    assert main.image.startswith(plain_path(str(world.copies)) + "\\run-")
    assert processes_in(folder) == []
    assert client.members() == (main,)
    assert client.loose_members() == ()
    assert client.ask(Question.STATUS)["output_untrusted"].strip() == "online"
    assert client.close_program()["left"] == []
    assert client.quit()
    assert processes_in(world.copies) == []
    assert list(world.copies.glob("run-*")) == []


def test_the_end_of_the_pipe_is_the_end_of_everything(
    elevated: ElevatedProcess, world: ElevatedWorld
) -> None:
    client = client_of(elevated)
    client.start(world.request(world.copies))
    elevated.stdin.close()
    wait_for(lambda: not processes_in(world.copies))
    wait_for(lambda: elevated.wait(0))
    assert elevated.exit_code() == GuardianEnd.NOTHING_LEFT


# --- what it does not start ---------------------------------------------------------------------------------------


def refused(elevated: ElevatedProcess, world: ElevatedWorld, folder: Path, data: bytes | None = None) -> str:
    client = client_of(elevated)
    with pytest.raises(GuardianError) as error:
        client.start(world.request(folder, data))
    assert client.members() == ()
    assert processes_in(world.copies) == []
    assert client.quit()
    assert list(world.copies.glob("run-*")) == []
    return error.value.reason


@pytest.mark.parametrize("case", ["expired", "other root", "other role", "no list"])
def test_a_list_that_does_not_hold(elevated: ElevatedProcess, world: ElevatedWorld, case: str) -> None:
    match case:
        case "expired":
            world.list.write(expires_in=timedelta(seconds=-1))
        case "other root":
            world.list.write(root=SigningKey.generate())
        case "other role":
            world.list.write(role=Role.DOCUMENT)
        case _:
            (world.list.folder / "release.json").unlink()
    assert refused(elevated, world, world.copies) == "list_untrusted"


def test_an_older_list_after_a_newer_one(world: ElevatedWorld) -> None:
    world.list.write(sequence=7)
    first = client_of(world.starter().start())
    first.start(world.request(world.copies))
    assert first.quit()
    world.list.write(sequence=6)
    assert refused(world.starter().start(), world, world.copies) == "list_untrusted"


def test_a_program_that_is_not_listed(
    elevated: ElevatedProcess, world: ElevatedWorld, tmp_path: Path
) -> None:
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / NAME).write_bytes(world.list.program + b"x")
    assert refused(elevated, world, evil, world.list.program + b"x") == "unlisted"


def test_other_bytes_under_a_listed_hash(
    elevated: ElevatedProcess, world: ElevatedWorld, tmp_path: Path
) -> None:
    world.list.write(bundled=b"")
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / NAME).write_bytes(world.list.program[:-1] + b"x")
    assert refused(elevated, world, evil) == "wrong_hash"


def test_what_lies_beside_the_program_is_hashed_too(elevated: ElevatedProcess, world: ElevatedWorld) -> None:
    world.list.write(bundled=world.list.program[:-1] + b"x")
    assert refused(elevated, world, world.copies) == "wrong_hash"


def test_a_program_that_must_be_signed_and_is_not(elevated: ElevatedProcess, world: ElevatedWorld) -> None:
    world.list.signer = "AnyDesk Software GmbH"
    world.list.write()
    assert refused(elevated, world, world.copies) == "unsigned"


@pytest.mark.parametrize(
    "folder",
    [
        "{own}\\..\\own",
        "\\\\localhost\\C$\\own",
        "\\\\?\\{own}",
        "\\\\.\\pipe",
        "{own}:stream",
        "{own}\\{name}",
        "{own}\\ ",
        "own",
        "C:own",
        "{own}\\nowhere",
    ],
)
def test_tricks_with_the_path(
    elevated: ElevatedProcess, world: ElevatedWorld, tmp_path: Path, folder: str
) -> None:
    """Nothing lies beside the program, so the folder that the client names counts; only a plain local one does."""
    world.list.write(bundled=b"")
    own = private_copy(world.stranger, tmp_path / "own")
    path = folder.replace("{own}", str(own)).replace("{name}", NAME)
    assert refused(elevated, world, Path(path)) in ("odd_source", "file_missing", "unreadable")


def test_a_fetched_program_in_a_plain_folder(
    elevated: ElevatedProcess, world: ElevatedWorld, tmp_path: Path
) -> None:
    world.list.write(bundled=b"")
    folder = private_copy(world.stranger, tmp_path / "own")
    client = client_of(elevated)
    assert client.start(world.request(folder)).image.startswith(plain_path(str(world.copies)))
    assert client.quit()


def test_real_paths(tmp_path: Path) -> None:
    place = ProtectedPlace(Libraries())
    long = tmp_path / "a folder with a long name"
    long.mkdir()
    assert place.is_plain_local(long)
    assert place.real_path(long) == plain_path(str(long))
    assert not place.is_plain_local(tmp_path / "nowhere")
    assert not place.is_plain_local(Path(str(long) + "\\..\\" + long.name))
    assert not place.is_protected(long)


# --- who may speak ------------------------------------------------------------------------------------------------


def test_another_program_of_the_same_user_is_told_nothing(world: ElevatedWorld) -> None:
    guardian, stranger = world.run_guardian(), world.knock()
    assert world.end_of(stranger) == TOLD_NOTHING
    assert world.end_of(guardian) == GuardianEnd.FOREIGN_CLIENT


def test_the_second_client_is_not_let_in(elevated: ElevatedProcess, world: ElevatedWorld) -> None:
    client = client_of(elevated)
    assert world.end_of(world.knock()) == REFUSED
    with pytest.raises(PipeTakenError):
        connect(Libraries(), world.name, 1, lambda: True)
    assert client.members() == ()
    assert client.quit()


def test_a_pipe_that_somebody_serves_already(world: ElevatedWorld) -> None:
    """The client tells the squatter nothing: it is not the process that the system started."""
    squatter = world.squat()
    with pytest.raises(ElevationError) as error:
        world.starter().start()
    assert error.value.outcome is ElevationOutcome.FOREIGN
    assert world.end_of(squatter) == CONNECTED_SILENT


@pytest.mark.parametrize(
    "how", ["--squat", pytest.param("--share", marks=wine_limit("first-instance"))], ids=["alone", "shared"]
)
def test_the_guardian_serves_no_pipe_that_another_made(world: ElevatedWorld, how: str) -> None:
    squatter = world.squat(how)
    assert world.end_of(world.run_guardian()) == GuardianEnd.PIPE_TAKEN
    squatter.kill()


def test_a_guardian_that_ends_at_once_says_why(world: ElevatedWorld) -> None:
    with pytest.raises(ElevationError) as error:
        world.starter((*world.command, "one", "more")).start()
    assert error.value.outcome is ElevationOutcome.UNEXPECTED
    world.name = "not a name"
    with pytest.raises(ElevationError) as error:
        world.starter().start()
    assert error.value.outcome is ElevationOutcome.UNEXPECTED


def test_only_one_instance_can_be_made(world: ElevatedWorld) -> None:
    from client_app.platforms.windows.account import own_sid

    libraries = Libraries()
    server = PipeServer(libraries, world.name, own_sid(libraries))
    with pytest.raises(PipeTakenError):
        PipeServer(libraries, world.name, own_sid(libraries))
    with pytest.raises(TimeoutError):
        server.accept(0.05)
    server.close()


@pytest.mark.parametrize(
    "line",
    [
        b"\0" * 64,
        b"x" * (MAX_LINE + 10),
        b'{"v":2,"id":1,"verb":"status"}\n',
        b'{"v":1,"id":1,"verb":"run"}\n',
        b'{"v":1,"id":true,"verb":"status"}\n',
        b"[" * 30_000 + b"\n",
    ],
    ids=["zeros", "too long", "other version", "unknown verb", "no id", "deep"],
)
def test_garbage_is_the_end(elevated: ElevatedProcess, world: ElevatedWorld, line: bytes) -> None:
    client = client_of(elevated)
    client.start(world.request(world.copies))
    assert len(processes_in(world.copies)) == 1
    elevated.stdin.write(line if line.endswith(b"\n") or len(line) > MAX_LINE else line + b"\n")
    wait_for(lambda: not processes_in(world.copies))
    wait_for(lambda: elevated.wait(0))


def test_a_request_that_is_sent_again_starts_nothing_more(
    elevated: ElevatedProcess, world: ElevatedWorld
) -> None:
    client = client_of(elevated)
    main = client.start(world.request(world.copies))
    with pytest.raises(GuardianError, match="started_already"):
        client.start(world.request(world.copies))
    assert client.members() == (main,)
    assert client.quit()
