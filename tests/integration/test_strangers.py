"""Who must not get in, by call, password or token; and every way in which a session can end."""

import json

import pytest
from PySide6.QtCore import QTimer

from client_app.core import events as ev
from client_app.core.anydesk import Fact
from client_app.core.errors import ErrorCode
from client_app.core.session import CheckKind, EndedBy, Phase, StopReason
from consent_record.canonical import decode_canonical
from consent_record.records import SessionEnd
from demo.world import STRANGER_NUMBER, TECHNICIAN_NUMBER
from tests.integration.conftest import MakeCustomer
from tests.integration.customer import Customer
from tests.integration.cutting import WHOLE_SESSION
from tests.integration.evidence import (
    anydesk_processes,
    assert_never_started,
    stored_kinds,
    stored_records,
    was_started,
)

pytestmark = [pytest.mark.timeout(90), pytest.mark.usefixtures("quick_second_look")]


def alerts(customer: Customer) -> list[str]:
    """Return the kinds of the console's open alerts of this case."""
    return [alert["kind"] for alert in customer.world.technician.case(customer.case_id)["alerts"]]


def session_end(customer: Customer) -> SessionEnd:
    """Wait for the whole session to be stored and return how it ended, as the backend's file says."""
    database = customer.world.backend.database
    customer.wait_for(lambda: stored_kinds(database, customer.case_id) == WHOLE_SESSION, "every record")
    return decode_canonical(stored_records(database, customer.case_id)[2].canonical, SessionEnd)


def assert_closed(customer: Customer) -> None:
    """Nothing of AnyDesk runs, and the closing facts that could be measured hold."""
    assert customer.session.phase is Phase.FINISHED
    assert anydesk_processes(customer.data) == ()
    assert customer.session.closing
    assert [fact.fact for fact in customer.session.closing if fact.holds is False] == []


# --- before there is a session ------------------------------------------------------------------------------------


def test_a_wrong_word_freezes_the_case_for_good(customer: Customer, make_customer: MakeCustomer) -> None:
    customer.come_to(Phase.WORD)
    right = customer.world.technician.case(customer.case_id)["word"]
    assert customer.session.case is not None
    customer.do(ev.WordPicked(next(word for word in customer.session.case.words if word != right)))
    customer.until(Phase.STOPPED)
    assert (customer.session.error, customer.session.stop_reason) == (
        ErrorCode.WRONG_WORD,
        StopReason.WRONG_WORD,
    )
    database, technician = customer.world.backend.database, customer.world.technician
    customer.wait_for(lambda: stored_kinds(database, customer.case_id) == ["refusal"], "the refusal")
    refusal = json.loads(stored_records(database, customer.case_id)[0].canonical)
    assert refusal["reason"] == "wrong_word"
    assert "person" not in refusal
    assert technician.case(customer.case_id)["state"] == "frozen"
    assert set(alerts(customer)) == {"wrong_word"}
    # Neither this run nor another one gets any further.
    customer.do(ev.RetryPressed(), ev.WordPicked(right), ev.CodeTyped("x"), ev.NextPressed())
    assert customer.session.phase is Phase.STOPPED
    customer.leave()
    again = make_customer()
    again.case_id = customer.case_id
    again.type_code()
    again.wait_for_code_or(Phase.WORD)
    assert again.session.error in (ErrorCode.CASE_FROZEN, ErrorCode.CODE_USED)
    assert_never_started(again.remote, again.data)


def test_the_technician_ends_a_case_before_the_order(customer: Customer) -> None:
    customer.come_to(Phase.TERMS)
    customer.world.technician.end_case(customer.case_id)
    customer.until(Phase.STOPPED)
    assert (customer.session.error, customer.session.stop_reason) == (
        ErrorCode.CASE_ENDED,
        StopReason.ENDED_BY_COMPANY,
    )
    assert_never_started(customer.remote, customer.data)


