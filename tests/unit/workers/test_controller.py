"""The controller carries out effects: in order, off the window's thread, and never one that was not asked for."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from client_app.core import events as ev
from client_app.core.anydesk import AnyDeskEvent, AnyDeskState, HowAccepted, Peer
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.ports import StatusView
from client_app.core.session import BackupChoice, Control, EndedBy, Phase, Session, StopReason
from client_app.workers.controller import Controller
from tests.unit.core.sessions import CODE, PERSON, STRANGER, act
from tests.unit.workers.ports import World, connected_peer, offline

LIMIT_MS = 5000


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def controller(qtbot: QtBot, world: World) -> Iterator[Controller]:
    made = Controller(Session(), world.services)
    made.start()
    qtbot.waitUntil(
        lambda: len(made.session.checks) == 2 and not made.session.checks_running, timeout=LIMIT_MS
    )
    yield made
    assert made.shut_down()


@pytest.fixture
def reach(qtbot: QtBot, controller: Controller) -> Callable[[Phase], None]:
    """Act as a customer does until a phase is reached."""

    def wait(phase: Phase) -> None:
        qtbot.waitUntil(lambda: controller.session.phase is phase, timeout=LIMIT_MS)

    def go(target: Phase) -> None:
        controller.dispatch(ev.CodeTyped(CODE))
        wait(Phase.WORD)
        controller.dispatch(ev.WordPicked("a"))
        wait(Phase.DETAILS)
        controller.dispatch(ev.PersonEdited(PERSON))
        controller.dispatch(ev.NextPressed())
        for control in (Control.ACCEPT_TERMS, Control.ACCEPT_PRICE):
            controller.dispatch(ev.Ticked(act(control)))
        controller.dispatch(ev.NextPressed())
        qtbot.waitUntil(lambda: not controller.session.checks_running, timeout=LIMIT_MS)
        controller.dispatch(ev.BackupChosen(BackupChoice.HAVE_ONE))
        for control in (Control.AUTHORITY, Control.EARLY_START):
            controller.dispatch(ev.Ticked(act(control)))
        if target is Phase.ORDER:
            return wait(target)
        controller.dispatch(ev.OrderPressed(act(Control.ORDER, "Order")))
        return wait(target)

    return go


def test_without_a_permission_nothing_is_prepared_or_started(
    world: World, controller: Controller, reach: Callable[[Phase], None], qtbot: QtBot
) -> None:
    world.fail["permission"] = CustomerError(ErrorCode.NO_PERMISSION)
    reach(Phase.STARTING)
    qtbot.waitUntil(lambda: controller.session.error is ErrorCode.NO_PERMISSION, timeout=LIMIT_MS)
    assert not {"prepare", "start", "store_session_start"} & set(world.names())


@pytest.mark.expect_log("client_app.workers.tasks", "task_crashed")
def test_a_start_that_cannot_be_written_down_for_any_reason_is_ended(
    world: World, controller: Controller, reach: Callable[[Phase], None]
) -> None:
    world.fail["store_session_start"] = RuntimeError("the database is gone")
    # Its number came before that was known, so that the page was on already.
    reach(Phase.FINISHED)
    assert controller.session.ended_by is EndedBy.UNKNOWN
    assert controller.session.error is ErrorCode.INTERNAL
    assert world.names().index("end") > world.names().index("store_session_start")


@pytest.mark.parametrize("cut", ["join", "check_word", "store_consent", "send"])
def test_a_network_cut_anywhere_before_the_receipt_starts_nothing(
    world: World, controller: Controller, qtbot: QtBot, cut: str
) -> None:
    world.fail[cut] = offline()
    for event in (
        ev.CodeTyped(CODE),
        ev.WordPicked("a"),
        ev.PersonEdited(PERSON),
        ev.NextPressed(),
        ev.Ticked(act(Control.ACCEPT_TERMS)),
        ev.Ticked(act(Control.ACCEPT_PRICE)),
        ev.NextPressed(),
        ev.BackupChosen(BackupChoice.HAVE_ONE),
        ev.Ticked(act(Control.AUTHORITY)),
        ev.Ticked(act(Control.EARLY_START)),
        ev.OrderPressed(act(Control.ORDER)),
    ):
        controller.dispatch(event)
        qtbot.waitUntil(
            lambda: controller.session.phase not in _BUSY and not controller.session.checks_running,
            timeout=LIMIT_MS,
        )
    assert cut in world.names()
    assert controller.session.error is ErrorCode.NO_CONNECTION
    assert not {"permission", "start"} & set(world.names())


_BUSY = (Phase.JOINING, Phase.CHECKING_WORD, Phase.STORING, Phase.SENDING)


def test_a_wrong_answer_starts_nothing_and_the_right_one_does(
    world: World, controller: Controller, reach: Callable[[Phase], None], qtbot: QtBot
) -> None:
    world.fail["send"] = offline()
    reach(Phase.OFFLINE)
    controller.dispatch(ev.AnswerTyped("00000000"))
    qtbot.waitUntil(lambda: controller.session.error is ErrorCode.ANSWER_WRONG, timeout=LIMIT_MS)
    assert "start" not in world.names()
    controller.dispatch(ev.AnswerTyped("12345678"))
    qtbot.waitUntil(lambda: controller.session.phase is Phase.WAITING, timeout=LIMIT_MS)
    assert world.names().index("permission") < world.names().index("start")


def test_a_stranger_is_ended_without_waiting_for_anybody(
    world: World, controller: Controller, reach: Callable[[Phase], None], qtbot: QtBot
) -> None:
    reach(Phase.WAITING)
    assert world.on_event is not None
    world.on_event(
        AnyDeskEvent(AnyDeskState.CONNECTED, "123123123", Peer(STRANGER, "Bank", HowAccepted.CLICK))
    )
    qtbot.waitUntil(lambda: controller.session.phase is Phase.FINISHED, timeout=LIMIT_MS)
    assert ("end", EndedBy.STRANGER) in world.calls
    assert controller.session.error is ErrorCode.STRANGER_CONNECTED


def test_unsent_records_keep_the_program_until_a_folder_is_chosen(
    world: World, controller: Controller, reach: Callable[[Phase], None], qtbot: QtBot
) -> None:
    reach(Phase.WAITING)
    controller.dispatch(ev.EndPressed())
    qtbot.waitUntil(lambda: controller.session.phase is Phase.FINISHED, timeout=LIMIT_MS)
    world.unsent_records = 1
    controller.dispatch(ev.RemovalAsked())
    qtbot.waitUntil(lambda: controller.session.error is ErrorCode.UNSENT_RECORDS, timeout=LIMIT_MS)
    assert "remove" not in world.names()
    controller.dispatch(ev.RemovalAsked("/somewhere"))
    qtbot.waitUntil(lambda: controller.session.phase is Phase.REMOVED, timeout=LIMIT_MS)
    assert world.names().index("export_unsent") < world.names().index("remove")


def test_the_whole_path_in_order(
    world: World, controller: Controller, reach: Callable[[Phase], None], qtbot: QtBot
) -> None:
    reach(Phase.WAITING)
    assert world.on_event is not None
    world.on_event(connected_peer())
    qtbot.waitUntil(lambda: controller.session.phase is Phase.CONNECTED, timeout=LIMIT_MS)
    controller.dispatch(ev.EndPressed())
    qtbot.waitUntil(lambda: controller.session.phase is Phase.FINISHED, timeout=LIMIT_MS)
    wanted = [
        "join",
        "check_word",
        "store_consent",
        "send",
        "permission",
        "start",
        "store_session_start",
        "end",
    ]
    names = [n for n in world.names() if n in wanted]
    assert names == wanted
    qtbot.waitUntil(lambda: "store_session_end" in world.names(), timeout=LIMIT_MS)
    qtbot.waitUntil(lambda: controller.reporter.is_idle, timeout=LIMIT_MS)
    told = [value for name, value in world.calls if name == "tell"]
    assert [k for k in told if k in ("connected", "ended", "closed_proven")] == [
        "connected",
        "ended",
        "closed_proven",
    ]


def test_the_technician_can_end_but_nothing_else(
    world: World, controller: Controller, reach: Callable[[Phase], None], qtbot: QtBot
) -> None:
    reach(Phase.WAITING)
    world.status_view = StatusView(end_requested=True)
    controller.reporter.poll(True)
    qtbot.waitUntil(lambda: controller.session.ended_by is EndedBy.TECHNICIAN, timeout=2 * LIMIT_MS)


def test_a_refusal_is_recorded_and_starts_nothing(
    world: World, controller: Controller, reach: Callable[[Phase], None], qtbot: QtBot
) -> None:
    reach(Phase.ORDER)
    controller.dispatch(ev.RefusePressed())
    qtbot.waitUntil(lambda: ("store_refusal", StopReason.REFUSED) in world.calls, timeout=LIMIT_MS)
    assert not {"store_consent", "start"} & set(world.names())
