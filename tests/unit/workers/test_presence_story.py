"""The clocks, the controller and the flow together: somebody connected, nobody at the computer."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.presence import InputOrigin, PresenceAnswer, ScreenState
from client_app.core.session import BackupChoice, CaseView, Control, EndedBy, Phase, Session
from client_app.workers.controller import Controller
from tests.unit.core.sessions import AT, CASE, CODE, PERSON, act
from tests.unit.workers.ports import World, connected_peer

LIMIT_MS = 8000


class ShortWorld(World):
    """A company that asks at once."""

    def __init__(self) -> None:
        super().__init__()
        self.case = replace(CASE, presence_seconds=0, presence_answer_seconds=1)

    def join(self, code: str, language: str) -> CaseView:
        self.note("join", code)
        return self.case


@pytest.fixture
def world() -> ShortWorld:
    return ShortWorld()


@pytest.fixture
def connected(qtbot: QtBot, world: ShortWorld) -> Iterator[Controller]:
    """Somebody has just been let in."""
    made = Controller(Session(), world.services)
    made.start()

    def wait(phase: Phase) -> None:
        qtbot.waitUntil(
            lambda: made.session.phase is phase and not made.session.checks_running, timeout=LIMIT_MS
        )

    qtbot.waitUntil(lambda: len(made.session.checks) == 2, timeout=LIMIT_MS)
    wait(Phase.CODE)
    made.dispatch(ev.CodeTyped(CODE))
    wait(Phase.WORD)
    made.dispatch(ev.WordPicked("a"))
    wait(Phase.DETAILS)
    for event in (
        ev.PersonEdited(PERSON),
        ev.NextPressed(),
        ev.Ticked(act(Control.ACCEPT_TERMS)),
        ev.Ticked(act(Control.ACCEPT_PRICE)),
        ev.NextPressed(),
    ):
        made.dispatch(event)
    wait(Phase.COMPUTER)
    last: tuple[ev.Event, ...] = (
        ev.BackupChosen(BackupChoice.HAVE_ONE),
        ev.Ticked(act(Control.AUTHORITY)),
        ev.Ticked(act(Control.EARLY_START)),
        ev.OrderPressed(act(Control.ORDER)),
    )
    for pressed in last:
        made.dispatch(pressed)
    wait(Phase.WAITING)
    assert world.on_event is not None
    world.on_event(connected_peer())
    yield made
    assert made.shut_down()


def test_nobody_answers_and_the_technician_knew_it_before_the_end(
    connected: Controller, world: ShortWorld, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: connected.session.presence.is_asked, timeout=LIMIT_MS)
    connected.dispatch(ev.PresenceConfirmed(InputOrigin.INJECTED, AT))
    qtbot.waitUntil(lambda: connected.session.phase is Phase.FINISHED, timeout=LIMIT_MS)
    assert (connected.session.ended_by, connected.session.error) == (
        EndedBy.ABSENCE,
        ErrorCode.PRESENCE_MISSED,
    )
    assert ("end", EndedBy.ABSENCE) in world.calls
    qtbot.waitUntil(lambda: ("tell", "closed_proven") in world.calls, timeout=LIMIT_MS)
    told = [kind for name, kind in world.calls if name == "tell"]
    wanted = ["presence_asked", "presence_unanswered", "ended"]
    assert [kind for kind in told if kind in wanted] == wanted
    assert "presence_not_counted" in told
    entries = connected.session.presence.entries
    assert [entry.answer for entry in entries] == [PresenceAnswer.NOT_COUNTED, PresenceAnswer.UNANSWERED]


def test_signing_out_ends_before_anybody_is_told(
    connected: Controller, world: ShortWorld, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: connected.session.phase is Phase.CONNECTED, timeout=LIMIT_MS)
    connected.dispatch(ev.ScreenChanged(ScreenState.LOGGED_OFF))
    qtbot.waitUntil(lambda: connected.session.phase is Phase.FINISHED, timeout=LIMIT_MS)
    assert ("end", EndedBy.LOGGED_OFF) in world.calls
    qtbot.waitUntil(lambda: ("tell", "logged_off") in world.calls, timeout=LIMIT_MS)