def test_settings_that_were_unsafe_before(customer: Customer) -> None:
    """Somebody left a password behind earlier: no session on this computer, and the customer gets a code."""
    customer.remote.set_unattended_password()
    customer.come_to(Phase.COMPUTER)
    customer.answer_backup()
    blocking = customer.session.blocking_check
    assert blocking is not None
    assert (blocking.kind, blocking.code) == (CheckKind.ANYDESK, ErrorCode.ANYDESK_UNSAFE)
    customer.do(ev.NextPressed())
    customer.order()
    assert customer.session.phase is Phase.COMPUTER
    assert_never_started(customer.remote, customer.data)


# --- who connects -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "how", "is_let_in"),
    [
        (STRANGER_NUMBER, "User", False),
        (STRANGER_NUMBER, "Passwd", True),
        (TECHNICIAN_NUMBER, "Passwd", True),
        (TECHNICIAN_NUMBER, "Token", True),
    ],
    ids=["stranger-asks", "stranger-password", "technician-password", "technician-token"],
)
def test_who_must_not_be_here_ends_everything(
    number: str, how: str, is_let_in: bool, customer: Customer
) -> None:
    """Not on the list, or let in by no click of the customer: ended at once, said to the technician, on record."""
    customer.come_to(Phase.WAITING)
    customer.remote.wait_until_online()
    customer.remote.incoming(number, alias="bank@ad", name="Bank", how=how)
    customer.until(Phase.FINISHED)
    assert_closed(customer)
    assert (customer.session.error, customer.session.ended_by) == (
        ErrorCode.STRANGER_CONNECTED,
        EndedBy.STRANGER,
    )
    end = session_end(customer)
    assert end.ended_by == "stranger"
    accepted = {"Passwd": "password", "Token": "token"}
    expected = [(number, accepted[how])] if is_let_in else []
    assert [(peer.number, peer.accepted_by) for peer in end.peers] == expected
    customer.wait_for(lambda: "stranger" in alerts(customer), "the alert")


def test_a_password_and_an_entry_for_later_are_taken_out(customer: Customer) -> None:
    """What a dishonest technician would do: it ends the session at once, and what they left is gone and named."""
    customer.come_to(Phase.CONNECTED)
    autostart = customer.remote.add_autostart()
    customer.remote.set_unattended_password()
    customer.until(Phase.FINISHED)
    assert customer.session.error is ErrorCode.ANYDESK_UNSAFE
    assert_closed(customer)
    assert not autostart.exists()
    assert session_end(customer).ended_by == "anydesk"


def test_a_way_back_that_is_not_ours_to_take_out_is_said(customer: Customer) -> None:
    """A shell that starts AnyDesk: closing is not proven, everybody hears of it, and it stays said."""
    customer.come_to(Phase.CONNECTED)
    autostart = customer.remote.add_autostart(behind_shell=True)
    customer.come_to(Phase.FINISHED)
    wrong = {Fact.NO_AUTOSTART.value}
    assert {fact.fact for fact in customer.session.closing if fact.holds is False} == wrong
    assert customer.session.error is ErrorCode.NOT_CLOSED
    assert anydesk_processes(customer.data) == ()
    session_end(customer)
    customer.wait_for(lambda: "not_closed" in alerts(customer), "the alert")
    closing = json.loads(stored_records(customer.world.backend.database, customer.case_id)[3].canonical)
    assert {fact["fact"] for fact in closing["facts"] if fact["holds"] is False} == wrong
    timeline = customer.world.technician.case(customer.case_id)["timeline"]
    assert "closed_proven" not in {line["kind"] for line in timeline}
    # Nothing is removed while it is not closed; looking again changes nothing as long as it is there.
    customer.do(ev.RemovalAsked())
    assert customer.session.phase is Phase.FINISHED
    assert autostart.exists()
    autostart.unlink()
    first = customer.session.closing
    customer.do(ev.RetryPressed())
    customer.wait_for(lambda: customer.session.closing != first, "another look")
    assert_closed(customer)


# --- how a session ends -------------------------------------------------------------------------------------------


