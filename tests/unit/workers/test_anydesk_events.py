"""From AnyDesk's events to the flow's: nothing that contradicts itself is passed on as if it did not."""

from collections.abc import Callable

import pytest

from client_app.core import events as ev
from client_app.core.anydesk import AnyDeskEvent, AnyDeskState, ClosingProof, Fact, HowAccepted, Peer
from client_app.core.session import EndedBy, Session
from client_app.services.anydesk.facts import make_fact
from client_app.workers.anydesk_work import AnyDeskWork, gone_at, translate
from tests.unit.core.sessions import KNOWN, STRANGER

OVER = (AnyDeskState.GONE, AnyDeskState.UNGUARDED)
ANNA = Peer(KNOWN, "Anna", HowAccepted.CLICK)


class Window:
    """The window's thread, without one: what is delivered happens at once."""

    def deliver(self, call: Callable[[], None]) -> None:
        call()


def kinds(event: AnyDeskEvent) -> list[type[ev.Event]]:
    return [type(found) for found in translate(event)]


@pytest.mark.parametrize("state", [AnyDeskState.ASKING, AnyDeskState.CONNECTED])
@pytest.mark.parametrize("conflict", ["", "several numbers for one connection"])
def test_a_stranger_is_cut_and_nothing_else_happens_to_it(state: AnyDeskState, conflict: str) -> None:
    event = AnyDeskEvent(state, peer=Peer(STRANGER), is_stranger=True, conflict=conflict)
    doubt: list[type[ev.Event]] = [ev.SignalsDisagreed] if conflict else []
    assert kinds(event) == [*doubt, ev.StrangerCut]
    cut = translate(event)[-1]
    assert isinstance(cut, ev.StrangerCut)
    assert cut.was_connected == (state is AnyDeskState.CONNECTED)


@pytest.mark.parametrize("state", [s for s in AnyDeskState if s not in OVER])
@pytest.mark.parametrize("conflict", ["", "AnyDesk's status is not understood"])
def test_no_contradiction_is_swallowed(state: AnyDeskState, conflict: str) -> None:
    found = translate(AnyDeskEvent(state, "123123123", ANNA, conflict=conflict))
    doubts = [one for one in found if isinstance(one, ev.SignalsDisagreed)]
    is_doubtful = bool(conflict) or state is AnyDeskState.UNEXPECTED
    assert len(doubts) == is_doubtful
    assert all(one.hides_peer == (state is AnyDeskState.UNEXPECTED) for one in doubts)
    if doubts:
        assert found[-1] is doubts[0], "who is connected is known before the doubt is told"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (AnyDeskEvent(AnyDeskState.GONE), [ev.AnyDeskGone]),
        (AnyDeskEvent(AnyDeskState.UNGUARDED), [ev.GuardianLost]),
        (AnyDeskEvent(AnyDeskState.NO_NETWORK), [ev.NetworkLost]),
        (AnyDeskEvent(AnyDeskState.CONNECTED, peer=ANNA), [ev.PeerConnected]),
        (AnyDeskEvent(AnyDeskState.ASKING, peer=ANNA), [ev.PeerAsked]),
        (
            AnyDeskEvent(AnyDeskState.READY, "123", ANNA, EndedBy.TECHNICIAN),
            [ev.PeerLeft, ev.AnyDeskNumbered],
        ),
    ],
)
def test_each_state_has_its_event(event: AnyDeskEvent, expected: list[type[ev.Event]]) -> None:
    assert kinds(event) == expected


def test_that_signals_agree_again_is_told_once() -> None:
    heard: list[ev.Event] = []
    work = AnyDeskWork(Window(), heard.append, Session, lambda _services: None)  # type: ignore[arg-type]
    for conflict in ("", "unclear", "unclear", "", ""):
        work._on_event(AnyDeskEvent(AnyDeskState.CONNECTED, peer=ANNA, conflict=conflict))
    assert [type(event) for event in heard if not isinstance(event, ev.PeerConnected)] == [
        ev.SignalsDisagreed,
        ev.SignalsDisagreed,
        ev.SignalsAgreed,
    ]


@pytest.mark.parametrize(("first", "second", "at"), [(True, True, 0), (False, True, 1), (None, False, None)])
def test_when_nothing_of_anydesk_was_seen_first(
    first: bool | None, second: bool | None, at: int | None
) -> None:
    looks = [make_fact(Fact.NO_PROCESS, holds) for holds in (first, second)]
    proof = ClosingProof((looks[0],), (make_fact(Fact.NO_CHILD, True), looks[1]), 0)
    assert gone_at(proof) == ("" if at is None else looks[at].measured_at)
