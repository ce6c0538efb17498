"""Once more under one order, over real sockets and processes: after a restart, and after an accidental end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.session import Control, EndedBy, Phase, Session
from client_app.platforms.linux.restart import LinuxRestart
from demo.world import TECHNICIAN_NUMBER
from tests.integration.customer import Customer, Program
from tests.unit.core.sessions import act

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("quick_second_look")]


class Computer(LinuxRestart):
    """The computer, whose real entry for log-in lies in the customer's home, but which never restarts."""

    def __init__(self) -> None:
        super().__init__("pomoc-zdalna", "Pomoc zdalna")
        self.restarts = 0

    def starts_it(self) -> bool:
        """Whether the program is started at the next log-in."""
        return self.entry.exists()

    def restart(self) -> None:
        self.restarts += 1


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> Computer:
    """The computer of every program of a test."""
    made = Computer()
    monkeypatch.setattr("client_app.bootstrap.restart_system", lambda *_names: made)
    return made


class Returned(Program):
    """The program as the system starts it after log-in."""

    def __init__(self, company: Path, qtbot: QtBot, data: Path) -> None:
        super().__init__(company, qtbot, data, Session(phase=Phase.RETURNING))


@pytest.fixture
def come_back(qtbot: QtBot) -> Callable[[Customer], Returned]:
    return lambda customer: Returned(customer.world.company, qtbot, customer.data)


def connected(customer: Customer) -> None:
    customer.come_to(Phase.CONNECTED)


def is_prepared(customer: Customer) -> bool:
    return (customer.data / "data" / "return.json").exists()


def connected_again(customer: Customer, program: Program) -> None:
    remote = customer.remote
    remote.wait_until_online()
    remote.incoming(TECHNICIAN_NUMBER, name="Anna")
    program.wait_for(lambda: program.session.asking is not None, "the request")
    remote.accept()
    program.until(Phase.CONNECTED)


@pytest.mark.expect_log("client_app.services.returning", "return_refused")
def test_a_restart_and_back(
    computer: Computer, customer: Customer, come_back: Callable[[Customer], Returned]
) -> None:
    """Agreed, closed, ended, started by the system, continued, connected, ended; then it is no return any more."""
    connected(customer)
    technician = customer.world.technician
    customer.do(ev.RestartAskedHere(), ev.RestartAgreed(act(Control.RESTART)))
    customer.until(Phase.RESTARTING)
    customer.wait_for(lambda: computer.restarts == 1, "the restart")
    assert computer.starts_it()
    assert customer.session.ended_by is EndedBy.RESTART
    customer.wait_until_all_is_sent()
    customer.wait_for(lambda: technician.case(customer.case_id)["state"] == "ordered", "the console")
    customer.leave()
    assert is_prepared(customer)
    assert [fact.fact for fact in customer.session.closing if fact.holds is False] == []

    back = come_back(customer)
    back.until(Phase.RETURNED)
    assert not is_prepared(customer)
    assert not computer.starts_it()
    assert not back.session.anydesk_running
    back.do(ev.ContinuePressed(act(Control.CONTINUE)))
    back.until(Phase.WAITING)
    connected_again(customer, back)
    back.do(ev.EndPressed())
    back.until(Phase.FINISHED)
    assert [fact for fact in back.session.closing if fact.holds is False] == []
    back.wait_until_all_is_sent()
    assert technician.case(customer.case_id)["state"] == "ended"
    back.leave()

    third = come_back(customer)
    third.until(Phase.STOPPED)
    assert third.session.error is ErrorCode.RETURN_FAILED
    third.leave()


def test_an_accident_and_open_again(computer: Computer, customer: Customer) -> None:
    """Ended by the customer, the word again, the button, connected again; the first receipt would not do."""
    connected(customer)
    customer.do(ev.EndPressed())
    customer.until(Phase.FINISHED)
    customer.wait_for(lambda: bool(customer.session.reopen_until), "the offer")
    customer.do(ev.ReopenPressed())
    customer.until(Phase.REOPEN_WORD)
    word = customer.world.technician.case(customer.case_id)["word"]
    assert word in customer.session.reopen_words
    customer.do(ev.ReopenWordPicked(word))
    customer.until(Phase.REOPEN_ORDER)
    customer.do(ev.ReopenOrderPressed(act(Control.REOPEN)))
    customer.until(Phase.WAITING)
    connected_again(customer, customer)
    customer.do(ev.EndPressed())
    customer.until(Phase.FINISHED)
    customer.wait_until_all_is_sent()
    kinds = [record["kind"] for record in customer.world.technician.case(customer.case_id)["records"]]
    assert kinds.count("session_start") == 2
    assert kinds.count("reopening") == 1
    assert computer.restarts == 0


def test_a_wrong_word_ends_it(computer: Computer, customer: Customer) -> None:
    connected(customer)
    customer.do(ev.EndPressed())
    customer.until(Phase.FINISHED)
    customer.wait_for(lambda: bool(customer.session.reopen_until), "the offer")
    customer.do(ev.ReopenPressed())
    customer.until(Phase.REOPEN_WORD)
    word = customer.world.technician.case(customer.case_id)["word"]
    customer.do(ev.ReopenWordPicked(next(w for w in customer.session.reopen_words if w != word)))
    customer.until(Phase.FINISHED)
    assert customer.session.error is ErrorCode.WRONG_WORD
    assert customer.session.reopen_until == ""
    assert not computer.starts_it()
