"""Removal of an installation: the plan is what happens, what is left is measured, and records are never lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from client_app.core.errors import CustomerError, ErrorCode
from client_app.services.outbox import NewRow
from tests.unit.services.installed import (
    COMMAND,
    ENTRY,
    FILES,
    LINKS,
    PROGRAM,
    Installed,
    file_entry,
    listing,
)

RECORD_ID = "6f1c6e0e-7d1f-4b1e-9c53-0d6f8f1f0001"


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    return Installed(tmp_path / "Zażółć gęślą jaźń")


def store_record(installed: Installed) -> NewRow:
    row = NewRow(
        record_id=RECORD_ID,
        kind="consent",
        case_id="c",
        run_id="r",
        record=b'{"a":1}',
        record_hash="0" * 64,
        token="t",
    )
    installed.outbox.add(row)
    return row


def test_everything_of_ours_goes_and_nothing_else(installed: Installed) -> None:
    installed.make_user_files()
    (installed.home / ".config/other").mkdir(parents=True)
    (installed.home / ".local/bin/tool").write_text("theirs")

    planned = installed.service().plan()
    view = installed.remove()

    assert view.left == planned.left == ()
    assert set(view.removed) == set(planned.planned)
    assert listing(installed.home) == {
        ".config/",
        ".config/other/",
        ".local/",
        ".local/bin/",
        ".local/bin/tool",
    }
    named = {str(installed.path(name)) for name in (*FILES, *LINKS)}
    assert named | {str(installed.list_file), str(installed.user.log_file)} <= set(view.removed)


def test_planning_changes_nothing(installed: Installed) -> None:
    installed.make_user_files()
    before = listing(installed.home)
    installed.service().plan()
    assert listing(installed.home) == before
    assert not installed.log_stops


def test_the_list_goes_after_every_file(installed: Installed) -> None:
    installed.make_user_files()
    planned = installed.service().plan().planned
    after_list = planned[planned.index(str(installed.list_file)) + 1 :]
    assert all(Path(path).is_dir() for path in after_list)
    assert str(installed.path(PROGRAM)) in after_list


def test_a_file_that_the_program_has_open_goes_too(installed: Installed) -> None:
    with installed.path(f"{PROGRAM}/app-1/pomoc").open("rb") as program:
        assert installed.remove().left == ()
        assert program.read() == b"program"


def test_a_path_may_be_ours_in_several_states(installed: Installed) -> None:
    """The list of an update that was interrupted names what was there and what was about to be."""
    newer = b"[Desktop Entry]\nName=New\n"
    installed.entries += [file_entry(ENTRY, newer), {"path": f"{PROGRAM}/app", "link": "app-2"}]
    installed.entries.append(file_entry(f"{PROGRAM}/app-2/pomoc", b"newer"))
    installed.write_list()
    installed.path(ENTRY).write_bytes(newer)
    assert installed.remove().left == ()
    assert listing(installed.home) == set()


def test_from_source_there_is_nothing_to_remove(installed: Installed) -> None:
    service = installed.service()
    service._list_file = None
    assert service.plan() == service.remove()
    assert service.plan().planned == ()


def test_an_unsent_record_stops_removal(installed: Installed) -> None:
    store_record(installed)
    before = listing(installed.home)
    with pytest.raises(CustomerError) as error:
        installed.remove()
    assert error.value.code is ErrorCode.UNSENT_RECORDS
    assert installed.sends == 1
    assert listing(installed.home) == before
    assert not installed.log_stops
    assert len(installed.outbox.without_receipt()) == 1


def test_a_record_that_was_saved_elsewhere_lets_removal_go_on(installed: Installed, tmp_path: Path) -> None:
    row = store_record(installed)
    saved = tmp_path / "record.json"
    saved.write_bytes(row.record)
    installed.outbox.note_export(RECORD_ID, saved)

    view = installed.remove()

    assert view.left == ()
    assert str(installed.user.outbox_file) in view.removed
    assert saved.read_bytes() == row.record
    assert listing(installed.home) == set()


def test_a_saved_copy_that_was_deleted_again_does_not_count(installed: Installed, tmp_path: Path) -> None:
    store_record(installed)
    installed.outbox.note_export(RECORD_ID, tmp_path / "gone.json")
    with pytest.raises(CustomerError):
        installed.remove()


@pytest.mark.expect_log("client_app.services.removal", "outbox_damaged")
def test_an_outbox_that_cannot_be_read_stays_also_at_the_second_try(installed: Installed) -> None:
    installed.user.data.mkdir()
    installed.user.outbox_file.write_bytes(b"not a database" * 100)
    service = installed.service()
    first = service.remove()
    assert first.left == (str(installed.user.outbox_file),)
    with pytest.raises(CustomerError):
        service.remove()
    assert installed.user.outbox_file.exists()


def test_kill_in_the_middle_and_then_again(installed: Installed, project_root: Path) -> None:
    installed.make_user_files()
    for deletions in (1, 2, 3):
        _remove_and_die(installed, deletions, project_root)
        assert installed.list_file.exists()
    view = installed.remove_by(installed.list_file)
    assert view.left == ()
    assert listing(installed.home) == set()


def _remove_and_die(installed: Installed, deletions: int, root: Path) -> None:
    """Remove in a process of its own that is killed before it deletes once more."""
    program = f"""
import os, signal
from pathlib import Path
from tests.unit.services.installed import Installed
left, real = {deletions}, os.unlink
def unlink(*arguments, **options):
    global left
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    real(*arguments, **options)
os.unlink = unlink
installed = Installed.found(Path({str(installed.home)!r}))
installed.remove_by(installed.list_file)
"""
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=root, timeout=30, check=False, capture_output=True
    )
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()


def test_the_list_is_found_through_the_command(installed: Installed) -> None:
    assert installed.service().plan().planned
    assert os.path.realpath(installed.path(COMMAND)).endswith("app-1/pomoc")


def test_files_that_go_when_the_outbox_is_closed_are_named_too(installed: Installed) -> None:
    row = NewRow("r", "consent", "c", "run", b"{}", "h", "token")
    installed.outbox.add(row)
    installed.outbox.note_receipt("r", b"receipt", receipt_id="r", server_time="t")
    before = {name for name in listing(installed.home) if not name.endswith("/")}
    assert any(name.endswith("-wal") for name in before)
    view = installed.remove()
    after = listing(installed.home)
    assert before - after <= {str(Path(path).relative_to(installed.home)) for path in view.removed}