def test_the_technician_ends_from_the_console(customer: Customer) -> None:
    customer.come_to(Phase.CONNECTED)
    customer.world.technician.end_case(customer.case_id)
    customer.until(Phase.FINISHED)
    assert_closed(customer)
    assert customer.session.ended_by is EndedBy.TECHNICIAN
    assert session_end(customer).ended_by == "technician"


def test_this_is_not_them(customer: Customer) -> None:
    customer.come_to(Phase.CONNECTED)
    customer.do(ev.NotThemPressed())
    customer.until(Phase.FINISHED)
    assert_closed(customer)
    assert customer.session.stop_reason is StopReason.NOT_THEM
    assert session_end(customer).ended_by == "customer"
    customer.wait_for(lambda: "not_them" in alerts(customer), "the alert")


@pytest.mark.parametrize("who", ["window-crashes", "window-closed"])
@pytest.mark.parametrize("phase", [Phase.WAITING, Phase.CONNECTED], ids=lambda phase: phase.value)
def test_anydesk_goes_by_itself(who: str, phase: Phase, customer: Customer) -> None:
    """It crashes, or the customer closes its own window: the session is over, closed and measured."""
    customer.come_to(phase)
    if who == "window-closed":
        customer.remote.close_window()
    else:
        customer.remote.spawn_grandchild()
        customer.remote.crash("window")
    customer.until(Phase.FINISHED)
    assert_closed(customer)
    assert customer.session.ended_by is EndedBy.ANYDESK
    assert session_end(customer).ended_by == "anydesk"


@pytest.mark.parametrize("fault", ["service-crashes", "hangs"])
def test_the_customer_ends_an_anydesk_that_does_not_answer(fault: str, customer: Customer) -> None:
    """Its window stays and nothing behind it works: the button works all the same, and closing is measured."""
    customer.come_to(Phase.CONNECTED)
    if fault == "hangs":
        customer.remote.hang()
    else:
        customer.remote.crash()
    customer.come_to(Phase.FINISHED)
    assert_closed(customer)
    assert [peer.number for peer in session_end(customer).peers] == [TECHNICIAN_NUMBER]


def test_who_leaves_at_once_has_sent_the_end(customer: Customer) -> None:
    """The program may never be started again on this computer: what can be sent is sent before it goes."""
    customer.come_to(Phase.CONNECTED)
    customer.when(Phase.FINISHED, customer.leave)
    customer.do(ev.EndPressed())
    customer.wait_for(lambda: customer.has_left, "the end of the program")
    assert stored_kinds(customer.world.backend.database, customer.case_id) == WHOLE_SESSION


def test_a_disconnect_is_not_the_end(customer: Customer) -> None:
    customer.come_to(Phase.CONNECTED)
    customer.remote.disconnect()
    customer.until(Phase.WAITING)
    customer.let_in()
    customer.until(Phase.CONNECTED)
    customer.come_to(Phase.FINISHED)
    assert_closed(customer)
    peers = session_end(customer).peers
    assert [peer.number for peer in peers] == [TECHNICIAN_NUMBER] * 2
    assert peers[0].disconnected_at is not None


@pytest.mark.parametrize(
    "milliseconds", [0, *(pytest.param(ms, marks=pytest.mark.long) for ms in (20, 60, 120, 200, 350, 600))]
)
def test_the_end_is_pressed_while_anydesk_is_being_started(milliseconds: int, customer: Customer) -> None:
    """Whichever comes first, nothing runs when the end is reached, and nothing comes up after it."""
    end = ev.EndPressed()
    customer.when(
        Phase.STARTING, lambda: QTimer.singleShot(milliseconds, customer.controller, lambda: customer.do(end))
    )
    customer.come_to(Phase.ORDER)
    customer.order()
    customer.until(Phase.FINISHED)
    assert_closed(customer)
    # The lane that starts AnyDesk has nothing to do any more: only now is it sure that nothing follows.
    customer.leave()
    assert anydesk_processes(customer.data) == ()
    assert milliseconds or not was_started(customer.remote)
