"""A receipt starts AnyDesk once; a restart is come back from once: every way around, tried and refused."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.session import Act, Control, EndedBy, InputOrigin, ReopenReason
from client_app.services import return_file
from client_app.services.outbox import NewRow
from consent_record.canonical import canonical_bytes, sha256_hex
from consent_record.codes import offline_answer, offline_code
from consent_record.records import Reopening
from tests.unit.services.bench import Bench
from tests.unit.services.company import SECRET, new_id
from tests.unit.services.once_more import NO_PERMISSION, REFUSED, SHA, START, Story
from tests.unit.services.ordering import act, finished


@pytest.fixture
def story(bench: Bench) -> Story:
    return Story(bench)


# --- permission ---------------------------------------------------------------------------------------------------


@NO_PERMISSION
def test_the_first_receipt_starts_nothing_again(story: Story) -> None:
    story.refused(story.order.record_id)
    story.end()
    story.refused(story.order.record_id)
    story.bench.consent.send_due()
    story.refused(story.order.record_id)


@NO_PERMISSION
@pytest.mark.parametrize("by", [EndedBy.TECHNICIAN, EndedBy.STRANGER, EndedBy.CLOCK, EndedBy.RESTART])
def test_an_end_that_was_no_accident_is_not_followed(story: Story, by: EndedBy) -> None:
    story.end(by)
    record = story.reopen(ReopenReason.ACCIDENTAL)
    story.bench.consent.send_due()
    story.refused(record.record_id)


@NO_PERMISSION
def test_a_reopening_without_its_own_receipt(story: Story) -> None:
    story.end()
    record = story.reopen(ReopenReason.ACCIDENTAL)
    story.refused(record.record_id)
    story.bench.consent.send_due()
    assert story.bench.permission(record.record_id).record_hash == record.record_hash


def test_a_button_that_an_on_screen_keyboard_pressed_opens_it_again(story: Story) -> None:
    """AnyDesk is closed, so no technician can press; refused, people who need such a tool were locked out."""
    story.end()
    record = story.reopen(ReopenReason.ACCIDENTAL, InputOrigin.INJECTED)
    story.bench.consent.send_due()
    assert story.bench.permission(record.record_id).record_hash == record.record_hash


@NO_PERMISSION
def test_an_accident_is_not_opened_again_by_phone(story: Story) -> None:
    story.end()
    record = story.reopen(ReopenReason.ACCIDENTAL)
    story.bench.cut()
    answer = offline_answer(
        case_secret=SECRET, case_id=story.bench.company.case_id, code=offline_code(record.record_hash)
    )
    assert story.bench.consent.check_answer(record.record_id, answer).accepted
    story.refused(record.record_id)


@NO_PERMISSION
def test_an_accident_is_not_opened_again_by_phone_even_if_it_was_ordered_so(bench: Bench) -> None:
    def answer_to(record_id: str, record_hash: str) -> None:
        answer = offline_answer(
            case_secret=SECRET, case_id=bench.company.case_id, code=offline_code(record_hash)
        )
        assert bench.consent.check_answer(record_id, answer).accepted

    session = bench.session()
    bench.cut()
    order = bench.consent.store_consent(session)
    answer_to(order.record_id, order.record_hash)
    session = replace(session, consent=order)
    bench.permission(order.record_id)
    bench.consent.store_session_start(session, SHA)
    session = replace(finished(session, order), ended_by=EndedBy.CUSTOMER)
    bench.consent.store_session_end(session)
    record = bench.consent.store_reopening(session, act(Control.REOPEN), ReopenReason.ACCIDENTAL)
    answer_to(record.record_id, record.record_hash)
    with pytest.raises(CustomerError) as caught:
        bench.permission(record.record_id)
    assert caught.value.code is ErrorCode.NO_PERMISSION


@NO_PERMISSION
def test_each_reopening_is_used_once_and_follows_the_last_session(story: Story) -> None:
    story.end()
    record = story.reopen(ReopenReason.ACCIDENTAL)
    spare = story.reopen(ReopenReason.ACCIDENTAL)
    story.bench.consent.send_due()
    story.bench.permission(record.record_id)
    again = replace(story.session, reopening=record)
    story.bench.consent.store_session_start(again, SHA)
    story.refused(record.record_id)
    story.refused(spare.record_id)
    story.refused(story.order.record_id)


def forged(story: Story, **changes: object) -> str:
    """A reopening that somebody who can write the outbox put there, with a receipt of the company."""
    record = story.reopen(ReopenReason.ACCIDENTAL)
    row = story.bench.outbox.get(record.record_id)
    assert row is not None
    real = msgspec.json.decode(row.record, type=Reopening)
    fake = msgspec.structs.replace(real, record_id=new_id(), **changes)
    data = canonical_bytes(fake)
    story.bench.outbox.add(
        NewRow(fake.record_id, "reopening", fake.case_id, fake.run_id, data, sha256_hex(data), row.token)
    )
    story.bench.outbox.note_receipt(
        fake.record_id, story.bench.company.receipt(fake), receipt_id="x", server_time="x"
    )
    return fake.record_id


@NO_PERMISSION
@pytest.mark.parametrize(
    "changes",
    [
        {"case_id": new_id()},
        {"run_id": new_id()},
        {"consent_id": new_id()},
        {"consent_hash": "cd" * 32},
        {"previous_record": "cd" * 32},
        {"reason": "restart"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_reopening_of_something_else(story: Story, changes: dict[str, object]) -> None:
    story.end()
    story.refused(forged(story, **changes))


# --- before the restart -------------------------------------------------------------------------------------------


def nothing_prepared(story: Story) -> None:
    assert story.computer.registered is None
    assert not story.file.exists()


def test_an_injected_press_prepares_nothing(story: Story) -> None:
    pressed: Act = replace(act(Control.RESTART), origin=InputOrigin.INJECTED)
    with pytest.raises(CustomerError):
        story.service().prepare(story.session, pressed)
    story.service().note_press(story.session, pressed)
    nothing_prepared(story)
    story.end(EndedBy.RESTART)
    with pytest.raises(CustomerError) as caught:
        story.reopen(ReopenReason.RESTART)
    assert caught.value.code is ErrorCode.NO_PERMISSION


def test_an_agreement_that_cannot_be_stored_prepares_nothing(story: Story) -> None:
    story.bench.outbox.close()
    with pytest.raises(CustomerError):
        story.service().prepare(story.session, act(Control.RESTART))
    nothing_prepared(story)


def test_a_start_that_cannot_be_registered_leaves_no_file(story: Story) -> None:
    story.computer.fails = True
    with pytest.raises(CustomerError) as caught:
        story.service().prepare(story.session, act(Control.RESTART))
    assert caught.value.code is ErrorCode.RESTART_FAILED
    nothing_prepared(story)


def test_an_end_takes_everything_back(story: Story) -> None:
    story.service().prepare(story.session, act(Control.RESTART))
    assert story.computer.registered == START
    story.service().cancel()
    nothing_prepared(story)


def test_half_a_file_of_a_client_that_was_killed_goes_too(story: Story) -> None:
    half = story.file.with_name(f".{story.file.name}.0123abcd.part")
    other = story.file.with_name(".another.json.0123abcd.part")
    for path in (half, other):
        path.write_bytes(b"secret")
    story.service().cancel()
    assert not half.exists()
    assert other.exists()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows keeps a user's folder to the user")
def test_the_file_is_the_users_alone_and_says_no_word(story: Story) -> None:
    story.agree()
    assert story.file.stat().st_mode & 0o777 == 0o600
    text = story.file.read_text()
    assert not any(word in text for word in ("Nowak", "zegar", "jan@example.com"))


@pytest.mark.expect_log("client_app.services.returning", "restart_failed")
def test_a_system_that_does_not_restart_says_so_and_the_return_stays(story: Story) -> None:
    story.agree()
    story.computer.fails = True
    with pytest.raises(CustomerError) as caught:
        story.service().restart()
    assert caught.value.code is ErrorCode.RESTART_FAILED
    assert story.file.exists()


# --- after the restart --------------------------------------------------------------------------------------------


@REFUSED
def test_no_file(story: Story) -> None:
    story.end()
    story.reboot()
    story.not_returned()


@REFUSED
def test_the_file_is_used_once(story: Story) -> None:
    story.agree()
    data = story.file.read_bytes()
    story.reboot()
    story.service().resume()
    assert not story.file.exists()
    story.reopen(ReopenReason.RESTART)
    story.reboot()
    return_file.write(story.file, msgspec.json.decode(data, type=return_file.ReturnNote))
    story.not_returned()


@REFUSED
@pytest.mark.parametrize("minutes", [61, -10])
def test_too_late_or_before_it_was_agreed_to(story: Story, minutes: int) -> None:
    story.agree()
    story.now += timedelta(minutes=minutes)
    story.reboot()
    story.not_returned()


CHANGES: dict[str, dict[str, object]] = {
    "another run": {"run_id": new_id()},
    "another nonce": {"nonce": "12" * 32},
    "another order": {"consent_id": new_id()},
    "another restart": {"restart_id": new_id()},
}


@REFUSED
@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_file(story: Story, name: str) -> None:
    story.agree()
    note = msgspec.json.decode(story.file.read_bytes(), type=return_file.ReturnNote)
    return_file.write(story.file, msgspec.structs.replace(note, **CHANGES[name]))
    story.reboot()
    story.not_returned()


@REFUSED
def test_a_statement_of_another_company_or_another_case(story: Story) -> None:
    story.agree()
    note = msgspec.json.decode(story.file.read_bytes(), type=return_file.ReturnNote)
    company = story.bench.company
    other = company.statement(note.nonce, anydesk_numbers=("999888777",))
    for statement in (company.impostor().statement(note.nonce), other):
        return_file.write(story.file, msgspec.structs.replace(note, statement=statement))
        story.reboot()
        story.not_returned()


@REFUSED
@pytest.mark.parametrize("data", [b"", b"{}", b"\xff\xfe", b"[" * 70_000])
def test_a_file_that_is_none(story: Story, data: bytes) -> None:
    story.agree()
    story.file.write_bytes(data)
    story.reboot()
    story.not_returned()


@REFUSED
@pytest.mark.skipif(not hasattr(os, "getuid"), reason="modes and links of POSIX")
def test_a_file_of_others_or_a_link(story: Story, tmp_path: Path) -> None:
    story.agree()
    data = story.file.read_bytes()
    story.file.chmod(0o644)
    story.reboot()
    story.not_returned()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(data)
    elsewhere.chmod(0o600)
    story.file.symlink_to(elsewhere)
    story.reboot()
    story.not_returned()
    assert elsewhere.exists()


@REFUSED
def test_another_users_outbox_knows_nothing_of_it(story: Story) -> None:
    story.agree()
    data = story.file.read_bytes()
    story.bench.folder = story.bench.folder / "other"
    story.reboot()
    return_file.write(story.file, msgspec.json.decode(data, type=return_file.ReturnNote))
    story.not_returned()


@REFUSED
def test_the_hours_count_across_the_restart(story: Story) -> None:
    story.agree()
    story.reboot()
    with pytest.raises(CustomerError):
        story.service(session_seconds=60).resume()


@NO_PERMISSION
def test_the_return_goes_on_under_a_record_of_its_own(story: Story) -> None:
    story.agree()
    run_id = story.bench.run.run_id
    story.reboot()
    found = story.service().resume()
    assert story.bench.run.run_id == run_id
    assert found.consent.record_id == story.order.record_id
    assert found.connected_before == "2026-11-22T11:58:00.000000Z"
    assert found.seconds_left == 8 * 3600 - 180
    assert story.computer.registered is None
    with pytest.raises(CustomerError):
        story.bench.consent.permission(story.order.record_id)
    record = story.reopen(ReopenReason.RESTART)
    story.bench.consent.send_due()
    assert story.bench.permission(record.record_id).record_id == record.record_id


def test_what_an_old_restart_left_is_tidied(story: Story) -> None:
    story.agree()
    story.now = datetime.now(UTC)
    story.service().tidy()
    assert story.file.exists()
    story.now = datetime.now(UTC) + timedelta(hours=2)
    story.service().tidy()
    nothing_prepared(story)
